#pragma once

#include <string>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/telemetry/lazy_events.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The host of a Retry: a host with events. The calls of the retry hold it, too.
///
/// Thread-safe.
class BULWARK_EXPORT RetryHost : public Host {
 public:
  explicit RetryHost(std::string name) : Host(std::move(name)) {}

  /// Reports an event, if there is an observer. The caller holds no lock.
  void note(EventKind kind) noexcept {
    events_.add(kind);
    events_.deliver();
  }
  void setObserver(Observer observer);

  void close() noexcept override;

 protected:
  ~RetryHost() override = default;

 private:
  class Events;

  LazyEvents events_;
};

}  // namespace bulwark::detail
