#include "bulwark/prometheus.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "bulwark/detail/histogram_recorder.hpp"
#include "bulwark/detail/peak_watch.hpp"
#include "bulwark/detail/statistics.hpp"
#include "bulwark/error.hpp"

namespace bulwark {
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

/// Numbers as they are shown: those of one name's whole life, which never step back. Somebody may
/// be counted and taken back between two scrapes, and a name may pass from one bulkhead to the
/// next.
template <std::size_t size>
class Growing {
 public:
  using Numbers = std::array<std::uint64_t, size>;

  void advanceTo(const Numbers& now) noexcept {
    for (std::size_t i = 0; i < size; ++i) shown_[i] = std::max(shown_[i], before_[i] + now[i]);
  }
  /// Those that come now begin at 0.
  void beginAnew() noexcept { before_ = shown_; }

  std::uint64_t operator[](std::size_t i) const noexcept { return shown_[i]; }

 private:
  Numbers before_{};
  Numbers shown_{};
};

Growing<callNumbers>::Numbers totalsOf(const Compartment& compartment) noexcept {
  Growing<callNumbers>::Numbers result{};
  compartment.addTo({.ends = within,
                     .counts = result.data(),
                     .execution = &result[executionAt],
                     .wait = &result[waitAt]});
  return result;
}

// --- whom it shows ------------------------------------------------------------------------------

/// A bulkhead or a semaphore, as it was at this scrape. The name and its numbers stay when the
/// thing is gone, for the next one.
struct Calls {
  ClientMetric::Label label;
  std::optional<PeakWatch> watch;
  Growing<callNumbers> numbers;

  Admission::Numbers load{};
  Admission::Peaks peaks;
  Instant timeout{0};

  bool there() const noexcept { return watch.has_value(); }
  bool over() const noexcept { return watch->compartment().over(); }
  void forget() noexcept { watch.reset(); }

  void look() noexcept {
    Compartment& compartment = watch->compartment();
    numbers.advanceTo(totalsOf(compartment));
    load = compartment.load();
    timeout = compartment.timeout();
    // Nobody sees the peaks of a semaphore.
    if (compartment.kind() == Compartment::Kind::bulkhead) peaks = watch->take();
  }
};

struct Breaking {
  ClientMetric::Label label;
  std::shared_ptr<Breaker> breaker;
  Ref<Compartment> clock;  // which also tells when the breaker is destroyed
  Growing<breakerNumbers> numbers;
  CircuitState state = CircuitState::closed;

  bool there() const noexcept { return breaker != nullptr; }
  bool over() const noexcept { return clock->over(); }
  void forget() noexcept {
    breaker.reset();
    clock = Ref<Compartment>();
  }

  void look() noexcept {
    const CircuitBreakerStats now = breaker->totals(clock->now());
    state = now.state;
    numbers.advanceTo({now.succeeded, now.failed, now.ignored, now.refused, now.slow, now.opened});
  }
};

/// Things of one kind by name.
template <typename Thing>
class Shelf {
 public:
  using Rows = std::vector<const Thing*>;

  explicit Shelf(const char* label) : label_(label) {}

  /// Where a thing of that name goes; null: there is one.
  Thing* placeFor(const std::string& name) {
    Thing& place = things_.try_emplace(name).first->second;
    if (place.there()) {
      if (!place.over()) return nullptr;
      place.look();  // for the last time
    }
    place.label = {label_, name};
    place.numbers.beginAnew();
    return &place;
  }

  /// All that are there, looked at now. Who is over is among them for the last time.
  Rows look() {
    Rows rows;
    rows.reserve(things_.size());
    for (auto& [name, thing] : things_) {
      if (!thing.there()) continue;
      const bool last = thing.over();
      thing.look();
      rows.push_back(&thing);
      if (last) thing.forget();
    }
    return rows;
  }

 private:
  const char* const label_;
  std::map<std::string, Thing> things_;
};

// --- metrics ------------------------------------------------------------------------------------

/// One kind of thing, on its way into families of metrics.
template <typename Thing>
class Table {
 public:
  using Rows = typename Shelf<Thing>::Rows;

  Table(std::vector<MetricFamily>& families, Rows rows)
      : families_(families), rows_(std::move(rows)) {}

  /// `value` of each thing.
  template <typename Value>
  void gauge(const char* name, const char* help, Value value) {
    each(name, help, MetricType::Gauge, 1, [&](MetricFamily& family, const Thing& thing) {
      add(family, thing).gauge.value = static_cast<double>(value(thing));
    });
  }

  void counter(const char* name, const char* help, std::size_t number) {
    each(name, help, MetricType::Counter, 1, [&](MetricFamily& family, const Thing& thing) {
      add(family, thing).counter.value = static_cast<double>(thing.numbers[number]);
    });
  }

  /// The numbers of a histogram that begin at `first`.
  void histogram(const char* name, const char* help, std::size_t first) {
    each(name, help, MetricType::Histogram, 1, [&](MetricFamily& family, const Thing& thing) {
      auto& histogram = add(family, thing).histogram;
      histogram.bucket.resize(bounds.size());
      std::uint64_t count = 0;
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        count += thing.numbers[first + i];
        histogram.bucket[i] = {count, boundsInSeconds[i]};
      }
      histogram.sample_count = count + thing.numbers[first + bounds.size()];
      histogram.sample_sum = seconds(thing.numbers[first + within.size()]);
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
    for (const Thing* thing : rows_) fill(family, *thing);
  }

  ClientMetric& add(MetricFamily& family, const Thing& thing, const char* label = nullptr,
                    const char* value = nullptr) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label.reserve(label != nullptr ? 2 : 1);
    metric.label.push_back(thing.label);
    if (label != nullptr) metric.label.push_back({label, value});
    return metric;
  }

 private:
  std::vector<MetricFamily>& families_;
  const Rows rows_;
};

/// `unlimited`, which is no number that anybody could compute with.
double limit(std::size_t value) noexcept {
  return value == unlimited ? std::numeric_limits<double>::infinity() : static_cast<double>(value);
}

double limit(std::chrono::nanoseconds value) noexcept {
  return value == noTimeout ? std::numeric_limits<double>::infinity()
                            : seconds(static_cast<std::uint64_t>(value.count()));
}

constexpr std::size_t at(Count count) noexcept { return static_cast<std::size_t>(count); }

void showBulkheads(Table<Calls> table) {
  table.gauge("bulkhead_active", "Permits held now: the weights of the running calls.",
              [](const Calls& c) { return c.load.active; });
  table.gauge("bulkhead_queued", "Calls that wait for permits now.",
              [](const Calls& c) { return c.load.queued; });
  table.gauge("bulkhead_max_concurrent", "The limit of bulkhead_active.",
              [](const Calls& c) { return limit(c.load.permits); });
  table.gauge("bulkhead_max_queue_size", "The limit of bulkhead_queued.",
              [](const Calls& c) { return limit(c.load.maxQueueSize); });
  table.gauge("bulkhead_timeout_seconds", "How long a call may wait, unless it says otherwise.",
              [](const Calls& c) { return limit(c.timeout); });
  table.gauge("bulkhead_peak_active", "The most of bulkhead_active since the last scrape.",
              [](const Calls& c) { return c.peaks.active; });
  table.gauge("bulkhead_peak_queued", "The most of bulkhead_queued since the last scrape.",
              [](const Calls& c) { return c.peaks.queued; });
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
              [](const Calls& c) { return limit(c.load.permits); });
  table.gauge("semaphore_available", "Permits free now.",
              [](const Calls& c) { return limit(c.load.available()); });
  table.gauge("semaphore_waiting", "Calls that wait for permits now.",
              [](const Calls& c) { return c.load.queued; });
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
             MetricType::Gauge, states.size(), [&](MetricFamily& family, const Breaking& b) {
               for (const auto& [state, name] : states) {
                 table.add(family, b, "state", name).gauge.value = b.state == state ? 1 : 0;
               }
             });
  table.each("circuit_breaker_calls_total", "Calls by how they ended.", MetricType::Counter,
             outcomes.size(), [&](MetricFamily& family, const Breaking& b) {
               for (const auto& [outcome, name] : outcomes) {
                 table.add(family, b, "outcome", name).counter.value =
                     static_cast<double>(b.numbers[outcome]);
               }
             });
  table.counter("circuit_breaker_slow_calls_total",
                "Calls, succeeded or failed, that took longer than slowCallDuration.", slow);
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
    Breaking* const place = breakers_.placeFor(breaker->name());
    if (place == nullptr) throwNameTaken(breaker->name());
    place->clock = Ref<Compartment>(&clock);
    place->breaker = std::move(breaker);
  }

  std::vector<MetricFamily> collect() {
    std::vector<MetricFamily> families;
    families.reserve(28);
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
    Calls* const place = (bulkhead ? bulkheads_ : semaphores_).placeFor(compartment.name());
    if (place != nullptr) place->watch.emplace(compartment);
    return place != nullptr;
  }

  /// What came into the manager since the last time. It is all looked through only then.
  void findNew() {
    if (source_ == nullptr || source_->size() == known_.size()) return;
    source_->forEach([this](Compartment& compartment) {
      if (known_.insert(&compartment).second) put(compartment);
    });
  }

  std::mutex mutex_;
  const std::unique_ptr<CompartmentSource> source_;
  std::set<const Compartment*> known_;  // of the source, which keeps them: no address comes twice
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
