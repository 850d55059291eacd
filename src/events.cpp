#include "bulwark/events.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The events of one compartment on their way to its observer. Made when the first observer comes;
/// lives as long as the compartment.
///
/// Events are put in line under a mutex of its own, by threads that hold no other lock. One thread
/// at a time tells all there are, and a thread that comes meanwhile leaves its events to that one.
/// So they are told in order, and an observer that causes an event is told of it when it has
/// returned. Under the mutex nothing is allocated or freed, and no code of the user's runs, be it
/// the observer or the clock: an event is made before the mutex is taken, and freed without it.
///
/// Saturation and draining are states, of which the edges are told. Why the last word about them is
/// the true one: each change of what saturated() and draining() read is followed, on the thread
/// that made it, by a tell(), which looks at them under the mutex. The last tell() to get the mutex
/// for a look comes after all the others, and so sees what their threads had changed before; a
/// change that it does not see has its own tell() yet to come, which contradicts that it is the
/// last. So what the last one looks at is the final state, and if that is not what was told last,
/// it is put in line. Each edge differs from the one before: they alternate. (A state that has
/// passed before its thread comes to look is never told.)
///
/// Two kinds of change have no tell() of their own, and are seen by somebody else's:
///   - Who enters or leaves by a compare-and-swap on a word without `watched`. Either permits in
///     use do not decide there, or whatever makes them decide, a new observer or configure(), is
///     about to set the flag: a later change of the same word, and its tell() comes after.
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
    Line unwanted;  // freed when the mutex is free
    const std::lock_guard lock(mutex_);
    observer_.swap(observer);
    unwanted.swap(waiting_);
    lost_ = 0;
    saturated_ = draining_ = false;
    on_.store(observer_ != nullptr, std::memory_order_relaxed);
    admission.watch(observer_ != nullptr);
    return observer;
  }

  void add(EventKind kind, const Admission& admission) noexcept {
    auto node = make();
    std::unique_lock lock(mutex_);
    if (kind == EventKind::drained) lookAtDrain(admission, lock);  // which comes before its calls
    if (observer_ != nullptr && !put(node, kind, admission)) ++lost_;
  }

  void tell(const Admission& admission) noexcept {
    std::unique_lock lock(mutex_);
    look(admission, lock);
    if (telling_ || waiting_.empty()) return;
    telling_ = true;
    while (!waiting_.empty()) {
      tellOne(waiting_.pop(), lock);
      look(admission, lock);  // an edge for which there was no room has some now
    }
    telling_ = false;
  }

 private:
  /// More than that many do not wait: an observer that is slower than what it is told of must not
  /// fill the memory.
  static constexpr std::size_t maxWaiting = 4096;

  /// An event on its way. Made and destroyed without the mutex.
  struct Node {
    BulkheadEvent event;
    std::unique_ptr<Node> next;
  };

  /// First in, first out.
  class Line {
   public:
    Line() = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() {
      while (!empty()) pop();  // one by one: a chain of destructors is as deep as it is long
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    void push(std::unique_ptr<Node> node) noexcept {
      Node* const last = node.get();
      (empty() ? first_ : last_->next) = std::move(node);
      last_ = last;
      ++size_;
    }
    std::unique_ptr<Node> pop() noexcept {
      auto node = std::move(first_);
      first_ = std::move(node->next);
      --size_;
      return node;
    }
    void swap(Line& other) noexcept {
      first_.swap(other.first_);
      std::swap(last_, other.last_);
      std::swap(size_, other.size_);
    }

   private:
    std::unique_ptr<Node> first_;
    Node* last_ = nullptr;  // if there is one
    std::size_t size_ = 0;
  };

  /// An event of now, without the mutex. Null: there is no memory.
  std::unique_ptr<Node> make() const noexcept {
    std::unique_ptr<Node> node(new (std::nothrow) Node);
    if (node != nullptr) node->event.time = compartment_.now();
    return node;
  }

  void look(const Admission& admission, std::unique_lock<Mutex>& lock) noexcept {
    lookAtDrain(admission, lock);
    follow(
        saturated_, [&] { return admission.saturated(); }, EventKind::saturated,
        EventKind::relieved, admission, lock);
  }

  void lookAtDrain(const Admission& admission, std::unique_lock<Mutex>& lock) noexcept {
    const auto draining = [&] {
      const bool now = admission.draining();
      // Neither the end of the bulkhead nor that of its context begins or ends a drain. Both are
      // noted before the core knows of them.
      const bool over = now != draining_ && (compartment_.destroyed() || compartment_.abandoned());
      return over ? draining_ : now;
    };
    follow(draining_, draining, EventKind::drainStarted, EventKind::resumed, admission, lock);
  }

  /// Puts an edge in line where the state is not the one that was put in line last. The mutex is
  /// given up to make the event, so that the state is looked at again.
  template <typename State>
  void follow(bool& known, State state, EventKind begins, EventKind ends,
              const Admission& admission, std::unique_lock<Mutex>& lock) noexcept {
    if (observer_ == nullptr || state() == known) return;
    lock.unlock();
    auto node = make();
    lock.lock();
    if (observer_ != nullptr && state() != known && put(node, known ? ends : begins, admission)) {
      known = !known;
    } else if (node != nullptr) {
      lock.unlock();
      node.reset();
      lock.lock();
    }
  }

  /// Puts `node` in line, if there is one, and room.
  bool put(std::unique_ptr<Node>& node, EventKind kind, const Admission& admission) noexcept {
    if (node == nullptr || waiting_.size() == maxWaiting) return false;
    const Admission::Numbers numbers = admission.numbers();
    // In line, time does not run backwards, whichever thread was first to look at the clock.
    lastTime_ = std::max(lastTime_, node->event.time);
    node->event = {.kind = kind,
                   .compartment = compartment_.kind(),
                   .name = compartment_.name(),
                   .time = lastTime_,
                   .active = numbers.active,
                   .queued = numbers.queued,
                   .maxConcurrent = numbers.permits,
                   .maxQueueSize = numbers.maxQueueSize,
                   .lost = std::exchange(lost_, 0)};
    waiting_.push(std::move(node));
    return true;
  }

  void tellOne(std::unique_ptr<Node> node, std::unique_lock<Mutex>& lock) noexcept {
    auto observer = observer_;  // may be taken away while it runs
    lock.unlock();
    try {
      (*observer)(node->event);
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    observer.reset();  // maybe the last of it: not under the lock
    node.reset();
    lock.lock();
  }

  Compartment& compartment_;
  Atomic<bool> on_{false};
  Mutex mutex_;
  std::shared_ptr<const Observer> observer_;  // null: nothing waits
  Line waiting_;
  std::uint64_t lost_ = 0;  // since the last that was put in line
  Instant lastTime_ = Instant::min();  // of the one that was put in line last
  bool saturated_ = false;  // as put in line last
  bool draining_ = false;  // likewise
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
