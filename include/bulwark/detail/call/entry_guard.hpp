#pragma once

#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/detail/limiter/grant.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/post_to.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Takes back an entry if the initiating function throws before it has posted the call. Then
/// nothing has changed.
class EntryGuard {
 public:
  EntryGuard(Limiter& limiter, const Entry& entry) noexcept : limiter_(&limiter), entry_(entry) {}
  EntryGuard(const EntryGuard&) = delete;
  EntryGuard& operator=(const EntryGuard&) = delete;
  ~EntryGuard() {
    if (limiter_ != nullptr) limiter_->undo(entry_);
  }

  const Entry& entry() const noexcept { return entry_; }
  Verdict verdict() const noexcept { return entry_.verdict; }
  /// Guards this entry from now on.
  void guard(const Entry& entry) noexcept { entry_ = entry; }
  /// Another object is responsible for the entry from now on.
  void dismiss() noexcept { limiter_ = nullptr; }

  /// Posts `f`, a call or a completion, for the executor `target`. A call takes the grant along.
  /// After that the bulkhead may be gone. The executor may throw before it takes `f`, or destroy
  /// `f` while it throws.
  template <typename IoExecutor, typename Executor, typename F>
  void post(const IoExecutor& io, const Executor& target, F& f) {
    Limiter& limiter = *std::exchange(limiter_, nullptr);
    if constexpr (requires { f.grant(); }) {
      if (entry_.verdict == Verdict::granted) f.grant() = Grant(limiter, entry_.held);
    }
    try {
      postTo(io, target, std::move(f));
    } catch (...) {
      takeBack(limiter, f);
      throw;
    }
  }

 private:
  template <typename F>
  void takeBack(Limiter& limiter, F& f) noexcept {
    if constexpr (requires { f.grant(); }) {
      if (entry_.verdict == Verdict::granted && f.grant().take() == nullptr) {
        return limiter.undoForfeited(entry_);
      }
    }
    limiter.undo(entry_);
  }

  Limiter* limiter_;
  Entry entry_;
};

}  // namespace bulwark::detail
