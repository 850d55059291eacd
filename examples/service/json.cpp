#include "json.hpp"

#include <bulwark/limits.hpp>
#include <bulwark/stats.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstddef>

namespace service {

namespace {

using Json = nlohmann::ordered_json;

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Json limit(std::size_t value) { return value == bulwark::unlimited ? Json() : Json(value); }

Json limit(std::chrono::nanoseconds value) {
  return value == bulwark::noTimeout ? Json() : Json(milliseconds(value));
}

const char* nameOf(bulwark::Mode mode) {
  constexpr std::array names{"enforce", "observe", "off"};
  return names.at(static_cast<std::size_t>(mode));
}

const char* nameOf(bulwark::CircuitState state) {
  constexpr std::array names{"closed", "open", "half open"};
  return names.at(static_cast<std::size_t>(state));
}

// Omits values if nothing was measured: 0 ms would be a value.
Json percentiles(const bulwark::HistogramSnapshot& histogram) {
  if (histogram.count() == 0) return {{"count", 0}, {"p50Ms", nullptr}, {"p99Ms", nullptr}};
  return {{"count", histogram.count()},
          {"p50Ms", milliseconds(histogram.percentile(50))},
          {"p99Ms", milliseconds(histogram.percentile(99))}};
}

Json bulkheadJson(const ProtectedDependency& target) {
  const bulwark::BulkheadStats stats = target.bulkhead.stats();
  const bulwark::BulkheadConfig config = target.bulkhead.config();
  const Watch& watch = target.watch;
  Json history = Json::array();
  for (const State state : watch.history()) history.push_back(service::nameOf(state));
  return {{"name", stats.name},
          {"state", service::nameOf(watch.state())},
          {"stateMs", milliseconds(Service::Clock::now() - watch.since())},
          {"lostInState", watch.lost()},
          {"history", std::move(history)},
          {"mode", nameOf(config.mode)},
          {"draining", target.bulkhead.draining()},
          {"active", stats.active},
          {"maxConcurrent", limit(stats.maxConcurrent)},
          {"queued", stats.queued},
          {"maxQueueSize", limit(stats.maxQueueSize)},
          {"queueTimeoutMs", limit(config.queueTimeout)},
          {"executionTimeoutMs", limit(config.executionTimeout)},
          {"running", stats.running},
          {"overdue", stats.overdue},
          {"maxOverdue", limit(config.maxOverdue)},
          {"peakActive", stats.peakActive},
          {"peakQueued", stats.peakQueued},
          {"executed", stats.executed},
          {"failed", stats.failed},
          {"rejected", stats.rejected},
          {"timedOut", stats.timedOut},
          {"cancelled", stats.cancelled},
          {"drained", stats.drained},
          {"overran", stats.overran},
          {"overLimit", stats.overLimit},
          {"recentWait", percentiles(watch.recentWait())},
          {"recentExecution", percentiles(watch.recentExecution())},
          {"wait", percentiles(stats.waitTime)},
          {"execution", percentiles(stats.executionTime)}};
}

Json behaviourJson(const Behaviour& behaviour) {
  return {{"latencyMs", behaviour.latency ? Json(behaviour.latency->count()) : Json()},
          {"failureRate", behaviour.failureRate}};
}

Json dependencyJson(const ProtectedDependency& target) {
  Json json{{"name", target.name}};
  json.update(behaviourJson(target.dependency.behaviour()));
  json["normal"] = behaviourJson(target.dependency.normal());
  return json;
}

Json breakerJson(const bulwark::CircuitBreaker<>& breaker) {
  const bulwark::CircuitBreakerStats stats = breaker.stats();
  return {{"name", stats.name},           {"state", nameOf(stats.state)},
          {"succeeded", stats.succeeded}, {"failed", stats.failed},
          {"slow", stats.slow},           {"ignored", stats.ignored},
          {"refused", stats.refused},     {"opened", stats.opened}};
}

Json semaphoreJson(const bulwark::SemaphoreStats& stats) {
  return {{"name", stats.name},
          {"permits", limit(stats.permits)},
          {"available", stats.available},
          {"waiting", stats.waiting},
          {"acquired", stats.acquired},
          {"released", stats.released},
          {"rejected", stats.rejected},
          {"timedOut", stats.timedOut},
          {"cancelled", stats.cancelled},
          {"drained", stats.drained},
          {"wait", percentiles(stats.waitTime)}};
}

}  // namespace

std::string healthJson(const Service& service) {
  const bulwark::HealthSummary health = service.manager().health();
  Json semaphores = Json::array();
  for (const auto& [name, available, permits] : health.semaphores) {
    semaphores.push_back({{"name", name}, {"available", available}, {"permits", limit(permits)}});
  }
  Json overdue = Json::array();
  for (const auto& [name, calls, stalled] : health.overdue) {
    overdue.push_back({{"name", name}, {"overdue", calls}, {"stalled", stalled}});
  }
  return Json{{"state", nameOf(service.phase())},
              {"totalBulkheads", health.totalBulkheads},
              {"totalSemaphores", health.totalSemaphores},
              {"activeTasks", health.activeTasks},
              {"queuedTasks", health.queuedTasks},
              {"overdueTasks", health.overdueTasks},
              {"saturated", health.saturated},
              {"overdue", std::move(overdue)},
              {"draining", health.draining},
              {"drainingBulkheads", health.drainingBulkheads},
              {"semaphores", std::move(semaphores)},
              {"drainingSemaphores", health.drainingSemaphores}}
      .dump();
}

std::string bulkheadsJson(const Service& service, const Load& load, bool admin) {
  Json bulkheads = Json::array(), breakers = Json::array(), dependencies = Json::array();
  for (const ProtectedDependency& target : service.dependencies()) {
    bulkheads.push_back(bulkheadJson(target));
    dependencies.push_back(dependencyJson(target));
    if (target.breaker) breakers.push_back(breakerJson(*target.breaker));
  }
  Json semaphores = Json::array();
  for (const auto& [name, stats] : service.manager().stats().semaphores) {
    semaphores.push_back(semaphoreJson(stats));
  }
  return Json{{"service",
               {{"state", nameOf(service.phase())},
                {"uptimeMs", milliseconds(service.uptime())},
                {"load", load.factor()},
                {"admin", admin}}},
              {"bulkheads", std::move(bulkheads)},
              {"semaphores", std::move(semaphores)},
              {"breakers", std::move(breakers)},
              {"dependencies", std::move(dependencies)}}
      .dump();
}

}  // namespace service
