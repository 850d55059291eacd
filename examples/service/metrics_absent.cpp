// In the place of metrics.cpp where there is no component bulwark::prometheus.
#include "metrics.hpp"

namespace service {

class Metrics::Collector {};

Metrics::Metrics(Service&) {}
Metrics::~Metrics() = default;

std::optional<std::string> Metrics::text() const { return std::nullopt; }

}  // namespace service
