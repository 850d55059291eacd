// Prints what measures execution times. A test sets BULWARK_STOPWATCH for it.

#include <bulwark/stopwatch.hpp>

#include <cstdio>
#include <string>

int main() { return std::puts(std::string(bulwark::stopwatchName()).c_str()) < 0 ? 1 : 0; }
