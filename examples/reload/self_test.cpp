#include "self_test.hpp"

#include "service.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <stdlib.h>  // mkdtemp
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace reload {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "bulwark-reload-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void writeInPlace(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::trunc);
  if (!(stream << text << std::flush)) throw std::runtime_error("cannot write " + file.string());
}

// As editors do it. Use it for any file that must never be read half-written.
void replaceByRename(const fs::path& file, const std::string& text) {
  fs::path fresh = file;
  fresh += ".new";
  writeInPlace(fresh, text);
  fs::rename(fresh, file);
}

const char* const first = R"({
  "defaults": {"maxConcurrent": 1, "maxQueueSize": 20, "queueTimeout": "100ms"},
  "services": {"ai": {"maxConcurrent": 2}, "db": {"queueTimeout": "50ms"}},
  "semaphores": {"total": 4},
  "semaphoreTimeout": "80ms"
}
)";

const char* const second = R"({
  "defaults": {"maxConcurrent": 1, "maxQueueSize": 10, "queueTimeout": "100ms"},
  "services": {"ai": {"maxConcurrent": 1, "mode": "observe"}},
  "semaphores": {"total": 6, "disk": 2},
  "semaphoreTimeout": "80ms"
}
)";
const char* const secondReport =
    "applied:\n"
    "  (defaults): maxQueueSize 20 -> 10\n"
    "  ai: maxConcurrent 2 -> 1\n"
    "  ai: maxQueueSize 20 -> 10\n"
    "  ai: mode enforce -> observe\n"
    "  any.other: maxQueueSize 20 -> 10\n"
    "  db: maxQueueSize 20 -> 10\n"
    "  db: queueTimeout 50ms -> 100ms\n"
    "  disk: permits none -> 2\n"
    "  total: permits 4 -> 6";

// Four faults and a valid change, which must not be applied either.
const char* const broken = R"({
  "defaults": {"maxConcurrent": 100, "maxQueuesize": 10},
  "services": {"ai": {"queueTimeout": "2 minutes"}, "ai": {}},
  "semaphores": {"total": 0}
}
)";

class SelfTest {
 public:
  SelfTest(asio::io_context& io, unsigned rate)
      : file_(folder_.path() / "limits.json"),
        service_((writeInPlace(file_, first), io), file_, rate),
        timer_(io) {}

  void start() { service_.start(); }

  asio::awaitable<void> run() {
    try {
      co_await steps();
    } catch (const std::exception& error) {
      fail(error.what());
    }
    co_await service_.stop();
    fmt::print("{}\n", service_.load().summary());
    if (!service_.load().nothingLost()) fail("a call was lost, or the statistics are wrong");
  }

  bool passed() const { return passed_; }

 private:
  asio::awaitable<void> steps() {
    co_await calls(100);

    fmt::print("\n-- another file replaces it\n");
    replaceByRename(file_, second);
    expect(co_await nextReport(), secondReport);
    co_await calls(100);

    fmt::print("\n-- it is written in place, with four faults\n");
    writeInPlace(file_, broken);
    expect(co_await nextReport(),
           "refused, nothing has changed: " + file_.string() +
               ": 4 faults\n"
               "  line 2: /defaults/maxQueuesize: unknown key; did you mean \"maxQueueSize\"?\n"
               "  line 3: /services/ai/queueTimeout is \"2 minutes\", must be a duration such as "
               "\"30s\", \"250ms\" or \"1m30s\" (h, m, s, ms, us, ns, the larger first, below 292 "
               "years), \"0\" or \"never\"\n"
               "  line 3: /services/ai: given twice, first in line 3\n"
               "  line 4: /semaphores/total is 0, must be an integer from 1 to 4503599627370495, "
               "or \"unlimited\"");
    if (service_.reloader().manager().bulkhead("any.other").config().maxConcurrent != 1) {
      fail("a file with faults was applied");
    }
    co_await calls(100);

    fmt::print("\n-- it is repaired: as before the faults\n");
    replaceByRename(file_, second);
    expect(co_await nextReport(), "nothing to change");

    fmt::print("\n-- it is gone\n");
    fs::remove(file_);
    std::raise(SIGHUP);
    expect(co_await nextReport(), "refused, nothing has changed: " + file_.string() +
                                      ": cannot be read: No such file or directory");

    fmt::print("\n-- it is now a link to a file in a folder that is not watched: SIGHUP\n");
    const TemporaryFolder elsewhere;
    const fs::path target = elsewhere.path() / "real.json";
    writeInPlace(target, second);
    fs::path link = file_;
    link += ".link";
    fs::create_symlink(target, link);
    fs::rename(link, file_);
    expect(co_await nextReport(), "nothing to change");
    std::string third = second;
    third.replace(third.find("\"80ms\""), 6, "\"1m30s\"");
    writeInPlace(target, third);
    std::raise(SIGHUP);
    expect(co_await nextReport(),
           "applied:\n"
           "  (defaults): semaphoreTimeout 80ms -> 1m30s\n"
           "  disk: acquireTimeout 80ms -> 1m30s\n"
           "  total: acquireTimeout 80ms -> 1m30s");
    co_await calls(100);
    if (service_.reloader().reports().size() != seen_) fail("there were more reports than steps");
  }

  // Waits until `count` more calls have ended, while the load continues.
  asio::awaitable<void> calls(std::uint64_t count) {
    const std::uint64_t wanted = service_.load().ended() + count;
    for (const auto end = deadline(); service_.load().ended() < wanted;) co_await pause(end);
  }

  asio::awaitable<std::string> nextReport() {
    const auto& reports = service_.reloader().reports();
    for (const auto end = deadline(); reports.size() <= seen_;) co_await pause(end);
    co_return reports[seen_++];
  }

  asio::awaitable<void> pause(std::chrono::steady_clock::time_point end) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("nothing happened");
    timer_.expires_after(1ms);
    co_await timer_.async_wait(asio::use_awaitable);
  }

  // Only reached if the test fails.
  static std::chrono::steady_clock::time_point deadline() {
    return std::chrono::steady_clock::now() + 20s;
  }

  void expect(const std::string& report, const std::string& expected) {
    if (report != expected) fail("it should have reported:\n" + expected);
  }

  void fail(const std::string& what) {
    fmt::print("FAILED: {}\n", what);
    passed_ = false;
  }

  TemporaryFolder folder_;
  fs::path file_;
  Service service_;
  asio::steady_timer timer_;
  std::size_t seen_ = 0;
  bool passed_ = true;
};

}  // namespace

int selfTest(unsigned rate) {
  asio::io_context io;
  SelfTest test(io, rate);
  test.start();
  asio::co_spawn(io, test.run(), asio::detached);
  io.run();
  fmt::print("{}\n", test.passed() ? "The self test passed." : "The self test failed.");
  return test.passed() ? 0 : 1;
}

}  // namespace reload
