#pragma once

// Which metrics there are. docs/metrics.md describes each.

#include <vector>

#include <prometheus/metric_family.h>

#include "bulwark/build.hpp"
#include "prometheus/breaker_metrics.hpp"
#include "prometheus/limiter_metrics.hpp"
#include "prometheus/rate_metrics.hpp"
#include "prometheus/retry_metrics.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

// Each adds the families of one kind of object, with a series for each row.

void showBulkheads(std::vector<prometheus::MetricFamily>& families, LimiterMetrics::Rows rows);
void showSemaphores(std::vector<prometheus::MetricFamily>& families, LimiterMetrics::Rows rows);
void showBreakers(std::vector<prometheus::MetricFamily>& families, BreakerMetrics::Rows rows);
void showRateLimiters(std::vector<prometheus::MetricFamily>& families, RateMetrics::Rows rows);
void showRetries(std::vector<prometheus::MetricFamily>& families, RetryMetrics::Rows rows);

}  // namespace bulwark::detail
