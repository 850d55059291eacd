#include "bulwark/detail/core/circuit_notices.hpp"

#include <algorithm>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

namespace {

/// Calls the user's function, whose exceptions are discarded.
template <typename F, typename... Args>
void tell(const F& function, const Args&... args) noexcept {
  try {
    function(args...);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace

void CircuitNotices::setAside(std::unique_lock<Mutex>& held, bool soon) noexcept {
  while ((soon || onStateChange_ || observer_ != nullptr) && spare_.size() < atOnce) {
    held.unlock();
    std::list<Waiting> more;
    try {
      more.resize(atOnce);
    } catch (...) {  // no memory: the notices are lost
      held.lock();
      return;
    }
    held.lock();
    spare_.splice(spare_.end(), more);
  }
}

void CircuitNotices::put(CircuitNotice notice) noexcept {
  using Kind = CircuitNotice::Kind;
  const bool forBoth = notice.kind == Kind::changed && onStateChange_;
  if (!forBoth && observer_ == nullptr) return;
  const bool tooMany = notice.kind == Kind::refused && waiting_.size() >= maxWaiting;
  if (spare_.empty() || tooMany) {
    if (observer_ != nullptr) ++lost_;
    return;
  }
  // Threads read the clock before they take the mutex.
  notice.time = lastTime_ = std::max(lastTime_, notice.time);
  if (observer_ != nullptr) notice.lost = std::exchange(lost_, 0);
  spare_.front() = {.notice = notice, .observerNo = observerNo_};
  waiting_.splice(waiting_.end(), spare_, spare_.begin());
}

void CircuitNotices::deliver(std::unique_lock<Mutex>& held) noexcept {
  if (delivering_) return;
  delivering_ = true;
  while (!waiting_.empty()) {
    const auto [notice, observerNo] = waiting_.front();
    std::list<Waiting> surplus;
    // The node goes back before the functions run, which may lead to the next notice.
    auto& to = spare_.size() < atOnce ? spare_ : surplus;
    to.splice(to.end(), waiting_, waiting_.begin());
    auto observer = observerNo == observerNo_ ? observer_ : nullptr;
    held.unlock();
    surplus.clear();
    if (notice.kind == CircuitNotice::Kind::changed && onStateChange_) {
      tell(onStateChange_, notice.before, notice.after);
    }
    if (observer != nullptr) tell(*observer, notice);
    observer.reset();  // without the mutex: this may destroy the user's function
    held.lock();
  }
  delivering_ = false;
}

auto CircuitNotices::exchange(std::shared_ptr<const Observer> observer) noexcept
    -> std::shared_ptr<const Observer> {
  observer_.swap(observer);
  ++observerNo_;
  lost_ = 0;
  return observer;
}

}  // namespace bulwark::detail
