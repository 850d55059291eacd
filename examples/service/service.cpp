#include "service.hpp"

#include <bulwark/manager_config.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace service {

namespace {

using namespace std::chrono_literals;

// Latency times rate is the number of calls in progress: a quarter of what the preset allows.
const std::array<Plan, 10> plans{{
    {"ai.claude", 200ms, 25, {"ai.total_requests", "global.network_io"}, true},
    {"ai.openai", 150ms, 25, {"ai.total_requests", "global.network_io"}, true},
    {"ai.deepseek", 200ms, 12, {"ai.total_requests", "global.network_io"}, true},
    {"container.create", 150ms, 8, {"container.total", "global.memory_intensive"}},
    {"container.execute", 100ms, 25, {"container.total"}},
    {"file.upload", 150ms, 20, {"global.disk_io"}},
    {"file.analyze", 150ms, 16, {"global.cpu_intensive"}},
    {"api.metasploit", 150ms, 8, {"global.network_io"}, true},
    {"db.read", 20ms, 200, {}},
    {"db.write", 25ms, 80, {"global.disk_io"}},
}};

bulwark::ManagerConfig managerConfig(std::chrono::nanoseconds executionTimeout) {
  bulwark::ManagerConfig config = bulwark::athenaPreset();
  config.defaults.executionTimeout = executionTimeout;
  return config;
}

bulwark::CircuitBreakerConfig breakerConfig(const char* name) {
  return {.name = name, .slidingWindowSize = 50, .minimumCalls = 20, .openDuration = 5s};
}

}  // namespace

const char* nameOf(Phase phase) {
  constexpr std::array names{"serving", "draining", "drained"};
  return names.at(static_cast<std::size_t>(phase));
}

ProtectedDependency::ProtectedDependency(net::io_context& io, bulwark::BulkheadManager<>& manager,
                                         const Plan& plan)
    : name(plan.name),
      callsPerSecond(plan.callsPerSecond),
      options{.semaphores = plan.semaphores},
      dependency(io.get_executor(), Behaviour{.latency = plan.latency}),
      bulkhead(manager.bulkhead(name)) {
  if (plan.far) breaker.emplace(io, breakerConfig(plan.name));
}

Service::Service(net::io_context& io, std::chrono::nanoseconds executionTimeout)
    : io_(io), manager_(io, managerConfig(executionTimeout)), tick_(io) {
  for (const Plan& plan : plans) dependencies_.emplace_back(io, manager_, plan);
}

void Service::start() { net::co_spawn(io_, watch(), net::detached); }

void Service::stop() {
  stopped_ = true;
  tick_.cancel();
}

void Service::call(ProtectedDependency& target) {
  const auto ask = [&target] { return target.dependency.call(); };
  if (!target.breaker) {
    manager_.execute(target.name, ask, target.options, net::detached);
    return;
  }
  const auto guarded = [this, &target, ask]() -> net::awaitable<void> {
    co_await manager_.execute(target.name, ask, target.options, net::use_awaitable);
  };
  target.breaker->execute(guarded, net::detached);
}

void Service::drain() {
  phase_ = Phase::draining;
  manager_.drainAll([this](const net::error_code& error) {
    if (!error) phase_ = Phase::drained;  // otherwise it was resumed
  });
}

bool Service::resume() {
  if (ending_) return false;
  phase_ = Phase::serving;
  manager_.resumeAll();
  return true;
}

void Service::end(std::function<void()> ended) {
  ending_ = true;
  phase_ = Phase::draining;
  manager_.drainAll([ended = std::move(ended)](const net::error_code&) { ended(); });
}

void Service::abandon() {
  for (ProtectedDependency& target : dependencies_) target.dependency.hangUp();
}

ProtectedDependency* Service::find(std::string_view name) {
  const auto found =
      std::find_if(dependencies_.begin(), dependencies_.end(),
                   [&](const ProtectedDependency& target) { return target.name == name; });
  return found == dependencies_.end() ? nullptr : &*found;
}

net::awaitable<void> Service::watch() {
  while (!stopped_) {
    look();
    tick_.expires_after(100ms);
    net::error_code ignored;
    co_await tick_.async_wait(net::redirect_error(net::use_awaitable, ignored));
  }
}

void Service::look() {
  const Clock::time_point now = Clock::now();
  for (ProtectedDependency& target : dependencies_) {
    const bulwark::BulkheadStats stats = target.bulkhead.stats();
    const bool draining = target.bulkhead.draining();
    target.watch.look(stateOf(stats, target.bulkhead.config(), draining), stats, now);
  }
}

}  // namespace service
