#pragma once

/// @file
/// The errors of calls that did not run, and how to distinguish their causes.

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Why a call was not executed. Every value means that the work did not run, so a retry is safe.
enum class Errc {
  queueFull = 1,     ///< No permit was free and the queue was full, or the call may not wait.
  queueTimeout = 2,  ///< The call left the queue because its queue timeout passed.
  draining = 3,      ///< The bulkhead is draining. It refuses calls until resume().
  circuitOpen = 4,   ///< A circuit breaker is open. It refuses calls until its next probe.
  rateLimited = 7    ///< A rate limiter cannot grant the call within the time that it may wait.
};

/// The category of Errc. Its name is "bulwark". There is one instance in a program.
BULWARK_EXPORT const net::error_category& bulkheadCategory() noexcept;

/// Converts an Errc to an error_code; found by argument-dependent lookup.
BULWARK_EXPORT net::error_code make_error_code(Errc error) noexcept;

/// An invalid value in a configuration or in the options of a call. Nothing has changed when it is
/// reported. Its copy constructor does not throw.
class BULWARK_EXPORT ConfigError : public std::invalid_argument {
 public:
  /// @param bulkhead name of the bulkhead or semaphore, "" if it has none
  /// @param field    the field as spelt in the options, e.g. "maxConcurrent"
  /// @param value    the invalid value, as text
  /// @param rule     which values are valid, e.g. "must be at least 1"
  /// @param what     the text of what(); by default a sentence made of the other four, with control
  ///                 characters escaped
  ConfigError(std::string bulkhead, std::string field, std::string value, std::string rule,
              const std::string& what = {});

  /// Where the value belongs: a bulkhead, a semaphore, a breaker, or the source of a configuration.
  const std::string& bulkhead() const noexcept { return details_->bulkhead; }
  /// The field as spelt in the options; "" if there are several.
  const std::string& field() const noexcept { return details_->field; }
  /// The invalid value, as text.
  const std::string& value() const noexcept { return details_->value; }
  /// Which values are valid.
  const std::string& rule() const noexcept { return details_->rule; }

 private:
  struct Details {
    std::string bulkhead;
    std::string field;
    std::string value;
    std::string rule;
  };
  ConfigError(std::shared_ptr<const Details> details, const std::string& what);

  std::shared_ptr<const Details> details_;
};

/// The error of a call that a bulkhead did not execute. code() is the cause, bulkhead() the name of
/// what refused the call, and what() contains both, with the control characters of the name
/// escaped. Catch a derived class to handle one cause. Its copy constructor does not throw.
///
/// A call that was cancelled, or whose bulkhead was destroyed, reports
/// net::error::operation_aborted in a plain net::system_error instead, as every Asio operation
/// does.
class BULWARK_EXPORT BulkheadError : public net::system_error {
 public:
  /// Makes what() of both arguments.
  BulkheadError(Errc error, std::string bulkhead);

  /// The name of the bulkhead, semaphore or breaker that refused the call.
  const std::string& bulkhead() const noexcept { return *bulkhead_; }

 private:
  std::shared_ptr<const std::string> bulkhead_;
};

/// Errc::queueFull: the call was rejected.
class BULWARK_EXPORT BulkheadRejectedError : public BulkheadError {
 public:
  /// @param bulkhead name of the bulkhead that rejected the call
  explicit BulkheadRejectedError(std::string bulkhead)
      : BulkheadError(Errc::queueFull, std::move(bulkhead)) {}
};

/// Errc::queueTimeout: the call waited until its timeout passed.
class BULWARK_EXPORT BulkheadTimeoutError : public BulkheadError {
 public:
  /// @param bulkhead name of the bulkhead in whose queue the call waited
  explicit BulkheadTimeoutError(std::string bulkhead)
      : BulkheadError(Errc::queueTimeout, std::move(bulkhead)) {}
};

/// Errc::draining: the call was refused on arrival, or failed in the queue.
class BULWARK_EXPORT BulkheadDrainingError : public BulkheadError {
 public:
  /// @param bulkhead name of the bulkhead that is draining
  explicit BulkheadDrainingError(std::string bulkhead)
      : BulkheadError(Errc::draining, std::move(bulkhead)) {}
};

/// Errc::circuitOpen: a CircuitBreaker refused the call.
class BULWARK_EXPORT CircuitOpenError : public BulkheadError {
 public:
  /// @param breaker    name of the breaker that refused the call
  /// @param retryAfter time until its next probe; 0 if that may be at any moment
  CircuitOpenError(std::string breaker, std::chrono::nanoseconds retryAfter)
      : BulkheadError(Errc::circuitOpen, std::move(breaker)), retryAfter_(retryAfter) {}

  /// The time from this refusal until the breaker lets the next probe through; 0 if that may be at
  /// any moment, `noTimeout` if the circuit stays open until reset().
  std::chrono::nanoseconds retryAfter() const noexcept { return retryAfter_; }

 private:
  std::chrono::nanoseconds retryAfter_;
};

/// Errc::rateLimited: a RateLimiter refused the call, because its turn would come too late.
class BULWARK_EXPORT RateLimitedError : public BulkheadError {
 public:
  /// @param limiter    name of the rate limiter that refused the call
  /// @param retryAfter time until it would grant the call
  RateLimitedError(std::string limiter, std::chrono::nanoseconds retryAfter)
      : BulkheadError(Errc::rateLimited, std::move(limiter)), retryAfter_(retryAfter) {}

  /// The time from this refusal until the limiter would grant such a call, if no other call came
  /// before; `noTimeout` if it never would.
  std::chrono::nanoseconds retryAfter() const noexcept { return retryAfter_; }

 private:
  std::chrono::nanoseconds retryAfter_;
};

/// Classifies the error of a call without a catch block. A null pointer gives no error, a
/// system_error its code (with Boost.Asio, that of Boost or of the standard library), a ConfigError
/// net::error::invalid_argument, and anything else net::error::fault. With libstdc++ the library's
/// own errors are recognised by their type, without a rethrow. That takes a few nanoseconds instead
/// of a microsecond of unwinding, which matters in an overloaded service.
BULWARK_EXPORT net::error_code errorCodeOf(const std::exception_ptr& error) noexcept;

/// Whether `error` says that the work of a call did not run, so that repeating the call is safe and
/// its failure says nothing about the service. True for every Errc. False for no error.
BULWARK_EXPORT bool notExecuted(const net::error_code& error) noexcept;

/// The same for an error of execute(). True for
///   - a BulkheadError, and any system_error with an Errc
///   - the net::error::operation_aborted of a call that was cancelled while it waited in a queue,
///     or whose bulkhead was destroyed while it waited. An error_code cannot distinguish this from
///     an operation that was cancelled while it ran; the exception can.
///   - an exception that wraps one of these with std::throw_with_nested, at any depth
///
/// False for a null pointer, for a ConfigError, and for any other exception. An exception of your
/// own that stores another one in a different way is not examined. Cost: same as errorCodeOf(), and
/// one rethrow for each level of nesting.
BULWARK_EXPORT bool notExecuted(const std::exception_ptr& error) noexcept;

/// The time that the refusal of a call names: how long after it another attempt may be let through.
///   - of a CircuitOpenError, its retryAfter(): 0 if the next probe may be let through at any
///     moment, `noTimeout` if the circuit stays open until reset()
///   - of a RateLimitedError, its retryAfter(): `noTimeout` if the limiter would never grant the
///   call
///   - of an exception that wraps one of these with std::throw_with_nested, the same, at any depth;
///     of several, that of the outermost
///
/// None for a null pointer and for any other exception. Cost: same as notExecuted().
BULWARK_EXPORT std::optional<std::chrono::nanoseconds> retryAfter(
    const std::exception_ptr& error) noexcept;

}  // namespace bulwark

/// Makes Errc convertible to an error_code.
#if BULWARK_ASIO_IS_BOOST
template <>
struct boost::system::is_error_code_enum<bulwark::Errc> : std::true_type {};
#else
template <>
struct std::is_error_code_enum<bulwark::Errc> : std::true_type {};
#endif
