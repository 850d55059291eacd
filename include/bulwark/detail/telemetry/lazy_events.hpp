#pragma once

#include <memory>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/telemetry/event_queue.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The events of an object. They are made when its first observer is set, and then live as long as
/// the object.
///
/// Thread-safe.
class LazyEvents {
 public:
  LazyEvents() noexcept = default;
  LazyEvents(const LazyEvents&) = delete;
  LazyEvents& operator=(const LazyEvents&) = delete;
  ~LazyEvents() { delete events_.load(std::memory_order_relaxed); }

  /// Adds an event if there is an observer. The caller holds no lock, because this allocates.
  /// deliver() follows.
  void add(EventKind kind) noexcept {
    if (EventQueue* const events = observed()) events->add(kind);
  }
  void deliver() noexcept {
    if (EventQueue* const events = observed()) events->deliver();
  }

  /// Replaces the observer; empty: removes it. Throws std::bad_alloc, and then nothing has changed.
  /// @param make returns an owner of the events, as a class that derives from EventQueue
  template <typename Make>
  void setObserver(Observer observer, Make make) {
    std::shared_ptr<const Observer> next;
    if (observer) {
      next = std::make_shared<const Observer>(std::move(observer));
      ensure(make);
    }
    const auto last = exchange(std::move(next));
    deliver();
  }
  /// The object is destroyed: no invocation of the observer begins any more.
  void removeObserver() noexcept { exchange(nullptr); }

 private:
  /// Null: there is no observer.
  EventQueue* observed() const noexcept {
    EventQueue* const events = events_.load(std::memory_order_acquire);  // pairs with ensure()
    return events != nullptr && events->on() ? events : nullptr;
  }

  template <typename Make>
  void ensure(Make make) {
    if (events_.load(std::memory_order_acquire) != nullptr) return;
    std::unique_ptr<EventQueue> made = make();
    EventQueue* none = nullptr;
    // Success: this owns the events. Failure: another thread was first, and `made` is freed.
    // release: pairs with the acquire of the threads that notify
    if (events_.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
      static_cast<void>(made.release());
    }
  }

  std::shared_ptr<const Observer> exchange(std::shared_ptr<const Observer> observer) noexcept {
    EventQueue* const events = events_.load(std::memory_order_acquire);  // pairs with ensure()
    return events != nullptr ? events->exchange(std::move(observer)) : nullptr;
  }

  Atomic<EventQueue*> events_{nullptr};  // null until the first observer is set
};

}  // namespace bulwark::detail
