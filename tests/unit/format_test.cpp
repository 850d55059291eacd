#include <bulwark/format.hpp>
#include <bulwark/limits.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::BulkheadStats;
using bulwark::ConfigChange;
using bulwark::Errc;
using bulwark::HealthSummary;
using bulwark::HistogramSnapshot;
using bulwark::ManagerStats;
using bulwark::SemaphoreStats;
using bulwark::unlimited;

namespace {

HistogramSnapshot always(std::chrono::nanoseconds value) {
  return HistogramSnapshot({{value, 3}}, 3 * value, value, value);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an Errc prints the name of its enumerator") {
  CHECK(fmt::format("{}", Errc::queueFull) == "queueFull");
  CHECK(fmt::format("{}", Errc::queueTimeout) == "queueTimeout");
  CHECK(fmt::format("{}", Errc::draining) == "draining");
  CHECK(fmt::format("{}", Errc::circuitOpen) == "circuitOpen");
  CHECK(fmt::format("{}", Errc::executionTimeout) == "executionTimeout");
  CHECK(fmt::format("{}", Errc::deadlineExceeded) == "deadlineExceeded");
  CHECK(fmt::format("{}", Errc::rateLimited) == "rateLimited");
}

TEST_CASE("an event prints in one line with the number of lost events") {
  bulwark::BulkheadEvent event{.kind = bulwark::EventKind::timedOut,
                               .compartment = bulwark::CompartmentKind::semaphore,
                               .name = "cpu",
                               .active = 3,
                               .queued = 1,
                               .maxConcurrent = 4,
                               .maxQueueSize = unlimited};
  CHECK(fmt::format("{}", event) == "semaphore cpu: timed out, active 3/4, queued 1/unlimited");
  event.lost = 7;
  CHECK(fmt::format("{}", event) ==
        "semaphore cpu: timed out, active 3/4, queued 1/unlimited, 7 before it lost");
  CHECK(fmt::format("{}", bulwark::EventKind::drainStarted) == "drain started");
  CHECK(fmt::format("{}", bulwark::EventKind::resumed) == "resumed");
  CHECK(fmt::format("{}", static_cast<bulwark::EventKind>(77)) == "unknown");
}

TEST_CASE("an event prints the overdue calls, and how late a call returned") {
  bulwark::BulkheadEvent event{.kind = bulwark::EventKind::overran,
                               .name = "db",
                               .active = 2,
                               .queued = 1,
                               .maxConcurrent = 3,
                               .maxQueueSize = 9,
                               .overdue = 2};
  CHECK(fmt::format("{}", event) ==
        "bulkhead db: execution timed out, active 2/3, queued 1/9, overdue 2");
  event.kind = bulwark::EventKind::stalled;
  event.lost = 4;
  CHECK(fmt::format("{}", event) ==
        "bulkhead db: stalled, active 2/3, queued 1/9, overdue 2, 4 before it lost");
  event = {.kind = bulwark::EventKind::returned,
           .name = "db",
           .maxConcurrent = 3,
           .maxQueueSize = 9,
           .overdueFor = 1250ms};
  CHECK(fmt::format("{}", event) ==
        "bulkhead db: overdue call returned 1.25s late, active 0/3, queued 0/9");
}

TEST_CASE("a value that is no Errc prints as unknown") {
  CHECK(fmt::format("{}", static_cast<Errc>(77)) == "unknown");
}

TEST_CASE("fill, alignment, width and precision work as for a string") {
  CHECK(fmt::format("[{:>12}]", Errc::draining) == "[    draining]");
  CHECK(fmt::format("[{:*<10}]", Errc::draining) == "[draining**]");
  CHECK(fmt::format("[{:^10.5}]", Errc::draining) == "[  drain   ]");
  CHECK(fmt::format("[{:{}}]", Errc::draining, 9) == "[draining ]");
}

TEST_CASE("the statistics of a bulkhead print in one line") {
  BulkheadStats stats;
  stats.name = "db.read";
  stats.active = 3;
  stats.maxConcurrent = 10;
  stats.queued = 2;
  stats.maxQueueSize = 50;
  stats.executed = 11;
  stats.failed = 22;
  stats.rejected = 33;
  stats.timedOut = 44;
  stats.cancelled = 55;
  stats.drained = 66;
  CHECK(fmt::format("{}", stats) ==
        "db.read: active 3/10, queued 2/50, executed 11, failed 22, rejected 33, timed out 44, "
        "cancelled 55, drained 66");
}

TEST_CASE("the statistics of a semaphore print in one line") {
  SemaphoreStats stats;
  stats.name = "cpu";
  stats.available = 4;
  stats.permits = 5;
  stats.waiting = 1;
  stats.acquired = 11;
  stats.released = 22;
  stats.rejected = 33;
  stats.timedOut = 44;
  stats.cancelled = 55;
  stats.drained = 66;
  CHECK(fmt::format("{}", stats) ==
        "cpu: available 4/5, waiting 1, acquired 11, released 22, rejected 33, timed out 44, "
        "cancelled 55, drained 66");
}

TEST_CASE("a line is padded like a string") {
  BulkheadStats stats;
  stats.name = "db";
  const std::string line = fmt::format("{}", stats);
  CHECK(fmt::format("{:>200}", stats) == std::string(200 - line.size(), ' ') + line);
}

TEST_CASE("an unlimited limit prints as unlimited") {
  BulkheadStats stats;
  stats.maxConcurrent = bulwark::unlimited;
  stats.maxQueueSize = bulwark::unlimited;
  CHECK(contains(fmt::format("{}", stats), "active 0/unlimited, queued 0/unlimited"));
  SemaphoreStats semaphore;
  semaphore.permits = bulwark::unlimited;
  semaphore.available = bulwark::unlimited;
  CHECK(contains(fmt::format("{}", semaphore), "/unlimited"));
}

TEST_CASE("calls over the limit print only if there are any") {
  BulkheadStats stats;
  CHECK_FALSE(contains(fmt::format("{}", stats), "over limit"));
  stats.overLimit = 7;
  CHECK(contains(fmt::format("{}", stats), ", over limit 7"));
  SemaphoreStats semaphore;
  CHECK_FALSE(contains(fmt::format("{}", semaphore), "over limit"));
  semaphore.overLimit = 8;
  CHECK(contains(fmt::format("{}", semaphore), ", over limit 8"));
}

TEST_CASE("overdue calls and calls that overran print only if there are any") {
  BulkheadStats stats;
  stats.name = "db";
  stats.active = 3;
  stats.maxConcurrent = 4;
  stats.maxQueueSize = 5;
  stats.executed = 11;
  CHECK_FALSE(contains(fmt::format("{}", stats), "over"));
  stats.overdue = 2;
  CHECK_FALSE(contains(fmt::format("{}", stats), "overran"));
  stats.overran = 77;
  CHECK(fmt::format("{}", stats) ==
        "db: active 3/4, queued 0/5, overdue 2, executed 11, failed 0, rejected 0, timed out 0, "
        "cancelled 0, drained 0, overran 77");
}

TEST_CASE("times print only if there are any, in a suitable unit") {
  BulkheadStats stats;
  CHECK_FALSE(contains(fmt::format("{}", stats), "p50"));
  stats.waitTime = always(12ns);
  stats.executionTime = always(1234567ns);
  CHECK(contains(fmt::format("{}", stats), ", wait p50 12ns p99 12ns, execution p50 1.23ms p99 "));
  stats.executionTime = always(2500ns);
  CHECK(contains(fmt::format("{}", stats), "execution p50 2.5us"));
  stats.executionTime = always(90s);
  CHECK(contains(fmt::format("{}", stats), "execution p50 90s"));
  stats.executionTime = always(999600us);
  CHECK(contains(fmt::format("{}", stats), "execution p50 1s"));
  SemaphoreStats semaphore;
  semaphore.waitTime = always(45us);
  CHECK(contains(fmt::format("{}", semaphore), ", wait p50 45us p99 45us"));
}

// --- a manager -----------------------------------------------------------------------------------

TEST_CASE("the statistics of a manager print as aligned tables") {
  ManagerStats stats;
  BulkheadStats& read = stats.bulkheads["db.read"];
  read.active = 3;
  read.maxConcurrent = 30;
  read.maxQueueSize = 100;
  read.queued = 2;
  read.executed = 123456;
  read.failed = 1;
  read.rejected = 2;
  read.timedOut = 3;
  read.cancelled = 4;
  read.drained = 5;
  read.waitTime = always(12ns);
  read.executionTime = always(45us);
  BulkheadStats& ai = stats.bulkheads["ai"];
  ai.maxConcurrent = unlimited;
  SemaphoreStats& cpu = stats.semaphores["global.cpu"];
  cpu.available = 4;
  cpu.permits = 5;
  cpu.waiting = 1;
  cpu.acquired = 11;
  cpu.released = 22;
  cpu.rejected = 33;
  cpu.timedOut = 44;
  cpu.cancelled = 55;
  cpu.drained = 66;
  cpu.executionTime = always(90s);
  CHECK("\n" + fmt::format("{}", stats) == R"(
bulkhead       active  queued  executed  failed  rejected  timed out  cancelled  drained  wait p99  run p99
ai        0/unlimited     0/0         0       0         0          0          0        0         -        -
db.read          3/30   2/100    123456       1         2          3          4        5      12ns     45us

semaphore   available  waiting  acquired  released  rejected  timed out  cancelled  drained  wait p99  run p99
global.cpu        4/5        1        11        22        33         44         55       66         -      90s
)");
}

TEST_CASE("the table has columns for overdue calls if a bulkhead has had any") {
  ManagerStats stats;
  stats.bulkheads["ai"];
  BulkheadStats& db = stats.bulkheads["db"];
  db.drained = 5;
  db.waitTime = always(12ns);
  CHECK_FALSE(contains(fmt::format("{}", stats), "over"));
  db.overdue = 2;
  CHECK("\n" + fmt::format("{}", stats) == R"(
bulkhead  active  queued  executed  failed  rejected  timed out  cancelled  drained  overdue  overran  wait p99  run p99
ai           0/0     0/0         0       0         0          0          0        0        0        0         -        -
db           0/0     0/0         0       0         0          0          0        5        2        0      12ns        -
)");
  db.overdue = 0;
  db.overran = 123456;
  CHECK(contains(fmt::format("{}", stats), "   5        0   123456  "));
}

TEST_CASE("a manager does not print empty tables") {
  ManagerStats stats;
  CHECK(fmt::format("{}", stats).empty());
  stats.semaphores["cpu"];
  CHECK(fmt::format("{}", stats).rfind("semaphore  available", 0) == 0);
  stats.semaphores.clear();
  stats.bulkheads["db"];
  const std::string text = fmt::format("{}", stats);
  CHECK(text.rfind("bulkhead  active", 0) == 0);
  CHECK_FALSE(contains(text, "semaphore"));
  CHECK_FALSE(contains(text, "\n\n"));
}

TEST_CASE("the health of a manager prints as a line and a table") {
  HealthSummary health;
  CHECK(fmt::format("{}", health) == "bulkheads 0, active 0, queued 0, saturated: none\n");
  health.drainingBulkheads = {"ai", "db"};
  health.drainingSemaphores = {"cpu"};
  CHECK(fmt::format("{}", health) ==
        "bulkheads 0, active 0, queued 0, saturated: none, draining: ai, db, semaphore cpu\n");
  health.draining = true;
  CHECK(fmt::format("{}", health) ==
        "bulkheads 0, active 0, queued 0, saturated: none, draining: all\n");
  health.overdue = {{"ai", 1, false}, {"db", 3, true}};
  CHECK(fmt::format("{}", health) ==
        "bulkheads 0, active 0, queued 0, saturated: none, overdue: ai 1, db 3 (stalled), "
        "draining: all\n");
  health = {};
  health.totalBulkheads = 3;
  health.totalSemaphores = 2;
  health.activeTasks = 12;
  health.queuedTasks = 5;
  health.saturated = {"ai.claude", "db.read"};
  health.semaphores = {{"container.total", 0, 10}, {"cpu", 4, 5}};
  CHECK("\n" + fmt::format("{}", health) == R"(
bulkheads 3, active 12, queued 5, saturated: ai.claude, db.read
semaphore        available
container.total       0/10
cpu                    4/5
)");
}

TEST_CASE("a configuration change prints in one line") {
  CHECK(fmt::format("{}", ConfigChange{"db.read", "queueTimeout", "30s", "10s"}) ==
        "db.read: queueTimeout 30s -> 10s");
  CHECK(fmt::format("{}", ConfigChange{"cpu", "permits", "", "5"}) == "cpu: permits none -> 5");
  CHECK(fmt::format("[{:>20}]", ConfigChange{"a", "mode", "off", "x"}) == "[    a: mode off -> x]");
}

namespace {

const std::string forged = "acme\n[info] db: active 0/10\u2028\x1B[2J\xFF";
const std::string forgedInOneLine = R"(acme\n[info] db: active 0/10\u2028\u001b[2J\xff)";

}  // namespace

TEST_CASE("a name cannot forge a line") {
  bulwark::BulkheadEvent event;
  event.name = forged;
  BulkheadStats bulkhead;
  bulkhead.name = forged;
  SemaphoreStats semaphore;
  semaphore.name = forged;
  CHECK(contains(fmt::format("{}", event), "bulkhead " + forgedInOneLine + ": "));
  CHECK(fmt::format("{}", bulkhead).starts_with(forgedInOneLine + ": active"));
  CHECK(fmt::format("{}", semaphore).starts_with(forgedInOneLine + ": available"));
  CHECK(fmt::format("{}", ConfigChange{forged, "mode", "off", "enforce"}) ==
        forgedInOneLine + ": mode off -> enforce");
}

TEST_CASE("a name cannot forge a line of a table or break its alignment") {
  ManagerStats stats;
  stats.bulkheads["db"];
  stats.bulkheads[forged];
  stats.semaphores["cpu"];
  stats.semaphores[forged];
  HealthSummary health;
  health.saturated = {forged};
  health.overdue = {{forged, 1, false}};
  health.semaphores.emplace_back().name = forged;
  const std::string tables = fmt::format("{}", stats);
  const std::string summary = fmt::format("{}", health);
  CHECK(std::count(tables.begin(), tables.end(), '\n') == 7);
  CHECK(std::count(summary.begin(), summary.end(), '\n') == 3);
  CHECK(contains(tables, "\n" + forgedInOneLine + "  "));
  CHECK(contains(tables, "\ndb" + std::string(forgedInOneLine.size() - 2, ' ')));
  CHECK(contains(summary, "saturated: " + forgedInOneLine + ", overdue: "));
  CHECK(contains(summary, "overdue: " + forgedInOneLine + " 1\n"));
  CHECK(contains(summary, "\n" + forgedInOneLine + "  "));
}
