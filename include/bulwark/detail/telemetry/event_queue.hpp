#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Delivers the events of one bulkhead, semaphore, rate limiter or retry to its observer. It is
/// made when the first observer is set, and lives as long as that object.
///
/// A thread adds its events to the queue under the mutex of the queue, while it holds no other
/// lock. One thread at a time delivers them. If a thread is delivering already, it delivers the
/// events of the other threads, too. So the observer receives the events in order, and an event
/// that it causes itself after it has returned. No memory is allocated or freed under the mutex,
/// and no user code runs under it, neither the observer nor the clock: an event is made before the
/// mutex is taken, and freed after it is released.
///
/// Saturation and draining are states, and their edges are events. The last event about a state is
/// always true, for this reason:
///   1. A thread that changes what saturated() or draining() reads calls deliver() afterwards. That
///      looks at the states under the mutex.
///   2. Take the last deliver() that gets the mutex for a look. It comes after all others, so it
///      sees what their threads had changed before.
///   3. A change that it does not see has its own deliver() yet to come. Then it is not the last.
///   4. So the last look sees the final state. If that is not the state of the last event, the look
///      adds an event.
/// Each edge differs from the edge before, so the two kinds alternate. A state that ends before its
/// thread looks is not reported.
///
/// In a bulkhead two kinds of change have no deliver() of their own. That of another thread follows
/// them:
///   - A call enters or leaves by a compare-and-swap on a word without `watched`. Either the
///     permits in use do not decide about saturation, or a new observer or configure() is about to
///     make them decide, and to set the flag. That change of the same word comes later, and has its
///     own deliver().
///   - A thread changes something under the core's lock and sees no observer. Then watch() takes
///     that lock after it, and the deliver() that follows setObserver() comes after that.
class BULWARK_EXPORT EventQueue {
 public:
  EventQueue(CompartmentKind kind, const std::string& name) noexcept : kind_(kind), name_(name) {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;
  virtual ~EventQueue();

  /// Whether there is an observer. A thread whose change of the core comes after watch() sees it.
  bool on() const noexcept { return on_.load(std::memory_order_relaxed); }

  /// Replaces the observer, and drops the events that wait. Returns the previous observer. It
  /// receives no more events, except one whose delivery has begun.
  std::shared_ptr<const Observer> exchange(std::shared_ptr<const Observer> observer) noexcept;

  /// Adds an event. The caller holds no lock.
  void add(EventKind kind, std::chrono::nanoseconds overdueFor = {}) noexcept;

  /// Adds the edges, then delivers all events, unless another thread is delivering. That thread
  /// then delivers these events, too. The caller holds no lock.
  void deliver() noexcept;

 protected:
  /// What an event says about the core, all of one configuration.
  struct Numbers {
    std::size_t active, queued, overdue, maxConcurrent, maxQueueSize;
  };

  virtual Instant now() const noexcept = 0;
  /// Whether the bulkhead is destroyed, or its context is gone.
  virtual bool ending() const noexcept = 0;

  // Of the core. Called under the mutex.
  /// @param now the time of the event
  virtual Numbers numbers(Instant now) const noexcept = 0;
  virtual bool saturated() const noexcept = 0;
  virtual bool draining() const noexcept = 0;
  /// Whether there is an observer from now on. Takes the core's lock.
  virtual void watch(bool observed) noexcept = 0;

 private:
  /// The maximum number of events that wait. It bounds the memory that a slow observer costs.
  static constexpr std::size_t maxWaiting = 4096;

  /// Allocated and freed without the mutex.
  struct Node {
    BulkheadEvent event;
    std::unique_ptr<Node> next;
  };

  /// A FIFO list.
  class List {
   public:
    List() = default;
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() {
      while (!empty()) pop();  // one by one: nested destructors could overflow the stack
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    void push(std::unique_ptr<Node> node) noexcept;
    std::unique_ptr<Node> pop() noexcept;
    void swap(List& other) noexcept;

   private:
    std::unique_ptr<Node> first_;
    Node* last_ = nullptr;  // dangles while size_ is 0
    std::size_t size_ = 0;
  };

  std::unique_ptr<Node> make() const noexcept;

  // The caller holds the mutex. Functions that receive `lock` may release it and take it again.
  void look(std::unique_lock<Mutex>& lock) noexcept;
  void lookAtDrain(std::unique_lock<Mutex>& lock) noexcept;
  template <typename State>
  void follow(bool& known, State state, EventKind begins, EventKind ends,
              std::unique_lock<Mutex>& lock) noexcept;
  bool put(std::unique_ptr<Node>& node, EventKind kind) noexcept;
  void deliverOne(std::unique_ptr<Node> node, std::unique_lock<Mutex>& lock) noexcept;

  const CompartmentKind kind_;
  const std::string& name_;
  Atomic<bool> on_{false};  // observer_ is not null; written under the mutex
  Mutex mutex_;  // guards everything below
  std::shared_ptr<const Observer> observer_;  // null: the queue is empty
  List waiting_;
  std::uint64_t lost_ = 0;  // events dropped since the last one that was added
  Instant lastTime_ = (Instant::min)();  // the time of the last event that was added
  bool saturated_ = false;  // what the last event about saturation says
  bool draining_ = false;  // what the last event about draining says
  bool delivering_ = false;  // a thread is in the loop of deliver()
};

}  // namespace bulwark::detail
