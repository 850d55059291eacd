// Open files: the default limit of a process may be too low for an experiment.
#pragma once

#include <cstddef>

namespace isolation {

// How many sockets a gateway needs with its clients and all upstream slots in use. Both ends of
// every client connection are in this process, and the upstreams' ends may be as well.
struct Sockets {
  std::size_t clients = 0;  // for each of the two routes
  std::size_t slots = 0;
};
constexpr std::size_t filesNeeded(Sockets sockets) noexcept {
  return 4 * sockets.clients + 2 * sockets.slots + 64;
}

// Raises the usual soft limit of 1024 if it is too low. Returns the limit that then applies.
std::size_t allowFiles(std::size_t needed) noexcept;

}  // namespace isolation
