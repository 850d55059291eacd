#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/detail/core/instant.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A change of several limiters under one mutex. Holds the mutex, collects what the limiters decide
/// meanwhile, and delivers that at its end, without the mutex.
class DeferredDelivery {
 public:
  /// @param now the time of the change. It is read without the mutex, because the clock may be the
  ///            user's.
  DeferredDelivery(Instant now, std::unique_lock<Mutex> lock) noexcept
      : now_(now), lock_(std::move(lock)) {}
  DeferredDelivery(const DeferredDelivery&) = delete;
  DeferredDelivery& operator=(const DeferredDelivery&) = delete;
  ~DeferredDelivery() {
    lock_.unlock();
    for (Item& item : items_) {
      if (item.limiter) item.limiter->deliver(item.out);
    }
  }

  /// Makes room, so that `count` calls of of() cannot fail.
  void reserve(std::size_t count) { items_ = std::vector<Item>(count); }
  /// Where the limiter leaves what is to be delivered.
  Wakeups& of(Limiter& limiter) noexcept {
    Item& item = items_[next_++];
    item.limiter = Ref(&limiter);
    return item.out;
  }
  Instant now() const noexcept { return now_; }

 private:
  struct Item {
    Ref<Limiter> limiter;
    Wakeups out;
  };

  const Instant now_;
  std::unique_lock<Mutex> lock_;
  std::vector<Item> items_;
  std::size_t next_ = 0;
};

}  // namespace bulwark::detail
