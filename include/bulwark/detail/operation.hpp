#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/asio_compartment.hpp"
#include "bulwark/detail/grant.hpp"
#include "bulwark/detail/handler_work.hpp"
#include "bulwark/permit.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What sits in a handler's cancellation slot while its call may be queued. It is put there once,
/// by the initiating function, and never touched from another thread: when the call leaves the
/// queue the link goes dead, and what is left is inert until the slot's owner replaces it.
class CancelHook : CancelLink {
 public:
  explicit CancelHook(Compartment& compartment) noexcept : compartment_(&compartment) {}
  CancelHook(const CancelHook&) = delete;
  CancelHook& operator=(const CancelHook&) = delete;
  ~CancelHook() { compartment_->unlink(*this); }

  CancelLink* link() noexcept { return this; }

  void operator()(net::cancellation_type_t type) { cancelQueued(type); }

 protected:
  bool cancelQueued(net::cancellation_type_t type) noexcept {
    return type != net::cancellation_type::none && compartment_->cancel(*this);
  }

 private:
  Ref<Compartment> compartment_;
};

/// The same for what may wait in several places, and knows itself where: shared with the slot, in
/// which it is inert when the operation is on its way.
template <typename T>
struct SharedCancelHook {
  std::shared_ptr<T> target;

  void operator()(net::cancellation_type_t type) noexcept {
    if (type != net::cancellation_type::none) target->cancel();
  }
};

template <typename Handler>
CancelLink* hookUp(const Handler& handler, Compartment& compartment) {
  auto slot = net::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return nullptr;
  return slot.template emplace<CancelHook>(compartment).link();
}

/// Gives back an entry unless the call got under way: the initiating function then throws, and
/// nothing has changed.
class EntryGuard {
 public:
  EntryGuard(Compartment& compartment, const Entry& entry) noexcept
      : compartment_(&compartment), entry_(entry) {}
  EntryGuard(const EntryGuard&) = delete;
  EntryGuard& operator=(const EntryGuard&) = delete;
  ~EntryGuard() {
    if (compartment_ != nullptr) compartment_->undo(entry_);
  }

  /// From here on it guards this entry.
  void guard(const Entry& entry) noexcept { entry_ = entry; }
  const Entry& entry() const noexcept { return entry_; }
  /// The entry is somebody else's business now.
  void dismiss() noexcept { compartment_ = nullptr; }

  /// Posts `f`, a call or a completion for `target`; a call takes the grant along. After that the
  /// bulkhead may be gone. The executor may refuse before it takes `f`, or destroy what it took on
  /// its way out.
  template <typename IoExecutor, typename Executor, typename F>
  void post(const IoExecutor& io, const Executor& target, F& f) {
    Compartment& compartment = *std::exchange(compartment_, nullptr);
    if constexpr (requires { f.grant(); }) {
      if (entry_.verdict == Verdict::granted) f.grant() = Grant(compartment, entry_.held);
    }
    try {
      postTo(io, target, std::move(f));
    } catch (...) {
      takeBack(compartment, f);
      throw;
    }
  }

 private:
  template <typename F>
  void takeBack(Compartment& compartment, F& f) noexcept {
    if constexpr (requires { f.grant(); }) {
      if (entry_.verdict == Verdict::granted && f.grant().take() == nullptr) {
        return compartment.undoEnded(entry_);
      }
    }
    compartment.undo(entry_);
  }

  Compartment* compartment_;
  Entry entry_;
};

inline bool goesAhead(Verdict verdict) noexcept {
  return verdict == Verdict::granted || verdict == Verdict::passed;
}

}  // namespace bulwark::detail
