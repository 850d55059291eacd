#include "metrics.hpp"

#include <bulwark/prometheus.hpp>

#include <prometheus/text_serializer.h>

namespace service {

class Metrics::Collector {
 public:
  explicit Collector(Service& service) : all_(service.manager()) {
    for (const ProtectedDependency& target : service.dependencies()) {
      if (target.breaker) all_.add(*target.breaker);
    }
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(all_.Collect()); }

 private:
  bulwark::ManagerCollector all_;
};

Metrics::Metrics(Service& service) : collector_(std::make_unique<Collector>(service)) {}
Metrics::~Metrics() = default;

std::optional<std::string> Metrics::text() const { return collector_->text(); }

}  // namespace service
