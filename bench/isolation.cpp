// How much of a healthy service is left while another service hangs?
//
// The experiment of examples/isolation, over a sweep of loads: a gateway serves /db and /ai from
// two upstreams, and both get `load` requests a second. Every case is one experiment.
//
//   healthy/no_fault     nothing hangs; one pool of 64 upstream slots serves both
//   healthy/shared_pool  ai hangs; the same pool
//   healthy/bulkheads    ai hangs; the same 64 slots as two bulkheads, 48 for db and 16 for ai
//
// All timeouts are a sixth of the demo's, so that a case takes little time: the pool can sustain
// slots / upstreamTimeout = 192 requests a second to ai. With the demo's 2 s it would be 32.
//
// The counters are about /db, the healthy service. A request's time runs from its due time, whether
// it was sent then or not (the load is open), until its answer or its failure:
//
//   p50, p99    seconds; failed requests count with the time until they failed
//   per_call    seconds, the mean of the same; also the column Time
//   throughput  successful answers a second
//   ok          share of the requests with a successful answer
//   sent_late   seconds (p99) by which the load generator itself was late: the noise of the machine
//
// Setup: four threads, each with its own io_context, run the load, the gateway and the two
// upstreams, in one process and on the machine's cores. They communicate over TCP connections on
// the loopback interface. An upstream that hangs is a listening socket with open connections and no
// thread behind it, like a stopped process. At 800 requests a second to each service the four
// threads together used half of one core, so no thread waits for a core.

#include "isolation/gateway.hpp"
#include "isolation/load.hpp"
#include "isolation/open_files.hpp"
#include "isolation/results.hpp"
#include "isolation/upstream.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>

namespace {

using namespace std::chrono_literals;

// A sixth of the demo's.
constexpr auto clientTimeout = 500ms;
constexpr auto upstreamTimeout = 333ms;
constexpr auto poolWait = 167ms;
constexpr auto queueTimeout = 83ms;

// Long enough for the hanging service to fill its limits before the counted part begins.
constexpr auto warmUp = 400ms;
constexpr auto duration = 650ms;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// An upstream on its own thread.
class Service {
 public:
  explicit Service(const isolation::UpstreamConfig& config)
      : upstream_(config), thread_([this] { upstream_.run(); }) {}
  ~Service() { hang(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  std::uint16_t port() const { return port_; }

  void hang() {
    upstream_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  isolation::Upstream upstream_;
  std::uint16_t port_ = upstream_.port();
  std::thread thread_;
};

struct Case {
  bool aiHangs;
  bool bulkheads;
};

// Enough connections that no request is late because all of them are busy.
std::size_t clientsFor(unsigned load) {
  return static_cast<std::size_t>(load * seconds(clientTimeout)) + 16;
}

isolation::PhaseResult run(const Case& what, unsigned load) {
  Service db(isolation::dbUpstream);
  Service ai(isolation::aiUpstream);
  if (what.aiHangs) ai.hang();

  isolation::Gateway gateway({.aiPort = ai.port(),
                              .dbPort = db.port(),
                              .upstreamTimeout = upstreamTimeout,
                              .bulkheads = what.bulkheads,
                              .poolWait = poolWait,
                              .queueTimeout = queueTimeout});
  isolation::Load requests({.gateway = gateway.endpoint(),
                            .warmUp = warmUp,
                            .duration = duration,
                            .rates = {load, load},
                            .clients = clientsFor(load),
                            .clientTimeout = clientTimeout});
  while (!requests.waitUntil(isolation::Clock::now() + 1s)) {
  }
  isolation::PhaseResult result{.title = {}, .seconds = seconds(duration)};
  result.results.add(requests.take());
  return result;
}

void healthy(benchmark::State& state, Case what) {
  const auto load = static_cast<unsigned>(state.range(0));
  const std::size_t files = isolation::filesNeeded(
      {.clients = clientsFor(load), .slots = isolation::GatewayConfig{}.poolSize});
  if (isolation::allowFiles(files) < files) {
    state.SkipWithError("too few open files are allowed (ulimit -Hn)");
    return;
  }
  std::optional<isolation::PhaseResult> result;
  for (auto _ : state) {
    result = run(what, load);
    state.SetIterationTime(seconds(result->results.of(isolation::RouteId::db).meanLatency()));
  }
  const auto& db = result->results.of(isolation::RouteId::db);
  const auto& ai = result->results.of(isolation::RouteId::ai);
  const auto good = [](const auto& route) { return route.count(isolation::Result::ok); };
  state.counters["p50"] = seconds(db.latency(50));
  state.counters["p99"] = seconds(db.latency(99));
  state.counters["per_call"] = seconds(db.meanLatency());
  state.counters["throughput"] = result->throughput(isolation::RouteId::db);
  state.counters["ok"] = static_cast<double>(good(db)) / static_cast<double>(db.requests());
  state.counters["sent_late"] = seconds(db.sentLate(99));
  if (what.aiHangs && good(ai) != 0) state.SkipWithError("ai was to hang, and has answered");
  if (!what.aiHangs && good(ai) == 0) state.SkipWithError("ai was to answer, and has not");
}

void sweep(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("load")->Arg(50)->Arg(100)->Arg(200)->Arg(400)->Arg(800);
  benchmark->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(healthy, no_fault, Case{.aiHangs = false, .bulkheads = false})->Apply(sweep);
BENCHMARK_CAPTURE(healthy, shared_pool, Case{.aiHangs = true, .bulkheads = false})->Apply(sweep);
BENCHMARK_CAPTURE(healthy, bulkheads, Case{.aiHangs = true, .bulkheads = true})->Apply(sweep);

}  // namespace
