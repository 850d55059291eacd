#pragma once

#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A handler with its one or two arguments, ready to be posted. Its associated allocator is that of
/// the handler. Without a std::tuple, since each handler compiles it.
template <typename Handler, typename First, typename Second = void>
struct Completion {
  using allocator_type = net::associated_allocator_t<Handler>;

  Handler handler;
  First first;
  Second second;

  template <typename F, typename S>
  Completion(Handler&& h, F&& f, S&& s)
      : handler(std::move(h)), first(std::forward<F>(f)), second(std::forward<S>(s)) {}

  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() { std::move(handler)(std::move(first), std::move(second)); }
};

template <typename Handler, typename First>
struct Completion<Handler, First, void> {
  using allocator_type = net::associated_allocator_t<Handler>;

  Handler handler;
  First first;

  template <typename F>
  Completion(Handler&& h, F&& f) : handler(std::move(h)), first(std::forward<F>(f)) {}

  allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }

  void operator()() { std::move(handler)(std::move(first)); }
};

template <typename Handler, typename... Values>
Completion<Handler, std::decay_t<Values>...> completion(Handler&& handler, Values&&... values) {
  static_assert(!std::is_lvalue_reference_v<Handler>);
  return Completion<Handler, std::decay_t<Values>...>(std::move(handler),
                                                      std::forward<Values>(values)...);
}

}  // namespace bulwark::detail
