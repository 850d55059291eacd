#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A handler with its arguments, ready to be posted. Its associated allocator is that of the
/// handler.
template <typename Handler, typename... Args>
struct Completion {
  using allocator_type = net::associated_allocator_t<Handler>;

  Handler handler;
  std::tuple<Args...> args;

  template <typename... Values>
  explicit Completion(Handler&& h, Values&&... values)
      : handler(std::move(h)), args(std::forward<Values>(values)...) {}

  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() {
    std::apply([this](Args&... values) { std::move(handler)(std::move(values)...); }, args);
  }
};

template <typename Handler, typename... Values>
Completion<Handler, std::decay_t<Values>...> completion(Handler&& handler, Values&&... values) {
  static_assert(!std::is_lvalue_reference_v<Handler>);
  return Completion<Handler, std::decay_t<Values>...>(std::move(handler),
                                                      std::forward<Values>(values)...);
}

}  // namespace bulwark::detail
