#include "bulwark/detail/telemetry/event_queue.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

EventQueue::~EventQueue() = default;

std::shared_ptr<const Observer> EventQueue::exchange(
    std::shared_ptr<const Observer> observer) noexcept {
  List unwanted;  // its events are freed after the mutex is released
  const std::lock_guard lock(mutex_);
  observer_.swap(observer);
  unwanted.swap(waiting_);
  lost_ = 0;
  saturated_ = draining_ = false;  // a new observer first receives the edges to the present state
  on_.store(observer_ != nullptr, std::memory_order_relaxed);
  // Takes the core's lock. A change under that lock comes before this, and the look that follows
  // sees the change; or it comes after this, and sees the observer.
  watch(observer_ != nullptr);
  return observer;
}

void EventQueue::add(EventKind kind, std::chrono::nanoseconds overdueFor) noexcept {
  auto node = make();
  if (node != nullptr) node->event.overdueFor = overdueFor;
  std::unique_lock lock(mutex_);
  // The event of a drain's start precedes the events of the calls that the drain fails.
  if (kind == EventKind::drained) lookAtDrain(lock);
  // The next event that is added reports the loss.
  if (observer_ != nullptr && !put(node, kind)) ++lost_;
}

void EventQueue::deliver() noexcept {
  std::unique_lock lock(mutex_);
  look(lock);
  // A thread that is delivering looks at the queue again, under this mutex, before it stops. So it
  // delivers what this thread has added.
  if (delivering_ || waiting_.empty()) return;
  delivering_ = true;
  while (!waiting_.empty()) {
    deliverOne(waiting_.pop(), lock);
    look(lock);  // an edge for which the queue was full now has room
  }
  delivering_ = false;
}

void EventQueue::List::push(std::unique_ptr<Node> node) noexcept {
  Node* const last = node.get();
  (empty() ? first_ : last_->next) = std::move(node);
  last_ = last;
  ++size_;
}

auto EventQueue::List::pop() noexcept -> std::unique_ptr<Node> {
  auto node = std::move(first_);
  first_ = std::move(node->next);
  --size_;
  return node;
}

void EventQueue::List::swap(List& other) noexcept {
  first_.swap(other.first_);
  std::swap(last_, other.last_);
  std::swap(size_, other.size_);
}

/// Makes an event with the present time. The caller does not hold the mutex. Null: no memory.
auto EventQueue::make() const noexcept -> std::unique_ptr<Node> {
  std::unique_ptr<Node> node(new (std::nothrow) Node);
  if (node != nullptr) node->event.time = now();
  return node;
}

void EventQueue::look(std::unique_lock<Mutex>& lock) noexcept {
  lookAtDrain(lock);
  follow(
      saturated_, [&] { return saturated(); }, EventKind::saturated, EventKind::recovered, lock);
}

void EventQueue::lookAtDrain(std::unique_lock<Mutex>& lock) noexcept {
  const auto drains = [&] {
    const bool now = draining();
    // The end of the bulkhead, or of its context, closes the core, too, but is no drain. ending()
    // holds before the core is closed.
    return now != draining_ && ending() ? draining_ : now;
  };
  follow(draining_, drains, EventKind::drainStarted, EventKind::resumed, lock);
}

/// Adds an edge if the state differs from what the last event about it says. The mutex is released
/// while the event is made, so the state is read again.
template <typename State>
void EventQueue::follow(bool& known, State state, EventKind begins, EventKind ends,
                        std::unique_lock<Mutex>& lock) noexcept {
  if (observer_ == nullptr || state() == known) return;
  lock.unlock();  // allocation and clock
  auto node = make();
  lock.lock();
  if (observer_ != nullptr && state() != known && put(node, known ? ends : begins)) {
    known = !known;
  } else if (node != nullptr) {  // not needed, or the queue is full: a later look tries again
    lock.unlock();
    node.reset();
    lock.lock();
  }
}

/// Adds `node` to the queue. False: `node` is null, or the queue is full.
bool EventQueue::put(std::unique_ptr<Node>& node, EventKind kind) noexcept {
  if (node == nullptr || waiting_.size() == maxWaiting) return false;
  // The numbers may be newer than the cause of the event, but are of one configuration.
  const Numbers core = numbers(node->event.time);
  // The times of the events do not decrease, although threads read the clock before the mutex.
  lastTime_ = std::max(lastTime_, node->event.time);
  node->event = {.kind = kind,
                 .compartment = kind_,
                 .name = name_,
                 .time = lastTime_,
                 .active = core.active,
                 .queued = core.queued,
                 .maxConcurrent = core.maxConcurrent,
                 .maxQueueSize = core.maxQueueSize,
                 .overdue = core.overdue,
                 .overdueFor = node->event.overdueFor,
                 .lost = std::exchange(lost_, 0)};
  waiting_.push(std::move(node));
  return true;
}

void EventQueue::deliverOne(std::unique_ptr<Node> node, std::unique_lock<Mutex>& lock) noexcept {
  auto observer = observer_;  // keeps it: another thread may replace the observer while it runs
  lock.unlock();
  try {
    (*observer)(node->event);
  } catch (...) {  // NOLINT(bugprone-empty-catch): an observer cannot change how a call ends
  }
  observer.reset();  // without the mutex: this may destroy the user's function
  node.reset();
  lock.lock();
}

}  // namespace bulwark::detail
