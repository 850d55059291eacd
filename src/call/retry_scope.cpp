#include "bulwark/detail/call/retry_scope.hpp"

#include <algorithm>
#include <mutex>
#include <new>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::atomic<std::size_t> RetryScope::users_{0};

RetryScope::Place::Place(RetryScope& owner, Host& called) noexcept : scope(owner), host(&called) {}

Interruptible* RetryScope::Place::keep() noexcept {
  if (scope.interrupted_.exchange(true)) return nullptr;
  scope.addRef();
  return &scope;
}

void RetryScope::interrupt() noexcept {
  wake();
  unref();
}

RetryScope::RetryScope(Ref<RetryScope> outer) noexcept : outer_(std::move(outer)) {}
RetryScope::~RetryScope() = default;

// --- the course of a call -----------------------------------------------------------------------

void RetryScope::beginAttempt() noexcept {
  std::list<Place> before;  // destroyed after the lock
  const std::lock_guard lock(mutex_);
  before.swap(places_);
  attempting_ = true;
  begun_ = Host::lastNumber();
}

void RetryScope::endAttempt() noexcept {
  const std::lock_guard lock(mutex_);
  attempting_ = false;
}

bool RetryScope::goingDown() noexcept {
  places_.remove_if([this](const Place& place) {
    return place.host->destroyed() && place.host->number() > begun_;
  });
  return std::any_of(places_.begin(), places_.end(),
                     [](const Place& place) { return place.host->closed(); });
}

bool RetryScope::listen() noexcept {
  for (Place& place : places_) {
    if (!place.host->listBackOff(place)) return false;
  }
  return true;
}

void RetryScope::ignore() noexcept {
  for (Place& place : places_) place.host->unlistBackOff(place);
}

void RetryScope::end() noexcept {
  over_.store(true);
  std::list<Place> before;
  const std::lock_guard lock(mutex_);
  before.swap(places_);
  attempting_ = false;
}

// --- calls that belong to it --------------------------------------------------------------------

bool RetryScope::lacks(const Host& host) const noexcept {
  return attempting_ && std::none_of(places_.begin(), places_.end(),
                                     [&](const Place& place) { return place.host.get() == &host; });
}

void RetryScope::note(Host& host) noexcept {
  if (outer_) outer_->note(host);
  {
    const std::lock_guard lock(mutex_);
    if (!lacks(host)) return;
  }
  try {
    std::list<Place> place;  // allocated and freed without the lock
    place.emplace_back(*this, host);
    const std::lock_guard lock(mutex_);
    if (lacks(host)) places_.splice(places_.end(), place);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch)
  }
}

// --- the attempt that this thread runs ----------------------------------------------------------

namespace {

/// The innermost attempt. Holds a reference.
thread_local RetryScope* current = nullptr;

Ref<RetryScope> exchangeCurrent(Ref<RetryScope> next) noexcept {
  return Ref<RetryScope>::adopt(std::exchange(current, next.release()));
}

}  // namespace

Ref<RetryScope> RetryScope::here() noexcept { return Ref(current); }

RetryScope::Here::Here(Ref<RetryScope> scope) noexcept
    : outer_(exchangeCurrent(std::move(scope))) {}

RetryScope::Here::~Here() {
  // A scope without a running call belongs to an attempt that has ended on another fiber.
  if (outer_ && outer_->over_.load()) outer_ = {};
  exchangeCurrent(std::move(outer_));
}

}  // namespace bulwark::detail
