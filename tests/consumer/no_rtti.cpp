// Exceptions, caught by type, and executors in any_io_executor cross the boundary between the
// library and a program without RTTI. The program is compiled with -fno-rtti, the library with or
// without RTTI. Exit status 0 if all of it works.

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(any_io_executor.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_future.hpp)
#include <fmt/core.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <utility>

#if defined(__cpp_rtti)
#error "compile this with -fno-rtti"
#endif

namespace net = bulwark::net;
using bulwark::errorCodeOf;

namespace {

int failures = 0;

void check(bool good, std::string_view what) {
  if (good) return;
  ++failures;
  fmt::print("wrong: {}\n", what);
}

/// Whether `f` throws an E.
template <typename E, typename F>
bool throws(F&& f) {
  try {
    f();
  } catch (const E&) {
    return true;
  } catch (...) {
  }
  return false;
}

/// An exception of the program that derives from one of the library.
struct Derived : bulwark::BulkheadRejectedError {
  using BulkheadRejectedError::BulkheadRejectedError;
};

void libraryThrowsProgramCatches() {
  net::io_context io;
  const auto badBulkhead = [&] { bulwark::Bulkhead(io, {.name = "b", .maxConcurrent = 0}); };
  check(throws<bulwark::ConfigError>(badBulkhead), "ConfigError by its own type");
  check(throws<std::invalid_argument>(badBulkhead), "ConfigError by its base");

  bulwark::SemaphoreBulkhead disk(io, {.name = "d", .permits = 1, .maxQueueSize = 0});
  const auto permit = disk.tryAcquire();
  const auto refused = [&] { disk.withPermit([] {}); };
  check(throws<bulwark::BulkheadRejectedError>(refused), "BulkheadRejectedError by its own type");
  check(throws<bulwark::BulkheadError>(refused), "BulkheadRejectedError as BulkheadError");
  check(throws<net::system_error>(refused), "BulkheadRejectedError as system_error");
  check(!throws<bulwark::BulkheadTimeoutError>(refused), "it is not a BulkheadTimeoutError");
}

void programThrowsLibraryClassifies() {
  const auto code = [](auto exception) {
    return errorCodeOf(std::make_exception_ptr(std::move(exception)));
  };
  using namespace std::chrono_literals;
  check(code(bulwark::BulkheadRejectedError("b")) == bulwark::Errc::queueFull, "queueFull");
  check(code(bulwark::BulkheadTimeoutError("b")) == bulwark::Errc::queueTimeout, "queueTimeout");
  check(code(bulwark::BulkheadDrainingError("b")) == bulwark::Errc::draining, "draining");
  check(code(bulwark::CircuitOpenError("b", 1s)) == bulwark::Errc::circuitOpen, "circuitOpen");
  check(code(Derived("b")) == bulwark::Errc::queueFull, "an exception derived from ours");
  check(code(bulwark::ConfigError("b", "f", "v", "r")) == net::error::invalid_argument,
        "invalid_argument");
  check(code(net::system_error(net::error::eof)) == net::error::eof, "a system_error's own code");
  check(code(std::runtime_error("other")) == net::error::fault, "another exception");
}

void callsOnEachKindOfExecutor() {
  int rejections = 0;
  net::io_context io;
  net::thread_pool pool(1);
  const net::any_io_executor executors[] = {io.get_executor(), net::make_strand(io),
                                            pool.get_executor(), net::make_strand(pool)};
  for (const auto& executor : executors) {
    bulwark::Bulkhead bulkhead(executor, {.name = "b", .maxConcurrent = 1, .maxQueueSize = 1});
    bulkhead.setObserver([&](const bulwark::BulkheadEvent& event) {
      rejections += event.kind == bulwark::EventKind::rejected ? 1 : 0;
    });
    auto permit = bulkhead.tryAcquire();
    auto queued = bulkhead.execute([] { return 7; }, net::use_future);
    auto refused = bulkhead.execute([] { return 8; }, net::use_future);
    permit = {};
    io.restart();
    io.run();
    check(queued.get() == 7, "the result of a call that waited");
    io.restart();
    io.run();
    check(throws<bulwark::BulkheadRejectedError>([&] { refused.get(); }), "a refusal by future");
  }
  check(rejections == 4, "rejections seen by the observer");
}

}  // namespace

int main() {
  libraryThrowsProgramCatches();
  programThrowsLibraryClassifies();
  callsOnEachKindOfExecutor();
  return failures == 0 ? 0 : 1;
}
