#include "support/scrape.hpp"

// --- names and kinds -----------------------------------------------------------------------------

TEST_CASE("an empty collector shows no metric") {
  CHECK(Scrape(BulkheadCollector()).families().empty());
}

TEST_CASE("a bulkhead has these metrics and kinds with the label bulkhead") {
  Stage stage;
  const Bulkhead bulkhead{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  const Scrape scrape(collector);
  using prometheus::MetricType;
  const std::vector<std::pair<std::string, MetricType>> expected{
      {"bulkhead_active", MetricType::Gauge},
      {"bulkhead_queued", MetricType::Gauge},
      {"bulkhead_overdue", MetricType::Gauge},
      {"bulkhead_max_concurrent", MetricType::Gauge},
      {"bulkhead_max_queue_size", MetricType::Gauge},
      {"bulkhead_max_overdue", MetricType::Gauge},
      {"bulkhead_timeout_seconds", MetricType::Gauge},
      {"bulkhead_execution_timeout_seconds", MetricType::Gauge},
      {"bulkhead_peak_active", MetricType::Gauge},
      {"bulkhead_peak_queued", MetricType::Gauge},
      {"bulkhead_draining", MetricType::Gauge},
      {"bulkhead_mode", MetricType::Gauge},
      {"bulkhead_executed_total", MetricType::Counter},
      {"bulkhead_failed_total", MetricType::Counter},
      {"bulkhead_rejected_total", MetricType::Counter},
      {"bulkhead_timeout_total", MetricType::Counter},
      {"bulkhead_cancelled_total", MetricType::Counter},
      {"bulkhead_drained_total", MetricType::Counter},
      {"bulkhead_overran_total", MetricType::Counter},
      {"bulkhead_over_limit_total", MetricType::Counter},
      {"bulkhead_execution_time_seconds", MetricType::Histogram},
      {"bulkhead_wait_time_seconds", MetricType::Histogram}};
  REQUIRE(scrape.families().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& family = scrape.families()[i];
    CHECK(family.name == expected[i].first);
    CHECK(family.type == expected[i].second);
    CHECK_FALSE(family.help.empty());
    const bool oneForEachMode = family.name == "bulkhead_mode";
    REQUIRE(family.metric.size() == (oneForEachMode ? 3 : 1));
    REQUIRE(family.metric[0].label.size() == (oneForEachMode ? 2 : 1));
    CHECK(family.metric[0].label[0].name == "bulkhead");
    CHECK(family.metric[0].label[0].value == "db");
  }
}

TEST_CASE("a semaphore has these metrics with the label semaphore") {
  Stage stage;
  const Semaphore semaphore{stage.io, {.name = "cpu"}};
  BulkheadCollector collector;
  collector.add(semaphore);
  const Scrape scrape(collector);
  CHECK(scrape.names() == std::vector<std::string>{
                              "semaphore_permits", "semaphore_available", "semaphore_waiting",
                              "semaphore_draining", "semaphore_mode", "semaphore_acquired_total",
                              "semaphore_timeout_total", "semaphore_rejected_total",
                              "semaphore_wait_time_seconds", "semaphore_execution_time_seconds"});
  for (const auto& family : scrape.families()) {
    CHECK(family.metric.at(0).label.at(0).name == "semaphore");
    CHECK(family.metric.at(0).label.at(0).value == "cpu");
  }
}

TEST_CASE("a breaker has these metrics with the label breaker") {
  Stage stage;
  const Breaker breaker{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(breaker);
  const Scrape scrape(collector);
  CHECK(scrape.names() == std::vector<std::string>{
                              "circuit_breaker_state", "circuit_breaker_calls_total",
                              "circuit_breaker_slow_calls_total", "circuit_breaker_opened_total",
                              "circuit_breaker_mode", "circuit_breaker_would_have_refused_total"});
  for (const auto& family : scrape.families()) {
    CHECK(family.metric.at(0).label.at(0).name == "breaker");
  }
}

TEST_CASE("a rate limiter has these metrics with the label limiter") {
  Stage stage;
  const RateLimiter limiter{stage.io, {.name = "ai"}};
  BulkheadCollector collector;
  collector.add(limiter);
  const Scrape scrape(collector);
  CHECK(scrape.names() == std::vector<std::string>{
                              "rate_limiter_available", "rate_limiter_queued",
                              "rate_limiter_permits_per_second", "rate_limiter_burst",
                              "rate_limiter_max_queue_size", "rate_limiter_timeout_seconds",
                              "rate_limiter_draining", "rate_limiter_mode",
                              "rate_limiter_executed_total", "rate_limiter_failed_total",
                              "rate_limiter_rejected_total", "rate_limiter_timeout_total",
                              "rate_limiter_cancelled_total", "rate_limiter_drained_total",
                              "rate_limiter_over_limit_total", "rate_limiter_wait_time_seconds"});
  for (const auto& family : scrape.families()) {
    CHECK(family.metric.at(0).label.at(0).name == "limiter");
    CHECK(family.metric.at(0).label.at(0).value == "ai");
  }
}

TEST_CASE("a retry has these counters with the label retry") {
  Stage stage;
  const Retry retry{stage.io, {.name = "ai"}};
  BulkheadCollector collector;
  collector.add(retry);
  const Scrape scrape(collector);
  CHECK(scrape.names() == std::vector<std::string>{"retry_calls_total", "retry_attempts_total",
                                                   "retry_retried_total", "retry_recovered_total",
                                                   "retry_exhausted_total",
                                                   "retry_over_budget_total"});
  for (const auto& family : scrape.families()) {
    CHECK(family.type == prometheus::MetricType::Counter);
    CHECK(family.metric.at(0).label.at(0).name == "retry");
    CHECK(family.metric.at(0).label.at(0).value == "ai");
  }
}

// --- values --------------------------------------------------------------------------------------

TEST_CASE("draining is 1 from drain() until resume()") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Semaphore semaphore{stage.io, {.name = "cpu"}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  collector.add(semaphore);
  const auto shown = [&] {
    const Scrape scrape(collector);
    return std::pair(scrape.value("bulkhead_draining", "db"),
                     scrape.value("semaphore_draining", "cpu"));
  };
  CHECK(shown() == std::pair(std::optional(0.0), std::optional(0.0)));
  bulkhead.drain([](net::error_code) {});
  CHECK(shown() == std::pair(std::optional(1.0), std::optional(0.0)));
  bulkhead.resume();
  semaphore.drain([](net::error_code) {});
  CHECK(shown() == std::pair(std::optional(0.0), std::optional(1.0)));
}

TEST_CASE("a destroyed bulkhead that is still shown does not drain") {
  Stage stage;
  auto bulkhead = std::make_optional<Bulkhead>(stage.io, bulwark::BulkheadConfig{.name = "db"});
  BulkheadCollector collector;
  collector.add(*bulkhead);
  bulkhead.reset();
  CHECK(Scrape(collector).value("bulkhead_draining", "db") == 0);
}

TEST_CASE("the current mode is 1 and the other modes are 0") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  Semaphore semaphore{stage.io, {.name = "cpu"}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  collector.add(semaphore);
  Breaker breaker{stage.io, {.name = "ai"}};
  RateLimiter limiter{stage.io, {.name = "quota"}};
  collector.add(breaker);
  collector.add(limiter);
  const std::vector<std::pair<Mode, std::string>> modes{
      {Mode::enforce, "enforce"}, {Mode::observe, "observe"}, {Mode::off, "off"}};
  for (const auto& [mode, name] : modes) {
    bulkhead.updateConfig({.mode = mode});
    semaphore.updateConfig({.mode = mode});
    breaker.updateConfig({.mode = mode});
    limiter.updateConfig({.mode = mode});
    const Scrape scrape(collector);
    for (const auto& [other, label] : modes) {
      CHECK(scrape.value("bulkhead_mode", "db", label) == (other == mode ? 1 : 0));
      CHECK(scrape.value("semaphore_mode", "cpu", label) == (other == mode ? 1 : 0));
      CHECK(scrape.value("circuit_breaker_mode", "ai", label) == (other == mode ? 1 : 0));
      CHECK(scrape.value("rate_limiter_mode", "quota", label) == (other == mode ? 1 : 0));
    }
  }
}

TEST_CASE("gauges equal stats(), and limits equal the configuration") {
  Stage stage;
  Bulkhead bulkhead{stage.io,
                    {.name = "db",
                     .maxConcurrent = 3,
                     .maxQueueSize = 7,
                     .queueTimeout = 1500ms,
                     .executionTimeout = 250ms,
                     .maxOverdue = 2}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  const Permit held = bulkhead.tryAcquire(3);
  bulkhead.acquire(ignore);
  bulkhead.acquire(ignore);
  const Scrape scrape(collector);
  CHECK(scrape.value("bulkhead_active", "db") == 3);
  CHECK(scrape.value("bulkhead_queued", "db") == 2);
  CHECK(scrape.value("bulkhead_max_concurrent", "db") == 3);
  CHECK(scrape.value("bulkhead_max_queue_size", "db") == 7);
  CHECK(scrape.value("bulkhead_timeout_seconds", "db") == 1.5);
  CHECK(scrape.value("bulkhead_execution_timeout_seconds", "db") == 0.25);
  CHECK(scrape.value("bulkhead_max_overdue", "db") == 2);
  bulkhead.updateConfig({.maxConcurrent = 4,
                         .maxQueueSize = 8,
                         .queueTimeout = 2s,
                         .executionTimeout = 1s,
                         .maxOverdue = 3});
  const Scrape after(collector);
  CHECK(after.value("bulkhead_max_concurrent", "db") == 4);
  CHECK(after.value("bulkhead_max_queue_size", "db") == 8);
  CHECK(after.value("bulkhead_timeout_seconds", "db") == 2);
  CHECK(after.value("bulkhead_execution_timeout_seconds", "db") == 1);
  CHECK(after.value("bulkhead_max_overdue", "db") == 3);
}

TEST_CASE("an unlimited limit is shown as infinity") {
  Stage stage;
  const Bulkhead bulkhead{stage.io,
                          {.name = "db",
                           .maxConcurrent = bulwark::unlimited,
                           .maxQueueSize = bulwark::unlimited,
                           .queueTimeout = bulwark::noTimeout}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  const Scrape scrape(collector);
  CHECK(scrape.value("bulkhead_max_concurrent", "db") == infinity);
  CHECK(scrape.value("bulkhead_max_queue_size", "db") == infinity);
  CHECK(scrape.value("bulkhead_timeout_seconds", "db") == infinity);
  CHECK(scrape.value("bulkhead_execution_timeout_seconds", "db") == infinity);
  CHECK(scrape.value("bulkhead_max_overdue", "db") == infinity);
}

TEST_CASE("an overdue call is a gauge while it runs, and a counter when it has ended") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 2, .executionTimeout = 100ms}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  Gate gate(stage.io);
  const auto stubborn = [&]() -> net::awaitable<void> {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_await gate.pass();
  };
  const auto shown = [&] {
    const Scrape scrape(collector);
    return std::vector{scrape.value("bulkhead_overdue", "db"),
                       scrape.value("bulkhead_active", "db"),
                       scrape.value("bulkhead_overran_total", "db")};
  };
  using Values = std::vector<std::optional<double>>;
  for (int i = 0; i < 2; ++i) bulkhead.execute(stubborn, ignore);
  stage.settle();
  stage.advance(100ms - 1ns);
  CHECK(shown() == Values{0, 2, 0});
  stage.advance(1ns);
  CHECK(shown() == Values{2, 2, 0});
  gate.open();
  stage.settle();
  const Scrape scrape(collector);
  CHECK(shown() == Values{0, 0, 2});
  CHECK(scrape.value("bulkhead_executed_total", "db") == 0);
  CHECK(scrape.value("bulkhead_failed_total", "db") == 0);
  CHECK(scrape.histogram("bulkhead_execution_time_seconds", "db").sample_count == 2);
  CHECK(scrape.histogram("bulkhead_execution_time_seconds", "db").sample_sum == 0.2);
}

TEST_CASE("a semaphore without a limit shows infinitely many free permits") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = bulwark::unlimited}};
  BulkheadCollector collector;
  collector.add(semaphore);
  const Permit held = semaphore.tryAcquire();
  CHECK(Scrape(collector).value("semaphore_permits", "cpu") == infinity);
  CHECK(Scrape(collector).value("semaphore_available", "cpu") == infinity);
}

TEST_CASE("each outcome of a call has its counter") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 3}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  net::cancellation_signal signal;
  run(stage, bulkhead, 1ms);
  bulkhead.execute([] { throw std::runtime_error("no"); }, ignore);
  stage.settle();
  Permit hold = bulkhead.tryAcquire();
  bulkhead.acquire({.queueTimeout = 1s}, ignore);  // times out
  bulkhead.acquire({.queueTimeout = 1s}, ignore);  // times out
  bulkhead.execute([] {}, net::bind_cancellation_slot(signal.slot(), ignore));
  for (int i = 0; i < 4; ++i) bulkhead.acquire(ignore);  // rejected
  signal.emit(net::cancellation_type::terminal);
  stage.advance(1s);
  bulkhead.acquire(ignore);  // drained
  bulkhead.drain(ignore);
  for (int i = 0; i < 4; ++i) bulkhead.acquire(ignore);  // drained
  stage.settle();
  bulkhead.resume();
  bulkhead.updateConfig({.mode = Mode::observe});
  std::vector<Permit> over;
  for (int i = 0; i < 6; ++i) over.push_back(bulkhead.tryAcquire());
  over.clear();
  hold.release();
  const Scrape scrape(collector);
  CHECK(scrape.value("bulkhead_executed_total", "db") == 8);
  CHECK(scrape.value("bulkhead_failed_total", "db") == 1);
  CHECK(scrape.value("bulkhead_timeout_total", "db") == 2);
  CHECK(scrape.value("bulkhead_cancelled_total", "db") == 1);
  CHECK(scrape.value("bulkhead_rejected_total", "db") == 4);
  CHECK(scrape.value("bulkhead_drained_total", "db") == 5);
  CHECK(scrape.value("bulkhead_over_limit_total", "db") == 6);
}

TEST_CASE("the numbers of a semaphore equal its stats()") {
  Stage stage;
  Semaphore semaphore{stage.io, {.name = "cpu", .permits = 4, .maxQueueSize = 2}};
  BulkheadCollector collector;
  collector.add(semaphore);
  semaphore.withPermit([] { ManualClock::advance(3ms); });
  const Permit held = semaphore.tryAcquire(3);
  semaphore.acquire({.timeout = 1s, .permits = 2}, ignore);  // times out
  semaphore.acquire({.permits = 2}, ignore);  // keeps waiting
  for (int i = 0; i < 3; ++i) semaphore.acquire({.permits = 2}, ignore);  // rejected
  stage.advance(1s);
  const Scrape scrape(collector);
  CHECK(scrape.value("semaphore_permits", "cpu") == 4);
  CHECK(scrape.value("semaphore_available", "cpu") == 1);
  CHECK(scrape.value("semaphore_waiting", "cpu") == 1);
  CHECK(scrape.value("semaphore_acquired_total", "cpu") == 2);
  CHECK(scrape.value("semaphore_timeout_total", "cpu") == 1);
  CHECK(scrape.value("semaphore_rejected_total", "cpu") == 3);
  CHECK(scrape.histogram("semaphore_execution_time_seconds", "cpu").sample_count == 1);
  CHECK(scrape.histogram("semaphore_execution_time_seconds", "cpu").sample_sum == 0.003);
  CHECK(scrape.histogram("semaphore_wait_time_seconds", "cpu").sample_count == 0);
}

TEST_CASE("a breaker is in one state and counts calls by outcome") {
  Stage stage;
  Breaker breaker{stage.io,
                  {.name = "db", .minimumCalls = 3, .slowCallDuration = 1s, .openDuration = 1min}};
  BulkheadCollector collector;
  collector.add(breaker);
  const auto states = [&] {
    const Scrape scrape(collector);
    std::vector<double> result;
    for (const char* state : {"closed", "open", "half_open"}) {
      result.push_back(scrape.value("circuit_breaker_state", "db", state).value_or(-1));
    }
    return result;
  };
  const auto call = [&](std::function<void()> fn) {
    breaker.execute(std::move(fn), ignore);
    stage.settle();
  };
  CHECK(states() == std::vector<double>{1, 0, 0});
  call([] { ManualClock::advance(2s); });
  call([] { throw bulwark::BulkheadRejectedError("db"); });
  for (int i = 0; i < 2; ++i) call([] { throw std::runtime_error("no"); });
  CHECK(states() == std::vector<double>{0, 1, 0});
  for (int i = 0; i < 5; ++i) call([] {});
  const Scrape scrape(collector);
  const auto calls = [&](const char* outcome) {
    return scrape.value("circuit_breaker_calls_total", "db", outcome);
  };
  CHECK(calls("succeeded") == 1);
  CHECK(calls("failed") == 2);
  CHECK(calls("ignored") == 1);
  CHECK(calls("refused") == 5);
  CHECK(scrape.value("circuit_breaker_slow_calls_total", "db") == 1);
  CHECK(scrape.value("circuit_breaker_opened_total", "db") == 1);
  stage.advance(1min);
  CHECK(states() == std::vector<double>{0, 0, 1});
}

TEST_CASE("a scrape detects hung calls and probes that timed out") {
  Stage stage;
  Breaker breaker{stage.io,
                  {.name = "db",
                   .minimumCalls = 1,
                   .slowCallDuration = 1s,
                   .openDuration = 1min,
                   .halfOpenCalls = 2}};
  BulkheadCollector collector;
  collector.add(breaker);
  Gate gate(stage.io);
  const auto hang = [&] {
    breaker.execute([&] { return gate.pass(); }, ignore);
    stage.settle();
  };
  const auto value = [&](const char* metric, const char* label) {
    return Scrape(collector).value(metric, "db", label);
  };
  hang();
  stage.advance(1s + 1ns);
  CHECK(value("circuit_breaker_state", "open") == 1);
  CHECK(Scrape(collector).value("circuit_breaker_slow_calls_total", "db") == 1);
  CHECK(Scrape(collector).value("circuit_breaker_opened_total", "db") == 1);
  stage.advance(1min);
  hang();
  CHECK(value("circuit_breaker_calls_total", "failed") == 0);
  stage.advance(1min);
  CHECK(value("circuit_breaker_calls_total", "failed") == 1);
  CHECK(value("circuit_breaker_state", "half_open") == 1);
  gate.open();
  stage.settle();
}

TEST_CASE("onStateChange may use the collector whose scrape changed the state") {
  Stage stage;
  BulkheadCollector collector;
  std::vector<std::optional<double>> open;
  std::optional<Breaker> other;
  Breaker breaker{
      stage.io,
      {.name = "db", .minimumCalls = 1, .slowCallDuration = 1s, .onStateChange = [&](auto, auto) {
         collector.add(other.emplace(stage.io, CircuitBreakerConfig{.name = "ai"}));
         open.push_back(Scrape(collector).value("circuit_breaker_state", "db", "open"));
       }}};
  collector.add(breaker);
  Gate gate(stage.io);
  breaker.execute([&] { return gate.pass(); }, ignore);
  stage.settle();
  stage.advance(1s + 1ns);
  const Scrape scrape(collector);
  CHECK(open == std::vector<std::optional<double>>{1});
  CHECK(scrape.value("circuit_breaker_state", "ai", "closed") == 1);
  gate.open();
  stage.settle();
}

TEST_CASE("a breaker that observes counts what it would have refused, and refuses nothing") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "db", .minimumCalls = 1, .mode = Mode::observe}};
  BulkheadCollector collector;
  collector.add(breaker);
  breaker.execute([] { throw std::runtime_error("no"); }, ignore);
  stage.settle();
  for (int i = 0; i < 3; ++i) breaker.execute([] {}, ignore);
  stage.settle();
  const Scrape scrape(collector);
  CHECK(scrape.value("circuit_breaker_would_have_refused_total", "db") == 3);
  CHECK(scrape.value("circuit_breaker_calls_total", "db", "refused") == 0);
  CHECK(scrape.value("circuit_breaker_calls_total", "db", "succeeded") == 3);
}

TEST_CASE("a rate limiter shows its configuration, its line and how calls ended") {
  Stage stage;
  RateLimiter limiter{stage.io,
                      {.name = "ai",
                       .permits = 5,
                       .per = 2s,
                       .burst = 2,
                       .maxQueueSize = 3,
                       .queueTimeout = 500ms}};
  BulkheadCollector collector;
  collector.add(limiter);
  const auto value = [&](const char* metric) { return Scrape(collector).value(metric, "ai"); };
  CHECK(value("rate_limiter_available") == 2);
  CHECK(value("rate_limiter_permits_per_second") == 2.5);
  CHECK(value("rate_limiter_burst") == 2);
  CHECK(value("rate_limiter_max_queue_size") == 3);
  CHECK(value("rate_limiter_timeout_seconds") == 0.5);
  limiter.execute([] {}, ignore);
  limiter.execute([] { throw std::runtime_error("no"); }, ignore);
  stage.settle();
  CHECK(value("rate_limiter_available") == 0);
  limiter.execute([] {}, ignore);  // its turn comes in 400 ms
  limiter.execute([] {}, ignore);  // that of this one too late
  CHECK(value("rate_limiter_queued") == 1);
  stage.advance(400ms);
  const Scrape scrape(collector);
  CHECK(scrape.value("rate_limiter_queued", "ai") == 0);
  CHECK(scrape.value("rate_limiter_executed_total", "ai") == 2);
  CHECK(scrape.value("rate_limiter_failed_total", "ai") == 1);
  CHECK(scrape.value("rate_limiter_rejected_total", "ai") == 1);
  CHECK(scrape.histogram("rate_limiter_wait_time_seconds", "ai").sample_count == 1);
  CHECK(scrape.histogram("rate_limiter_wait_time_seconds", "ai").sample_sum == 0.4);
  limiter.drain(ignore);
  limiter.execute([] {}, ignore);
  CHECK(value("rate_limiter_draining") == 1);
  CHECK(value("rate_limiter_drained_total") == 1);
  limiter.reset();
  CHECK(value("rate_limiter_executed_total") == 2);
}

TEST_CASE("a retry counts its calls, its attempts and how they ended") {
  Stage stage;
  const auto budget = std::make_shared<bulwark::RetryBudget>(
      bulwark::RetryBudgetConfig{.ratio = 0, .minPerSecond = 1, .window = 3s});
  Retry retry{stage.io,
              {.name = "ai", .maxAttempts = 3, .initialDelay = 0s, .jitter = 0, .budget = budget}};
  BulkheadCollector collector;
  collector.add(retry);
  const auto failing = [&](int times) {
    retry.execute(
        [times]() mutable {
          if (times-- > 0) throw std::runtime_error("no");
        },
        ignore);
    stage.settle();
  };
  failing(0);
  failing(1);  // one retry, of the three in the reserve
  failing(9);  // two retries
  failing(9);  // the budget is empty
  const Scrape scrape(collector);
  CHECK(scrape.value("retry_calls_total", "ai") == 4);
  CHECK(scrape.value("retry_attempts_total", "ai") == 7);
  CHECK(scrape.value("retry_retried_total", "ai") == 2);
  CHECK(scrape.value("retry_recovered_total", "ai") == 1);
  CHECK(scrape.value("retry_exhausted_total", "ai") == 1);
  CHECK(scrape.value("retry_over_budget_total", "ai") == 1);
}

// --- histograms ----------------------------------------------------------------------------------

TEST_CASE("the buckets range from 100 us to 2 min") {
  Stage stage;
  const Bulkhead bulkhead{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  std::vector<double> bounds;
  const Scrape scrape(collector);
  for (const auto& bucket : scrape.histogram("bulkhead_wait_time_seconds", "db").bucket) {
    CHECK(bucket.cumulative_count == 0);
    bounds.push_back(bucket.upper_bound);
  }
  CHECK(bounds == std::vector<double>{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                      0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120});
}

TEST_CASE("a bucket holds no longer call and misses only calls within 8 % of its bound") {
  for (const auto& [bound, inSeconds] : std::vector<std::pair<std::chrono::nanoseconds, double>>{
           {100us, 0.0001}, {2500us, 0.0025}, {10ms, 0.01}, {1s, 1}, {2min, 120}}) {
    Stage stage;
    Bulkhead bulkhead{stage.io, {.name = "db"}};
    BulkheadCollector collector;
    collector.add(bulkhead);
    const auto count = [&] {
      return upTo(Scrape(collector).histogram("bulkhead_execution_time_seconds", "db"), inSeconds);
    };
    run(stage, bulkhead, bound + 1ns);
    CHECK(count() == 0U);
    run(stage, bulkhead, bound * 92 / 100 - 1ns);
    CHECK(count() == 1U);
  }
}

TEST_CASE("the sum is exact, and the count includes calls longer than every bound") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  run(stage, bulkhead, 1h + 1ns);
  run(stage, bulkhead, 3ms);
  Permit hold = bulkhead.tryAcquire();
  bulkhead.acquire(ignore);
  ManualClock::advance(40ms);
  hold.release();
  stage.settle();
  const Scrape scrape(collector);
  const auto& execution = scrape.histogram("bulkhead_execution_time_seconds", "db");
  CHECK(execution.sample_count == 4);  // one permit was held for 40 ms, the next for 0
  CHECK(execution.sample_sum == 3600.043000001);
  CHECK(upTo(execution, 0.0001) == 1U);
  CHECK(upTo(execution, 0.005) == 2U);
  CHECK(upTo(execution, 0.05) == 3U);
  CHECK(upTo(execution, 120) == 3U);
  const auto& wait = scrape.histogram("bulkhead_wait_time_seconds", "db");
  CHECK(wait.sample_count == 1);
  CHECK(wait.sample_sum == 0.04);
  CHECK(upTo(wait, 0.025) == 0U);
  CHECK(upTo(wait, 0.05) == 1U);
}

// --- resets --------------------------------------------------------------------------------------

TEST_CASE("reset() does not lower a counter, and later calls are added") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0}};
  Semaphore semaphore{stage.io, {.name = "cpu"}};
  BulkheadCollector collector, second;
  collector.add(bulkhead);
  collector.add(semaphore);
  second.add(bulkhead);
  const auto work = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      run(stage, bulkhead, 3ms);
      semaphore.tryAcquire().release();
      const Permit held = bulkhead.tryAcquire();
      bulkhead.acquire(ignore);
      ManualClock::advance(20ms);
      stage.settle();
    }
  };
  const auto expect = [&](const BulkheadCollector& scraped, unsigned calls) {
    const Scrape scrape(scraped);
    CHECK(scrape.value("bulkhead_executed_total", "db") == 2 * calls);
    CHECK(scrape.value("bulkhead_rejected_total", "db") == calls);
    const auto& times = scrape.histogram("bulkhead_execution_time_seconds", "db");
    CHECK(upTo(times, 0.005) == calls);
    CHECK(times.sample_count == 2 * calls);
    CHECK(std::abs(times.sample_sum - calls * 0.023) < 1e-12 * calls);
  };
  work(5);
  expect(collector, 5);
  work(2);  // not scraped before the reset
  bulkhead.reset();
  semaphore.reset();
  CHECK(bulkhead.stats().executed == 0);
  expect(collector, 7);
  work(9);  // past the old value before the next scrape
  CHECK(bulkhead.stats().executed == 18);
  expect(collector, 16);
  bulkhead.reset();
  expect(collector, 16);
  expect(second, 16);  // a collector that is first scraped now sees all calls
  CHECK(Scrape(collector).value("semaphore_acquired_total", "cpu") == 16);
}

TEST_CASE("reset() does not lower a breaker's counters") {
  Stage stage;
  Breaker breaker{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(breaker);
  const auto call = [&] {
    breaker.execute([] {}, ignore);
    stage.settle();
    return Scrape(collector).value("circuit_breaker_calls_total", "db", "succeeded");
  };
  CHECK(call() == 1);
  CHECK(call() == 2);
  breaker.reset();
  CHECK(breaker.stats().succeeded == 0);
  CHECK(call() == 3);
  CHECK(breaker.stats().succeeded == 1);
}

TEST_CASE("a call that is counted and undone lowers no counter") {
  Stage stage;
  const auto probe = std::make_shared<ExecutorProbe>();
  const InstrumentedExecutor executor(stage.io.get_executor(), probe);
  bulwark::SemaphoreBulkhead<decltype(executor), ManualClock> semaphore{executor, {.name = "cpu"}};
  BulkheadCollector collector;
  collector.add(semaphore);
  std::optional<double> meanwhile;
  probe->whenAsked = [&] {
    meanwhile = Scrape(collector).value("semaphore_acquired_total", "cpu");
  };
  probe->refuseFromNowOn();
  CHECK_THROWS_AS(semaphore.acquire(ignore), ExecutorProbe::Refused);
  CHECK(semaphore.stats().acquired == 0);
  CHECK(meanwhile == 1);
  CHECK(Scrape(collector).value("semaphore_acquired_total", "cpu") == 1);
  semaphore.tryAcquire().release();
  CHECK(Scrape(collector).value("semaphore_acquired_total", "cpu") == 1);
  semaphore.tryAcquire().release();
  CHECK(Scrape(collector).value("semaphore_acquired_total", "cpu") == 2);
}
