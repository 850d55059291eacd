// Open files: a process may have fewer than an experiment takes.
#pragma once

#include <cstddef>

namespace isolation {

// How many a gateway takes with its clients and all upstream slots in use: both ends of every
// client's connection are in this process, and the upstreams' ends may be, too.
struct Sockets {
  std::size_t clients = 0;  // of each of the two routes
  std::size_t slots = 0;
};
constexpr std::size_t filesNeeded(Sockets sockets) noexcept {
  return 4 * sockets.clients + 2 * sockets.slots + 64;
}

// Raises the usual soft limit of 1024 if it is too low, and tells how many there may be now.
std::size_t allowFiles(std::size_t needed) noexcept;

}  // namespace isolation
