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
  /// Guards nothing: what is posted belongs to no initiating function.
  EntryGuard() noexcept : limiter_(nullptr) {}
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
    Limiter* const limiter = std::exchange(limiter_, nullptr);
    Grant* grant = nullptr;
    if constexpr (requires { f.grant(); }) {
      grant = &f.grant();
      if (entry_.verdict == Verdict::granted) *grant = Grant(*limiter, entry_.held);
    }
    try {
      postTo(io, target, std::move(f));
    } catch (...) {
      if constexpr (requires { f.grant(); }) grant = &f.grant();  // the call may be gone
      if (limiter != nullptr) takeBack(*limiter, grant);
      throw;
    }
  }

 private:
  /// @param grant of what could not be posted; null: it takes none along
  BULWARK_EXPORT void takeBack(Limiter& limiter, Grant* grant) noexcept;

  Limiter* limiter_;
  Entry entry_;
};

}  // namespace bulwark::detail
