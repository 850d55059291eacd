#include "bulwark/error.hpp"

#include <cstring>
#include <system_error>
#include <typeinfo>
#include <utility>

#include "bulwark/detail/config/utf8.hpp"
#include "config/std_error.hpp"

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
      case Errc::rateLimited:
        return "refused: the rate limit is reached";
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

// An exception_ptr of libstdc++ is a pointer to the exception and gives its type. Only exact types
// are compared, so that the pointer needs no adjustment. A derived type is rethrown.
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
  } else if (type == typeid(RateLimitedError)) {
    code = Errc::rateLimited;
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
  } catch (const std::system_error& e) {  // with standalone Asio, net::system_error is this type
    return detail::toNet(e.code());
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

}  // namespace bulwark
