// Tests the stackful coroutines of spawn() with yield_context as completion token.

#include <bulwark/bulwark.hpp>
#include <bulwark/detail/call/spawn_token.hpp>

#include <exception>
#include <memory>
#include <stdexcept>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/spawn.hpp>

#include "support/catch.hpp"

namespace {

namespace net = bulwark::net;

/// Runs `body` in a coroutine until it ends.
template <typename F>
void inCoroutine(net::io_context& io, F body) {
  bool ended = false;
  net::spawn(
      io,
      [&](net::yield_context yield) {
        body(yield);
        ended = true;
      },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.run();
  REQUIRE(ended);
}

}  // namespace

TEST_CASE("a stackful coroutine gets the result of each kind of call") {
  net::io_context io;
  bulwark::Bulkhead<> db(io, {.name = "db"});
  bulwark::SemaphoreBulkhead<> disk(io, {.name = "disk"});
  bulwark::BulkheadManager<> manager(io);
  bulwark::CircuitBreaker<> breaker(io, {.name = "ai"});
  bulwark::Retry<> retry(io, {.name = "ai"});
  int ran = 0;
  inCoroutine(io, [&](net::yield_context yield) {
    CHECK(db.execute([] { return 1; }, yield) == 1);
    CHECK(*db.execute([] { return std::make_unique<int>(2); }, yield) == 2);
    CHECK(disk.withPermit([] { return 3; }, yield) == 3);
    CHECK(manager.execute(
              "mail", [] { return 4; }, yield) == 4);
    CHECK(breaker.execute([] { return 5; }, yield) == 5);
    CHECK(retry.execute([] { return 6; }, yield) == 6);
    db.execute([&] { ++ran; }, yield);
    disk.withPermit([&] { ++ran; }, yield);
    manager.execute(
        "mail", [&] { ++ran; }, yield);
    breaker.execute([&] { ++ran; }, yield);
    retry.execute([&] { ++ran; }, yield);
    CHECK(db.acquire(yield).count() == 1);
    db.drain(yield);
  });
  CHECK(ran == 5);
}

TEST_CASE("an error of a call is thrown in the stackful coroutine") {
  net::io_context io;
  bulwark::Bulkhead<> db(io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0});
  inCoroutine(io, [&](net::yield_context yield) {
    CHECK_THROWS_AS(db.execute([] { throw std::logic_error("no"); }, yield), std::logic_error);
    CHECK_THROWS_AS(db.execute([]() -> int { throw std::logic_error("no"); }, yield),
                    std::logic_error);
    const auto held = db.tryAcquire();
    CHECK_THROWS_AS(db.execute([] {}, yield), bulwark::BulkheadRejectedError);
    CHECK_THROWS_AS(db.execute([] { return 1; }, yield), bulwark::BulkheadRejectedError);
  });
}
