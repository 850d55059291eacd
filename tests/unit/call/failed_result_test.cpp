#include <bulwark/bulkhead.hpp>
#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/call/failed_result.hpp>
#include <bulwark/outcome.hpp>
#include <bulwark/semaphore_bulkhead.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

// Results that are failures: by their type (ResultTraits), or by a predicate (failIf).

namespace {

/// As std::expected<int, std::string>.
class Expected {
 public:
  Expected() = default;
  static Expected of(int value) { return Expected(value, {}); }
  static Expected failure(std::string why) { return Expected(std::nullopt, std::move(why)); }

  bool has_value() const noexcept { return value_.has_value(); }
  const std::string& error() const noexcept { return error_; }
  int value() const { return value_.value(); }

 private:
  Expected(std::optional<int> value, std::string error) : value_(value), error_(std::move(error)) {}

  std::optional<int> value_;
  std::string error_;
};

struct Response {
  int status = 0;
};

/// Has ResultTraits of its own.
struct Reply {
  bool good = false;
};

const auto serverError = [](const Response& response) { return response.status >= 500; };

/// A predicate, or a mere callable, that can only be moved.
struct MoveOnly {
  std::unique_ptr<int> least = std::make_unique<int>(500);
  bool operator()(const Response& response) const { return response.status >= *least; }
};

/// One call has ended, beside those of `others` permits.
Counters once(bool failed, std::uint64_t others = 0) {
  return failed ? Counters{.executed = others, .failed = 1} : Counters{.executed = others + 1};
}

}  // namespace

template <>
struct bulwark::ResultTraits<Reply> {
  static bool failed(const Reply& reply) noexcept { return !reply.good; }
};

TEST_CASE("what the types of results say", "[outcome]") {
  CHECK(bulwark::ResultTraits<Expected>::failed(Expected::failure("down")));
  CHECK_FALSE(bulwark::ResultTraits<Expected>::failed(Expected::of(0)));
  // Has no error(), so that "none" is an answer.
  CHECK_FALSE(bulwark::ResultTraits<std::optional<int>>::failed(std::nullopt));
  CHECK_FALSE(bulwark::ResultTraits<bool>::failed(false));
  CHECK_FALSE(bulwark::ResultTraits<net::error_code>::failed(net::error::eof));
  CHECK(bulwark::ResultTraits<Reply>::failed(Reply{}));
  CHECK(noexcept(bulwark::ResultTraits<Expected>::failed(Expected{})));
}

TEST_CASE("a failed result counts as failed, and reaches the handler", "[outcome]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const bool failed = GENERATE(false, true);
  const bool queued = GENERATE(false, true);
  const auto result = failed ? Expected::failure("down") : Expected::of(7);
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  Ending<Expected> plain, awaited;
  SECTION("of a plain callable") {
    bulkhead.execute([&] { return result; }, plain.valued());
    hold.release();
    stage.settle();
    REQUIRE(plain.times == 1);
    CHECK(plain.error == nullptr);
    CHECK(plain.value->has_value() == !failed);
    CHECK(plain.value->error() == (failed ? "down" : ""));
  }
  SECTION("of an awaitable") {
    bulkhead.execute([&]() -> net::awaitable<Expected> { co_return result; }, awaited.valued());
    hold.release();
    stage.settle();
    REQUIRE(awaited.times == 1);
    CHECK(awaited.error == nullptr);
    CHECK(awaited.value->has_value() == !failed);
  }
  SECTION("of an awaitable, in the caller's coroutine") {
    std::optional<Expected> value;
    net::co_spawn(
        stage.io,
        [&]() -> net::awaitable<void> {
          value = co_await bulkhead.execute([&]() -> net::awaitable<Expected> { co_return result; },
                                            net::use_awaitable);
        },
        [](const std::exception_ptr& error) { CHECK(error == nullptr); });
    hold.release();
    stage.settle();
    REQUIRE(value.has_value());
    CHECK(value->has_value() == !failed);
  }
  CHECK(countersOf(bulkhead) == once(failed, queued ? 1 : 0));
}

TEST_CASE("failIf: a predicate judges the result", "[outcome]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const int status = GENERATE(200, 503);
  const bool queued = GENERATE(false, true);
  Permit hold = queued ? bulkhead.tryAcquire() : Permit();
  Ending<Response> ending;
  SECTION("of a plain callable") {
    bulkhead.execute(bulwark::failIf([=] { return Response{status}; }, serverError),
                     ending.valued());
  }
  SECTION("of an awaitable") {
    bulkhead.execute(
        bulwark::failIf([=]() -> net::awaitable<Response> { co_return Response{status}; },
                        serverError),
        ending.valued());
  }
  SECTION("a callable and a predicate that can only be moved") {
    bulkhead.execute(
        bulwark::failIf(
            [status, own = std::make_unique<int>(1)] { return Response{*own * status}; },
            MoveOnly{}),
        ending.valued());
  }
  SECTION("in a predicate of a predicate") {
    bulkhead.execute(
        bulwark::failIf(bulwark::failIf([=] { return Response{status}; }, serverError),
                        [](const Response& response) { return response.status == 404; }),
        ending.valued());
  }
  hold.release();
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK(ending.error == nullptr);
  CHECK(ending.value->status == status);
  CHECK(countersOf(bulkhead) == once(status == 503, queued ? 1 : 0));
}

TEST_CASE("failIf adds to what the type of the result says", "[outcome]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  Ending<Reply> ending;
  const bool good = GENERATE(false, true);
  bulkhead.execute(bulwark::failIf([=] { return Reply{good}; }, [](const Reply&) { return false; }),
                   ending.valued());
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(countersOf(bulkhead) == once(!good));
}

TEST_CASE("failIf: an exception of the predicate ends the call as one of the callable",
          "[outcome]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  const auto throwing = [](const Response&) -> bool { throw std::runtime_error("judge"); };
  Ending<Response> ending;
  SECTION("a plain callable") {
    bulkhead.execute(bulwark::failIf([] { return Response{200}; }, throwing), ending.valued());
  }
  SECTION("an awaitable") {
    bulkhead.execute(
        bulwark::failIf([]() -> net::awaitable<Response> { co_return Response{200}; }, throwing),
        ending.valued());
  }
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK_THROWS_WITH(std::rethrow_exception(ending.error), "judge");
  CHECK(countersOf(bulkhead) == once(true));
}

TEST_CASE("a predicate is called once, before its callable is destroyed", "[outcome]") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  int calls = 0;
  std::size_t running = 0;
  auto token = std::make_shared<int>(1);
  const std::weak_ptr<int> alive = token;
  bool lived = false;
  Ending<Response> ending;
  bulkhead.execute(bulwark::failIf([held = std::move(token)] { return Response{200}; },
                                   [&](const Response&) {
                                     ++calls;
                                     lived = !alive.expired();
                                     running = bulkhead.stats().running;
                                     return false;
                                   }),
                   ending.valued());
  stage.settle();
  CHECK(calls == 1);
  CHECK(lived);
  CHECK(running == 1);
}

TEST_CASE("a semaphore runs what failIf returns", "[outcome]") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 1}};
  auto get = bulwark::failIf([] { return Response{503}; }, serverError);
  CHECK(semaphore.withPermit(get).status == 503);
  Ending<Response> ending;
  semaphore.withPermit(get, ending.valued());
  stage.settle();
  CHECK(ending.times == 1);
  CHECK(ending.value->status == 503);
  CHECK(semaphore.stats().released == 2);
}

TEST_CASE("a failed result is seen through the semaphores of a managed call", "[outcome]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  const int status = GENERATE(200, 503);
  Ending<Response> ending;
  manager.execute("db", bulwark::failIf([=] { return Response{status}; }, serverError),
                  {.semaphores = {"cpu"}}, ending.valued());
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK(ending.value->status == status);
  CHECK(serviceCounters(manager, "db") == once(status == 503));
  CHECK(semaphoreCounters(manager, "cpu") == SemaphoreCounters{.acquired = 1, .released = 1});
}
