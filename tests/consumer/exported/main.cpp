// Exit status 0 if the user's library works.

#include <shield.hpp>

int main() { return shieldConfig().semaphores.contains("global.disk_io") ? 0 : 1; }
