#include "bulwark/prometheus.hpp"

// The collector: which objects it shows, and the scrape.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bulwark/error.hpp"
#include "prometheus/breaker_metrics.hpp"
#include "prometheus/families.hpp"
#include "prometheus/limiter_metrics.hpp"
#include "prometheus/objects_by_name.hpp"
#include "prometheus/rate_metrics.hpp"
#include "prometheus/retry_metrics.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {
namespace detail {

/// The objects of a collector. Its mutex guards everything; only scraping and adding take it.
class Exposition {
 public:
  explicit Exposition(std::unique_ptr<LimiterSource> source) : source_(std::move(source)) {}

  void add(Limiter& limiter) {
    const std::lock_guard lock(mutex_);
    if (!put(limiter)) throwNameTaken(limiter.name());
  }

  void add(Host& clock, std::shared_ptr<Circuit> breaker) {
    const std::lock_guard lock(mutex_);
    const std::string& name = breaker->name();  // valid as long as `breaker`
    if (!breakers_.add(name, clock, breaker)) throwNameTaken(name);
  }

  void add(RateGate& gate) {
    const std::lock_guard lock(mutex_);
    if (!rateLimiters_.add(gate.name(), gate)) throwNameTaken(gate.name());
  }

  void add(Host& host, std::shared_ptr<const RetryCounters> counters,
           std::weak_ptr<const void> users) {
    const std::lock_guard lock(mutex_);
    if (!retries_.add(host.name(), host, std::move(counters), std::move(users))) {
      throwNameTaken(host.name());
    }
  }

  std::vector<prometheus::MetricFamily> collect() {
    std::vector<prometheus::MetricFamily> families;
    families.reserve(64);
    catchUp();
    const std::lock_guard lock(mutex_);
    findNew();
    showBulkheads(families, bulkheads_.read());
    showSemaphores(families, semaphores_.read());
    showBreakers(families, breakers_.read());
    showRateLimiters(families, rateLimiters_.read());
    showRetries(families, retries_.read());
    return families;
  }

 private:
  [[noreturn]] static void throwNameTaken(const std::string& name) {
    throw ConfigError(name, "name", name, "must not be that of another one which is shown");
  }

  /// An expiry that is due may open a circuit, and the callback of the user that hears of it may
  /// use this collector. So it is called without the lock.
  void catchUp() {
    std::vector<decltype(std::declval<BreakerMetrics&>().catchUp())> due;
    {
      const std::lock_guard lock(mutex_);
      breakers_.forEach([&](const BreakerMetrics& breaker) { due.push_back(breaker.catchUp()); });
    }
    for (const auto& look : due) look();
  }

  /// @return false: an object of that name exists
  bool put(Limiter& limiter) {
    const bool bulkhead = limiter.kind() == CompartmentKind::bulkhead;
    return (bulkhead ? bulkheads_ : semaphores_).add(limiter.name(), limiter);
  }

  /// Adds the limiters that the manager made since the last scrape, and those whose name was taken
  /// then. Searches only if there are any.
  void findNew() {
    if (source_ == nullptr || source_->size() == found_) return;
    source_->forEach([this](Limiter& limiter) {
      bool& found = known_[&limiter];
      if (found || !put(limiter)) return;
      found = true;
      ++found_;
    });
  }

  std::mutex mutex_;
  const std::unique_ptr<LimiterSource> source_;
  // The limiters of the source, and whether they were added. The source keeps them, so an address
  // is never reused.
  std::map<const Limiter*, bool> known_;
  std::size_t found_ = 0;  // the number of those that were added
  ObjectsByName<LimiterMetrics> bulkheads_{"bulkhead"};
  ObjectsByName<LimiterMetrics> semaphores_{"semaphore"};
  ObjectsByName<BreakerMetrics> breakers_{"breaker"};
  ObjectsByName<RateMetrics> rateLimiters_{"limiter"};
  ObjectsByName<RetryMetrics> retries_{"retry"};
};

}  // namespace detail

BulkheadCollector::BulkheadCollector() : BulkheadCollector(nullptr) {}

BulkheadCollector::BulkheadCollector(std::unique_ptr<detail::LimiterSource> source)
    : exposition_(std::make_unique<detail::Exposition>(std::move(source))) {}

BulkheadCollector::~BulkheadCollector() = default;

std::vector<prometheus::MetricFamily> BulkheadCollector::Collect() const {
  return exposition_->collect();
}

void BulkheadCollector::addLimiter(detail::Limiter& limiter) { exposition_->add(limiter); }

void BulkheadCollector::addBreaker(detail::Host& clock, std::shared_ptr<detail::Circuit> breaker) {
  exposition_->add(clock, std::move(breaker));
}

void BulkheadCollector::addGate(detail::RateGate& gate) { exposition_->add(gate); }

void BulkheadCollector::addRetry(detail::Host& host,
                                 std::shared_ptr<const detail::RetryCounters> counters,
                                 std::weak_ptr<const void> users) {
  exposition_->add(host, std::move(counters), std::move(users));
}

}  // namespace bulwark
