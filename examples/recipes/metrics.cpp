// Metrics for Prometheus: all bulkheads of a manager and a separate breaker, on one endpoint.
// [program]
#include <bulwark/bulwark.hpp>
#include <bulwark/prometheus.hpp>

#include <asio/io_context.hpp>
#include <prometheus/exposer.h>

#include <memory>

int main() {
  asio::io_context io;
  bulwark::BulkheadManager manager{io};
  bulwark::CircuitBreaker breaker{io, {.name = "ai"}};

  auto collector = std::make_shared<bulwark::ManagerCollector>(manager);  // later bulkheads too
  collector->add(breaker);  // not part of the manager
  prometheus::Exposer exposer{"127.0.0.1:0"};  // any free port; "127.0.0.1:9464" is a fixed one
  exposer.RegisterCollectable(collector);

  io.run();  // the service
  return exposer.GetListeningPorts().size() == 1 && !collector->Collect().empty() ? 0 : 1;
}
// [program]
