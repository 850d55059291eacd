#pragma once

#include <exception>

#include "bulwark/asio.hpp"
#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Why a call that waited did not run, where it reports net::error::operation_aborted.
enum class NotStarted { cancelled, destroyed };

/// What such a call reports: a net::system_error, as every cancelled operation of Asio. All calls
/// share one exception for each cause, by which the library tells them from the abort of an
/// operation that was running. (Where a rethrow copies the exception, as with MSVC, it cannot.)
BULWARK_EXPORT std::exception_ptr operationAborted(NotStarted cause) noexcept;

/// What a circuit breaker and a retry have to know about the failure of a call. Exceptions that are
/// nested inside it (std::throw_with_nested) count, too: each member is true if it holds for any
/// exception in the chain.
struct Fault {
  bool notExecuted = false;  ///< The work did not run.
  bool goingDown = false;  ///< It did not run because its bulkhead drains or was destroyed.
  bool wrongCall = false;  ///< A ConfigError: the caller made a mistake.
  bool aborted = false;  ///< net::error::operation_aborted, from any cause.
};

/// Null: all false.
BULWARK_EXPORT Fault faultOf(const std::exception_ptr& error) noexcept;

}  // namespace bulwark::detail
