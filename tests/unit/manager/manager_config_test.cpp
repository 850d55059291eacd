#include <bulwark/bulkhead_manager.hpp>
#include <bulwark/detail/manager/deferred_delivery.hpp>

#include "support/catch.hpp"
#include "support/manager_support.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

using bulwark::ConfigChange;
using Changes = std::vector<ConfigChange>;

namespace {

void same(const Changes& changes, const Changes& expected) {
  for (std::size_t i = 0; i < changes.size() || i < expected.size(); ++i) {
    CAPTURE(i);
    const ConfigChange none;
    const ConfigChange& is = i < changes.size() ? changes[i] : none;
    const ConfigChange& wanted = i < expected.size() ? expected[i] : none;
    CHECK(is.service == wanted.service);
    CHECK(is.field == wanted.field);
    CHECK(is.before == wanted.before);
    CHECK(is.after == wanted.after);
  }
}

}  // namespace

// --- updateConfig --------------------------------------------------------------------------------

TEST_CASE("updateConfig of a service changes its bulkhead in place", "[manager][config]") {
  Stage stage;
  Manager manager{stage.io};
  auto& bulkhead = manager.bulkhead("db");
  Permit hold = bulkhead.tryAcquire();
  manager.updateConfig("db", {.maxConcurrent = 3, .queueTimeout = 1s});
  CHECK(&manager.bulkhead("db") == &bulkhead);
  CHECK(bulkhead.config().maxConcurrent == 3);
  CHECK(bulkhead.config().maxQueueSize == 50);
  CHECK(bulkhead.config().queueTimeout == 1s);
  CHECK(bulkhead.stats().running == 1);
  CHECK(manager.bulkhead("other").config().maxConcurrent == 10);
}

TEST_CASE("updateConfig of a service that does not exist yet applies when it is created",
          "[manager][config]") {
  Stage stage;
  Manager manager{stage.io, {.services = {{"db", {.maxConcurrent = 2, .maxQueueSize = 5}}}}};
  manager.updateConfig("db", {.maxConcurrent = 3});
  manager.updateConfig("db", {.queueTimeout = 1s, .mode = Mode::observe});
  manager.updateConfig("web", {.maxQueueSize = 4});
  CHECK(manager.stats().bulkheads.empty());
  const BulkheadConfig db = manager.bulkhead("db").config();
  CHECK(db.maxConcurrent == 3);
  CHECK(db.maxQueueSize == 5);
  CHECK(db.queueTimeout == 1s);
  CHECK(db.mode == Mode::observe);
  CHECK(manager.bulkhead("web").config().maxQueueSize == 4);
  CHECK(manager.bulkhead("web").config().maxConcurrent == 10);
}

TEST_CASE("updateConfig with a bad value or no name changes nothing", "[manager][config]") {
  Stage stage;
  Manager manager{stage.io};
  const bool there = GENERATE(false, true);
  if (there) manager.bulkhead("db");
  const auto error = configErrorOf(
      [&] { manager.updateConfig("db", {.maxConcurrent = 3, .queueTimeout = -1ns}); });
  CHECK(error.bulkhead() == "db");
  CHECK(error.field() == "queueTimeout");
  CHECK(manager.bulkhead("db").config().maxConcurrent == 10);
  CHECK(configErrorOf([&] { manager.updateConfig("", {}); }).field() == "service");
}

// --- setMode -------------------------------------------------------------------------------------

TEST_CASE("setMode applies to all bulkheads and semaphores, existing and later ones",
          "[manager][config]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Manager manager{stage.io,
                  {.services = {{"later too", {.maxConcurrent = 2, .mode = Mode::enforce}}},
                   .semaphores = {{"cpu", 1}}}};
  manager.bulkhead("there");
  auto& own = manager.addBulkhead({.name = "own"}, stage.io.get_executor());
  auto& added = manager.addSemaphore({.name = "added"});
  manager.setMode(mode);
  CHECK(manager.bulkhead("there").config().mode == mode);
  CHECK(own.config().mode == mode);
  CHECK(manager.semaphore("cpu")->config().mode == mode);
  CHECK(added.config().mode == mode);
  CHECK(manager.bulkhead("later").config().mode == mode);
  CHECK(manager.bulkhead("later too").config().mode == mode);
  CHECK(manager.bulkhead("later too").config().maxConcurrent == 2);
}

TEST_CASE("setMode applies to later objects even if their configuration has another mode",
          "[manager][config]") {
  Stage stage;
  Manager manager{stage.io};
  manager.setMode(Mode::observe);
  CHECK(manager.addBulkhead({.name = "own"}, stage.io.get_executor()).config().mode ==
        Mode::observe);
  CHECK(manager.addSemaphore({.name = "added"}).config().mode == Mode::observe);
}

TEST_CASE("a new configuration overrides setMode, as every later update does",
          "[manager][config]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  manager.bulkhead("db");
  auto& own = manager.addBulkhead({.name = "own", .mode = Mode::off}, stage.io.get_executor());
  manager.setMode(Mode::observe);
  const auto changes = manager.apply({.semaphores = {{"cpu", 1}, {"gpu", 1}}});
  CHECK(manager.bulkhead("db").config().mode == Mode::enforce);
  CHECK(manager.bulkhead("later").config().mode == Mode::enforce);
  CHECK(own.config().mode == Mode::off);
  CHECK(manager.semaphore("cpu")->config().mode == Mode::enforce);
  CHECK(manager.semaphore("gpu")->config().mode == Mode::enforce);
  CHECK(changes == std::vector<bulwark::ConfigChange>{{"(defaults)", "mode", "observe", "enforce"},
                                                      {"db", "mode", "observe", "enforce"},
                                                      {"own", "mode", "observe", "off"},
                                                      {"cpu", "mode", "observe", "enforce"},
                                                      {"gpu", "permits", "", "1"}});
}

TEST_CASE("an update after setMode wins, and so does a setMode after an update",
          "[manager][config]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  manager.bulkhead("there");
  manager.setMode(Mode::observe);
  manager.updateConfig("there", {.mode = Mode::enforce});
  manager.updateConfig("later", {.mode = Mode::enforce});
  manager.semaphore("cpu")->updateConfig({.mode = Mode::enforce});
  CHECK(manager.bulkhead("there").config().mode == Mode::enforce);
  CHECK(manager.bulkhead("later").config().mode == Mode::enforce);
  CHECK(manager.bulkhead("another").config().mode == Mode::observe);
  CHECK(manager.semaphore("cpu")->config().mode == Mode::enforce);
  manager.updateConfig("much later", {.mode = Mode::enforce});
  manager.setMode(Mode::off);
  for (const char* name : {"there", "later", "another", "much later"}) {
    CHECK(manager.bulkhead(name).config().mode == Mode::off);
  }
}

TEST_CASE("a switch with setMode releases all calls that wait in queues and for semaphores",
          "[manager][config]") {
  Stage stage;
  const Mode mode = GENERATE(Mode::observe, Mode::off);
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> endings[4];
  for (auto& ending : endings) {
    manager.execute(
        "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  }
  manager.setMode(mode);
  stage.settle();
  for (auto& ending : endings) CHECK(ending.fine());
  CHECK(manager.bulkhead("db").stats().active == 0);
  CHECK(manager.bulkhead("db").stats().executed == (mode == Mode::observe ? 4 : 1));
  cpu.release();
  CHECK(manager.semaphore("cpu")->stats().available == 1);
}

TEST_CASE("setMode refuses an invalid mode", "[manager][config]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 1}}}};
  CHECK(configErrorOf([&] { manager.setMode(static_cast<Mode>(7)); }).field() == "mode");
  CHECK(manager.bulkhead("db").config().mode == Mode::enforce);
  CHECK(manager.semaphore("cpu")->config().mode == Mode::enforce);
}

// --- apply ---------------------------------------------------------------------------------------

TEST_CASE("apply returns the changes of defaults, then services, then semaphores, sorted by name",
          "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io,
                  {.defaults = {.maxConcurrent = 10, .queueTimeout = 30s},
                   .services = {{"b", {.maxConcurrent = 2}}, {"a", {.maxQueueSize = 1}}},
                   .semaphores = {{"y", 1}, {"x", 2}},
                   .semaphoreTimeout = 10s}};
  manager.bulkhead("c");
  const Changes changes =
      manager.apply({.defaults = {.maxConcurrent = 20,
                                  .maxQueueSize = bulwark::unlimited,
                                  .queueTimeout = bulwark::noTimeout,
                                  .mode = Mode::observe},
                     .services = {{"b", {.maxConcurrent = 3}}, {"d", {.queueTimeout = 1500ms}}},
                     .semaphores = {{"z", 4}, {"x", 3}},
                     .semaphoreTimeout = 0s});
  same(changes, {{"(defaults)", "maxConcurrent", "10", "20"},
                 {"(defaults)", "maxQueueSize", "50", "unlimited"},
                 {"(defaults)", "queueTimeout", "30s", "never"},
                 {"(defaults)", "mode", "enforce", "observe"},
                 {"(defaults)", "semaphoreTimeout", "10s", "0"},
                 {"a", "maxConcurrent", "10", "20"},
                 {"a", "maxQueueSize", "1", "unlimited"},
                 {"a", "queueTimeout", "30s", "never"},
                 {"a", "mode", "enforce", "observe"},
                 {"b", "maxConcurrent", "2", "3"},
                 {"b", "maxQueueSize", "50", "unlimited"},
                 {"b", "queueTimeout", "30s", "never"},
                 {"b", "mode", "enforce", "observe"},
                 {"c", "maxConcurrent", "10", "20"},
                 {"c", "maxQueueSize", "50", "unlimited"},
                 {"c", "queueTimeout", "30s", "never"},
                 {"c", "mode", "enforce", "observe"},
                 {"d", "maxConcurrent", "10", "20"},
                 {"d", "maxQueueSize", "50", "unlimited"},
                 {"d", "queueTimeout", "30s", "1s500ms"},
                 {"d", "mode", "enforce", "observe"},
                 {"x", "permits", "2", "3"},
                 {"x", "acquireTimeout", "10s", "0"},
                 {"y", "acquireTimeout", "10s", "0"},
                 {"z", "permits", "", "4"}});
  CHECK(manager.bulkhead("b").config().maxConcurrent == 3);
  CHECK(manager.bulkhead("c").config().maxQueueSize == bulwark::unlimited);
  CHECK(manager.bulkhead("d").config().queueTimeout == 1500ms);
  CHECK(manager.bulkhead("e").config().mode == Mode::observe);
  CHECK(manager.semaphore("x")->config().permits == 3);
  CHECK(manager.semaphore("y")->config().permits == 1);
  CHECK(manager.semaphore("y")->config().acquireTimeout == 0s);
  CHECK(manager.semaphore("z")->config().permits == 4);
  CHECK(manager.semaphore("z")->config().acquireTimeout == 0s);
}

TEST_CASE("apply of the current configuration changes nothing", "[manager][apply]") {
  Stage stage;
  const ManagerConfig config = bulwark::athenaPreset();
  Manager manager{stage.io, config};
  manager.bulkhead("db.read");
  manager.bulkhead("unnamed");
  CHECK(manager.apply(config).empty());
  ManagerConfig other = config;
  other.services["db.read"].queueTimeout = 11s;
  same(manager.apply(other), {{"db.read", "queueTimeout", "10s", "11s"}});
  CHECK(manager.apply(other).empty());
}

TEST_CASE("apply returns a service that is no longer named to the defaults", "[manager][apply]") {
  Stage stage;
  const bool there = GENERATE(false, true);
  Manager manager{stage.io, {.services = {{"db", {.maxConcurrent = 3}}}}};
  if (there) manager.bulkhead("db");
  same(manager.apply({}), {{"db", "maxConcurrent", "3", "10"}});
  CHECK(manager.bulkhead("db").config().maxConcurrent == 10);
}

TEST_CASE("apply overrides an earlier updateConfig", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io};
  manager.bulkhead("there");
  manager.updateConfig("there", {.maxConcurrent = 3});
  manager.updateConfig("later", {.maxConcurrent = 4});
  same(manager.apply({}),
       {{"later", "maxConcurrent", "4", "10"}, {"there", "maxConcurrent", "3", "10"}});
  CHECK(manager.bulkhead("there").config().maxConcurrent == 10);
  CHECK(manager.bulkhead("later").config().maxConcurrent == 10);
}

TEST_CASE("apply compares with the current values of the objects, however they were updated",
          "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
  manager.bulkhead("db").updateConfig({.maxConcurrent = 7, .mode = Mode::off});
  manager.semaphore("cpu")->updateConfig({.permits = 9, .acquireTimeout = 1s});
  same(manager.apply({.semaphores = {{"cpu", 2}}}), {{"db", "maxConcurrent", "7", "10"},
                                                     {"db", "mode", "off", "enforce"},
                                                     {"cpu", "permits", "9", "2"},
                                                     {"cpu", "acquireTimeout", "1s", "10s"}});
  CHECK(manager.bulkhead("db").config().maxConcurrent == 10);
  CHECK(manager.bulkhead("db").config().mode == Mode::enforce);
  CHECK(manager.semaphore("cpu")->config().permits == 2);
  CHECK(manager.semaphore("cpu")->config().acquireTimeout == 10s);
}

TEST_CASE("apply returns an added bulkhead to its own limits", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io};
  auto& own = manager.addBulkhead({.name = "own", .maxConcurrent = 2, .maxQueueSize = 3},
                                  stage.io.get_executor());
  manager.updateConfig("own", {.maxConcurrent = 9});
  same(manager.apply({.defaults = {.maxQueueSize = 77}}),
       {{"(defaults)", "maxQueueSize", "50", "77"}, {"own", "maxConcurrent", "9", "2"}});
  CHECK(own.config().maxConcurrent == 2);
  CHECK(own.config().maxQueueSize == 3);
  same(
      manager.apply({.defaults = {.maxQueueSize = 77}, .services = {{"own", {.maxQueueSize = 8}}}}),
      {{"own", "maxQueueSize", "3", "8"}});
  CHECK(own.config().maxQueueSize == 8);
}

TEST_CASE("apply changes the permits of an added semaphore, but not its timeout",
          "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io};
  auto& added =
      manager.addSemaphore({.name = "gpu", .permits = 2, .maxQueueSize = 1, .acquireTimeout = 3s});
  same(manager.apply({.semaphores = {{"gpu", 4}}, .semaphoreTimeout = 9s}),
       {{"(defaults)", "semaphoreTimeout", "10s", "9s"}, {"gpu", "permits", "2", "4"}});
  CHECK(added.config().permits == 4);
  CHECK(added.config().maxQueueSize == 1);
  CHECK(added.config().acquireTimeout == 3s);
}

TEST_CASE("apply of a configuration with one bad value changes nothing", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 2}}}};
  manager.bulkhead("db");
  const ManagerConfig good{.defaults = {.maxConcurrent = 20},
                           .services = {{"db", {.maxConcurrent = 3}}, {"web", {}}},
                           .semaphores = {{"cpu", 9}, {"new", 1}},
                           .semaphoreTimeout = 1s};
  std::vector<ManagerConfig> bad(6, good);
  bad[0].defaults.maxConcurrent = 0;
  bad[1].services["web"].queueTimeout = -1ns;
  bad[2].semaphores["new"] = 0;
  bad[3].semaphoreTimeout = -1ns;
  bad[4].services[""] = {};
  bad[5].services["web"].mode = static_cast<Mode>(5);
  for (const ManagerConfig& config : bad) {
    CHECK_THROWS_AS(manager.apply(config), bulwark::ConfigError);
    CHECK(manager.bulkhead("db").config().maxConcurrent == 10);
    CHECK(manager.semaphore("cpu")->config().permits == 2);
    CHECK(manager.semaphore("cpu")->config().acquireTimeout == 10s);
    CHECK(manager.semaphore("new") == nullptr);
  }
  CHECK(manager.bulkhead("later").config().maxConcurrent == 10);
  CHECK_FALSE(manager.apply(good).empty());
  CHECK(manager.bulkhead("db").config().maxConcurrent == 3);
}

TEST_CASE("apply keeps queues, statistics and running calls", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Gate gate(stage.io);
  Ending<> done, running, atSemaphore, queued;
  manager.execute(
      "db", [] {}, done.plain());
  stage.settle();
  manager.execute(
      "db", [&] { return gate.pass(); }, {.semaphores = {"cpu"}}, running.plain());
  manager.execute(
      "web", [] {}, {.semaphores = {"cpu"}}, atSemaphore.plain());
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, queued.plain());
  stage.settle();
  manager.apply({.defaults = {.maxConcurrent = 1, .maxQueueSize = 0, .queueTimeout = 0s},
                 .semaphores = {{"cpu", 1}},
                 .semaphoreTimeout = 1h});
  stage.settle();
  CHECK((running.open() && atSemaphore.open() && queued.open()));
  CHECK(serviceCounters(manager, "db") == Counters{.executed = 1, .running = 1, .queued = 1});
  CHECK(semaphoreCounters(manager, "cpu") ==
        SemaphoreCounters{.acquired = 1, .held = 1, .waiting = 1});
  gate.open();
  stage.settle();
  CHECK((running.fine() && atSemaphore.fine() && queued.fine()));
}

TEST_CASE("apply starts waiting calls at once where it raises a limit", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io, {.defaults = {.maxConcurrent = 1}, .semaphores = {{"cpu", 1}}}};
  Permit db = manager.bulkhead("db").tryAcquire();
  Permit cpu = manager.semaphore("cpu")->tryAcquire();
  Ending<> queued, atSemaphore;
  manager.execute(
      "db", [] {}, queued.plain());
  manager.execute(
      "web", [] {}, {.semaphores = {"cpu"}}, atSemaphore.plain());
  manager.apply({.defaults = {.maxConcurrent = 2}, .semaphores = {{"cpu", 2}}});
  CHECK(serviceCounters(manager, "db") == Counters{.running = 2});
  CHECK(semaphoreCounters(manager, "cpu").held == 2);
  stage.settle();
  CHECK((queued.fine() && atSemaphore.fine()));
}

TEST_CASE("a semaphore that a configuration no longer names stays for the calls that name it",
          "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io, {.semaphores = {{"cpu", 3}}}};
  auto* cpu = manager.semaphore("cpu");
  CHECK(manager.apply({}).empty());
  CHECK(manager.semaphore("cpu") == cpu);
  CHECK(cpu->config().permits == 3);
  Ending<> ending;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, ending.plain());
  stage.settle();
  CHECK(ending.fine());
}

TEST_CASE("apply adds semaphores that later calls can name", "[manager][apply]") {
  Stage stage;
  Manager manager{stage.io};
  Ending<> before, after;
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, before.plain());
  manager.apply({.semaphores = {{"cpu", 1}}});
  manager.execute(
      "db", [] {}, {.semaphores = {"cpu"}}, after.plain());
  stage.settle();
  CHECK(configErrorIn(before.error).field() == "semaphores");
  CHECK(after.fine());
}

// --- the preset ----------------------------------------------------------------------------------

TEST_CASE("the Athena preset has every row of its table and nothing else", "[manager][preset]") {
  struct Row {
    std::size_t maxConcurrent, maxQueueSize;
    std::chrono::seconds timeout;
  };
  const std::map<std::string, Row> rows{{"ai.claude", {20, 100, 60s}},
                                        {"ai.openai", {20, 100, 60s}},
                                        {"ai.deepseek", {10, 50, 90s}},
                                        {"container.create", {5, 20, 120s}},
                                        {"container.execute", {10, 30, 30s}},
                                        {"file.upload", {15, 50, 60s}},
                                        {"file.analyze", {10, 40, 45s}},
                                        {"api.metasploit", {5, 20, 90s}},
                                        {"db.read", {30, 100, 10s}},
                                        {"db.write", {15, 50, 15s}},
                                        {"a service that is not named", {10, 50, 30s}}};
  const std::map<std::string, std::size_t, std::less<>> semaphores{
      {"global.cpu_intensive", 5}, {"global.memory_intensive", 3}, {"global.network_io", 50},
      {"global.disk_io", 20},      {"ai.total_requests", 30},      {"container.total", 10}};
  const ManagerConfig preset = bulwark::athenaPreset();
  CHECK(preset.services.size() == rows.size() - 1);
  CHECK(preset.semaphores == semaphores);
  CHECK(preset.semaphoreTimeout == 10s);
  Stage stage;
  Manager manager{stage.io, preset};
  for (const auto& [name, row] : rows) {
    CAPTURE(name);
    const BulkheadConfig config = manager.bulkhead(name).config();
    CHECK(config.maxConcurrent == row.maxConcurrent);
    CHECK(config.maxQueueSize == row.maxQueueSize);
    CHECK(config.queueTimeout == row.timeout);
    CHECK(config.mode == Mode::enforce);
  }
  for (const auto& [name, permits] : semaphores) {
    CHECK(manager.semaphore(name)->stats().permits == permits);
  }
}

TEST_CASE("every specialised call finds its semaphore in the Athena preset", "[manager][preset]") {
  Stage stage;
  Manager manager{stage.io, bulwark::athenaPreset()};
  Ending<> cpu, memory, ai;
  manager.executeCpuIntensive(
      "file.analyze", [] {}, cpu.plain());
  manager.executeMemoryIntensive(
      "file.upload", [] {}, memory.plain());
  manager.executeAITask(
      "claude", [] {}, ai.plain());
  stage.settle();
  CHECK((cpu.fine() && memory.fine() && ai.fine()));
  CHECK(manager.bulkhead("ai.claude").stats().maxConcurrent == 20);
}
