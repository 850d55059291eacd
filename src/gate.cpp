#include "bulwark/detail/gate.hpp"

#include <algorithm>
#include <utility>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

Gate::Gate(Compartment& bulkhead, std::vector<Ref<Compartment>> semaphores,
           std::optional<Instant> patience)
    : patience_(patience) {
  places_.reserve(1 + semaphores.size());
  places_.push_back({.compartment = Ref(&bulkhead)});
  for (auto& semaphore : semaphores) places_.push_back({.compartment = std::move(semaphore)});
}

Entry Gate::advance(Runnable& call, Grant& grant) {
  call_ = &call;
  grant_ = &grant;
  for (; next_ < places_.size(); ++next_) {
    if (cancelled_.load()) return {Verdict::cancelled};
    Place& place = places_[next_];
    std::optional<Instant> timeout;
    if (!mayWait()) timeout = Instant{0};
    Entry entry = place.compartment->tryEnter(1, timeout);
    if (entry.verdict == Verdict::contended) entry = queueAt(place);
    if (entry.verdict == Verdict::granted) {
      place.grant = Grant(*place.compartment, entry.held);
      place.overLimit = entry.overLimit;
    } else if (entry.verdict != Verdict::passed) {
      return entry;
    }
  }
  return {Verdict::granted};
}

/// Waits at `place` if there is still no permit.
Entry Gate::queueAt(Place& place) {
  const auto keep = shared_from_this();  // queued, the call may run and end before this does
  Compartment& semaphore = *place.compartment;
  semaphore.expectWaits();
  bulkhead().expectWaits();
  const Instant now = semaphore.now();
  const auto before = waitingSince_;
  if (!waitingSince_) waitingSince_ = now;
  Instant timeout = semaphore.timeout();
  if (!mayWait()) {
    timeout = Instant{0};
  } else if (patience_) {
    // What is left of it: a moment at least, so that a call whose time has passed times out here,
    // and is not taken for one that may not wait.
    const Instant until = deadlineAfter(*waitingSince_, *patience_);
    if (until != never) timeout = std::min(timeout, std::max(until - now, Instant{1}));
  }
  verdict = Verdict::waiting;
  overLimit = false;
  Compartment& owner = bulkhead();
  if (!owner.listGate(*this)) return {Verdict::abandoned};
  Entry entry;
  try {
    entry = semaphore.enter(1, timeout, now, this, &place.link);
  } catch (...) {
    owner.unlistGate(*this);
    throw;
  }
  if (entry.verdict != Verdict::waiting) {
    owner.unlistGate(*this);
    waitingSince_ = before;
  } else if (cancelled_.load()) {
    // The request came after advance() had looked. Either it saw the link, which was set under the
    // semaphore's lock, or its mark is seen here.
    semaphore.cancel(place.link);
  }
  return entry;
}

void Gate::undo() noexcept {
  while (next_ > 1) {
    Place& place = places_[--next_];
    const Entry entry{Verdict::granted, place.grant.held(), place.overLimit};
    if (Compartment* semaphore = place.grant.take()) {
      semaphore->undo(entry);
    } else if (entry.held != 0) {
      place.compartment->undoCancelled(entry);  // drop() has been there
    }
  }
}

void Gate::pass(Runnable& call, Grant& grant) noexcept {
  const auto keep = shared_from_this();
  call_ = &call;
  grant_ = &grant;
  waitingSince_ = call.since;
  goOn();
}

void Gate::goOn() noexcept {
  Entry entry;
  try {
    entry = advance(*call_, *grant_);
  } catch (...) {
    return refuse(Verdict::cancelled, std::current_exception());
  }
  if (entry.verdict == Verdict::waiting) return;
  if (entry.verdict == Verdict::granted) {
    bulkhead().makeRunnable(*call_);
  } else {
    refuse(entry.verdict, nullptr);
  }
}

void Gate::refuse(Verdict final, std::exception_ptr error) noexcept {
  if (final == Verdict::abandoned || bulkhead().abandoned()) return call_->discard();
  error_ = error ? std::move(error) : refusedBy().errorFor(final);
  while (next_ > 1) {
    Place& place = places_[--next_];
    if (Compartment* semaphore = place.grant.take())
      semaphore->finishPermit(place.grant.held(), {});
  }
  if (Compartment* owner = grant_->take()) owner->endGranted(grant_->held(), final);
  call_->verdict = final;
  call_->wake();
}

void Gate::wake() noexcept {
  const auto keep = shared_from_this();
  bulkhead().unlistGate(*this);
  if (verdict == Verdict::granted) {
    Place& place = places_[next_++];
    place.grant = Grant(*place.compartment, weight);
    place.overLimit = overLimit;
    place.compartment->recordWait(deadline - since);
    if (next_ < places_.size()) place.compartment->callBegins();  // it may wait for the next one
    goOn();
  } else if (verdict == Verdict::passed) {
    ++next_;
    goOn();
  } else {
    refuse(verdict, nullptr);
  }
}

void Gate::discard() noexcept {
  const auto keep = shared_from_this();
  bulkhead().unlistGate(*this);
  if (verdict == Verdict::granted) {
    // The semaphore's context went between the grant and this.
    const Grant unused(*places_[next_].compartment, weight);
  }
  call_->discard();
}

void Gate::begin(Instant start, const Grant& grant) noexcept {
  if (waitingSince_ && grant.compartment() != nullptr) {
    bulkhead().recordWait(start - *waitingSince_);
  }
  for (std::size_t i = 1; i < places_.size(); ++i) places_[i].compartment->callBegins();
}

void Gate::end(bool failed, Instant start, Instant end) noexcept {
  for (std::size_t i = places_.size(); i-- > 1;) {
    Place& place = places_[i];
    if (Compartment* semaphore = place.grant.take()) {
      semaphore->finishCall(place.grant.held(), failed, start, end);
    }
  }
}

void Gate::drop() noexcept {
  for (std::size_t i = places_.size(); i-- > 1;) {
    const Grant dropped = std::move(places_[i].grant);
  }
}

bool Gate::cancel() noexcept {
  cancelled_.store(true);
  return std::any_of(places_.begin(), places_.end(),
                     [](Place& place) { return place.compartment->cancel(place.link); });
}

}  // namespace bulwark::detail
