// A program without exceptions. It does not compile, and the error says why.

#include <bulwark/bulwark.hpp>

int main() { return static_cast<int>(bulwark::maxPermits == 0); }
