// A user's program: a callback, a coroutine, a blocking permit, a chain of policies and the
// statistics. Exit status 0 if all of it works.

#include <bulwark/bulwark.hpp>

// <asio/co_spawn.hpp>, or <boost/asio/co_spawn.hpp> with a package for Boost.Asio.
#include BULWARK_NET(co_spawn.hpp)
#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(use_awaitable.hpp)
#include <fmt/core.h>

#include <cstdio>
#include <exception>

namespace net = bulwark::net;

namespace {

template <typename Bulkhead>
net::awaitable<void> ask(Bulkhead& bulkhead, int& sum) {
  sum += co_await bulkhead.execute([] { return 20; }, net::use_awaitable);
}

/// retry(breaker(bulkhead(semaphores(service)))).
template <typename Manager, typename Breaker, typename Retry>
net::awaitable<void> askProtected(Manager& manager, Breaker& breaker, Retry& retry, int& sum) {
  const auto service = [&] {
    return manager.executeCpuIntensive(
        "report", []() -> net::awaitable<int> { co_return 4000; }, net::use_awaitable);
  };
  const auto guarded = [&]() -> net::awaitable<int> {
    co_return co_await breaker.execute(service, net::use_awaitable);
  };
  sum += co_await retry.execute(guarded, net::use_awaitable);
  co_await manager.drainAll(net::use_awaitable);
}

}  // namespace

int main() {
  net::io_context io;
  bulwark::Bulkhead payments{io, {.name = "payments", .maxConcurrent = 2}};
  bulwark::SemaphoreBulkhead disk{io, {.name = "disk", .permits = 1}};

  int sum = 0;
  payments.execute([] { return 1; },
                   [&](std::exception_ptr error, int result) { sum += error ? 1000 : result; });
  bulwark::BulkheadManager manager{io, bulwark::athenaPreset()};
  bulwark::CircuitBreaker breaker{io, {.name = "report"}};
  bulwark::Retry retry{io, {.name = "report"}};
  net::co_spawn(io, ask(payments, sum), net::detached);
  net::co_spawn(io, askProtected(manager, breaker, retry, sum), net::detached);
  io.run();

  sum += disk.withPermit([] { return 300; });

  fmt::print("{}\n{}\n{}", payments.stats(), disk.stats(), manager.health());
  if (sum != 4321) {
    fmt::print(stderr, "the calls should have added up to 4321, not {}\n", sum);
    return 1;
  }
}
