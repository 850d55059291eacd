#include <bulwark/detail/config/duration_text.hpp>
#include <bulwark/detail/manager/manager_settings.hpp>
#include <bulwark/error.hpp>
#include <bulwark/limits.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::BulkheadConfig;
using bulwark::ConfigChange;
using bulwark::ConfigError;
using bulwark::ManagerConfig;
using bulwark::Mode;
using bulwark::noTimeout;
using bulwark::unlimited;
using bulwark::detail::checkManagerConfig;
using bulwark::detail::durationText;
using bulwark::detail::LiveLimits;
using bulwark::detail::ManagerSettings;
using bulwark::detail::parseDuration;
using std::chrono::nanoseconds;

// --- durations -----------------------------------------------------------------------------------

TEST_CASE("a duration is written in the largest units that represent it exactly", "[duration]") {
  CHECK(durationText(0s) == "0");
  CHECK(durationText(1ns) == "1ns");
  CHECK(durationText(999ns) == "999ns");
  CHECK(durationText(1us) == "1us");
  CHECK(durationText(250ms) == "250ms");
  CHECK(durationText(1500ms) == "1s500ms");
  CHECK(durationText(30s) == "30s");
  CHECK(durationText(60s) == "1m");
  CHECK(durationText(90s) == "1m30s");
  CHECK(durationText(3600s) == "1h");
  CHECK(durationText(24h * 7) == "168h");
  CHECK(durationText(1h + 2min + 3s + 4ms + 5us + 6ns) == "1h2m3s4ms5us6ns");
  CHECK(durationText(noTimeout) == "never");
  CHECK(durationText(noTimeout - 1ns) == "2562047h47m16s854ms775us806ns");
}

TEST_CASE("a negative duration is written with its sign", "[duration]") {
  CHECK(durationText(-1ns) == "-1ns");
  CHECK(durationText(-90s) == "-1m30s");
  CHECK(durationText(nanoseconds::min()) == "-2562047h47m16s854ms775us808ns");
}

TEST_CASE("a written duration is read back unchanged", "[duration]") {
  for (const nanoseconds duration :
       {nanoseconds(0s), nanoseconds(1ns), nanoseconds(1001ns), nanoseconds(250ms),
        nanoseconds(90s), nanoseconds(1h + 1ns), noTimeout - 1ns, noTimeout}) {
    CAPTURE(duration.count());
    CHECK(parseDuration(durationText(duration)) == duration);
  }
}

TEST_CASE("a duration may combine all units, larger ones first", "[duration]") {
  CHECK(parseDuration("7h") == 7h);
  CHECK(parseDuration("7m") == 7min);
  CHECK(parseDuration("7s") == 7s);
  CHECK(parseDuration("7ms") == 7ms);
  CHECK(parseDuration("7us") == 7us);
  CHECK(parseDuration("7ns") == 7ns);
  CHECK(parseDuration("1h30m") == 90min);
  CHECK(parseDuration("1m500ms") == 60500ms);
  CHECK(parseDuration("120s") == 2min);
  CHECK(parseDuration("0") == 0s);
  CHECK(parseDuration("0s") == 0s);
  CHECK(parseDuration("007s") == 7s);
  CHECK(parseDuration("never") == noTimeout);
}

TEST_CASE("text that is not a duration is refused", "[duration]") {
  for (const char* text :
       {"",       " ",     "5",       "s",    "5 s",   " 5s",  "5s ",  "5S",  "-5s",  "+5s",
        "1s-2ms", "1.5s",  "5s5",     "5s5s", "5ms5s", "1s1m", "5sec", "5d",  "5mss", "00",
        "never ", "Never", "forever", "5s,",  "0x5s",  "1e3s", "5s-",  "--5s"}) {
    CAPTURE(text);
    CHECK(parseDuration(text) == std::nullopt);
  }
}

TEST_CASE("a duration above 64 bits of nanoseconds is refused", "[duration]") {
  CHECK(parseDuration("9223372036854775806ns") == noTimeout - 1ns);
  CHECK(parseDuration("9223372036854775807ns") == std::nullopt);  // that is "never"
  CHECK(parseDuration("9223372036854775808ns") == std::nullopt);
  CHECK(parseDuration("99999999999999999999ns") == std::nullopt);
  CHECK(parseDuration("2562047h") == 2562047h);
  CHECK(parseDuration("2562048h") == std::nullopt);
  CHECK(parseDuration("2562047h47m16s854ms775us806ns") == noTimeout - 1ns);
  CHECK(parseDuration("2562047h47m16s854ms775us807ns") == std::nullopt);
  CHECK(parseDuration("2562047h48m") == std::nullopt);
}

// --- checks --------------------------------------------------------------------------------------

TEST_CASE("the default, the least and the largest values of a configuration are valid") {
  CHECK_NOTHROW(checkManagerConfig({}));
  CHECK_NOTHROW(checkManagerConfig(
      {.defaults = {.maxConcurrent = 1, .maxQueueSize = 0, .queueTimeout = 0s, .mode = Mode::off},
       .services = {{"a", {}}},
       .semaphores = {{"a", 1}},
       .semaphoreTimeout = 0s}));
  CHECK_NOTHROW(checkManagerConfig({.defaults = {.maxConcurrent = unlimited,
                                                 .maxQueueSize = unlimited,
                                                 .queueTimeout = noTimeout},
                                    .semaphores = {{"a", unlimited}},
                                    .semaphoreTimeout = noTimeout}));
}

TEST_CASE("an error has the name of its service, the field, the value and the rule") {
  const auto fault = [](const ManagerConfig& config) {
    try {
      checkManagerConfig(config);
    } catch (const ConfigError& error) {
      return error.bulkhead() + "|" + error.field() + "|" + error.value() + "|" + error.rule();
    }
    return std::string("none");
  };
  CHECK(fault({.defaults = {.maxConcurrent = 0}}) ==
        "(defaults)|maxConcurrent|0|must be at least 1");
  CHECK(fault({.services = {{"db", {.maxConcurrent = 0}}}}) ==
        "db|maxConcurrent|0|must be at least 1");
  CHECK(fault({.services = {{"db", {.queueTimeout = -5ns}}}}) ==
        "db|queueTimeout|-5 ns|must not be negative; 0 means never wait");
  CHECK(fault({.services = {{"db", {.mode = static_cast<Mode>(3)}}}}) ==
        "db|mode|3|must be enforce, observe or off");
  CHECK(fault({.services = {{"", {}}}}) == "|services|\"\"|must not be empty");
  CHECK(fault({.semaphores = {{"cpu", 0}}}) == "cpu|permits|0|must be at least 1");
  CHECK(fault({.semaphores = {{"", 1}}}) == "|semaphores|\"\"|must not be empty");
  CHECK(fault({.semaphoreTimeout = -1ns}) ==
        "(defaults)|semaphoreTimeout|-1 ns|must not be negative; 0 means never wait");
}

// --- settings of a service -----------------------------------------------------------------------

TEST_CASE("a service has the defaults where it has no values of its own") {
  const ManagerSettings settings({.defaults = {.name = "unused", .maxConcurrent = 4},
                                  .services = {{"db", {.maxQueueSize = 5}}}});
  const BulkheadConfig db = settings.of("db");
  CHECK(db.name == "db");
  CHECK(db.maxConcurrent == 4);
  CHECK(db.maxQueueSize == 5);
  CHECK(settings.of("web").name == "web");
  CHECK(settings.of("web").maxQueueSize == 50);
}

TEST_CASE("the limits of an added service replace the defaults") {
  ManagerSettings settings(
      {.defaults = {.maxConcurrent = 4}, .services = {{"own", {.maxQueueSize = 5}}}});
  settings.addOwn({.name = "own", .maxConcurrent = 2, .maxQueueSize = 3});
  CHECK(settings.of("own").maxConcurrent == 2);
  CHECK(settings.of("own").maxQueueSize == 5);
  CHECK(settings.of({}, "own").maxQueueSize == 3);  // as for another configuration
  CHECK(settings.of("other").maxConcurrent == 4);
}

TEST_CASE("updates accumulate field by field") {
  ManagerSettings settings{ManagerConfig{}};
  settings.update("db", {.maxConcurrent = 2, .maxQueueSize = 3});
  settings.update("db", {.maxQueueSize = 4, .queueTimeout = 5s});
  settings.update("db", {.mode = Mode::observe});
  const BulkheadConfig db = settings.of("db");
  CHECK(db.maxConcurrent == 2);
  CHECK(db.maxQueueSize == 4);
  CHECK(db.queueTimeout == 5s);
  CHECK(db.mode == Mode::observe);
  CHECK(settings.of("web").maxConcurrent == 10);
}

TEST_CASE("setMode applies to all services until a later update of one") {
  ManagerSettings settings({.services = {{"db", {.maxConcurrent = 3, .mode = Mode::off}}}});
  settings.addOwn({.name = "own", .mode = Mode::off});
  settings.setMode(Mode::observe);
  for (const char* name : {"db", "own", "web"}) CHECK(settings.of(name).mode == Mode::observe);
  CHECK(settings.of("db").maxConcurrent == 3);
  settings.update("db", {.mode = Mode::enforce});
  CHECK(settings.of("db").mode == Mode::enforce);
  CHECK(settings.of("web").mode == Mode::observe);
}

// --- changes by a new configuration --------------------------------------------------------------

TEST_CASE("changes compare with existing objects, and with the settings where no object exists") {
  const ManagerSettings settings(
      {.services = {{"there", {.maxConcurrent = 3}}, {"absent", {.maxConcurrent = 4}}},
       .semaphores = {{"cpu", 1}}});
  LiveLimits live;
  live.bulkheads["there"] = {.name = "there", .maxConcurrent = 8};  // changed on the object itself
  live.semaphores["cpu"] = {.permits = 6, .timeout = 1s, .own = false};
  live.semaphores["gpu"] = {.permits = 7, .timeout = 2s, .own = true};
  const auto changes = settings.changesTo(
      {.services = {{"there", {.maxConcurrent = 3}}, {"fresh", {.maxQueueSize = 9}}},
       .semaphores = {{"cpu", 6}, {"ram", unlimited}}},
      live);
  CHECK(changes == std::vector<ConfigChange>{{"absent", "maxConcurrent", "4", "10"},
                                             {"fresh", "maxQueueSize", "50", "9"},
                                             {"there", "maxConcurrent", "8", "3"},
                                             {"cpu", "acquireTimeout", "1s", "10s"},
                                             {"ram", "permits", "", "unlimited"}});
}

TEST_CASE("a configuration that states the current values in other words changes nothing") {
  const ManagerSettings settings({.services = {{"db", {.maxConcurrent = 10}}}});
  CHECK(settings.changesTo({}, {}).empty());
  CHECK(settings.changesTo({.services = {{"web", {.maxQueueSize = 50}}}}, {}).empty());
}

TEST_CASE("replace keeps the limits of added services") {
  ManagerSettings settings{ManagerConfig{}};
  settings.addOwn({.name = "own", .maxConcurrent = 2});
  settings.replace({.defaults = {.maxConcurrent = 30}});
  CHECK(settings.of("own").maxConcurrent == 2);
  CHECK(settings.of("web").maxConcurrent == 30);
  CHECK(settings.config().defaults.maxConcurrent == 30);
}
