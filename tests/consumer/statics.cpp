// A user's program with a global bulkhead, which ends while a call waits. The call still completes,
// although the library's shared error objects were constructed after the bulkhead. Exit status 0 if
// it does; AddressSanitizer checks the rest.

#include <bulwark/bulwark.hpp>

#include BULWARK_NET(io_context.hpp)

#include <cstdlib>
#include <exception>

namespace net = bulwark::net;

namespace {

net::io_context io;
bool aborted = false;

/// Destroyed after the bulkhead and before the context.
struct Last {
  ~Last() {
    io.restart();
    io.poll();
    if (!aborted) std::_Exit(1);
  }
} last;

bulwark::Permit held;
bulwark::Bulkhead<> global{io, {.name = "global", .maxConcurrent = 1}};

}  // namespace

int main() {
  {
    bulwark::Bulkhead<> local{io, {.name = "local", .maxConcurrent = 1}};
    const bulwark::Permit outlives = local.tryAcquire();
    local.execute([] {}, [](std::exception_ptr) {});
    const auto gone =
        std::move(local);  // destroyed with a waiting call, which constructs the shared error
  }
  io.run();

  held = global.tryAcquire();
  global.execute([] {},
                 [](std::exception_ptr error) {
                   aborted = bulwark::errorCodeOf(error) == net::error::operation_aborted;
                 });
}
