#include "bulwark/detail/retry_scope.hpp"

#include <algorithm>
#include <mutex>
#include <new>

#include "bulwark/detail/compartment.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

std::atomic<std::size_t> RetryScope::users_{0};

RetryScope::Place::Place(RetryScope& owner, Compartment& called) noexcept
    : scope(owner), compartment(&called) {}

RetryScope::RetryScope(Ref<RetryScope> outer) noexcept : outer_(std::move(outer)) {}
RetryScope::~RetryScope() = default;

// --- the course of a call -----------------------------------------------------------------------

void RetryScope::beginAttempt() noexcept {
  std::list<Place> before;  // freed without the lock
  const std::lock_guard lock(mutex_);
  before.swap(places_);
  attempting_ = true;
  begun_ = Compartment::lastNumber();
}

void RetryScope::endAttempt() noexcept {
  const std::lock_guard lock(mutex_);
  attempting_ = false;
}

bool RetryScope::goingDown() noexcept {
  places_.remove_if([this](const Place& place) {
    return place.compartment->destroyed() && place.compartment->number() > begun_;
  });
  return std::any_of(places_.begin(), places_.end(),
                     [](const Place& place) { return place.compartment->closed(); });
}

bool RetryScope::listen() noexcept {
  for (Place& place : places_) {
    if (!place.compartment->listBackOff(place)) return false;
  }
  return true;
}

void RetryScope::ignore() noexcept {
  for (Place& place : places_) place.compartment->unlistBackOff(place);
}

void RetryScope::end() noexcept {
  over_.store(true);
  std::list<Place> before;
  const std::lock_guard lock(mutex_);
  before.swap(places_);
  attempting_ = false;
}

// --- calls that belong to it --------------------------------------------------------------------

bool RetryScope::lacks(const Compartment& compartment) const noexcept {
  return attempting_ && std::none_of(places_.begin(), places_.end(), [&](const Place& place) {
           return place.compartment.get() == &compartment;
         });
}

void RetryScope::note(Compartment& compartment) noexcept {
  if (outer_) outer_->note(compartment);
  {
    const std::lock_guard lock(mutex_);
    if (!lacks(compartment)) return;
  }
  try {
    std::list<Place> place;  // allocated, or freed, without the lock
    place.emplace_back(*this, compartment);
    const std::lock_guard lock(mutex_);
    if (lacks(compartment)) places_.splice(places_.end(), place);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch)
  }
}

// --- the attempt that this thread runs ----------------------------------------------------------

namespace {

/// The innermost one. Counts as a reference.
thread_local RetryScope* current = nullptr;

Ref<RetryScope> exchangeCurrent(Ref<RetryScope> next) noexcept {
  return Ref<RetryScope>::adopt(std::exchange(current, next.release()));
}

}  // namespace

Ref<RetryScope> RetryScope::here() noexcept { return Ref(current); }

RetryScope::Here::Here(Ref<RetryScope> scope) noexcept
    : outer_(exchangeCurrent(std::move(scope))) {}

RetryScope::Here::~Here() {
  // One that is over is of an attempt that has ended on another fiber.
  if (outer_ && outer_->over_.load()) outer_ = {};
  exchangeCurrent(std::move(outer_));
}

}  // namespace bulwark::detail
