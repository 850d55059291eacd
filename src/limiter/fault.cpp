#include "bulwark/detail/limiter/fault.hpp"

#include <cstring>
#include <system_error>
#include <typeinfo>

#include "bulwark/error.hpp"
#include "config/std_error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {

bool notExecuted(const std::exception_ptr& error) noexcept {
  return detail::faultOf(error).notExecuted;
}

std::optional<std::chrono::nanoseconds> retryAfter(const std::exception_ptr& error) noexcept {
  return detail::faultOf(error).retryAfter;
}

namespace detail {
namespace {

// Never destroyed, because a bulkhead of static storage duration may be destroyed later.
template <NotStarted cause>
std::exception_ptr sharedAbort() {
  static const auto& error = *new std::exception_ptr(
      std::make_exception_ptr(net::system_error(net::error_code(net::error::operation_aborted))));
  return error;
}

}  // namespace

std::exception_ptr operationAborted(NotStarted cause) noexcept {
  try {
    return cause == NotStarted::destroyed ? sharedAbort<NotStarted::destroyed>()
                                          : sharedAbort<NotStarted::cancelled>();
  } catch (...) {
    return std::current_exception();  // no memory; the next call tries again
  }
}

namespace {

void note(const net::error_code& code, Fault& fault) noexcept {
  if (notExecuted(code)) fault.notExecuted = true;
  if (code == Errc::draining) fault.goingDown = true;
  if (code == net::error::operation_aborted || code == std::errc::operation_canceled) {
    fault.aborted = true;
  }
}

/// Notes a refusal that names a time.
template <typename Refusal>
void noteTimed(const Refusal& refusal, Fault& fault) noexcept {
  fault.notExecuted = true;
  if (!fault.retryAfter) fault.retryAfter = refusal.retryAfter();
}

/// The exception that the one being handled wraps; null if it wraps none.
std::exception_ptr nestedInCurrent() noexcept {
  try {
    throw;
  } catch (const std::nested_exception& outer) {
    return outer.nested_ptr();
  } catch (...) {
    return nullptr;
  }
}

/// Notes one exception, and returns the one that it wraps.
std::exception_ptr noteOne(const std::exception_ptr& error, Fault& fault) noexcept {
  const bool destroyed = error == operationAborted(NotStarted::destroyed);
  if (destroyed || error == operationAborted(NotStarted::cancelled)) {
    fault.notExecuted = fault.aborted = true;
    if (destroyed) fault.goingDown = true;
    return nullptr;
  }
  try {
    std::rethrow_exception(error);
  } catch (const CircuitOpenError& e) {
    noteTimed(e, fault);
    return nestedInCurrent();
  } catch (const RateLimitedError& e) {
    noteTimed(e, fault);
    return nestedInCurrent();
  } catch (const net::system_error& e) {
    note(e.code(), fault);
    return nestedInCurrent();
#if BULWARK_ASIO_IS_BOOST
  } catch (const std::system_error& e) {
    note(toNet(e.code()), fault);
    return nestedInCurrent();
#endif
  } catch (const ConfigError&) {
    fault.wrongCall = true;
    return nestedInCurrent();
  } catch (const std::nested_exception& outer) {
    return outer.nested_ptr();
  } catch (...) {
    return nullptr;
  }
}

#if defined(__GLIBCXX__) && defined(__GXX_RTTI)

/// The object of an exception whose exact type is Error. An exception_ptr of libstdc++ is a pointer
/// to it.
template <typename Error>
const Error& objectOf(const std::exception_ptr& error) noexcept {
  static_assert(sizeof(std::exception_ptr) == sizeof(void*));
  const void* object = nullptr;
  std::memcpy(&object, &error, sizeof(object));
  return *static_cast<const Error*>(object);
}

/// Recognises the library's own refusals by their exact types, without a rethrow. Under overload
/// they are the usual failure.
bool noteOwnRefusal(const std::exception_ptr& error, Fault& fault) noexcept {
  const std::type_info& type = *error.__cxa_exception_type();
  if (type == typeid(CircuitOpenError)) {
    noteTimed(objectOf<CircuitOpenError>(error), fault);
    return true;
  }
  if (type == typeid(RateLimitedError)) {
    noteTimed(objectOf<RateLimitedError>(error), fault);
    return true;
  }
  fault.goingDown = type == typeid(BulkheadDrainingError);
  fault.notExecuted = fault.goingDown || type == typeid(BulkheadRejectedError) ||
                      type == typeid(BulkheadTimeoutError);
  return fault.notExecuted;
}

#else

bool noteOwnRefusal(const std::exception_ptr&, Fault&) noexcept { return false; }

#endif

}  // namespace

Fault faultOf(const std::exception_ptr& error) noexcept {
  Fault fault;
  if (!error) return fault;
  if (noteOwnRefusal(error, fault)) return fault;
  for (std::exception_ptr next = error; next;) next = noteOne(next, fault);
  return fault;
}

}  // namespace detail
}  // namespace bulwark
