// The answer of /metrics, if the component bulwark::prometheus is available.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service.hpp"

namespace service {

/// Thread safety: text() may be called on any thread.
class Metrics {
 public:
  static constexpr const char* contentType = "text/plain; version=0.0.4; charset=utf-8";

  explicit Metrics(Service& service);
  ~Metrics();

  /// In Prometheus's text format; empty if the component is not available.
  std::optional<std::string> text() const;

 private:
  class Collector;
  std::unique_ptr<Collector> collector_;
};

}  // namespace service
