// The whole chain of protection on real sockets: retry(breaker(bulkhead(semaphores(service)))).
//
// There are three upstream servers. `ai` is healthy, then slow, then fails, then recovers.
// `container` is used by two services under one global limit. `db` must not be affected. The report
// lists the results of the calls in each phase. The exit status is 0 if they are as
// docs/protection.md promises.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/http.hpp"

using namespace std::chrono_literals;
namespace net = bulwark::net;
using bulwark::CircuitState;
using bulwark::Errc;

// --- the upstream servers: their own thread and context ------------------------------------------

enum class Health { healthy, slow, failing };

class Upstreams {
 public:
  Upstreams()
      : ai_(io_,
            [this](std::string) -> net::awaitable<http::Reply> {
              const Health health = aiHealth;
              if (health == Health::failing) co_return http::Reply{.status = 500, .body = "no\n"};
              co_return co_await work(health == Health::slow ? 120ms : 5ms);
            }),
        container_(io_,
                   [this](std::string) -> net::awaitable<http::Reply> {
                     mostContainers = std::max(mostContainers.load(), ++containers_);
                     auto reply = co_await work(10ms);
                     --containers_;
                     co_return reply;
                   }),
        db_(io_, [this](std::string) { return work(2ms); }),
        thread_([this] { io_.run(); }) {}

  ~Upstreams() {
    net::post(io_, [this] {
      ai_.close();
      container_.close();
      db_.close();
    });
    thread_.join();
  }

  net::ip::tcp::endpoint ai() const { return ai_.endpoint(); }
  net::ip::tcp::endpoint container() const { return container_.endpoint(); }
  net::ip::tcp::endpoint db() const { return db_.endpoint(); }

  std::atomic<Health> aiHealth = Health::healthy;
  std::atomic<int> mostContainers = 0;  // calls in progress at once

 private:
  net::awaitable<http::Reply> work(std::chrono::milliseconds time) {
    net::steady_timer timer(io_, time);
    co_await timer.async_wait(net::use_awaitable);
    co_return http::Reply{.status = 200, .body = "done\n"};
  }

  net::io_context io_{1};
  int containers_ = 0;
  http::Server ai_, container_, db_;
  std::thread thread_;
};

struct UpstreamFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A client of one upstream. It keeps its connections open.
class Client {
 public:
  Client(net::any_io_executor executor, net::ip::tcp::endpoint peer)
      : executor_(std::move(executor)), peer_(peer) {}

  net::awaitable<std::string> get(std::string path) {
    std::shared_ptr<http::Connection> connection;
    if (idle_.empty()) {
      connection = std::make_shared<http::Connection>(executor_);
    } else {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    http::Reply reply = co_await connection->get(peer_, std::move(path), http::Clock::now() + 2s);
    idle_.push_back(std::move(connection));
    if (reply.status != 200) throw UpstreamFailed(fmt::format("status {}", reply.status));
    co_return std::move(reply.body);
  }

 private:
  net::any_io_executor executor_;
  net::ip::tcp::endpoint peer_;
  std::vector<std::shared_ptr<http::Connection>> idle_;
};

// --- the service under protection ---------------------------------------------------------------

class Service {
 public:
  Service(net::io_context& io, const Upstreams& upstreams)
      : ai_(io.get_executor(), upstreams.ai()),
        container_(io.get_executor(), upstreams.container()),
        db_(io.get_executor(), upstreams.db()),
        manager(io, {.services = {{"ai.claude",
                                   {.maxConcurrent = 8, .maxQueueSize = 30, .queueTimeout = 2s}},
                                  {"container.create", {.maxConcurrent = 2}},
                                  {"container.execute", {.maxConcurrent = 4}},
                                  {"db.read", {.maxConcurrent = 16, .maxQueueSize = 100}}},
                     .semaphores = {{"ai.total_requests", 30}, {"container.total", 3}}}),
        breaker(io, {.name = "ai.claude",
                     .slidingWindowSize = 40,
                     .minimumCalls = 20,
                     .openDuration = 200ms,
                     .halfOpenCalls = 3,
                     .onStateChange =
                         [this](CircuitState before, CircuitState after) {
                           fmt::print("{:>6} ms  ai.claude: {} -> {}\n", sinceStart(),
                                      nameOf(before), nameOf(after));
                         }}),
        retry(io, {.name = "ai.claude",
                   .maxAttempts = 2,
                   .initialDelay = 20ms,
                   // Retry only a failure of the upstream. What we refused ourselves is overload,
                   // which an immediate retry would make worse.
                   .retryIf = [](const std::exception_ptr& error) {
                     return bulwark::errorCodeOf(error) == net::error::fault;
                   }}) {}

  // [ask]
  net::awaitable<std::string> ask() {
    return retry.execute(
        [this]() -> net::awaitable<std::string> {
          co_return co_await breaker.execute(
              [this]() -> net::awaitable<std::string> {
                co_return co_await manager.executeAITask(
                    "claude", [this] { return ai_.get("/ask"); }, net::use_awaitable);
              },
              net::use_awaitable);
        },
        net::use_awaitable);
  }
  // [ask]

  net::awaitable<std::string> container(std::string_view service) {
    return manager.execute(
        service, [this] { return container_.get("/run"); }, {.semaphores = {"container.total"}},
        net::use_awaitable);
  }

  net::awaitable<std::string> read() {
    return manager.execute(
        "db.read", [this] { return db_.get("/rows"); }, net::use_awaitable);
  }

  static std::string_view nameOf(CircuitState state) {
    constexpr std::array<std::string_view, 3> names{"closed", "open", "half open"};
    return names.at(static_cast<std::size_t>(state));
  }

 private:
  long sinceStart() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(http::Clock::now() - start_)
        .count();
  }

  http::Clock::time_point start_ = http::Clock::now();
  Client ai_, container_, db_;

 public:
  bulwark::BulkheadManager<> manager;
  bulwark::CircuitBreaker<> breaker;
  bulwark::Retry<> retry;
};

// --- the load, and its results -------------------------------------------------------------------

/// Results of calls, as their caller sees them.
struct Tally {
  int answered = 0, failed = 0, bulkhead = 0, circuit = 0;

  int ended() const { return answered + failed + bulkhead + circuit; }

  void note(const std::exception_ptr& error) {
    const net::error_code code = bulwark::errorCodeOf(error);
    if (!code) {
      ++answered;
    } else if (code == Errc::circuitOpen) {
      ++circuit;
    } else if (code.category() == bulwark::bulkheadCategory()) {
      ++bulkhead;
    } else {
      ++failed;
    }
  }
};

struct Phase {
  const char* what;
  Health health;
  Tally ai{}, container{}, db{};
  std::uint64_t opened = 0;
  CircuitState atEnd = CircuitState::closed;
};

/// Starts bursts of calls, 20 a second. While the AI service is healthy, a burst waits until the
/// questions of the previous burst have ended, so that a machine that stalls is not taken for a
/// slow service. Otherwise it does not wait.
net::awaitable<void> run(Service& service, Upstreams& upstreams, std::vector<Phase>& phases) {
  const auto executor = co_await net::this_coro::executor;
  net::steady_timer pace(executor, http::Clock::now());
  for (Phase& phase : phases) {
    upstreams.aiHealth = phase.health;
    const auto openedBefore = service.breaker.stats().opened;
    for (int burst = 0; burst < 20; ++burst) {
      for (int i = 0; i < 20; ++i) {
        net::co_spawn(executor, service.ask(),
                      [&phase](std::exception_ptr e, std::string) { phase.ai.note(e); });
      }
      for (int i = 0; i < 6; ++i) {
        net::co_spawn(executor,
                      service.container(i % 2 == 0 ? "container.create" : "container.execute"),
                      [&phase](std::exception_ptr e, std::string) { phase.container.note(e); });
      }
      for (int i = 0; i < 10; ++i) {
        net::co_spawn(executor, service.read(),
                      [&phase](std::exception_ptr e, std::string) { phase.db.note(e); });
      }
      pace.expires_at(pace.expiry() + 50ms);
      co_await pace.async_wait(net::use_awaitable);
      while (phase.health == Health::healthy && phase.ai.ended() < 20 * (burst + 1)) {
        pace.expires_after(1ms);
        co_await pace.async_wait(net::use_awaitable);
      }
    }
    phase.opened = service.breaker.stats().opened - openedBefore;
    phase.atEnd = service.breaker.state();
  }
}

int main() {
  Upstreams upstreams;
  net::io_context io{1};
  Service service(io, upstreams);
  std::vector<Phase> phases{{"healthy", Health::healthy},
                            {"slow", Health::slow},
                            {"failing", Health::failing},
                            {"recovered", Health::healthy}};
  net::co_spawn(io, run(service, upstreams, phases), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();

  fmt::print("\n{:<10} {:>9} {:>7} {:>9} {:>9}   {:>7} {:<10} {:>10} {:>11}\n", "ai is", "answered",
             "failed", "bulkhead", "breaker", "opened", "at its end", "containers", "db answered");
  for (const Phase& p : phases) {
    fmt::print("{:<10} {:>9} {:>7} {:>9} {:>9}   {:>7} {:<10} {:>10} {:>11}\n", p.what,
               p.ai.answered, p.ai.failed, p.ai.bulkhead, p.ai.circuit, p.opened,
               Service::nameOf(p.atEnd), p.container.answered, p.db.answered);
  }
  fmt::print("\n{}\n", service.manager.stats());

  int broken = 0;
  const auto promise = [&broken](bool kept, const char* what) {
    fmt::print("{}: {}\n", kept ? "kept  " : "BROKEN", what);
    if (!kept) ++broken;
  };
  const auto& [healthy, slow, failing, recovered] =
      std::tie(phases[0], phases[1], phases[2], phases[3]);
  promise(healthy.ai.answered == 400 && healthy.opened == 0, "healthy, every question is answered");
  promise(slow.ai.bulkhead > 0 && slow.opened == 0,
          "slow, the bulkhead refuses what it cannot hold, and that does not open the breaker");
  promise(failing.opened > 0 && failing.ai.circuit > failing.ai.failed,
          "failing, the breaker opens, and most callers are spared the failure");
  promise(recovered.atEnd == CircuitState::closed && recovered.ai.answered > 0,
          "recovered, the breaker finds out and closes");
  int reads = 0, containers = 0;
  for (const Phase& phase : phases) {
    reads += phase.db.answered;
    containers += phase.container.answered;
  }
  promise(reads == 800, "the database never noticed");
  promise(containers == 480 && upstreams.mostContainers <= 3,
          "two services together never had more than container.total at once");
  return broken == 0 ? 0 : 1;
}
