#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/blocking/thread_waiter.hpp"
#include "bulwark/detail/call/call_request.hpp"
#include "bulwark/detail/call/scoped_executor.hpp"
#include "bulwark/detail/core/admission.hpp"
#include "bulwark/detail/runtime/ref.hpp"
#include "bulwark/detail/runtime/stack_note.hpp"
#include "bulwark/permit.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Blocks until the call has its permits, after take() has failed. The object that owns the limiter
/// may be destroyed while the thread waits.
///
/// `refusal` is the exception to throw, unless the call goes ahead. The function that the user
/// called throws it: each frame that an exception unwinds costs a quarter of a microsecond.
template <typename L>
Entry blockingEntry(L& limiter, const CallRequest& request, std::exception_ptr& refusal) {
  const std::size_t permits = request.weight;
  const auto timeout = request.patience(limiter.timeout());
  Ref<Limiter> keep;
  Entry entry = request.isLate() ? limiter.refuse(Verdict::deadlineExceeded)
                                 : limiter.tryEnter(permits, timeout);
  if (entry.verdict == Verdict::contended) {
    const std::size_t held = StackNote::find(&limiter);
    if (held != 0) limiter.refuseToWaitForItself(held, permits);
    limiter.prepareToWait();
    keep = Ref<Limiter>(&limiter);  // when the thread wakes, the bulkhead may be gone
    ThreadWaiter waiter;
    waiter.budgeted = request.isBudgeted(limiter.timeout());
    const Instant patience = timeout.value_or(limiter.timeout());
    const Instant begun = limiter.now();
    entry = limiter.enterLocked(permits, patience, begun, &waiter, nullptr);
    if (entry.verdict == Verdict::waiting) {
      waiter.wait(limiter, deadlineAfter(begun, patience));
      entry = {waiter.verdict, waiter.weight};
      if (entry.verdict == Verdict::granted) limiter.recordWait(waiter.deadline - waiter.since);
    }
  }
  if (!goesAhead(entry.verdict)) refusal = limiter.errorFor(entry.verdict, permits);
  return entry;
}

/// acquire() of a thread, on a semaphore.
template <typename L>
Permit blockingAcquire(L& limiter, const CallRequest& request) {
  noteCall(limiter);
  const std::size_t permits = request.weight;
  if (!request.isLate() && limiter.take(permits, CompartmentKind::semaphore)) [[likely]]
    return PermitMaker::make(&limiter, permits, permits, {});
  std::exception_ptr refusal;
  const Entry entry = blockingEntry(limiter, request, refusal);
  if (refusal) std::rethrow_exception(std::move(refusal));
  return PermitMaker::make(entry.verdict == Verdict::granted ? &limiter : nullptr, permits,
                           entry.held, {});
}

/// The accounting for work that runs on this thread under permits. The destructor does it, and
/// releases the permits.
template <typename L>
class BlockingWork {
 public:
  BlockingWork(L& limiter, std::size_t permits) noexcept
      : limiter_(limiter), held_(permits), here_(&limiter, permits), start_(limiter.ticks()) {}
  BlockingWork(const BlockingWork&) = delete;
  BlockingWork& operator=(const BlockingWork&) = delete;
  ~BlockingWork() { limiter_.finish(held_, how_, start_, limiter_.ticksAfter(start_)); }

  void fail() noexcept { how_ = Count::failed; }

 private:
  L& limiter_;  // of the final type, so that reading its clock is no virtual call
  const std::size_t held_;
  StackNote here_;  // found by a nested call that would wait for itself
  const Ticks start_;
  Count how_ = Count::executed;
};

/// withPermit() of a thread, on a semaphore.
template <typename L, typename F>
decltype(auto) runWithPermit(L& limiter, F&& fn, const CallRequest& request) {
  noteCall(limiter);
  std::size_t held = request.weight;
  if (request.isLate() || !limiter.take(held, CompartmentKind::semaphore)) [[unlikely]] {
    std::exception_ptr refusal;
    const Entry entry = blockingEntry(limiter, request, refusal);
    if (refusal) std::rethrow_exception(std::move(refusal));
    if (entry.verdict == Verdict::bypassed) return std::forward<F>(fn)();
    held = entry.held;
  }
  BlockingWork<L> work(limiter, held);
  try {
    return std::forward<F>(fn)();
  } catch (...) {
    work.fail();
    throw;
  }
}

}  // namespace bulwark::detail
