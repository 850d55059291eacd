#include "bulwark/error.hpp"

#include <cstring>
#include <system_error>
#include <typeinfo>
#include <utility>

#include "bulwark/detail/fault.hpp"
#include "bulwark/detail/utf8.hpp"

namespace bulwark::inline BULWARK_FLAVOUR {
namespace {

class BulkheadCategory final : public net::error_category {
 public:
  const char* name() const noexcept override { return "bulwark"; }

  std::string message(int value) const override {
    switch (static_cast<Errc>(value)) {
      case Errc::queueFull:
        return "rejected: no permit is free and the queue is full";
      case Errc::queueTimeout:
        return "timed out in the queue";
      case Errc::draining:
        return "refused: draining";
      case Errc::circuitOpen:
        return "refused: the circuit is open";
    }
    return "unknown bulwark error " + std::to_string(value);
  }
};

std::string bulkheadNamed(const std::string& name) {
  return "bulkhead \"" + detail::printable(name) + "\"";
}

}  // namespace

const net::error_category& bulkheadCategory() noexcept {
  static const BulkheadCategory category;
  return category;
}

net::error_code make_error_code(Errc error) noexcept {
  return {static_cast<int>(error), bulkheadCategory()};
}

ConfigError::ConfigError(std::string bulkhead, std::string field, std::string value,
                         std::string rule, const std::string& what)
    : ConfigError(std::make_shared<const Details>(Details{std::move(bulkhead), std::move(field),
                                                          std::move(value), std::move(rule)}),
                  what) {}

ConfigError::ConfigError(std::shared_ptr<const Details> details, const std::string& what)
    : std::invalid_argument(!what.empty()
                                ? what
                                : bulkheadNamed(details->bulkhead) + ": " +
                                      detail::printable(details->field + " is " + details->value +
                                                        ", " + details->rule)),
      details_(std::move(details)) {}

BulkheadError::BulkheadError(Errc error, std::string bulkhead)
    : net::system_error(make_error_code(error), bulkheadNamed(bulkhead)),
      bulkhead_(std::make_shared<const std::string>(std::move(bulkhead))) {}

namespace {

#if defined(__GLIBCXX__) && defined(__GXX_RTTI)

// An exception_ptr of libstdc++ tells the type of what it holds, and is one pointer to it. Only
// exact types are looked at, so that the pointer needs no adjusting; what derives from them takes
// the way through a rethrow.
bool classifyByType(const std::exception_ptr& error, net::error_code& code) noexcept {
  const std::type_info& type = *error.__cxa_exception_type();
  if (type == typeid(BulkheadRejectedError)) {
    code = Errc::queueFull;
  } else if (type == typeid(BulkheadTimeoutError)) {
    code = Errc::queueTimeout;
  } else if (type == typeid(BulkheadDrainingError)) {
    code = Errc::draining;
  } else if (type == typeid(CircuitOpenError)) {
    code = Errc::circuitOpen;
  } else if (type == typeid(ConfigError)) {
    code = net::error::invalid_argument;
  } else if (type == typeid(net::system_error)) {
    static_assert(sizeof(std::exception_ptr) == sizeof(void*));
    const void* object = nullptr;
    std::memcpy(&object, &error, sizeof(object));
    code = static_cast<const net::system_error*>(object)->code();
  } else {
    return false;
  }
  return true;
}

#else

bool classifyByType(const std::exception_ptr&, net::error_code&) noexcept { return false; }

#endif

// Boost.System wraps a foreign std::error_code, and what is wrapped equals no code of its own: the
// two categories that both have become Boost's, so that they compare with net::error's values.
#if BULWARK_ASIO_IS_BOOST
net::error_code toNet(const std::error_code& code) noexcept {
  if (code.category() == std::system_category()) {
    return {code.value(), boost::system::system_category()};
  }
  if (code.category() == std::generic_category()) {
    return {code.value(), boost::system::generic_category()};
  }
  return code;
}
#endif

}  // namespace

net::error_code errorCodeOf(const std::exception_ptr& error) noexcept {
  if (!error) return {};
  net::error_code code;
  if (classifyByType(error, code)) return code;
  try {
    std::rethrow_exception(error);
  } catch (const net::system_error& e) {
    return e.code();
#if BULWARK_ASIO_IS_BOOST
  } catch (const std::system_error& e) {  // of the standard library, with standalone Asio the same
    return toNet(e.code());
#endif
  } catch (const ConfigError&) {
    return net::error::invalid_argument;
  } catch (...) {
    return net::error::fault;
  }
}

bool notExecuted(const net::error_code& error) noexcept {
  return static_cast<bool>(error) && error.category() == bulkheadCategory();
}

bool notExecuted(const std::exception_ptr& error) noexcept {
  return detail::faultOf(error).notExecuted;
}

namespace detail {
namespace {

// Never destroyed: a bulkhead of static storage duration may end after it.
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
    return std::current_exception();  // no memory; the next one tries again
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

/// The library's own refusals by their exact types, and so without a rethrow: under overload they
/// are the usual failure.
bool noteOwnRefusal(const std::exception_ptr& error, Fault& fault) noexcept {
  const std::type_info& type = *error.__cxa_exception_type();
  fault.goingDown = type == typeid(BulkheadDrainingError);
  fault.notExecuted = fault.goingDown || type == typeid(BulkheadRejectedError) ||
                      type == typeid(BulkheadTimeoutError) || type == typeid(CircuitOpenError);
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
