#pragma once

#include <memory>
#include <new>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Returns the T at `place`, and makes it if there is none. Null: there is no memory. Any number of
/// threads may call it at once.
template <template <typename> typename AnyAtomic, typename T>
T* makeOnce(AnyAtomic<T*>& place) noexcept {
  // acquire, here and on failure: pairs with the release of the exchange, so that the T is complete
  T* present = place.load(std::memory_order_acquire);
  if (present != nullptr) return present;
  std::unique_ptr<T> fresh(new (std::nothrow) T{});
  // Success: `fresh` belongs to `place`. Failure: another thread was first, and `fresh` is freed.
  if (place.compare_exchange_strong(present, fresh.get(), std::memory_order_acq_rel)) {
    return fresh.release();
  }
  return present;
}

}  // namespace bulwark::detail
