#pragma once

#include <chrono>
#include <exception>
#include <optional>

#include "bulwark/asio.hpp"
#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Why a waiting call did not run, if it reports net::error::operation_aborted.
enum class NotStarted { cancelled, destroyed };

/// The exception of such a call: a net::system_error, as that of every cancelled Asio operation.
/// All calls share one exception object for each cause. By that object the library distinguishes
/// them from the abort of a running operation. It cannot if a rethrow copies the exception, as with
/// MSVC.
BULWARK_EXPORT std::exception_ptr operationAborted(NotStarted cause) noexcept;

/// What a circuit breaker and a retry need to know about the failure of a call. A member is true if
/// it holds for the exception or for any exception nested inside it (std::throw_with_nested).
struct Fault {
  bool notExecuted = false;  ///< The work did not run.
  bool goingDown = false;  ///< The work did not run: its bulkhead is draining or was destroyed.
  bool wrongCall = false;  ///< A ConfigError: the caller made a mistake.
  bool aborted = false;  ///< net::error::operation_aborted, from any cause.
  /// The time that the refusal names, see bulwark::retryAfter(). That of the outermost exception
  /// that names one.
  std::optional<std::chrono::nanoseconds> retryAfter{};
};

/// For a null pointer, all members are false.
BULWARK_EXPORT Fault faultOf(const std::exception_ptr& error) noexcept;

}  // namespace bulwark::detail
