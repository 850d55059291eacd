#pragma once

#include <exception>

#include "bulwark/asio.hpp"
#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// net::error::operation_aborted, reported by a call of ours that did not run. To users it is the
/// net::system_error that any cancelled operation of Asio reports. The library tells it from the
/// abort of an operation that was running.
class BULWARK_EXPORT NotStartedError : public net::system_error {
 public:
  enum class Cause { cancelled, destroyed };

  explicit NotStartedError(Cause cause)
      : net::system_error(net::error_code(net::error::operation_aborted)), cause_(cause) {}

  Cause cause() const noexcept { return cause_; }

 private:
  Cause cause_;
};

/// What a circuit breaker and a retry have to know about the failure of a call. Exceptions that are
/// nested inside it (std::throw_with_nested) count, too: each member is true if it holds for any
/// exception in the chain.
struct Fault {
  bool notExecuted = false;  ///< The work did not run.
  bool goingDown = false;  ///< It did not run because its bulkhead drains or was destroyed.
  bool wrongCall = false;  ///< A ConfigError: the caller made a mistake.
  bool aborted = false;  ///< net::error::operation_aborted, whoever cancelled.
};

/// Null: all false.
BULWARK_EXPORT Fault faultOf(const std::exception_ptr& error) noexcept;

}  // namespace bulwark::detail
