#include "bulwark/detail/call/entry_guard.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void EntryGuard::takeBack(Limiter& limiter, Grant* grant) noexcept {
  if (grant != nullptr && entry_.verdict == Verdict::granted && grant->take() == nullptr) {
    return limiter.undoForfeited(entry_);
  }
  limiter.undo(entry_);
}

}  // namespace bulwark::detail
