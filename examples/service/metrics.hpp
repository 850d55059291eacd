// What /metrics answers, if the component bulwark::prometheus is there.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service.hpp"

namespace service {

/// Thread safety: text() may be called from any thread.
class Metrics {
 public:
  static constexpr const char* contentType = "text/plain; version=0.0.4; charset=utf-8";

  explicit Metrics(Service& service);
  ~Metrics();

  /// In Prometheus's text format; nothing where the component is not there.
  std::optional<std::string> text() const;

 private:
  class Collector;
  std::unique_ptr<Collector> collector_;
};

}  // namespace service
