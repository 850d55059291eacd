#include "bulwark/prometheus.hpp"

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

#include "bulwark/detail/histogram_recorder.hpp"
#include "bulwark/detail/peak_watch.hpp"
#include "bulwark/detail/statistics.hpp"
#include "bulwark/detail/utf8.hpp"
#include "bulwark/error.hpp"
#include "float_bits.hpp"

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

/// The library's buckets that lie within the bound: all of them below this one. The bucket that a
/// bound cuts in two is counted in the next, where its upper bound lies: so a count never holds a
/// call that took longer, and leaves out only calls within a bucket's width, 1/8, of the bound.
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

// --- what only grows ----------------------------------------------------------------------------

/// A histogram: how many durations lie between the bounds and beyond the last, and their sum in
/// nanoseconds.
constexpr std::size_t histogramSize = within.size() + 1;

/// All that is counted of a bulkhead or a semaphore: counters, execution times, waiting times.
constexpr std::size_t executionAt = countKinds;
constexpr std::size_t waitAt = executionAt + histogramSize;
constexpr std::size_t callNumbers = waitAt + histogramSize;

/// All that is counted of a circuit breaker.
enum Outcome : std::size_t { succeeded, failed, ignored, refused, slow, opened };
constexpr std::size_t breakerNumbers = 6;

template <std::size_t size>
using Numbers = std::array<std::uint64_t, size>;

/// Numbers as they are shown, which never step back although somebody may be counted and taken back
/// between two scrapes.
template <std::size_t size>
class Growing {
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

Numbers<callNumbers> totalsOf(const Compartment& compartment) noexcept {
  Numbers<callNumbers> result{};
  compartment.addTo({.ends = within,
                     .counts = result.data(),
                     .execution = &result[executionAt],
                     .wait = &result[waitAt]});
  return result;
}

// --- names --------------------------------------------------------------------------------------

/// The name as a label may have it: Prometheus refuses a whole scrape for one byte that is no
/// UTF-8.
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

// --- whom it shows ------------------------------------------------------------------------------

/// A bulkhead or a semaphore.
class Calls {
 public:
  /// What is shown of one, or of several of one name together.
  struct Row {
    ClientMetric::Label label;
    Numbers<callNumbers> numbers{};
    std::size_t active = 0;
    std::size_t queued = 0;
    Admission::Peaks peaks{};
    // Of the last one alone:
    Admission::Numbers load{};
  };

  explicit Calls(Compartment& compartment) noexcept : watch_(compartment) {}

  bool destroyed() const noexcept { return compartment().destroyed(); }
  bool over() const noexcept { return compartment().over(); }

  /// Reads its numbers, and adds them.
  void addTo(Numbers<callNumbers>& sum) noexcept {
    numbers_.advanceTo(totalsOf(compartment()));
    numbers_.addTo(sum);
  }
  /// All that is shown of it; the peaks begin anew.
  void addTo(Row& row) noexcept {
    addTo(row.numbers);
    row.load = compartment().load();
    row.active += row.load.active;
    row.queued += row.load.queued;
    if (compartment().kind() == Compartment::Kind::semaphore) return;  // nobody sees its peaks
    // Who has just entered may not have raised the peak yet.
    const Admission::Peaks peaks = watch_.take();
    row.peaks.active += std::max(peaks.active, row.load.active);
    row.peaks.queued += std::max(peaks.queued, row.load.queued);
  }

 private:
  Compartment& compartment() const noexcept { return watch_.compartment(); }

  PeakWatch watch_;
  Growing<callNumbers> numbers_;
};

/// A circuit breaker.
class Breaking {
 public:
  struct Row {
    ClientMetric::Label label;
    Numbers<breakerNumbers> numbers{};
    CircuitState state = CircuitState::closed;  // of the last one
  };

  Breaking(Compartment& clock, std::shared_ptr<Breaker> breaker) noexcept
      : watch_(std::move(breaker)), clock_(&clock) {}

  bool destroyed() const noexcept { return clock_->destroyed(); }
  /// A breaker has no permits that would tell whether calls still run: they hold it.
  bool over() const noexcept { return destroyed() && watch_.alone(); }

  void addTo(Numbers<breakerNumbers>& sum) noexcept { addTotals(totals(), sum); }
  void addTo(Row& row) noexcept {
    const CircuitBreakerStats now = totals();
    addTotals(now, row.numbers);
    row.state = now.state;
  }

 private:
  CircuitBreakerStats totals() const noexcept { return watch_.breaker().totals(clock_->now()); }
  void addTotals(const CircuitBreakerStats& now, Numbers<breakerNumbers>& sum) noexcept {
    numbers_.advanceTo({now.succeeded, now.failed, now.ignored, now.refused, now.slow, now.opened});
    numbers_.addTo(sum);
  }

  BreakerWatch watch_;
  Ref<Compartment> clock_;  // which also tells when the breaker is destroyed
  Growing<breakerNumbers> numbers_;
};

/// All that has one name: who has it now, and those before, of whom calls may still run. The name
/// and its numbers stay when all are gone, for the next one.
template <typename Thing>
class Namesakes {
 public:
  using Row = typename Thing::Row;

  Namesakes(const char* label, const std::string& name) : row_{.label = {label, name}} {}

  bool empty() const noexcept { return lives_.empty(); }
  bool taken() const noexcept { return !empty() && !lives_.back().thing.destroyed(); }

  template <typename... Args>
  void add(Args&&... args) {
    forgetOver();  // although nobody scrapes
    lives_.emplace_back(std::forward<Args>(args)...);
  }

  /// All of them, looked at now.
  const Row& look() noexcept {
    row_ = Row{.label = std::move(row_.label), .numbers = ended_};
    for (Life& life : lives_) life.thing.addTo(row_);
    forgetOver();
    return row_;
  }

 private:
  /// Only the second time that it finds somebody over: the first time the thread that destroyed him
  /// may still be counting the calls that it put out.
  void forgetOver() noexcept {
    for (auto life = lives_.begin(); life != lives_.end();) {
      if (life->over) {
        life->thing.addTo(ended_);
        life = lives_.erase(life);
      } else {
        life->over = life->thing.over();
        ++life;
      }
    }
  }

  struct Life {
    template <typename... Args>
    explicit Life(Args&&... args) noexcept : thing(std::forward<Args>(args)...) {}

    Thing thing;
    bool over = false;  // when forgetOver() last asked
  };

  std::list<Life> lives_;  // in the order in which they came
  decltype(Row::numbers) ended_{};  // of those that are forgotten
  Row row_;
};

/// Things of one kind by the label that they have.
template <typename Thing>
class Shelf {
 public:
  using Rows = std::vector<const typename Thing::Row*>;

  explicit Shelf(const char* label) : label_(label) {}

  /// @return false: one of that label is there, and not destroyed
  template <typename... Args>
  bool add(const std::string& name, Args&&... args) {
    const std::string label = labelFor(name);
    auto& namesakes = things_.try_emplace(label, label_, label).first->second;
    if (namesakes.taken()) return false;
    namesakes.add(std::forward<Args>(args)...);
    return true;
  }

  /// All that are there, looked at now.
  Rows look() {
    Rows rows;
    rows.reserve(things_.size());
    for (auto& [label, namesakes] : things_) {
      if (!namesakes.empty()) rows.push_back(&namesakes.look());
    }
    return rows;
  }

 private:
  const char* const label_;
  std::map<std::string, Namesakes<Thing>> things_;
};

// --- metrics ------------------------------------------------------------------------------------

/// None: `unlimited` or `noTimeout`, infinity for Prometheus.
using Limit = std::optional<double>;

/// One kind of thing, on its way into families of metrics.
template <typename Thing>
class Table {
 public:
  using Row = typename Thing::Row;
  using Rows = typename Shelf<Thing>::Rows;

  Table(std::vector<MetricFamily>& families, Rows rows)
      : families_(families), rows_(std::move(rows)) {}

  /// `value` of each thing.
  template <typename Value>
  void gauge(const char* name, const char* help, Value value) {
    each(name, help, MetricType::Gauge, 1, [&](MetricFamily& family, const Row& row) {
      show(add(family, row).gauge.value, value(row));
    });
  }

  void counter(const char* name, const char* help, std::size_t number) {
    each(name, help, MetricType::Counter, 1, [&](MetricFamily& family, const Row& row) {
      add(family, row).counter.value = static_cast<double>(row.numbers[number]);
    });
  }

  /// The numbers of a histogram that begin at `first`.
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

  /// Several series of each thing, told apart by another label: `fill` has add() make them.
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

/// What bulkheads and semaphores have in common.
void showState(Table<Calls>& table, const char* draining, const char* mode) {
  static constexpr std::array<std::pair<Mode, const char*>, 3> modes{
      {{Mode::enforce, "enforce"}, {Mode::observe, "observe"}, {Mode::off, "off"}}};
  table.gauge(draining, "1 while it accepts no calls because of a drain.",
              [](const Calls::Row& c) { return c.load.draining ? 1 : 0; });
  table.each(mode, "1 for the mode that it is in.", MetricType::Gauge, modes.size(),
             [&](MetricFamily& family, const Calls::Row& c) {
               for (const auto& [value, name] : modes) {
                 table.add(family, c, "mode", name).gauge.value = c.load.mode == value ? 1 : 0;
               }
             });
}

void showBulkheads(Table<Calls> table) {
  table.gauge("bulkhead_active", "Permits held now: the weights of the running calls.",
              [](const Calls::Row& c) { return c.active; });
  table.gauge("bulkhead_queued", "Calls that wait for permits now.",
              [](const Calls::Row& c) { return c.queued; });
  table.gauge("bulkhead_max_concurrent", "The limit of bulkhead_active.",
              [](const Calls::Row& c) { return limit(c.load.permits); });
  table.gauge("bulkhead_max_queue_size", "The limit of bulkhead_queued.",
              [](const Calls::Row& c) { return limit(c.load.maxQueueSize); });
  table.gauge("bulkhead_timeout_seconds", "How long a call may wait, unless it says otherwise.",
              [](const Calls::Row& c) { return limit(c.load.timeout); });
  table.gauge("bulkhead_peak_active", "The most of bulkhead_active since the last scrape.",
              [](const Calls::Row& c) { return c.peaks.active; });
  table.gauge("bulkhead_peak_queued", "The most of bulkhead_queued since the last scrape.",
              [](const Calls::Row& c) { return c.peaks.queued; });
  showState(table, "bulkhead_draining", "bulkhead_mode");
  table.counter("bulkhead_executed_total", "Calls that ran to their end.", at(Count::executed));
  table.counter("bulkhead_failed_total", "Calls that ran and threw.", at(Count::failed));
  table.counter("bulkhead_rejected_total",
                "Calls refused at once: no permit free and no place in the queue.",
                at(Count::rejected));
  table.counter("bulkhead_timeout_total", "Calls that left the queue because their time was over.",
                at(Count::timedOut));
  table.counter("bulkhead_cancelled_total",
                "Calls that left the queue because of their caller, or of destruction.",
                at(Count::cancelled));
  table.counter("bulkhead_drained_total", "Calls refused or put out because of a drain.",
                at(Count::drained));
  table.counter("bulkhead_over_limit_total",
                "Mode observe: calls that would have waited or been rejected.",
                at(Count::overLimit));
  table.histogram("bulkhead_execution_time_seconds", "How long executed and failed calls ran.",
                  executionAt);
  table.histogram("bulkhead_wait_time_seconds", "How long calls waited that then ran.", waitAt);
}

void showSemaphores(Table<Calls> table) {
  table.gauge("semaphore_permits", "The permits that it has.",
              [](const Calls::Row& c) { return limit(c.load.permits); });
  table.gauge("semaphore_available", "Permits free now.", [](const Calls::Row& c) {
    const bool finite = c.load.permits != unlimited;
    return limit(finite ? c.load.available() : unlimited);
  });
  table.gauge("semaphore_waiting", "Calls that wait for permits now.",
              [](const Calls::Row& c) { return c.queued; });
  showState(table, "semaphore_draining", "semaphore_mode");
  table.counter("semaphore_acquired_total", "Calls that got their permits.", at(Count::acquired));
  table.counter("semaphore_timeout_total", "Calls that left the queue because their time was over.",
                at(Count::timedOut));
  table.counter("semaphore_rejected_total", "Calls refused at once.", at(Count::rejected));
  table.histogram("semaphore_wait_time_seconds", "How long calls waited that then got permits.",
                  waitAt);
  table.histogram("semaphore_execution_time_seconds",
                  "How long work ran under its permits; bare permits are not timed.", executionAt);
}

void showBreakers(Table<Breaking> table) {
  static constexpr std::array<std::pair<CircuitState, const char*>, 3> states{
      {{CircuitState::closed, "closed"},
       {CircuitState::open, "open"},
       {CircuitState::halfOpen, "half_open"}}};
  static constexpr std::array<std::pair<Outcome, const char*>, 4> outcomes{
      {{succeeded, "succeeded"}, {failed, "failed"}, {ignored, "ignored"}, {refused, "refused"}}};
  table.each("circuit_breaker_state", "1 for the state in which the next call would find it.",
             MetricType::Gauge, states.size(), [&](MetricFamily& family, const Breaking::Row& b) {
               for (const auto& [state, name] : states) {
                 table.add(family, b, "state", name).gauge.value = b.state == state ? 1 : 0;
               }
             });
  table.each("circuit_breaker_calls_total", "Calls by how they ended.", MetricType::Counter,
             outcomes.size(), [&](MetricFamily& family, const Breaking::Row& b) {
               for (const auto& [outcome, name] : outcomes) {
                 table.add(family, b, "outcome", name).counter.value =
                     static_cast<double>(b.numbers[outcome]);
               }
             });
  table.counter("circuit_breaker_slow_calls_total",
                "Calls, not ignored, that took or have been running longer than slowCallDuration.",
                slow);
  table.counter("circuit_breaker_opened_total", "How often it opened.", opened);
}

}  // namespace

// --- the whole ----------------------------------------------------------------------------------

/// What a collector knows. Its lock is that of those who scrape and add.
class Exposition {
 public:
  explicit Exposition(std::unique_ptr<CompartmentSource> source) : source_(std::move(source)) {}

  void add(Compartment& compartment) {
    const std::lock_guard lock(mutex_);
    if (!put(compartment)) throwNameTaken(compartment.name());
  }

  void add(Compartment& clock, std::shared_ptr<Breaker> breaker) {
    const std::lock_guard lock(mutex_);
    const std::string& name = breaker->name();  // whoever is added keeps it
    if (!breakers_.add(name, clock, breaker)) throwNameTaken(name);
  }

  std::vector<MetricFamily> collect() {
    std::vector<MetricFamily> families;
    families.reserve(32);
    const std::lock_guard lock(mutex_);
    findNew();
    showBulkheads({families, bulkheads_.look()});
    showSemaphores({families, semaphores_.look()});
    showBreakers({families, breakers_.look()});
    return families;
  }

 private:
  [[noreturn]] static void throwNameTaken(const std::string& name) {
    throw ConfigError(name, "name", name, "must not be that of another one which is shown");
  }

  /// @return whether there was none of its name
  bool put(Compartment& compartment) {
    const bool bulkhead = compartment.kind() == Compartment::Kind::bulkhead;
    return (bulkhead ? bulkheads_ : semaphores_).add(compartment.name(), compartment);
  }

  /// What came into the manager since the last time, and what had to stand back then because of its
  /// name. It is all looked through only if there is such.
  void findNew() {
    if (source_ == nullptr || source_->size() == found_) return;
    source_->forEach([this](Compartment& compartment) {
      bool& found = known_[&compartment];
      if (found || !put(compartment)) return;
      found = true;
      ++found_;
    });
  }

  std::mutex mutex_;
  const std::unique_ptr<CompartmentSource> source_;
  // Of the source, which keeps them: no address comes twice. Whether it was shown.
  std::map<const Compartment*, bool> known_;
  std::size_t found_ = 0;  // how many of them were
  Shelf<Calls> bulkheads_{"bulkhead"};
  Shelf<Calls> semaphores_{"semaphore"};
  Shelf<Breaking> breakers_{"breaker"};
};

}  // namespace detail

BulkheadCollector::BulkheadCollector() : BulkheadCollector(nullptr) {}

BulkheadCollector::BulkheadCollector(std::unique_ptr<detail::CompartmentSource> source)
    : exposition_(std::make_unique<detail::Exposition>(std::move(source))) {}

BulkheadCollector::~BulkheadCollector() = default;

std::vector<prometheus::MetricFamily> BulkheadCollector::Collect() const {
  return exposition_->collect();
}

void BulkheadCollector::addCompartment(detail::Compartment& compartment) {
  exposition_->add(compartment);
}

void BulkheadCollector::addBreaker(detail::Compartment& clock,
                                   std::shared_ptr<detail::Breaker> breaker) {
  exposition_->add(clock, std::move(breaker));
}

}  // namespace bulwark
