// The whole chain of protection on real sockets:
// retry(breaker(rate limiter(bulkhead(semaphores(service))))).
//
// There are three upstream servers. `ai` is healthy, then slow, then fails, then recovers.
// `container` is used by two services under one global limit. `db` must not be affected. At the end
// `db` hangs: its callers are told at their execution timeout, and its permits come back when the
// work has ended. The report lists the results of the calls in each phase. The exit status is 0 if
// they are as docs/protection.md and docs/timeouts.md promise.
#include <bulwark/bulwark.hpp>

#include <asio/cancellation_state.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
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
        db_(io_,
            [this](std::string) -> net::awaitable<http::Reply> {
              mostQueries = std::max(mostQueries.load(), ++queries_);
              auto reply = co_await work(2ms);
              while (dbHangs) reply = co_await work(1ms);
              --queries_;
              co_return reply;
            }),
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
  std::atomic<bool> dbHangs = false;
  std::atomic<int> mostContainers = 0, mostQueries = 0;  // in progress at once

 private:
  net::awaitable<http::Reply> work(std::chrono::milliseconds time) {
    net::steady_timer timer(io_, time);
    co_await timer.async_wait(net::use_awaitable);
    co_return http::Reply{.status = 200, .body = "done\n"};
  }

  net::io_context io_{1};
  int containers_ = 0, queries_ = 0;
  http::Server ai_, container_, db_;
  std::thread thread_;
};

struct UpstreamFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A client of one upstream. It keeps its connections open.
class Client {
 public:
  Client(net::any_io_executor executor, net::ip::tcp::endpoint peer, http::Clock::duration patience)
      : executor_(std::move(executor)), peer_(peer), patience_(patience) {}

  net::awaitable<std::string> get(std::string path) {
    std::shared_ptr<http::Connection> connection;
    if (idle_.empty()) {
      connection = std::make_shared<http::Connection>(executor_);
    } else {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    http::Reply reply =
        co_await connection->get(peer_, std::move(path), http::Clock::now() + patience_);
    idle_.push_back(std::move(connection));
    if (reply.status != 200) throw UpstreamFailed(fmt::format("status {}", reply.status));
    co_return std::move(reply.body);
  }

 private:
  net::any_io_executor executor_;
  net::ip::tcp::endpoint peer_;
  http::Clock::duration patience_;
  std::vector<std::shared_ptr<http::Connection>> idle_;
};

// --- the service under protection ---------------------------------------------------------------

class Service {
 public:
  Service(net::io_context& io, const Upstreams& upstreams)
      : ai_(io.get_executor(), upstreams.ai(), 2s),
        container_(io.get_executor(), upstreams.container(), 2s),
        db_(io.get_executor(), upstreams.db(), 1min),
        manager(io,
                {.services = {{"ai.claude",
                               {.maxConcurrent = 8, .maxQueueSize = 30, .queueTimeout = 2s}},
                              {"container.create", {.maxConcurrent = 2, .maxQueueSize = 240}},
                              {"container.execute", {.maxConcurrent = 4, .maxQueueSize = 240}},
                              {"db.read",
                               {.maxConcurrent = 16, .maxQueueSize = 100, .executionTimeout = 2s}}},
                 .semaphores = {{"ai.total_requests", 30}, {"container.total", 3}}}),
        // The provider sells 500 calls a second. Calls of a burst wait for their turn.
        limiter(io, {.name = "ai.claude",
                     .permits = 500,
                     .burst = 10,
                     .maxQueueSize = 100,
                     .queueTimeout = 2s}),
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
                   .retryIf =
                       [](const std::exception_ptr& error) {
                         return bulwark::errorCodeOf(error) == net::error::fault;
                       },
                   .budget = std::make_shared<bulwark::RetryBudget>()}) {}

  // [ask]
  net::awaitable<std::string> ask() {
    return retry.execute([this] { return attempt(); }, net::use_awaitable);
  }

  net::awaitable<std::string> attempt() {
    const auto work = [this] { return ai_.get("/ask"); };
    const auto admitted = [this, work] {
      return manager.executeAITask("claude", work, net::use_awaitable);
    };
    const auto paced = [this, admitted] { return limiter.execute(admitted, net::use_awaitable); };
    return breaker.execute(paced, net::use_awaitable);
  }
  // [ask]

  net::awaitable<std::string> container(std::string_view service) {
    return manager.execute(
        service, [this] { return container_.get("/run"); }, {.semaphores = {"container.total"}},
        net::use_awaitable);
  }

  net::awaitable<std::string> read() {
    return manager.execute(
        "db.read", [this] { return query(); }, net::use_awaitable);
  }

  bulwark::BulkheadStats reads() { return manager.bulkhead("db.read").stats(); }

  static std::string_view nameOf(CircuitState state) {
    constexpr std::array<std::string_view, 3> names{"closed", "open", "half open"};
    return names.at(static_cast<std::size_t>(state));
  }

 private:
  /// A query cannot be given up: its connection is not free before the answer has come. So it
  /// ignores that it is asked to cancel.
  net::awaitable<std::string> query() {
    co_await net::this_coro::reset_cancellation_state(net::disable_cancellation());
    co_return co_await db_.get("/rows");
  }

  long sinceStart() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(http::Clock::now() - start_)
        .count();
  }

  http::Clock::time_point start_ = http::Clock::now();
  Client ai_, container_, db_;

 public:
  bulwark::BulkheadManager<> manager;
  bulwark::RateLimiter<> limiter;
  bulwark::CircuitBreaker<> breaker;
  bulwark::Retry<> retry;
};

// --- the load, and its results -------------------------------------------------------------------

/// Results of calls, as their caller sees them.
struct Tally {
  int answered = 0, failed = 0, bulkhead = 0, limiter = 0, circuit = 0, late = 0;

  int ended() const { return answered + failed + bulkhead + limiter + circuit + late; }

  void note(const std::exception_ptr& error) {
    const net::error_code code = bulwark::errorCodeOf(error);
    if (!code) {
      ++answered;
    } else if (code == Errc::circuitOpen) {
      ++circuit;
    } else if (code == Errc::rateLimited) {
      ++limiter;
    } else if (code == Errc::executionTimeout) {
      ++late;
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

/// What is seen of a database that hangs.
struct Hang {
  Tally reads{}, questions{};
  bulwark::BulkheadStats during{}, after{};
  bool full = false;  // while it hangs, no permit is free
};

net::awaitable<void> until(std::function<bool()> condition) {
  net::steady_timer timer(co_await net::this_coro::executor);
  while (!condition()) {
    timer.expires_after(1ms);
    co_await timer.async_wait(net::use_awaitable);
  }
}

/// Lets the database hang until the callers of all running queries have been told.
net::awaitable<void> hang(Service& service, Upstreams& upstreams, Hang& seen) {
  const auto executor = co_await net::this_coro::executor;
  upstreams.dbHangs = true;
  for (int i = 0; i < 20; ++i) {
    net::co_spawn(executor, service.read(),
                  [&seen](std::exception_ptr e, std::string) { seen.reads.note(e); });
  }
  co_await until([&seen] { return seen.reads.ended() == 16; });  // the other four wait
  seen.during = service.reads();
  seen.full = !service.manager.bulkhead("db.read").tryAcquire();
  for (int i = 0; i < 20; ++i) {
    net::co_spawn(executor, service.ask(),
                  [&seen](std::exception_ptr e, std::string) { seen.questions.note(e); });
  }
  co_await until([&seen] { return seen.questions.ended() == 20; });
  upstreams.dbHangs = false;
  co_await until([&] { return seen.reads.ended() == 20 && service.reads().active == 0; });
  seen.after = service.reads();
}

net::awaitable<void> runAll(Service& service, Upstreams& upstreams, std::vector<Phase>& phases,
                            Hang& hung) {
  co_await run(service, upstreams, phases);
  co_await hang(service, upstreams, hung);
}

int main() {
  Upstreams upstreams;
  net::io_context io{1};
  Service service(io, upstreams);
  std::vector<Phase> phases{{"healthy", Health::healthy},
                            {"slow", Health::slow},
                            {"failing", Health::failing},
                            {"recovered", Health::healthy}};
  Hang hung;
  const auto start = http::Clock::now();
  net::co_spawn(io, runAll(service, upstreams, phases, hung), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();

  const auto ran = http::Clock::now() - start;

  fmt::print("\n{:<10} {:>9} {:>7} {:>9} {:>8} {:>8}   {:>7} {:<10} {:>10} {:>11}\n", "ai is",
             "answered", "failed", "bulkhead", "limiter", "breaker", "opened", "at its end",
             "containers", "db answered");
  for (const Phase& p : phases) {
    fmt::print("{:<10} {:>9} {:>7} {:>9} {:>8} {:>8}   {:>7} {:<10} {:>10} {:>11}\n", p.what,
               p.ai.answered, p.ai.failed, p.ai.bulkhead, p.ai.limiter, p.ai.circuit, p.opened,
               Service::nameOf(p.atEnd), p.container.answered, p.db.answered);
  }
  fmt::print("\n{:<22} {:>6} {:>7} {:>6} {:>7}\n", "db", "active", "overdue", "queued", "overran");
  for (const auto& [when, stats] :
       {std::pair("hangs, callers told", &hung.during), std::pair("answers again", &hung.after)}) {
    fmt::print("{:<22} {:>6} {:>7} {:>6} {:>7}\n", when, stats->active, stats->overdue,
               stats->queued, stats->overran);
  }
  const bulwark::RateLimiterStats pace = service.limiter.stats();
  fmt::print("\n{}\n{}\n", service.manager.stats(), pace);

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
  promise(reads == 800, "the database never noticed what happened to ai");
  promise(containers == 480 && upstreams.mostContainers <= 3,
          "two services together never had more than container.total at once");
  const auto quota = 10 + static_cast<std::uint64_t>(ran / 2ms) + 1;
  promise(
      pace.waitTime.count() > 0 && pace.executed + pace.failed <= quota,
      "questions of a burst waited for their turn, and the provider got no more than its quota");

  const auto& [reading, asking, during, after, full] = hung;
  promise(reading.late == 16 && during.overdue == 16 && during.overran == 0,
          "the database hangs, and 16 callers are told at their timeout, while their work runs");
  promise(full && during.active == 16 && during.queued == 4 && after.peakActive == 16 &&
              upstreams.mostQueries == 16,
          "their permits stay with the work: the database never had more than 16 queries");
  promise(asking.answered == 20, "meanwhile, every question is answered");
  promise(reading.answered == 4 && after.overran == 16 && after.overdue == 0 && after.active == 0,
          "when that work has ended, its permits are free, and the waiting calls are answered");
  return broken == 0 ? 0 : 1;
}
