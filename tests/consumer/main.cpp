// A stranger's program: a callback, a coroutine, a blocking permit and the statistics.
// Exit status 0 if all of it worked.

#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/core.h>

#include <cstdio>
#include <exception>

namespace net = bulwark::net;

namespace {

template <typename Bulkhead>
net::awaitable<void> ask(Bulkhead& bulkhead, int& sum) {
  sum += co_await bulkhead.execute([] { return 20; }, net::use_awaitable);
}

}  // namespace

int main() {
  net::io_context io;
  bulwark::Bulkhead payments{io, {.name = "payments", .maxConcurrent = 2}};
  bulwark::SemaphoreBulkhead disk{io, {.name = "disk", .permits = 1}};

  int sum = 0;
  payments.execute([] { return 1; },
                   [&](std::exception_ptr error, int result) { sum += error ? 1000 : result; });
  net::co_spawn(io, ask(payments, sum), net::detached);
  io.run();

  sum += disk.withPermit([] { return 300; });

  fmt::print("{}\n{}\n", payments.stats(), disk.stats());
  if (sum != 321) {
    fmt::print(stderr, "the calls should have added up to 321, not {}\n", sum);
    return 1;
  }
}
