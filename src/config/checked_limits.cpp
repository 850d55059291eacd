#include "bulwark/detail/config/checked_limits.hpp"

#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

LimitsUpdate checkedUpdate(const std::string& name, const FieldNames& fields,
                           std::optional<std::size_t> permits,
                           std::optional<std::size_t> maxQueueSize,
                           std::optional<std::chrono::nanoseconds> timeout,
                           std::optional<Mode> mode) {
  if (permits && *permits == 0) {
    throw ConfigError(name, fields.permits, "0", "must be at least 1");
  }
  if (timeout && timeout->count() < 0) {
    throw ConfigError(name, fields.timeout, std::to_string(timeout->count()) + " ns",
                      "must not be negative; 0 means never wait");
  }
  if (mode && *mode != Mode::enforce && *mode != Mode::observe && *mode != Mode::off) {
    throw ConfigError(name, "mode", std::to_string(static_cast<int>(*mode)),
                      "must be enforce, observe or off");
  }
  return {.permits = permits, .maxQueueSize = maxQueueSize, .timeout = timeout, .mode = mode};
}

Limits checkedLimits(const std::string& name, const FieldNames& fields, std::size_t permits,
                     std::size_t maxQueueSize, std::chrono::nanoseconds timeout, Mode mode) {
  checkedUpdate(name, fields, permits, maxQueueSize, timeout, mode);
  return {.permits = permits, .maxQueueSize = maxQueueSize, .timeout = timeout, .mode = mode};
}

}  // namespace bulwark::detail
