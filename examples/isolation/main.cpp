// One upstream of a service stops answering. What happens to requests that need the other one?
//
//   load ──> gateway ──> db     answers in 5 ms, one request in twenty in 80 ms
//                   └──> ai     answers in 20 ms, until it is stopped
//
// Three phases with the same load. In the first, both upstreams are healthy. In the second, `ai` is
// stopped, and the gateway has one pool of upstream slots. In the third, `ai` is still stopped, and
// every upstream has a bulkhead, with the same total number of slots. The upstreams are processes;
// the load and the gateway are threads of this process. They communicate over TCP.
#include "child_process.hpp"
#include "gateway.hpp"
#include "live_view.hpp"
#include "load.hpp"
#include "options.hpp"
#include "report.hpp"
#include "results.hpp"
#include "upstream.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace isolation {
namespace {

using namespace std::chrono_literals;

ChildProcess startUpstream(const UpstreamConfig& config) {
  return ChildProcess("upstream-" + config.name, [&](const auto& listening) {
    Upstream upstream(config);
    listening(upstream.port());
    upstream.run();
  });
}

bool wantsTable(const Options& options) {
  if (options.plain || ::isatty(STDOUT_FILENO) == 0) return false;
  const char* const kind = std::getenv("TERM");
  if (kind == nullptr || std::strcmp(kind, "dumb") == 0) return false;
  winsize size{};
  // A size of 0 means unknown. A narrow terminal would wrap lines and break the table.
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
         size.ws_col >= LiveView::width;
}

bool wantsColour() {
  const char* const refused = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0');
}

std::string introduction(const Options& options, const ChildProcess& db, const ChildProcess& ai) {
  return fmt::format(
      "Upstream db is process {} on 127.0.0.1:{}, ai is process {} on 127.0.0.1:{}.\n"
      "db answers in {} ms, {:g} % of the requests in {} ms; ai in {} ms, while it runs.\n"
      "Load: {} requests/s to /db and {} to /ai. Upstream slots: {} in one shared pool, or\n"
      "{} in the bulkhead of db and {} in that of ai.\n\n",
      db.pid(), db.port(), ai.pid(), ai.port(), dbUpstream.typical.count(),
      100 * dbUpstream.slowShare, dbUpstream.slow.count(), aiUpstream.typical.count(),
      options.dbRate, options.aiRate, options.pool, options.dbLimit, options.aiLimit);
}

int run(const Options& options) {
  ChildProcess db = startUpstream(dbUpstream);
  ChildProcess ai = startUpstream(aiUpstream);
  ChildProcess* const upstreams[] = {&db, &ai};
  const SignalGuard guard(upstreams);

  const Paint paint(wantsColour());
  const std::vector<std::string> titles{"1 healthy", "2 ai stopped, shared pool",
                                        "3 ai stopped, bulkheads"};
  fmt::print("{}", introduction(options, db, ai));
  LiveView view(wantsTable(options), paint, titles);
  std::vector<PhaseResult> phases;

  // Gateway and load are created again for each phase, so that no phase affects the next.
  const auto runPhase = [&](bool bulkheads) {
    Gateway gateway({.aiPort = ai.port(),
                     .dbPort = db.port(),
                     .upstreamTimeout = options.upstreamTimeout,
                     .bulkheads = bulkheads,
                     .poolSize = options.pool,
                     .poolWait = options.poolWait,
                     .aiLimit = options.aiLimit,
                     .dbLimit = options.dbLimit,
                     .queue = options.queue,
                     .queueTimeout = options.queueTimeout});
    const std::chrono::duration<double> length(options.seconds);
    const LoadConfig config{
        .gateway = gateway.endpoint(),
        .duration = std::chrono::duration_cast<std::chrono::nanoseconds>(length),
        .rates = {options.dbRate, options.aiRate},
        .clients = options.clients,
        .clientTimeout = options.clientTimeout};
    const Clock::time_point start = Clock::now() + config.warmUp;
    Load load(config);

    view.begin(phases.size(), options.seconds);
    PhaseResult phase{.title = titles[phases.size()], .seconds = options.seconds};
    for (bool ended = false; !ended;) {
      ended = load.waitUntil(Clock::now() + 200ms);
      for (ChildProcess* upstream : upstreams) upstream->check();
      std::vector<Outcome> fresh = load.take();
      phase.results.add(fresh);
      phase.gateway = gateway.status();
      const Clock::duration elapsed = Clock::now() - start;
      if (elapsed.count() > 0) view.update(elapsed, std::move(fresh), phase.gateway);
    }
    view.end(phase);
    phases.push_back(std::move(phase));
  };

  runPhase(false);
  ai.stop();
  runPhase(false);
  runPhase(true);

  const Verdict verdict = judge(phases.front(), phases.back());
  fmt::print("{}", report(options, phases, verdict, paint));
  if (std::fflush(stdout) != 0) throw std::runtime_error("the report could not be written");
  return verdict.holds() ? 0 : 1;
}

}  // namespace
}  // namespace isolation

int main(int argc, char** argv) {
  try {
    const auto [options, status] = isolation::parseCommandLine(argc, argv);
    return options ? isolation::run(*options) : status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "isolation: {}\n", error.what());
    return 1;
  }
}
