#include "bulwark/prometheus.hpp"

// Longer than 300 lines: one collector, whose counters never decrease, although objects are reset,
// destroyed and replaced between two scrapes.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bulwark/detail/config/utf8.hpp"
#include "bulwark/detail/limiter/peak_watch.hpp"
#include "bulwark/detail/telemetry/histogram_recorder.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "bulwark/error.hpp"
#include "config/float_bits.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {
namespace detail {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using namespace std::chrono_literals;

// --- buckets ------------------------------------------------------------------------------------

constexpr std::array<std::chrono::nanoseconds, 19> bounds{
    100us, 250us, 500us, 1ms,    2500us, 5ms, 10ms, 25ms, 50ms, 100ms,
    250ms, 500ms, 1s,    2500ms, 5s,     10s, 30s,  60s,  120s};

/// For each bound, the index of the library's first bucket that does not lie within it. A bucket
/// that contains a bound counts towards the next bound. So a count never includes a call that took
/// longer than its bound, and omits only calls within the width of a bucket, 1/8, of the bound.
constexpr std::array<std::size_t, bounds.size() + 1> within = [] {
  std::array<std::size_t, bounds.size() + 1> result{};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const auto bound = static_cast<std::uint64_t>(bounds[i].count());
    result[i] = BucketLayout::index(bound);
    if (BucketLayout::upperBound(result[i]) == bound) ++result[i];
  }
  result.back() = BucketLayout::size;
  return result;
}();

static_assert(
    [] {
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto bound = static_cast<std::uint64_t>(bounds[i].count());
        if ((BucketLayout::upperBound(within[i] - 1) + 1) * 100 < bound * 92) return false;
      }
      return true;
    }(),
    "docs/metrics.md says that a count leaves out calls within 8 % of its bound at most");

constexpr double seconds(std::uint64_t ns) noexcept { return static_cast<double>(ns) / 1e9; }

constexpr std::array<double, bounds.size()> boundsInSeconds = [] {
  std::array<double, bounds.size()> result{};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    result[i] = seconds(static_cast<std::uint64_t>(bounds[i].count()));
  }
  return result;
}();

// --- totals -------------------------------------------------------------------------------------

/// A histogram: the number of durations between two bounds each, and beyond the last bound; then
/// their sum in nanoseconds.
constexpr std::size_t histogramSize = within.size() + 1;

/// The totals of a bulkhead or a semaphore: counters, execution times, wait times.
constexpr std::size_t executionAt = countKinds;
constexpr std::size_t waitAt = executionAt + histogramSize;
constexpr std::size_t callNumbers = waitAt + histogramSize;

/// The totals of a circuit breaker.
enum Outcome : std::size_t { succeeded, failed, ignored, refused, slow, opened };
constexpr std::size_t breakerNumbers = 6;

template <std::size_t size>
using Numbers = std::array<std::uint64_t, size>;

/// The totals that are shown. They never decrease, although a call may be counted and taken back
/// between two scrapes.
template <std::size_t size>
class Monotonic {
 public:
  void advanceTo(const Numbers<size>& now) noexcept {
    for (std::size_t i = 0; i < size; ++i) shown_[i] = std::max(shown_[i], now[i]);
  }
  void addTo(Numbers<size>& sum) const noexcept {
    for (std::size_t i = 0; i < size; ++i) sum[i] += shown_[i];
  }

 private:
  Numbers<size> shown_{};
};

Numbers<callNumbers> totalsOf(const Limiter& limiter) noexcept {
  Numbers<callNumbers> result{};
  limiter.addTo({.ends = within,
                 .counts = result.data(),
                 .execution = &result[executionAt],
                 .wait = &result[waitAt]});
  return result;
}

// --- names --------------------------------------------------------------------------------------

/// A name as the value of a label. Bytes that are not UTF-8 are replaced, because Prometheus
/// rejects the whole scrape for one of them.
std::string labelFor(std::string_view name) {
  std::string label;
  label.reserve(name.size());
  while (!name.empty()) {
    const std::size_t length = characterAtStart(name);
    label += length != 0 ? name.substr(0, length) : "\uFFFD";
    name.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return label;
}

// --- the objects that it shows ------------------------------------------------------------------

/// The metrics of a bulkhead or a semaphore.
class LimiterMetrics {
 public:
  /// The values of one object, or the sums over several objects of one name.
  struct Row {
    ClientMetric::Label label;
    Numbers<callNumbers> numbers{};
    std::size_t active = 0;
    std::size_t queued = 0;
    Admission::Peaks peaks{};
    Admission::Numbers load{};  // of the last object only
  };

  explicit LimiterMetrics(Limiter& limiter) noexcept : watch_(limiter) {}

  bool destroyed() const noexcept { return limiter().destroyed(); }
  /// Whether no call begins or ends any more.
  bool quiescent() const noexcept { return limiter().quiescent(); }

  /// Reads the totals, and adds them to `sum`.
  void addTo(Numbers<callNumbers>& sum) noexcept {
    numbers_.advanceTo(totalsOf(limiter()));
    numbers_.addTo(sum);
  }
  /// Reads everything, and adds it to `row`. A new interval begins for the peaks.
  void addTo(Row& row) noexcept {
    addTo(row.numbers);
    row.load = limiter().load();
    row.active += row.load.active;
    row.queued += row.load.queued;
    if (limiter().kind() == CompartmentKind::semaphore) return;  // no metric shows its peaks
    // A call that has just entered may not have raised the peak yet.
    const Admission::Peaks peaks = watch_.take();
    row.peaks.active += std::max(peaks.active, row.load.active);
    row.peaks.queued += std::max(peaks.queued, row.load.queued);
  }

 private:
  Limiter& limiter() const noexcept { return watch_.limiter(); }

  PeakWatch watch_;
  Monotonic<callNumbers> numbers_;
};

/// The metrics of a circuit breaker.
class BreakerMetrics {
 public:
  struct Row {
    ClientMetric::Label label;
    Numbers<breakerNumbers> numbers{};
    CircuitState state = CircuitState::closed;  // of the last object only
  };

  BreakerMetrics(Host& clock, std::shared_ptr<Circuit> breaker) noexcept
      : watch_(std::move(breaker)), clock_(&clock) {}

  bool destroyed() const noexcept { return clock_->destroyed(); }
  /// Whether no call begins or ends any more. The running calls of a breaker hold its circuit.
  bool quiescent() const noexcept { return destroyed() && watch_.alone(); }

  void addTo(Numbers<breakerNumbers>& sum) noexcept { addTotals(totals(), sum); }
  void addTo(Row& row) noexcept {
    const CircuitBreakerStats now = totals();
    addTotals(now, row.numbers);
    row.state = now.state;
  }

 private:
  CircuitBreakerStats totals() const noexcept { return watch_.circuit().totals(clock_->now()); }
  void addTotals(const CircuitBreakerStats& now, Numbers<breakerNumbers>& sum) noexcept {
    numbers_.advanceTo({now.succeeded, now.failed, now.ignored, now.refused, now.slow, now.opened});
    numbers_.addTo(sum);
  }

  CircuitWatch watch_;
  Ref<Host> clock_;  // the breaker's host; also knows whether the breaker is destroyed
  Monotonic<breakerNumbers> numbers_;
};

/// All objects of one name: the present one, and previous ones whose calls may still run. The name
/// and its totals are kept when all objects are gone, for the next object of that name.
template <typename Object>
class ObjectsOfName {
 public:
  using Row = typename Object::Row;

  ObjectsOfName(const char* label, const std::string& name) : row_{.label = {label, name}} {}

  bool empty() const noexcept { return members_.empty(); }
  bool taken() const noexcept { return !empty() && !members_.back().object.destroyed(); }

  template <typename... Args>
  void add(Args&&... args) {
    removeQuiescent();  // here, too, in case nothing is scraped
    members_.emplace_back(std::forward<Args>(args)...);
  }

  /// The present values of all objects together.
  const Row& read() noexcept {
    row_ = Row{.label = std::move(row_.label), .numbers = removed_};
    for (Member& member : members_) member.object.addTo(row_);
    removeQuiescent();
    return row_;
  }

 private:
  /// Removes an object when it finds it quiescent for the second time. At the first time, the
  /// thread that destroyed the object may still be counting the calls that it aborted.
  void removeQuiescent() noexcept {
    for (auto member = members_.begin(); member != members_.end();) {
      if (member->wasQuiescent) {
        member->object.addTo(removed_);
        member = members_.erase(member);
      } else {
        member->wasQuiescent = member->object.quiescent();
        ++member;
      }
    }
  }

  struct Member {
    template <typename... Args>
    explicit Member(Args&&... args) noexcept : object(std::forward<Args>(args)...) {}

    Object object;
    bool wasQuiescent = false;  // when removeQuiescent() last looked
  };

  std::list<Member> members_;         // in the order in which they were added
  decltype(Row::numbers) removed_{};  // the totals of removed objects
  Row row_;
};

/// The objects of one kind by the value of their label.
template <typename Object>
class ObjectsByName {
 public:
  using Rows = std::vector<const typename Object::Row*>;

  explicit ObjectsByName(const char* label) : label_(label) {}

  /// @return false: an object of that name exists
  template <typename... Args>
  bool add(const std::string& name, Args&&... args) {
    const std::string label = labelFor(name);
    auto& objects = objects_.try_emplace(label, label_, label).first->second;
    if (objects.taken()) return false;
    objects.add(std::forward<Args>(args)...);
    return true;
  }

  /// The present values of all objects, a row for each name.
  Rows read() {
    Rows rows;
    rows.reserve(objects_.size());
    for (auto& [label, objects] : objects_) {
      if (!objects.empty()) rows.push_back(&objects.read());
    }
    return rows;
  }

 private:
  const char* const label_;
  std::map<std::string, ObjectsOfName<Object>> objects_;
};

// --- metrics ------------------------------------------------------------------------------------

/// A limit. None: `unlimited` or `noTimeout`, which Prometheus shows as infinity.
using Limit = std::optional<double>;

/// Turns the rows of one kind of object into families of metrics.
template <typename Object>
class Table {
 public:
  using Row = typename Object::Row;
  using Rows = typename ObjectsByName<Object>::Rows;

  Table(std::vector<MetricFamily>& families, Rows rows)
      : families_(families), rows_(std::move(rows)) {}

  /// A gauge, with value(row) for each row.
  template <typename Value>
  void gauge(const char* name, const char* help, Value value) {
    each(name, help, MetricType::Gauge, 1, [&](MetricFamily& family, const Row& row) {
      show(add(family, row).gauge.value, value(row));
    });
  }

  /// A counter of numbers[number].
  void counter(const char* name, const char* help, std::size_t number) {
    each(name, help, MetricType::Counter, 1, [&](MetricFamily& family, const Row& row) {
      add(family, row).counter.value = static_cast<double>(row.numbers[number]);
    });
  }

  /// A histogram whose numbers begin at `first`.
  void histogram(const char* name, const char* help, std::size_t first) {
    each(name, help, MetricType::Histogram, 1, [&](MetricFamily& family, const Row& row) {
      auto& histogram = add(family, row).histogram;
      histogram.bucket.resize(bounds.size());
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        count += row.numbers[first + i];
        histogram.bucket[i] = {count, boundsInSeconds[i]};
      }
      histogram.sample_count = count + row.numbers[first + bounds.size()];
      histogram.sample_sum = seconds(row.numbers[first + within.size()]);
    });
  }

  /// Calls fill(family, row) for each row. It adds `series` series, which another label
/// distinguishes.
  template <typename Fill>
  void each(const char* name, const char* help, MetricType type, std::size_t series, Fill fill) {
    if (rows_.empty()) return;
    MetricFamily& family = families_.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    family.metric.reserve(rows_.size() * series);
    for (const Row* row : rows_) fill(family, *row);
  }

  ClientMetric& add(MetricFamily& family, const Row& row, const char* label = nullptr,
                    const char* value = nullptr) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label.reserve(label != nullptr ? 2 : 1);
    metric.label.push_back(row.label);
    if (label != nullptr) metric.label.push_back({label, value});
    return metric;
  }

 private:
  template <typename Number>
  static void show(double& shown, Number value) noexcept {
    shown = static_cast<double>(value);
  }
  static void show(double& shown, Limit value) noexcept {
    if (value) {
      shown = *value;
    } else {
      detail::setToInfinity(shown);
    }
  }

  std::vector<MetricFamily>& families_;
  const Rows rows_;
};

Limit limit(std::size_t value) noexcept {
  if (value == unlimited) return {};
  return static_cast<double>(value);
}

Limit limit(std::chrono::nanoseconds value) noexcept {
  if (value == noTimeout) return {};
  return seconds(static_cast<std::uint64_t>(value.count()));
}

constexpr std::size_t at(Count count) noexcept { return static_cast<std::size_t>(count); }

/// The metrics that bulkheads and semaphores have in common.
void showState(Table<LimiterMetrics>& table, const char* draining, const char* mode) {
  static constexpr std::array<std::pair<Mode, const char*>, 3> modes{
      {{Mode::enforce, "enforce"}, {Mode::observe, "observe"}, {Mode::off, "off"}}};
  table.gauge(draining, "1 while it accepts no calls because of a drain.",
              [](const LimiterMetrics::Row& c) { return c.load.draining ? 1 : 0; });
  table.each(mode, "1 for the present mode.", MetricType::Gauge, modes.size(),
             [&](MetricFamily& family, const LimiterMetrics::Row& c) {
               for (const auto& [value, name] : modes) {
                 table.add(family, c, "mode", name).gauge.value = c.load.mode == value ? 1 : 0;
               }
             });
}

void showBulkheads(Table<LimiterMetrics> table) {
  table.gauge("bulkhead_active", "Permits held now: the weights of the running calls.",
              [](const LimiterMetrics::Row& c) { return c.active; });
  table.gauge("bulkhead_queued", "Calls that wait for permits now.",
              [](const LimiterMetrics::Row& c) { return c.queued; });
  table.gauge("bulkhead_max_concurrent", "The limit of bulkhead_active.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.permits); });
  table.gauge("bulkhead_max_queue_size", "The limit of bulkhead_queued.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.maxQueueSize); });
  table.gauge("bulkhead_timeout_seconds", "How long a call may wait without a timeout of its own.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.timeout); });
  table.gauge("bulkhead_peak_active", "Maximum of bulkhead_active since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.active; });
  table.gauge("bulkhead_peak_queued", "Maximum of bulkhead_queued since the last scrape.",
              [](const LimiterMetrics::Row& c) { return c.peaks.queued; });
  showState(table, "bulkhead_draining", "bulkhead_mode");
  table.counter("bulkhead_executed_total", "Calls that ran to their end.", at(Count::executed));
  table.counter("bulkhead_failed_total", "Calls that ran and threw.", at(Count::failed));
  table.counter("bulkhead_rejected_total",
                "Calls rejected because no permit was free and they could not be queued.",
                at(Count::rejected));
  table.counter("bulkhead_timeout_total", "Calls that timed out in the queue.",
                at(Count::timedOut));
  table.counter("bulkhead_cancelled_total",
                "Calls that did not run: cancelled by the caller, or the bulkhead was destroyed.",
                at(Count::cancelled));
  table.counter("bulkhead_drained_total",
                "Calls refused, or failed in the queue, because of a drain.", at(Count::drained));
  table.counter("bulkhead_over_limit_total",
                "Mode observe: calls that would have waited or been rejected.",
                at(Count::overLimit));
  table.histogram("bulkhead_execution_time_seconds", "How long executed and failed calls ran.",
                  executionAt);
  table.histogram("bulkhead_wait_time_seconds", "How long the calls that ran had waited.", waitAt);
}

void showSemaphores(Table<LimiterMetrics> table) {
  table.gauge("semaphore_permits", "The limit of permits in use.",
              [](const LimiterMetrics::Row& c) { return limit(c.load.permits); });
  table.gauge("semaphore_available", "Permits free now.", [](const LimiterMetrics::Row& c) {
    const bool finite = c.load.permits != unlimited;
    return limit(finite ? c.load.available() : unlimited);
  });
  table.gauge("semaphore_waiting", "Calls that wait for permits now.",
              [](const LimiterMetrics::Row& c) { return c.queued; });
  showState(table, "semaphore_draining", "semaphore_mode");
  table.counter("semaphore_acquired_total", "Calls that acquired their permits.",
                at(Count::acquired));
  table.counter("semaphore_timeout_total", "Calls that timed out in the queue.",
                at(Count::timedOut));
  table.counter("semaphore_rejected_total", "Calls rejected at once.", at(Count::rejected));
  table.histogram("semaphore_wait_time_seconds",
                  "How long the calls that acquired permits had waited.", waitAt);
  table.histogram("semaphore_execution_time_seconds",
                  "How long work ran under its permits; bare permits are not timed.", executionAt);
}

void showBreakers(Table<BreakerMetrics> table) {
  static constexpr std::array<std::pair<CircuitState, const char*>, 3> states{
      {{CircuitState::closed, "closed"},
       {CircuitState::open, "open"},
       {CircuitState::halfOpen, "half_open"}}};
  static constexpr std::array<std::pair<Outcome, const char*>, 4> outcomes{
      {{succeeded, "succeeded"}, {failed, "failed"}, {ignored, "ignored"}, {refused, "refused"}}};
  table.each("circuit_breaker_state", "1 for the state that the next call would meet.",
             MetricType::Gauge, states.size(),
             [&](MetricFamily& family, const BreakerMetrics::Row& b) {
               for (const auto& [state, name] : states) {
                 table.add(family, b, "state", name).gauge.value = b.state == state ? 1 : 0;
               }
             });
  table.each("circuit_breaker_calls_total", "Calls, by outcome.", MetricType::Counter,
             outcomes.size(), [&](MetricFamily& family, const BreakerMetrics::Row& b) {
               for (const auto& [outcome, name] : outcomes) {
                 table.add(family, b, "outcome", name).counter.value =
                     static_cast<double>(b.numbers[outcome]);
               }
             });
  table.counter("circuit_breaker_slow_calls_total",
                "Calls, not ignored, that took or have been running longer than slowCallDuration.",
                slow);
  table.counter("circuit_breaker_opened_total", "How often the circuit opened.", opened);
}

}  // namespace

// --- the collector ------------------------------------------------------------------------------

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

  std::vector<MetricFamily> collect() {
    std::vector<MetricFamily> families;
    families.reserve(32);
    const std::lock_guard lock(mutex_);
    findNew();
    showBulkheads({families, bulkheads_.read()});
    showSemaphores({families, semaphores_.read()});
    showBreakers({families, breakers_.read()});
    return families;
  }

 private:
  [[noreturn]] static void throwNameTaken(const std::string& name) {
    throw ConfigError(name, "name", name, "must not be that of another one which is shown");
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

}  // namespace bulwark
