#include "bulwark/detail/manager/permit_chain.hpp"

#include <algorithm>
#include <utility>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

PermitChain::PermitChain(Limiter& bulkhead, std::vector<Ref<Limiter>> semaphores,
                         std::optional<Instant> patience, std::optional<Instant> budget)
    : patience_(budget ? std::min(patience.value_or(never), *budget) : patience),
      patienceIsBudget_(budget && *budget <= patience.value_or(never)) {
  links_.reserve(1 + semaphores.size());
  links_.push_back({.limiter = Ref(&bulkhead)});  // its grant stays with the call
  for (auto& semaphore : semaphores) links_.push_back({.limiter = std::move(semaphore)});
}

// --- on the way in ------------------------------------------------------------------------------

Entry PermitChain::proceed(Runnable& call, Grant& grant) {
  call_ = &call;
  grant_ = &grant;
  for (; next_ < links_.size(); ++next_) {
    // seq_cst: pairs with the store in cancel(). A request that comes after this load finds the
    // call in the queue, or is found in waitAt().
    if (cancelled_.load()) return {Verdict::cancelled};
    Link& link = links_[next_];
    std::optional<Instant> timeout;
    if (!mayWait()) timeout = Instant{0};
    Entry entry = link.limiter->tryEnter(1, timeout);
    if (entry.verdict == Verdict::contended) entry = waitAt(link);
    if (entry.verdict == Verdict::granted) {
      link.grant = Grant(*link.limiter, entry.held);
      link.overLimit = entry.overLimit;
    } else if (entry.verdict != Verdict::bypassed) {
      return entry;
    }
  }
  return {Verdict::granted};
}

/// Waits at `link`, if there is still no permit.
Entry PermitChain::waitAt(Link& link) {
  const auto keepAlive = shared_from_this();  // once queued, the call may run and end
  Limiter& semaphore = *link.limiter;
  // Both may throw here, so that recordWait() cannot fail later.
  semaphore.prepareToWait();
  bulkhead().ensureWaitHistogram();
  const Instant now = semaphore.now();
  const auto before = waitingSince_;
  if (!waitingSince_) waitingSince_ = now;
  Instant timeout = semaphore.timeout();
  budgeted = false;
  if (!mayWait()) {
    timeout = Instant{0};
  } else if (patience_) {
    // The rest of the patience, at least a nanosecond: a call whose time has passed times out here,
    // and is not rejected as one that may not wait.
    const Instant until = deadlineAfter(*waitingSince_, *patience_);
    if (until != never) {
      const Instant rest = std::max(until - now, Instant{1});
      budgeted = patienceIsBudget_ && rest <= timeout;
      timeout = std::min(timeout, rest);
    }
  }
  verdict = Verdict::waiting;
  overLimit = false;
  Limiter& owner = bulkhead();
  // Before the call queues, so that the end of the bulkhead's context finds it wherever it waits.
  if (!owner.listChain(*this)) return {Verdict::abandoned};
  Entry entry;
  try {
    entry = semaphore.enterLocked(1, timeout, now, this, &link.cancel);
  } catch (...) {
    owner.unlistChain(*this);
    throw;
  }
  // `waiting`: the semaphore wakes the chain. Another thread may be doing that already.
  if (entry.verdict != Verdict::waiting) {
    owner.unlistChain(*this);
    waitingSince_ = before;
  } else if (cancelled_.load()) {
    // A request came after the load in proceed(). Either cancel() found the link, which was set
    // under the lock of the semaphore, or its mark is seen here. The cancelled waiter wakes the
    // chain.
    semaphore.cancel(link.cancel);
  }
  return entry;
}

void PermitChain::proceedAlone(Runnable& call, Grant& grant) noexcept {
  const auto keepAlive = shared_from_this();
  // The wait of the bulkhead's queue is part of the whole wait.
  if (!waitingSince_) waitingSince_ = call.since;
  Entry entry;
  try {
    entry = proceed(call, grant);
  } catch (...) {
    return refuse(Verdict::cancelled, std::current_exception());
  }
  if (entry.verdict == Verdict::waiting) return;
  if (entry.verdict == Verdict::granted) {
    bulkhead().makeRunnable(call);  // a worker of the executor runs it
  } else {
    refuse(entry.verdict, nullptr);
  }
}

void PermitChain::undo() noexcept {
  while (next_ > 1) {
    Link& link = links_[--next_];
    const Entry entry{Verdict::granted, link.grant.held(), link.overLimit};
    if (Limiter* semaphore = link.grant.take()) {
      semaphore->undo(entry);
    } else if (entry.held != 0) {
      link.limiter->undoForfeited(entry);  // releaseAll() came before
    }
  }
}

/// The call does not run: releases everything and wakes it with its verdict.
void PermitChain::refuse(Verdict final, std::exception_ptr error) noexcept {
  if (final == Verdict::abandoned || bulkhead().abandoned()) return call_->discard();
  error_ = error ? std::move(error) : refusedBy().errorFor(final);
  releaseAll();
  if (Limiter* owner = grant_->take()) owner->forfeit(grant_->held(), final);
  call_->verdict = final;
  call_->wake();
}

// --- woken by a semaphore -----------------------------------------------------------------------

// Runs on the thread that released the permit or ended the wait, from Limiter::deliver(), without a
// lock.
void PermitChain::wake() noexcept {
  const auto keepAlive = shared_from_this();
  bulkhead().unlistChain(*this);
  if (!goesAhead(verdict)) return refuse(verdict, nullptr);
  Link& link = links_[next_++];
  if (verdict == Verdict::granted) {
    link.grant = Grant(*link.limiter, weight);
    link.overLimit = overLimit;
    link.limiter->recordWait(deadline - since);
    // The call may wait for the next semaphore for a long time.
    if (next_ < links_.size()) link.limiter->callBegins();
  }
  proceedAlone(*call_, *grant_);
}

void PermitChain::discard() noexcept {
  const auto keepAlive = shared_from_this();
  bulkhead().unlistChain(*this);
  if (verdict == Verdict::granted) {
    // The context of the semaphore ended between the grant and this.
    const Grant unused(*links_[next_].limiter, weight);
  }
  call_->discard();
}

// --- while the call runs ------------------------------------------------------------------------

void PermitChain::begin(Ticks start, const Grant& grant) noexcept {
  // In mode off the grant is empty, and nothing is counted.
  if (waitingSince_ && grant.limiter() != nullptr) {
    bulkhead().recordWait(bulkhead().clockAt(start) - *waitingSince_);
  }
  for (std::size_t i = 1; i < links_.size(); ++i) links_[i].limiter->callBegins();
}

void PermitChain::end(Count how, Ticks start, Ticks end) noexcept {
  for (std::size_t i = links_.size(); i-- > 1;) {
    Link& link = links_[i];
    if (Limiter* semaphore = link.grant.take()) {
      semaphore->finish(link.grant.held(), how, start, end);
    }
  }
}

void PermitChain::releaseAll() noexcept {
  for (std::size_t i = links_.size(); i-- > 1;) {
    const Grant unused = std::move(links_[i].grant);
  }
}

// --- cancellation -------------------------------------------------------------------------------

bool PermitChain::cancel() noexcept {
  // seq_cst, and before the links are read: pairs with the loads in proceed() and waitAt().
  cancelled_.store(true);
  return std::any_of(links_.begin(), links_.end(),
                     [](Link& link) { return link.limiter->cancel(link.cancel); });
}

/// Under the lock of the bulkhead, which lists the chain: it exists, because its call does.
Interruptible* PermitChain::keep() noexcept {
  kept_ = shared_from_this();
  return this;
}

void PermitChain::interrupt() noexcept {
  const auto self = std::move(kept_);  // the reference of keep(), dropped at the end
  cancel();
}

}  // namespace bulwark::detail
