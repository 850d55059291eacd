#include "bulwark/events.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The events of one compartment on their way to its observer. Made when the first observer comes;
/// lives as long as the compartment.
///
/// Events are put in line under a mutex of its own, at the moment at which they happen, also under
/// a lock of the manager's. They are told later, by whoever is then free of locks: one thread at a
/// time tells all there are, and who comes meanwhile leaves his to it. So they are told in order,
/// and an observer that causes an event is told of it when it has returned.
///
/// Why the last word about saturation is the true one. Each change of what saturated() reads is
/// followed, on the thread that made it, by a tell(), which looks at saturated() under the mutex.
/// The last tell() to get the mutex comes after all the others that got it, and so sees what their
/// threads had changed before; a change that it does not see has its own tell() yet to come, which
/// contradicts that it is the last. So what the last one looks at is the final state, and if that
/// is not what was told last, it is put in line. Each edge differs from the one before: they
/// alternate. (A state that has passed before its thread comes to look is never told.)
///
/// Two kinds of change have no tell() of their own, and are seen by somebody else's:
///   - Who enters or leaves by a compare-and-swap on a word without `watched`. Either permits in
///     use do not decide there, or whoever makes them decide, a new observer or configure(), is
///     about to set the flag: that is a later change of the same word, and his tell() comes after.
///   - Who changes something under the core's lock, and sees no observer. Then watch() takes that
///     lock after him, and the tell() of setObserver() comes after that.
class Events {
 public:
  explicit Events(Compartment& compartment) noexcept : compartment_(compartment) {}

  /// Whether there is an observer. Who changes something after watch() sees it.
  bool on() const noexcept { return on_.load(std::memory_order_relaxed); }

  /// Puts another observer, or none, in the place of the one that it returns, which hears of
  /// nothing from here on but what a thread has already begun to tell it.
  std::shared_ptr<const Observer> exchange(std::shared_ptr<const Observer> observer,
                                           Admission& admission) noexcept {
    const std::lock_guard lock(mutex_);
    observer_.swap(observer);
    waiting_.clear();
    lost_ = 0;
    saturated_ = false;
    on_.store(observer_ != nullptr, std::memory_order_relaxed);
    admission.watch(observer_ != nullptr);
    return observer;
  }

  void add(EventKind kind, const Admission& admission) noexcept {
    const std::lock_guard lock(mutex_);
    if (observer_ != nullptr && !put(kind, admission)) ++lost_;
  }

  void tell(const Admission& admission) noexcept {
    std::unique_lock lock(mutex_);
    look(admission);
    if (telling_ || waiting_.empty()) return;
    telling_ = true;
    while (!waiting_.empty()) {
      const BulkheadEvent event = waiting_.front();
      waiting_.pop_front();
      tellOne(event, lock);
      look(admission);  // an edge for which there was no room has some now
    }
    telling_ = false;
  }

 private:
  /// More than that many do not wait: an observer that is slower than what it is told of must not
  /// fill the memory.
  static constexpr std::size_t maxWaiting = 4096;

  void look(const Admission& admission) noexcept {
    if (observer_ == nullptr || admission.saturated() == saturated_) return;
    if (put(saturated_ ? EventKind::relieved : EventKind::saturated, admission)) {
      saturated_ = !saturated_;
    }
  }

  bool put(EventKind kind, const Admission& admission) noexcept {
    if (waiting_.size() == maxWaiting) return false;
    const Admission::Numbers numbers = admission.numbers();
    try {
      waiting_.push_back({.kind = kind,
                          .compartment = compartment_.kind(),
                          .name = compartment_.name(),
                          .time = compartment_.now(),
                          .active = numbers.active,
                          .queued = numbers.queued,
                          .maxConcurrent = numbers.permits,
                          .maxQueueSize = numbers.maxQueueSize,
                          .lost = lost_});
    } catch (...) {
      return false;
    }
    lost_ = 0;
    return true;
  }

  void tellOne(const BulkheadEvent& event, std::unique_lock<Mutex>& lock) noexcept {
    auto observer = observer_;  // may be taken away while it runs
    lock.unlock();
    try {
      (*observer)(event);
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    observer.reset();  // maybe the last of it: not under the lock
    lock.lock();
  }

  Compartment& compartment_;
  Atomic<bool> on_{false};
  Mutex mutex_;
  std::shared_ptr<const Observer> observer_;  // null: nothing waits
  std::deque<BulkheadEvent> waiting_;
  std::uint64_t lost_ = 0;  // since the last that was put in line
  bool saturated_ = false;  // as put in line last
  bool telling_ = false;
};

Compartment::~Compartment() { delete events_.load(std::memory_order_relaxed); }

Events* Compartment::observed() const noexcept {
  Events* const events = events_.load(std::memory_order_acquire);
  return events != nullptr && events->on() ? events : nullptr;
}

void Compartment::noteSlowly(EventKind kind) noexcept {
  if (Events* events = observed()) events->add(kind, admission_);
}

void Compartment::tellSlowly() noexcept {
  if (Events* events = observed()) events->tell(admission_);
}

void Compartment::expectEvents() {
  if (events_.load(std::memory_order_acquire) != nullptr) return;
  auto made = std::make_unique<Events>(*this);
  Events* none = nullptr;
  if (events_.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
    static_cast<void>(made.release());
  }
}

std::shared_ptr<const Observer> Compartment::exchangeObserver(
    std::shared_ptr<const Observer> observer) noexcept {
  Events* const events = events_.load(std::memory_order_acquire);
  return events != nullptr ? events->exchange(std::move(observer), admission_) : nullptr;
}

void Compartment::setObserver(Observer observer) {
  const Ref keep(this);
  std::shared_ptr<const Observer> next;
  if (observer) {
    next = std::make_shared<const Observer>(std::move(observer));
    expectEvents();
  }
  const auto last = exchangeObserver(std::move(next));
  tellEvents();
}

}  // namespace bulwark::detail
