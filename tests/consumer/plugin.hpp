#pragma once

#include <bulwark/bulwark.hpp>

/// The functions that plugin.cpp exports to its host.
extern "C" {
[[gnu::visibility("default")]] void pluginRefuses(const char* bulkhead);
[[gnu::visibility("default")]] void pluginTakes(bulwark::SemaphoreBulkhead<>& semaphore);
[[gnu::visibility("default")]] bool pluginKnowsRejection(void (*refuses)(const char*));
}
