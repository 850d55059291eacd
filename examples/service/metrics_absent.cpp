// Replaces metrics.cpp if the component bulwark::prometheus is not available.
#include "metrics.hpp"

namespace service {

class Metrics::Collector {};

Metrics::Metrics(Service&) {}
Metrics::~Metrics() = default;

std::optional<std::string> Metrics::text() const { return std::nullopt; }

}  // namespace service
