#pragma once

/// @file
/// What calls report that did not run, and how to tell the causes apart.

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "bulwark/asio.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

/// Why a call was not executed. Every value means that the work did not run, so a retry is safe.
enum class Errc {
  queueFull = 1,     ///< No permit was free and the queue was full, or the call may not wait.
  queueTimeout = 2,  ///< The call left the queue because its queue timeout passed.
  draining = 3,      ///< The bulkhead is draining: it refuses calls until resume().
  circuitOpen = 4    ///< A circuit breaker is open: it refuses calls until its next probe.
};

/// The category of Errc; its name is "bulwark". There is one instance in a program.
BULWARK_EXPORT const net::error_category& bulkheadCategory() noexcept;

/// By which an Errc becomes an error_code, and compares with one.
BULWARK_EXPORT net::error_code make_error_code(Errc error) noexcept;

/// A value that breaks a rule: in a configuration, or in the options of a call. Nothing has changed
/// when it is reported. Copying it does not throw.
class BULWARK_EXPORT ConfigError : public std::invalid_argument {
 public:
  /// @param bulkhead name of the bulkhead or semaphore, "" where it has none
  /// @param field    the field as it is spelt in the options, e.g. "maxConcurrent"
  /// @param value    the value that was refused, as text
  /// @param rule     what would have been accepted, e.g. "must be at least 1"
  /// @param what     the text of what(), where a sentence made of the four, with their control
  ///                 characters escaped, would not read well
  ConfigError(std::string bulkhead, std::string field, std::string value, std::string rule,
              const std::string& what = {});

  /// Whose value it is: a bulkhead, a semaphore, a breaker, or where a configuration was read from.
  const std::string& bulkhead() const noexcept { return details_->bulkhead; }
  /// As it is spelt in the options; "" where there are several.
  const std::string& field() const noexcept { return details_->field; }
  /// What was refused, as text.
  const std::string& value() const noexcept { return details_->value; }
  /// What would have been accepted.
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

/// What a call reports that a bulkhead did not execute: code() tells the cause, bulkhead() who
/// refused, what() both, with the control characters of the name escaped. Catch a derived class for
/// one cause. Copying it does not throw.
///
/// A call that was cancelled, or whose bulkhead was destroyed, reports
/// net::error::operation_aborted in a plain net::system_error instead, as every Asio operation
/// does.
class BULWARK_EXPORT BulkheadError : public net::system_error {
 public:
  /// what() is made of both.
  BulkheadError(Errc error, std::string bulkhead);

  /// Who refused: the name of a bulkhead, a semaphore or a breaker.
  const std::string& bulkhead() const noexcept { return *bulkhead_; }

 private:
  std::shared_ptr<const std::string> bulkhead_;
};

/// Errc::queueFull: refused at once.
class BULWARK_EXPORT BulkheadRejectedError : public BulkheadError {
 public:
  /// @param bulkhead who refuses
  explicit BulkheadRejectedError(std::string bulkhead)
      : BulkheadError(Errc::queueFull, std::move(bulkhead)) {}
};

/// Errc::queueTimeout: waited in vain.
class BULWARK_EXPORT BulkheadTimeoutError : public BulkheadError {
 public:
  /// @param bulkhead in whose queue it waited
  explicit BulkheadTimeoutError(std::string bulkhead)
      : BulkheadError(Errc::queueTimeout, std::move(bulkhead)) {}
};

/// Errc::draining: refused, or put out of the queue.
class BULWARK_EXPORT BulkheadDrainingError : public BulkheadError {
 public:
  /// @param bulkhead which drains
  explicit BulkheadDrainingError(std::string bulkhead)
      : BulkheadError(Errc::draining, std::move(bulkhead)) {}
};

/// Errc::circuitOpen: refused by a CircuitBreaker.
class BULWARK_EXPORT CircuitOpenError : public BulkheadError {
 public:
  /// @param breaker    who refuses
  /// @param retryAfter time until its next probe, 0 if that may be at any moment
  CircuitOpenError(std::string breaker, std::chrono::nanoseconds retryAfter)
      : BulkheadError(Errc::circuitOpen, std::move(breaker)), retryAfter_(retryAfter) {}

  /// The time from this refusal until the breaker lets the next probe through.
  std::chrono::nanoseconds retryAfter() const noexcept { return retryAfter_; }

 private:
  std::chrono::nanoseconds retryAfter_;
};

/// Classifies what a call reported without a catch block: null gives no error, a system_error its
/// code (with Boost.Asio, Boost's or the standard library's), a ConfigError
/// net::error::invalid_argument, anything else net::error::fault.
/// With libstdc++ the library's own errors are told by their type, without a rethrow: a few
/// nanoseconds instead of a microsecond of unwinding, which is what an overloaded service needs.
BULWARK_EXPORT net::error_code errorCodeOf(const std::exception_ptr& error) noexcept;

/// Whether `error` says that the work of a call did not run, so that repeating the call is safe and
/// its failure says nothing about the service. True for every Errc. False for no error.
BULWARK_EXPORT bool notExecuted(const net::error_code& error) noexcept;

/// The same for what execute() reports. True for
///   - a BulkheadError, and any system_error with an Errc
///   - the net::error::operation_aborted of a call that was cancelled while it waited in a queue,
///   or
///     whose bulkhead was destroyed then. An error_code cannot tell these from an operation that
///     was cancelled while it ran; the exception can.
///   - an exception that wraps one of these with std::throw_with_nested, however deep
/// False for a null pointer, for a ConfigError, and for any other exception. An exception of your
/// own that stores another one in some other way is not looked into.
/// Cost: as errorCodeOf(); one rethrow for each level of nesting.
BULWARK_EXPORT bool notExecuted(const std::exception_ptr& error) noexcept;

}  // namespace bulwark

/// An Errc converts to an error_code by itself.
#if BULWARK_ASIO_IS_BOOST
template <>
struct boost::system::is_error_code_enum<bulwark::Errc> : std::true_type {};
#else
template <>
struct std::is_error_code_enum<bulwark::Errc> : std::true_type {};
#endif
