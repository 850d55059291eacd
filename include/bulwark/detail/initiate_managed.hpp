#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bulwark/asio.hpp"
#include "bulwark/detail/gate.hpp"
#include "bulwark/detail/initiate.hpp"
#include "bulwark/detail/manager_state.hpp"

// The asynchronous operations of a manager, as initiate.hpp has those of a bulkhead.

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A name in an initiation: refers to the caller's while the initiating function runs, and is a
/// copy of it as soon as a lazy token copies or moves it away.
class LazyName {
 public:
  explicit LazyName(std::string_view borrowed) noexcept : view_(borrowed) {}
  LazyName(const LazyName& other) : owned_(other.view_), view_(owned_) {}
  LazyName& operator=(const LazyName&) = delete;
  ~LazyName() = default;

  std::string_view view() const noexcept { return view_; }

 private:
  std::string owned_;
  std::string_view view_;
};

template <typename State>
class ManagedExecute : public InitiationBase<State> {
  using Chamber = typename State::Chamber;

 public:
  using InitiationBase<State>::InitiationBase;

  /// @param caller the function that added a semaphore by itself; null: the user named them
  template <typename Handler, typename F, typename Options>
  void operator()(Handler&& handler, F&& fn, const LazyName& service, const Options& options,
                  const char* caller) const {
    State& state = this->owner();
    if (!state.executor()) return;  // the context is gone: nobody can be told
    Chamber* bulkhead = nullptr;
    std::vector<Ref<Compartment>> semaphores;
    std::exception_ptr error;
    try {
      checkName(service.view(), "service");
      if (!options.semaphores.empty()) {
        semaphores = state.semaphores(service.view(), options.semaphores, caller);
      }
      if (auto* found = state.service(service.view())) bulkhead = found->compartment.get();
    } catch (const ConfigError&) {
      error = std::current_exception();
    }
    if (bulkhead == nullptr) {
      return postError<F>(*state.executor(), std::forward<Handler>(handler),
                          error ? std::move(error) : operationAborted(NotStarted::destroyed));
    }
    auto timeout = options.queueTimeout;
    if (options.waitTimeout) {
      timeout = (std::min)(timeout.value_or(bulkhead->timeout()), *options.waitTimeout);
    }
    for (const auto& semaphore : semaphores) noteCall(*semaphore, handler);
    if (semaphores.empty()) {
      return ExecuteInitiation<Chamber>{bulkhead}(std::forward<Handler>(handler),
                                                  std::forward<F>(fn), options.permits, timeout);
    }
    const auto gate = std::make_shared<Gate>(*bulkhead, std::move(semaphores), options.waitTimeout);
    GatedInitiation<Chamber>{bulkhead}(std::forward<Handler>(handler), std::forward<F>(fn),
                                       options.permits, timeout, gate);
  }
};

/// A drain of everything: a waiter in each compartment; the last one out tells the handler.
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

  std::pair<Waiter*, CancelLink*> part(std::size_t i, Compartment& compartment) noexcept {
    parts_[i].all = this;
    group_->members[i].compartment = Ref(&compartment);
    return {&parts_[i], &group_->members[i].link};
  }

  /// One part, or who started them all, is done. Ends this with the last.
  void done(Verdict verdict) noexcept {
    if (verdict != Verdict::granted) aborted_.store(true);
    if (left_.fetch_sub(1) != 1) return;
    OpOwner<DrainAll> self(this);
    if (group_->dropped.load()) return;
    net::error_code code;
    if (aborted_.load()) code = net::error::operation_aborted;
    deliver(std::move(self),
            [code](Handler handler) { return completion(std::move(handler), code); });
  }

 private:
  const std::shared_ptr<DrainGroup> group_ = std::make_shared<DrainGroup>();
  std::vector<Part> parts_;
  std::atomic<std::size_t> left_{1};
  std::atomic<bool> aborted_{false};
};

template <typename State>
class ManagedDrain : public InitiationBase<State> {
 public:
  using InitiationBase<State>::InitiationBase;

  template <typename H>
  void operator()(H&& handler) const {
    using Op = DrainAll<std::decay_t<H>, typename State::executor_type>;
    State& state = this->owner();
    if (!state.executor()) return;  // the context is gone: nobody can be told
    auto op = OpOwner<Op>::make(net::get_associated_allocator(handler, DefaultAllocator()),
                                *state.executor(), std::forward<H>(handler));
    auto slot = net::get_associated_cancellation_slot(op->handler());
    if (slot.is_connected())
      slot.template emplace<SharedCancelHook<DrainGroup>>(
          SharedCancelHook<DrainGroup>{op->group()});
    state.drainAll(*op, op->group());
    op.release()->done(Verdict::granted);
  }
};

}  // namespace bulwark::detail
