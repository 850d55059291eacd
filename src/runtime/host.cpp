#include "bulwark/detail/runtime/host.hpp"

#include <atomic>
#include <mutex>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

void Host::close() noexcept {
  markDestroyed();
  endBackOffs();
  unref();
}

void Host::abandon() noexcept {
  if (!markAbandoned()) return;
  endBackOffs();
  detach();
}

bool Host::listBackOff(Dependent& retry) noexcept {
  const std::lock_guard lock(mutex_);
  // A thread that closes the host takes the mutex after that, in endBackOffs().
  if (closed()) return false;
  backOffs_.insert(retry);
  return true;
}

void Host::unlistBackOff(Dependent& retry) noexcept {
  const std::lock_guard lock(mutex_);
  backOffs_.erase(retry);
}

namespace {

std::atomic<std::uint64_t> numbers{0};

}  // namespace

std::uint64_t Host::nextNumber() noexcept { return ++numbers; }
std::uint64_t Host::lastNumber() noexcept { return numbers; }

}  // namespace bulwark::detail
