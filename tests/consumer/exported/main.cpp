// Exit status 0 if it got what the stranger's library has.

#include <shield.hpp>

int main() { return shieldConfig().semaphores.contains("global.disk_io") ? 0 : 1; }
