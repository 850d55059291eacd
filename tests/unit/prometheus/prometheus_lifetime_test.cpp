#include <bulwark/detail/limiter/peak_watch.hpp>
#include <bulwark/detail/telemetry/peak_list.hpp>

#include "support/scrape.hpp"

// --- peaks ---------------------------------------------------------------------------------------

TEST_CASE("peaks are the highest values since the collector was last scraped") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  BulkheadCollector often, seldom;
  often.add(bulkhead);
  const auto peaks = [](const BulkheadCollector& collector) {
    const Scrape scrape(collector);
    return std::pair(scrape.value("bulkhead_peak_active", "db"),
                     scrape.value("bulkhead_peak_queued", "db"));
  };
  const auto are = [](double active, double queued) {
    return std::pair(std::optional(active), std::optional(queued));
  };
  Permit held = bulkhead.tryAcquire(5);
  seldom.add(bulkhead);
  bulkhead.acquire({.permits = 4}, ignore);
  held.release();
  stage.settle();
  CHECK(peaks(often) == are(5, 1));
  CHECK(peaks(often) == are(0, 0));
  held = bulkhead.tryAcquire(2);
  CHECK(peaks(often) == are(2, 0));
  held.release();
  CHECK(peaks(often) == are(2, 0));  // in use at the previous scrape
  CHECK(peaks(often) == are(0, 0));
  // The second collector was not scraped meanwhile and shows the highest of all these values.
  CHECK(peaks(seldom) == are(5, 1));
  CHECK(peaks(seldom) == are(0, 0));
  // stats() still has the highest values since construction.
  CHECK(bulkhead.stats().peakActive == 5);
  CHECK(bulkhead.stats().peakQueued == 1);
}

TEST_CASE("reset() does not lower the peak of an interval") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  bulkhead.tryAcquire(4).release();
  bulkhead.reset();
  CHECK(bulkhead.stats().peakActive == 0);
  CHECK(Scrape(collector).value("bulkhead_peak_active", "db") == 4);
  CHECK(Scrape(collector).value("bulkhead_peak_active", "db") == 0);
}

TEST_CASE("a collector that was never scraped shows the peak since construction") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  BulkheadCollector first, second;
  first.add(bulkhead);
  bulkhead.tryAcquire(3).release();
  CHECK(Scrape(first).value("bulkhead_peak_active", "db") == 3);
  second.add(bulkhead);
  CHECK(Scrape(second).value("bulkhead_peak_active", "db") == 3);
  CHECK(Scrape(second).value("bulkhead_peak_active", "db") == 0);
}

TEST_CASE("destroying a collector removes no peak from the others") {
  Stage stage;
  Bulkhead bulkhead{stage.io, {.name = "db", .maxConcurrent = 5}};
  BulkheadCollector first, third;
  first.add(bulkhead);
  {
    BulkheadCollector second;
    second.add(bulkhead);
    third.add(bulkhead);
    bulkhead.tryAcquire(3).release();
    CHECK(Scrape(second).value("bulkhead_peak_active", "db") == 3);
  }
  CHECK(Scrape(third).value("bulkhead_peak_active", "db") == 3);
  CHECK(Scrape(first).value("bulkhead_peak_active", "db") == 3);
  CHECK(bulkhead.stats().peakActive == 3);
}

// --- what is shown -------------------------------------------------------------------------------

TEST_CASE("a manager's bulkheads and semaphores are shown, including later ones") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
  manager.bulkhead("db");
  const ManagerCollector collector(manager);
  CHECK(Scrape(collector).things("bulkhead_active") == std::vector<std::string>{"db"});
  CHECK(Scrape(collector).things("semaphore_permits") == std::vector<std::string>{"cpu"});
  manager.bulkhead("ai");
  manager.addSemaphore({.name = "disk"});
  for (int i = 0; i < 40; ++i)
    manager.bulkhead("x" + std::to_string(i));  // the manager's table grows
  Scrape scrape(collector);
  CHECK(scrape.things("bulkhead_active").size() == 42);
  CHECK(scrape.things("bulkhead_active").front() == "ai");
  CHECK(scrape.things("semaphore_permits") == std::vector<std::string>{"cpu", "disk"});
  manager.bulkhead("db").tryAcquire().release();
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).value("bulkhead_executed_total", "ai") == 0);
}

TEST_CASE("a manager's collector also shows what is added to it") {
  Stage stage;
  const Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
  const Breaker breaker{stage.io, {.name = "db"}};
  const Semaphore semaphore{stage.io, {.name = "disk"}};
  ManagerCollector collector(manager);
  collector.add(breaker);
  collector.add(semaphore);
  const Scrape scrape(collector);
  CHECK(scrape.things("semaphore_permits") == std::vector<std::string>{"cpu", "disk"});
  CHECK(scrape.things("circuit_breaker_opened_total") == std::vector<std::string>{"db"});
}

TEST_CASE("of two bulkheads with one name, the one that the collector saw first is shown") {
  Stage stage;
  Manager manager{stage.io};
  Bulkhead bulkhead{stage.io, {.name = "db"}};
  ManagerCollector collector(manager);
  collector.add(bulkhead);
  run(stage, bulkhead, 1ms);
  manager.bulkhead("db");
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).things("bulkhead_active") == std::vector<std::string>{"db"});
}

TEST_CASE("a manager's bulkhead is shown when an added one of its name is destroyed") {
  Stage stage;
  Manager manager{stage.io};
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io, BulkheadConfig{.name = "db"});
  ManagerCollector collector(manager);
  collector.add(*bulkhead);
  manager.bulkhead("db").tryAcquire().release();
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 0);
  bulkhead.reset();
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).things("bulkhead_active") == std::vector<std::string>{"db"});
}

TEST_CASE("a scrape that runs out of memory hides no object from the next scrape") {
  bool failed = true;
  for (std::size_t number = 0; failed; ++number) {
    Stage stage;
    Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
    for (const char* name : {"db", "a name that needs memory of its own"}) manager.bulkhead(name);
    const ManagerCollector collector(manager);
    failed = false;
    injection::Plan::kind = injection::Point::object;
    injection::Plan::count = 0;
    injection::Plan::failing = number;
    try {
      const injection::Armed armed;
      collector.Collect();
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    const Scrape scrape(collector);
    CHECK(scrape.things("bulkhead_active").size() == 2);
    CHECK(scrape.things("semaphore_permits").size() == 1);
  }
}

TEST_CASE("invalid UTF-8 in a name is replaced byte by byte") {
  const std::string bad = "\uFFFD";
  const std::vector<std::pair<std::string, std::string>> labels{
      {"caf\u00E9 \u20AC \U0001F6A2 \U0010FFFF", "caf\u00E9 \u20AC \U0001F6A2 \U0010FFFF"},
      {"a\x80z", "a" + bad + "z"},  // no character to continue
      {"\xC3", bad},  // incomplete
      {"\xE2\x82z", bad + bad + "z"},  // the same in the middle
      {"\xC0\xAF", bad + bad},  // overlong
      {"\xE0\x9F\xBF", bad + bad + bad},  // overlong
      {"\xED\xA0\x80", bad + bad + bad},  // a surrogate
      {"\xF4\x90\x80\x80", bad + bad + bad + bad},  // beyond U+10FFFF
      {"\xF8\x88\x80\x80\x80", bad + bad + bad + bad + bad}  // obsolete long forms
  };
  for (const auto& [name, label] : labels) {
    Stage stage;
    const Bulkhead bulkhead{stage.io, {.name = name}};
    BulkheadCollector collector;
    collector.add(bulkhead);
    CHECK(Scrape(collector).things("bulkhead_active") == std::vector<std::string>{label});
  }
}

TEST_CASE("of two names with the same label one is shown") {
  Stage stage;
  Manager manager{stage.io};
  manager.bulkhead("db\xFE");
  manager.bulkhead("db\xFF");
  ManagerCollector collector(manager);
  const std::vector<std::string> one{"db\uFFFD"};
  CHECK(Scrape(collector).things("bulkhead_active") == one);
  CHECK(Scrape(collector).things("bulkhead_active") == one);
  const Bulkhead third{stage.io, {.name = "db\xFD"}};
  CHECK(configErrorOf([&] { collector.add(third); }).field() == "name");
}

TEST_CASE("adding a second object of a name and kind is refused") {
  Stage stage;
  const Bulkhead bulkhead{stage.io, {.name = "db"}};
  const Bulkhead sameName{stage.io, {.name = "db"}};
  const Semaphore semaphore{stage.io, {.name = "db"}};
  const Breaker breaker{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(bulkhead);
  collector.add(semaphore);  // another kind
  collector.add(breaker);
  const auto error = configErrorOf([&] { collector.add(sameName); });
  CHECK(error.bulkhead() == "db");
  CHECK(error.field() == "name");
  CHECK(configErrorOf([&] { collector.add(bulkhead); }).field() == "name");
  CHECK(configErrorOf([&] { collector.add(semaphore); }).field() == "name");
  CHECK(configErrorOf([&] { collector.add(breaker); }).field() == "name");
  CHECK(Scrape(collector).things("bulkhead_active") == std::vector<std::string>{"db"});
}

// --- lifetime ------------------------------------------------------------------------------------

TEST_CASE("a destroyed bulkhead is shown until its last permit is released and twice more") {
  Stage stage;
  std::optional<Bulkhead> bulkhead(std::in_place, stage.io, bulwark::BulkheadConfig{.name = "db"});
  BulkheadCollector collector;
  collector.add(*bulkhead);
  const auto executed = [&] { return Scrape(collector).value("bulkhead_executed_total", "db"); };
  Permit held = bulkhead->tryAcquire(2);
  CHECK(executed() == 0);
  bulkhead.reset();
  CHECK(executed() == 0);
  CHECK(Scrape(collector).value("bulkhead_active", "db") == 2);
  held.release();
  CHECK(executed() == 1);
  CHECK(executed() == 1);
  CHECK_FALSE(executed().has_value());
  CHECK(Scrape(collector).families().empty());
}

TEST_CASE("a call counted while a scrape finds its bulkhead quiescent is not lost") {
  Stage stage;
  const auto probe = std::make_shared<ExecutorProbe>();
  const InstrumentedExecutor executor(stage.io.get_executor(), probe);
  using Custom = bulwark::Bulkhead<decltype(executor), ManualClock>;
  std::optional<Custom> bulkhead(std::in_place, executor,
                                 BulkheadConfig{.name = "db", .maxConcurrent = 1});
  BulkheadCollector collector;
  collector.add(*bulkhead);
  const auto cancelled = [&] { return Scrape(collector).value("bulkhead_cancelled_total", "db"); };
  Permit held = bulkhead->tryAcquire();
  for (int i = 0; i < 3; ++i) bulkhead->acquire(ignore);
  // The destructor has failed all three calls and counted one of them.
  std::optional<double> meanwhile;
  probe->whenAsked = [&] {
    if (meanwhile) return;
    held.release();
    meanwhile = cancelled();
  };
  bulkhead.reset();
  CHECK(meanwhile == 1);
  CHECK(cancelled() == 3);
  CHECK_FALSE(cancelled().has_value());
}

TEST_CASE("a bulkhead may be replaced while its calls run, and both are shown as one") {
  Stage stage;
  std::optional<Bulkhead> old(std::in_place, stage.io,
                              BulkheadConfig{.name = "db", .maxConcurrent = 5});
  BulkheadCollector collector;
  collector.add(*old);
  old->tryAcquire(4).release();
  Permit held = old->tryAcquire(2);
  old.reset();
  Bulkhead next{stage.io, {.name = "db", .maxConcurrent = 3}};
  collector.add(next);
  CHECK(configErrorOf([&] { collector.add(next); }).field() == "name");
  Permit another = next.tryAcquire();
  const auto expect = [&](double active, double executed) {
    const Scrape scrape(collector);
    CHECK(scrape.value("bulkhead_active", "db") == active);
    CHECK(scrape.value("bulkhead_executed_total", "db") == executed);
    CHECK(scrape.value("bulkhead_max_concurrent", "db") == 3);
  };
  CHECK(Scrape(collector).value("bulkhead_peak_active", "db") == 5);  // 4 of the old bulkhead
  expect(3, 1);
  held.release();
  expect(1, 2);
  another.release();
  for (int scrapes = 0; scrapes < 3; ++scrapes) expect(0, 3);
}

TEST_CASE("a semaphore that replaces another shows only its own permits as free") {
  Stage stage;
  std::optional<Semaphore> old(std::in_place, stage.io, SemaphoreConfig{.name = "cpu"});
  BulkheadCollector collector;
  collector.add(*old);
  const Permit held = old->tryAcquire();
  old.reset();
  const Semaphore next{stage.io, {.name = "cpu", .permits = 4}};
  collector.add(next);
  CHECK(Scrape(collector).value("semaphore_permits", "cpu") == 4);
  CHECK(Scrape(collector).value("semaphore_available", "cpu") == 4);
  CHECK(Scrape(collector).value("semaphore_acquired_total", "cpu") == 1);
}

TEST_CASE("a destroyed breaker is shown until its last call has ended") {
  Stage stage;
  std::optional<Breaker> breaker(std::in_place, stage.io, CircuitBreakerConfig{.name = "db"});
  BulkheadCollector collector, second;
  collector.add(*breaker);
  second.add(*breaker);
  const auto succeeded = [&] {
    return Scrape(collector).value("circuit_breaker_calls_total", "db", "succeeded");
  };
  breaker->execute([] {}, ignore);
  breaker.reset();
  for (int scrapes = 0; scrapes < 3; ++scrapes) CHECK(succeeded() == 0);
  const Breaker next{stage.io, {.name = "db"}};
  collector.add(next);
  stage.settle();
  for (int scrapes = 0; scrapes < 3; ++scrapes) CHECK(succeeded() == 1);
  const auto ofSecond = [&] { return Scrape(second).families().size(); };
  CHECK(ofSecond() == 6);
  CHECK(ofSecond() == 6);
  CHECK(ofSecond() == 0);
}

TEST_CASE("a destroyed rate limiter is shown until its last call has ended") {
  Stage stage;
  std::optional<RateLimiter> limiter(std::in_place, stage.io,
                                     bulwark::RateLimiterConfig{.name = "ai"});
  BulkheadCollector collector;
  collector.add(*limiter);
  CHECK(configErrorOf([&] { collector.add(*limiter); }).field() == "name");
  const auto executed = [&] {
    return Scrape(collector).value("rate_limiter_executed_total", "ai");
  };
  limiter->execute([] {}, ignore);
  limiter.reset();
  for (int scrapes = 0; scrapes < 3; ++scrapes) CHECK(executed() == 0);
  stage.settle();
  for (int scrapes = 0; scrapes < 2; ++scrapes) CHECK(executed() == 1);
  CHECK_FALSE(executed().has_value());
  RateLimiter next{stage.io, {.name = "ai"}};
  collector.add(next);
  CHECK(executed() == 1);
}

TEST_CASE("a destroyed retry is shown until its last call has ended") {
  Stage stage;
  std::optional<Retry> retry(std::in_place, stage.io,
                             bulwark::RetryConfig{.name = "ai", .maxAttempts = 2, .jitter = 0});
  BulkheadCollector collector, second;
  collector.add(*retry);
  second.add(*retry);
  CHECK(configErrorOf([&] { collector.add(*retry); }).field() == "name");
  const auto exhausted = [&] { return Scrape(collector).value("retry_exhausted_total", "ai"); };
  retry->execute([] { throw std::runtime_error("no"); }, ignore);
  retry.reset();
  stage.settle();
  for (int scrapes = 0; scrapes < 3; ++scrapes) CHECK(exhausted() == 0);  // in its delay
  stage.advance(100ms);
  for (int scrapes = 0; scrapes < 2; ++scrapes) CHECK(exhausted() == 1);
  CHECK_FALSE(exhausted().has_value());
  const Retry next{stage.io, {.name = "ai"}};
  collector.add(next);
  CHECK(exhausted() == 1);
}

TEST_CASE("a later bulkhead of the same name continues the counters of the earlier one") {
  Stage stage;
  BulkheadCollector collector;
  const auto executed = [&] { return Scrape(collector).value("bulkhead_executed_total", "db"); };
  for (int life = 1; life <= 3; ++life) {
    Bulkhead bulkhead{stage.io, {.name = "db"}};
    collector.add(bulkhead);
    run(stage, bulkhead, 1ms);
    CHECK(executed() == 2 * life - 1);
    run(stage, bulkhead, 1ms);  // not scraped while the bulkhead exists
  }
  CHECK(executed() == 6);
  CHECK(executed() == 6);
  CHECK_FALSE(executed().has_value());
  Bulkhead late{stage.io, {.name = "db"}};
  collector.add(late);
  CHECK(executed() == 6);
  CHECK(Scrape(collector).histogram("bulkhead_execution_time_seconds", "db").sample_count == 6);
}

TEST_CASE("a later breaker of the same name continues the counters too") {
  Stage stage;
  BulkheadCollector collector;
  const auto refused = [&] {
    return Scrape(collector).value("circuit_breaker_calls_total", "db", "refused");
  };
  for (int life = 1; life <= 2; ++life) {
    Breaker breaker{stage.io, {.name = "db"}};
    collector.add(breaker);
    breaker.forceOpen();
    breaker.execute([] {}, ignore);
    stage.settle();
    CHECK(refused() == life);
  }
  CHECK(refused() == 2);
  CHECK(refused() == 2);
  CHECK_FALSE(refused().has_value());
}

TEST_CASE("a manager may be destroyed before its collector, and a context before both") {
  std::optional<Stage> stage(std::in_place);
  std::optional<Manager> manager(std::in_place, stage->io,
                                 ManagerConfig{.semaphores = {{"cpu", 2}}});
  run(*stage, manager->bulkhead("db"), 1ms);
  const ManagerCollector collector(*manager);
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  stage.reset();
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  manager.reset();
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).families().empty());
}

TEST_CASE("a moved bulkhead is the same bulkhead to a collector") {
  Stage stage;
  Bulkhead first{stage.io, {.name = "db"}};
  BulkheadCollector collector;
  collector.add(first);
  Bulkhead second = std::move(first);
  run(stage, second, 1ms);
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
  CHECK(Scrape(collector).value("bulkhead_executed_total", "db") == 1);
}
