// A user's plugin, compiled with hidden visibility and loaded at run time. It shares only bulwark's
// shared library with its host.

#include "plugin.hpp"

void pluginRefuses(const char* bulkhead) { throw bulwark::BulkheadRejectedError{bulkhead}; }

void pluginTakes(bulwark::SemaphoreBulkhead<>& semaphore) {
  semaphore.withPermit([] {});
}

bool pluginKnowsRejection(void (*refuses)(const char*)) {
  try {
    refuses("host");
  } catch (const bulwark::BulkheadTimeoutError&) {
    return false;
  } catch (const bulwark::BulkheadRejectedError& error) {
    return error.code() == bulwark::Errc::queueFull && error.bulkhead() == "host";
  }
  return false;
}
