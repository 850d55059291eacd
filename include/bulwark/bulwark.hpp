#pragma once

/// @file
/// Includes all of bulwark except its optional components (JSON and Prometheus).

/// @namespace bulwark
/// Every public name. Inside it, `net` is the namespace of Asio.

#include "bulwark/asio.hpp"
#include "bulwark/athena_preset.hpp"
#include "bulwark/bulkhead.hpp"
#include "bulwark/bulkhead_config.hpp"
#include "bulwark/bulkhead_manager.hpp"
#include "bulwark/circuit_breaker.hpp"
#include "bulwark/circuit_breaker_config.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"
#include "bulwark/format.hpp"
#include "bulwark/histogram.hpp"
#include "bulwark/limits.hpp"
#include "bulwark/manager_config.hpp"
#include "bulwark/outcome.hpp"
#include "bulwark/permit.hpp"
#include "bulwark/rate_limiter.hpp"
#include "bulwark/rate_limiter_config.hpp"
#include "bulwark/retry.hpp"
#include "bulwark/retry_budget.hpp"
#include "bulwark/retry_config.hpp"
#include "bulwark/semaphore_bulkhead.hpp"
#include "bulwark/stats.hpp"
#include "bulwark/stopwatch.hpp"
