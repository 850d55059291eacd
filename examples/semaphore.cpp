// A licence with two seats for six threads: the light bulkhead, permits only. The work runs on the
// thread that asks, and a thread that has to wait is blocked.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

int main() {
  asio::io_context io;  // nobody runs it: blocking calls need no executor
  bulwark::SemaphoreBulkhead seats{io, {.name = "seats", .permits = 2, .acquireTimeout = 5s}};

  std::vector<std::jthread> threads;
  for (int job = 1; job <= 6; ++job) {
    threads.emplace_back([&seats, job] {
      try {
        const int pages = seats.withPermit([job] {
          std::this_thread::sleep_for(5ms);
          return 10 * job;
        });
        fmt::print("job {}: {} pages\n", job, pages);
      } catch (const bulwark::BulkheadError& error) {
        fmt::print("job {}: {}\n", job, error.what());
      }
    });
  }
  threads.clear();  // joins them

  // For work that can be left undone: it never waits, and the permit goes back with its scope.
  const bulwark::Permit first = seats.tryAcquire();
  const bulwark::Permit second = seats.tryAcquire();
  const bulwark::Permit third = seats.tryAcquire();
  fmt::print("three seats at once? {}\n", third ? "yes" : "no, there are two");

  fmt::print("{}\n", seats.stats());
  return first && second && !third ? 0 : 1;
}
