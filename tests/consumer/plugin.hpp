#pragma once

#include <bulwark/bulwark.hpp>

/// What plugin.cpp lets its host call.
extern "C" {
[[gnu::visibility("default")]] void pluginRefuses(const char* bulkhead);
[[gnu::visibility("default")]] void pluginTakes(bulwark::SemaphoreBulkhead<>& semaphore);
[[gnu::visibility("default")]] bool pluginKnowsRejection(void (*refuses)(const char*));
}
