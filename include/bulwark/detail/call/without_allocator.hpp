#pragma once

#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/runtime/operation_memory.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A handler with everything that is associated with it but its allocator. The memory of a call
/// with an execution timeout does not come from that, because the handler may run before the work
/// ends.
template <typename Handler>
struct WithoutAllocator {
  Handler handler;

  template <typename... Values>
  void operator()(Values&&... values) && {
    std::move(handler)(std::forward<Values>(values)...);
  }
};

/// Calls `use` with the handler if its allocator is the default one, and with a WithoutAllocator
/// otherwise.
template <typename Handler, typename Use>
void withDefaultAllocator(Handler&& handler, Use use) {
  using Decayed = std::decay_t<Handler>;
  if constexpr (std::is_same_v<OperationAllocator<Decayed>, DefaultAllocator>) {
    use(std::forward<Handler>(handler));
  } else {
    use(WithoutAllocator<Decayed>{std::forward<Handler>(handler)});
  }
}

}  // namespace bulwark::detail

template <template <typename, typename> class Associator, typename Handler, typename Default>
struct bulwark::net::associator<Associator, bulwark::detail::WithoutAllocator<Handler>, Default>
    : Associator<Handler, Default> {
  using Own = Associator<Handler, Default>;

  static auto get(const bulwark::detail::WithoutAllocator<Handler>& wrapped) noexcept {
    return Own::get(wrapped.handler);
  }
  static auto get(const bulwark::detail::WithoutAllocator<Handler>& wrapped,
                  const Default& none) noexcept {
    return Own::get(wrapped.handler, none);
  }
};

template <typename Handler, typename Allocator>
struct bulwark::net::associated_allocator<bulwark::detail::WithoutAllocator<Handler>, Allocator> {
  using type = Allocator;

  static type get(const bulwark::detail::WithoutAllocator<Handler>&,
                  const Allocator& allocator = Allocator()) noexcept {
    return allocator;
  }
};
