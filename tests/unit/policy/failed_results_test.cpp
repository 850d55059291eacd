#include <bulwark/circuit_breaker.hpp>
#include <bulwark/detail/policy/invoke.hpp>
#include <bulwark/outcome.hpp>
#include <bulwark/rate_limiter.hpp>
#include <bulwark/retry.hpp>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(cancellation_signal.hpp)

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

// What the policies make of results that are failures.

using Breaker = bulwark::CircuitBreaker<net::any_io_executor, ManualClock>;
using RateLimiter = bulwark::RateLimiter<net::any_io_executor, ManualClock>;
using Retry = bulwark::Retry<net::any_io_executor, ManualClock>;
using State = bulwark::CircuitState;

namespace {

struct Response {
  int status = 0;
};

const auto serverError = [](const Response& response) { return response.status >= 500; };

/// Answers with each status in turn, and then with the last one.
struct Service {
  std::vector<int> statuses;
  std::size_t calls = 0;

  Response answer() {
    const std::size_t i = (std::min)(calls++, statuses.size() - 1);
    return {statuses[i]};
  }
};

}  // namespace

TEST_CASE("a breaker counts failed results as failures", "[outcome]") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "b", .slidingWindowSize = 2, .minimumCalls = 2}};
  Service service{{503}};
  std::vector<std::unique_ptr<Ending<Response>>> endings;
  const bool awaitable = GENERATE(false, true);
  for (int i = 0; i < 2; ++i) {
    auto& ending = *endings.emplace_back(std::make_unique<Ending<Response>>());
    if (awaitable) {
      breaker.execute(
          bulwark::failIf([&]() -> net::awaitable<Response> { co_return service.answer(); },
                          serverError),
          ending.valued());
    } else {
      breaker.execute(bulwark::failIf([&] { return service.answer(); }, serverError),
                      ending.valued());
    }
    CHECK(breaker.state() == State::closed);
    stage.settle();
    REQUIRE(ending.times == 1);
    CHECK(ending.error == nullptr);
    CHECK(ending.value->status == 503);
  }
  CHECK(breaker.state() == State::open);
  CHECK(breaker.stats().failed == 2);
}

TEST_CASE("a breaker counts other results as successes", "[outcome]") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "b", .slidingWindowSize = 1, .minimumCalls = 1}};
  Service service{{404}};
  Ending<Response> ending;
  breaker.execute(bulwark::failIf([&] { return service.answer(); }, serverError), ending.valued());
  stage.settle();
  CHECK(ending.fine());
  CHECK(breaker.state() == State::closed);
  CHECK(breaker.stats().succeeded == 1);
}

TEST_CASE("a breaker ignores a failed result of a call that its caller cancelled", "[outcome]") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "b", .slidingWindowSize = 1, .minimumCalls = 1}};
  Gate gate(stage.io);
  net::cancellation_signal signal;
  Ending<Response> ending;
  const auto work = [&]() -> net::awaitable<Response> {
    try {
      co_await gate.pass();
    } catch (const net::system_error&) {
      co_return Response{503};  // what it was doing is unfinished
    }
    co_return Response{200};
  };
  breaker.execute(bulwark::failIf(work, serverError),
                  net::bind_cancellation_slot(signal.slot(), ending.valued()));
  stage.settle();
  signal.emit(net::cancellation_type::terminal);
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK(ending.value->status == 503);
  CHECK(breaker.state() == State::closed);
  CHECK(breaker.stats().failed == 0);
  CHECK(breaker.stats().ignored == 1);
}

TEST_CASE("a breaker judges what the predicate throws", "[outcome]") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "b", .slidingWindowSize = 1, .minimumCalls = 1}};
  Ending<Response> ending;
  breaker.execute(bulwark::failIf([] { return Response{200}; },
                                  [](const Response&) -> bool { throw std::runtime_error("x"); }),
                  ending.valued());
  stage.settle();
  CHECK(holds<std::runtime_error>(ending.error));
  CHECK(breaker.state() == State::open);
}

TEST_CASE("a retry repeats a call with a failed result", "[outcome]") {
  Stage stage;
  Retry retry{stage.io, {.name = "r", .maxAttempts = 3, .initialDelay = 100ms, .jitter = 0}};
  Service service{{503, 502, 200}};
  Ending<Response> ending;
  const bool awaitable = GENERATE(false, true);
  if (awaitable) {
    retry.execute(bulwark::failIf([&]() -> net::awaitable<Response> { co_return service.answer(); },
                                  serverError),
                  ending.valued());
  } else {
    retry.execute(bulwark::failIf([&] { return service.answer(); }, serverError), ending.valued());
  }
  stage.settle();
  CHECK(service.calls == 1);
  stage.advance(100ms - 1ns);
  CHECK(service.calls == 1);
  stage.advance(1ns);
  CHECK(service.calls == 2);
  CHECK(ending.open());
  stage.advance(200ms);
  REQUIRE(ending.fine());
  CHECK(ending.value->status == 200);
  CHECK(retry.stats().recovered == 1);
}

TEST_CASE("the last failed result of a retry reaches the handler", "[outcome]") {
  Stage stage;
  const auto budget = std::make_shared<bulwark::RetryBudget>(
      bulwark::RetryBudgetConfig{.ratio = 0, .minPerSecond = 0});
  const bool paid = GENERATE(false, true);
  Retry retry{
      stage.io,
      {.name = "r", .maxAttempts = 3, .initialDelay = 0ms, .budget = paid ? nullptr : budget}};
  Service service{{501, 502, 503}};
  Ending<Response> ending;
  retry.execute(bulwark::failIf([&] { return service.answer(); }, serverError), ending.valued());
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK(ending.error == nullptr);
  CHECK(ending.value->status == (paid ? 503 : 501));
  CHECK(service.calls == (paid ? 3U : 1U));
  CHECK(retry.stats().exhausted == (paid ? 1U : 0U));
  CHECK(retry.stats().overBudget == (paid ? 0U : 1U));
}

TEST_CASE("a retry asks delay, and not retryIf, about a failed result", "[outcome]") {
  Stage stage;
  std::vector<bool> errors;
  Retry retry{stage.io,
              {.name = "r",
               .maxAttempts = 3,
               .retryIf =
                   [](const std::exception_ptr&) {
                     FAIL("retryIf was asked");
                     return false;
                   },
               .delay =
                   [&](std::size_t, const std::exception_ptr& error) {
                     errors.push_back(error != nullptr);
                     return 0ns;
                   }}};
  Service service{{503}};
  Ending<Response> ending;
  retry.execute(bulwark::failIf([&] { return service.answer(); }, serverError), ending.valued());
  stage.settle();
  CHECK(ending.fine());
  CHECK(errors == std::vector<bool>{false, false});
}

TEST_CASE("a retry that drains delivers the failed result at once", "[outcome]") {
  Stage stage;
  bulwark::Bulkhead<net::any_io_executor, ManualClock> bulkhead{stage.io, {.name = "db"}};
  Retry retry{stage.io, {.name = "r", .maxAttempts = 3, .initialDelay = 1h, .maxDelay = 1h}};
  Ending<Response> ending;
  Ending<> drained;
  retry.execute(bulwark::failIf(
                    [&]() -> net::awaitable<Response> {
                      co_return co_await bulkhead.execute([] { return Response{503}; },
                                                          net::use_awaitable);
                    },
                    serverError),
                ending.valued());
  stage.settle();
  CHECK(ending.open());
  bulkhead.drain(drained.coded());
  stage.settle();
  REQUIRE(ending.times == 1);
  CHECK(ending.value->status == 503);
}

TEST_CASE("a rate limiter counts failed results as failed", "[outcome]") {
  Stage stage;
  RateLimiter limiter{stage.io, {.name = "q", .burst = 2}};
  Service service{{503, 200}};
  Ending<Response> bad, good;
  for (auto* ending : {&bad, &good}) {
    limiter.execute(bulwark::failIf([&] { return service.answer(); }, serverError),
                    ending->valued());
    stage.settle();
    CHECK(ending->fine());
  }
  CHECK(limiter.stats().failed == 1);
  CHECK(limiter.stats().executed == 1);
}

TEST_CASE("the example of the documentation", "[outcome]") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "api"}};
  Ending<Response> ending;
  const auto get = [] { return Response{503}; };
  // [status]
  breaker.execute(
      bulwark::failIf([get] { return get(); }, [](const Response& r) { return r.status >= 500; }),
      ending.valued());
  // [status]
  stage.settle();
  CHECK(breaker.stats().failed == 1);
}
