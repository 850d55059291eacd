#pragma once

#include <atomic>
#include <vector>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The limiters of a drainAll(), so that it can be cancelled.
struct DrainGroup {
  struct Member {
    Ref<Limiter> limiter;
    CancelLink link{};
  };
  std::vector<Member> members;
  std::atomic<bool> dropped{false};  // the handler's context is gone: the handler cannot run

  void cancel() noexcept {
    for (Member& member : members) member.limiter->cancel(member.link);
  }
  void drop() noexcept {
    dropped.store(true);
    cancel();
  }
};

}  // namespace bulwark::detail
