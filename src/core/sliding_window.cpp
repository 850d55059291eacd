#include "bulwark/detail/core/sliding_window.hpp"

#include <type_traits>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

std::variant<CallWindow, TimeWindow> windowOf(const CircuitBreakerConfig& config) {
  if (config.windowKind == WindowKind::time) return TimeWindow(config.slidingWindowTime);
  return CallWindow(config.slidingWindowSize);
}

template <typename A, typename B>
constexpr bool alike = std::is_same_v<std::remove_cvref_t<A>, std::remove_cvref_t<B>>;

}  // namespace

SlidingWindow::SlidingWindow(const CircuitBreakerConfig& config) : window_(windowOf(config)) {}

bool SlidingWindow::same(const CircuitBreakerConfig& a, const CircuitBreakerConfig& b) noexcept {
  if (a.windowKind != b.windowKind) return false;
  return a.windowKind == WindowKind::time ? a.slidingWindowTime == b.slidingWindowTime
                                          : a.slidingWindowSize == b.slidingWindowSize;
}

std::uint64_t SlidingWindow::capacity() const noexcept {
  return std::visit([](const auto& window) { return window.capacity(); }, window_);
}

const Tally& SlidingWindow::tally(Instant at) noexcept {
  return std::visit([at](auto& window) -> const Tally& { return window.tally(at); }, window_);
}

SlidingWindow::Place SlidingWindow::add(Record record, Instant at) noexcept {
  return std::visit([=](auto& window) { return window.add(record, at); }, window_);
}

void SlidingWindow::complete(Place place, Record before, Record after, Instant at) noexcept {
  std::visit([=](auto& window) { window.complete(place, before, after, at); }, window_);
}

void SlidingWindow::clear() noexcept {
  std::visit([](auto& window) { window.clear(); }, window_);
}

void SlidingWindow::copyFrom(const SlidingWindow& other) noexcept {
  const auto copy = [](auto& to, const auto& from) {
    if constexpr (alike<decltype(to), decltype(from)>) to.copyFrom(from);
  };
  std::visit(copy, window_, other.window_);
}

SlidingWindow::Place SlidingWindow::placeFor(const SlidingWindow& other,
                                             Place place) const noexcept {
  const auto find = [place](const auto& to, const auto& from) {
    if constexpr (alike<decltype(to), decltype(from)>) {
      return to.placeFor(from, place);
    } else {
      return nowhere;
    }
  };
  return std::visit(find, window_, other.window_);
}

}  // namespace bulwark::detail
