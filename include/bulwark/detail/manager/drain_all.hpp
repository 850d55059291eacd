#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/cancellation.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/call/queued_handler.hpp"
#include "bulwark/detail/core/waiter.hpp"
#include "bulwark/detail/manager/drain_group.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A drainAll() that waits: it has a waiter in each limiter. The last one to be woken completes.
template <typename Handler, typename Executor>
class DrainAll : public QueuedHandler<Handler, Executor> {
  struct Part final : Waiter {
    DrainAll* all = nullptr;

    void wake() noexcept override { all->done(verdict); }
    void discard() noexcept override { all->done(Verdict::abandoned); }
  };

 public:
  template <typename H>
  DrainAll(const typename DrainAll::Allocator& alloc, const Executor& executor, H&& handler)
      : QueuedHandler<Handler, Executor>(alloc, executor, std::forward<H>(handler)) {}

  const std::shared_ptr<DrainGroup>& group() const noexcept { return group_; }

  void expect(std::size_t parts) {
    parts_ = std::vector<Part>(parts);
    group_->members = std::vector<DrainGroup::Member>(parts);
    left_.store(parts + 1);
  }

  std::pair<Waiter*, CancelLink*> part(std::size_t i, Limiter& limiter) noexcept {
    parts_[i].all = this;
    group_->members[i].limiter = Ref(&limiter);
    return {&parts_[i], &group_->members[i].link};
  }

  /// A part has its verdict, or all of them are started. The last call ends the life of this.
  void done(Verdict verdict) noexcept {
    if (verdict != Verdict::granted) aborted_.store(true);
    if (left_.fetch_sub(1) != 1) return;
    OpOwner<DrainAll> self(this);
    if (group_->dropped.load()) return;
    net::error_code code;
    if (aborted_.load()) code = net::error::operation_aborted;
    freeAndPost(std::move(self),
                [code](Handler handler) { return completion(std::move(handler), code); });
  }

 private:
  const std::shared_ptr<DrainGroup> group_ = std::make_shared<DrainGroup>();
  std::vector<Part> parts_;
  // Parts without a verdict, and one until all of them are started. The thread that takes it to 0
  // completes. seq_cst, so that it sees aborted_ as every other part left it.
  std::atomic<std::size_t> left_{1};
  std::atomic<bool> aborted_{false};  // a part did not end by the release of its last permit
};

/// drainAll() of a BulkheadManager.
template <typename State>
class ManagedDrain : public Initiation<State> {
 public:
  using Initiation<State>::Initiation;

  template <typename H>
  void operator()(H&& handler) const {
    using Op = DrainAll<std::decay_t<H>, typename State::executor_type>;
    State& state = this->owner();
    if (!state.executor()) return;  // the context is gone, and no handler can run
    auto op = OpOwner<Op>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                *state.executor(), std::forward<H>(handler));
    connectCancellation<SharedCancelHook<DrainGroup>>(op->handler(),
                                                      SharedCancelHook<DrainGroup>{op->group()});
    state.drainAll(*op, op->group());
    op.release()->done(Verdict::granted);
  }
};

}  // namespace bulwark::detail
