// A user's program that exposes a bulkhead to Prometheus. Exit status 0 if its metrics appear.

#include <bulwark/bulwark.hpp>
#include <bulwark/prometheus.hpp>

#include BULWARK_NET(io_context.hpp)
#include <fmt/core.h>
#include <prometheus/text_serializer.h>

#include <cstdio>
#include <memory>

int main() {
  bulwark::net::io_context io;
  bulwark::BulkheadManager manager{io};
  const auto collector = std::make_shared<bulwark::ManagerCollector>(manager);
  manager.bulkhead("db").tryAcquire().release();
  const auto text = prometheus::TextSerializer().Serialize(collector->Collect());
  if (text.find("bulkhead_executed_total{bulkhead=\"db\"} 1\n") == text.npos) {
    fmt::print(stderr, "the call should have been counted:\n{}", text);
    return 1;
  }
}
