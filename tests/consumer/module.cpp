// A user's plugin or Python module with a static bulwark and its components inside. The test is
// that it links.

#include <bulwark/bulwark.hpp>
#ifdef WITH_JSON
#include <bulwark/manager_config_json.hpp>
#endif
#ifdef WITH_PROMETHEUS
#include <bulwark/prometheus.hpp>
#endif

#include BULWARK_NET(io_context.hpp)
#include <fmt/format.h>

#include <cstddef>

extern "C" std::size_t moduleWork() {
  bulwark::net::io_context io;
  bulwark::ManagerConfig config;
#ifdef WITH_JSON
  config = bulwark::parseManagerConfig("{}");
#endif
  bulwark::BulkheadManager<> manager{io, config};
  bulwark::SemaphoreBulkhead<> disk{io, {.name = "disk"}};
  bulwark::CircuitBreaker<> breaker{io, {}};
  bulwark::Retry<> retry{io, {}};
  disk.withPermit([] {});
#ifdef WITH_PROMETHEUS
  return bulwark::ManagerCollector{manager}.Collect().size();
#else
  return fmt::format("{}", manager.stats()).size();
#endif
}
