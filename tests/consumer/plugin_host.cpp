// A user's program with a plugin. Exit status 0 if both share one bulwark: each catches errors of
// the other by type, and both know which permits a thread holds.

#include "plugin.hpp"

#include BULWARK_NET(io_context.hpp)
#include <dlfcn.h>
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <system_error>

namespace {

void* plugin = nullptr;

template <typename Function>
Function* load(const char* name) {
  void* const symbol = dlsym(plugin, name);
  if (symbol == nullptr) {
    fmt::print(stderr, "{}\n", dlerror());
    std::exit(1);
  }
  return reinterpret_cast<Function*>(symbol);
}

void check(bool fact, const char* what) {
  if (fact) return;
  fmt::print(stderr, "failed: {}\n", what);
  std::exit(1);
}

void refuses(const char* bulkhead) { throw bulwark::BulkheadRejectedError{bulkhead}; }

}  // namespace

int main(int argc, char** argv) {
  plugin = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW | RTLD_LOCAL);
  check(plugin != nullptr, "the plugin can be loaded");
  const auto pluginRefuses = load<void(const char*)>("pluginRefuses");
  const auto pluginTakes = load<void(bulwark::SemaphoreBulkhead<>&)>("pluginTakes");
  const auto pluginKnowsRejection = load<bool(void (*)(const char*))>("pluginKnowsRejection");

  bool caught = false;
  try {
    pluginRefuses("plugin");
  } catch (const bulwark::BulkheadTimeoutError&) {
  } catch (const bulwark::BulkheadRejectedError& error) {
    caught = error.code() == bulwark::Errc::queueFull && error.bulkhead() == "plugin";
  }
  check(caught, "the host catches what the plugin throws");
  check(pluginKnowsRejection(&refuses), "the plugin catches what the host throws");

  std::exception_ptr error;
  try {
    pluginRefuses("plugin");
  } catch (...) {
    error = std::current_exception();
  }
  check(bulwark::errorCodeOf(error) == bulwark::Errc::queueFull,
        "the library recognises what the plugin throws");

  // The call from the plugin could only wait for the call around it. The library must detect that
  // instead of waiting for the timeout.
  bulwark::net::io_context io;
  bulwark::SemaphoreBulkhead<> disk{io.get_executor(), {.name = "disk", .permits = 1}};
  caught = false;
  try {
    disk.withPermit([&] { pluginTakes(disk); });
  } catch (const bulwark::net::system_error& deadlock) {
    caught = deadlock.code() == std::errc::resource_deadlock_would_occur;
  }
  check(caught, "the plugin knows that its thread holds the only permit");
  pluginTakes(disk);
  check(disk.stats().acquired == 2, "both calls are counted by the same semaphore");

  fmt::print("{}\n", disk.stats());
}
