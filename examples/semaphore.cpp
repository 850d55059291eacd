// A licence with two seats for six threads. A semaphore only hands out permits: the work runs on
// the calling thread, and a waiting thread is blocked.
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

int main() {
  asio::io_context io;  // no thread runs it: blocking calls need no executor
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
  threads.clear();  // joins the threads

  // For optional work: tryAcquire() never waits, and the permit is released with its scope.
  const bulwark::Permit first = seats.tryAcquire();
  const bulwark::Permit second = seats.tryAcquire();
  const bulwark::Permit third = seats.tryAcquire();
  fmt::print("three seats at once? {}\n", third ? "yes" : "no, there are only two");

  fmt::print("{}\n", seats.stats());
  return first && second && !third ? 0 : 1;
}
