#include "bulwark/detail/config/checked_limits.hpp"

#include "bulwark/error.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

LimitsUpdate checkedUpdate(const std::string& name, const FieldNames& fields,
                           const LimitsUpdate& update) {
  const auto nanoseconds = [](Instant time) { return std::to_string(time.count()) + " ns"; };
  if (update.permits && *update.permits == 0) {
    throw ConfigError(name, fields.permits, "0", "must be at least 1");
  }
  if (update.timeout && update.timeout->count() < 0) {
    throw ConfigError(name, fields.timeout, nanoseconds(*update.timeout),
                      "must not be negative; 0 means never wait");
  }
  if (update.mode && *update.mode != Mode::enforce && *update.mode != Mode::observe &&
      *update.mode != Mode::off) {
    throw ConfigError(name, "mode", std::to_string(static_cast<int>(*update.mode)),
                      "must be enforce, observe or off");
  }
  if (update.executionTimeout && update.executionTimeout->count() <= 0) {
    throw ConfigError(name, "executionTimeout", nanoseconds(*update.executionTimeout),
                      "must be positive; noTimeout means no time limit");
  }
  if (update.overrun && *update.overrun != Overrun::detach && *update.overrun != Overrun::wait) {
    throw ConfigError(name, "overrun", std::to_string(static_cast<int>(*update.overrun)),
                      "must be detach or wait");
  }
  if (update.maxOverdue && *update.maxOverdue == 0) {
    throw ConfigError(name, "maxOverdue", "0", "must be at least 1");
  }
  return update;
}

namespace {

/// The fields of a configuration by their names in the core.
template <typename Result, typename Config>
Result byNamesOfTheCore(const Config& config) noexcept {
  return {.permits = config.maxConcurrent,
          .maxQueueSize = config.maxQueueSize,
          .timeout = config.queueTimeout,
          .mode = config.mode,
          .executionTimeout = config.executionTimeout,
          .overrun = config.overrun,
          .maxOverdue = config.maxOverdue};
}

}  // namespace

Limits limitsOf(const BulkheadConfig& config) noexcept { return byNamesOfTheCore<Limits>(config); }

LimitsUpdate updateOf(const BulkheadOverrides& overrides) noexcept {
  return byNamesOfTheCore<LimitsUpdate>(overrides);
}

LimitsUpdate updateTo(const Limits& limits) noexcept {
  return {.permits = limits.permits,
          .maxQueueSize = limits.maxQueueSize,
          .timeout = limits.timeout,
          .mode = limits.mode,
          .executionTimeout = limits.executionTimeout,
          .overrun = limits.overrun,
          .maxOverdue = limits.maxOverdue};
}

Limits checkedLimits(const std::string& name, const FieldNames& fields, const Limits& limits) {
  checkedUpdate(name, fields, updateTo(limits));
  return limits;
}

}  // namespace bulwark::detail
