// Three payments at the same time. One runs, one waits, and the third is rejected at once.
// [program]
#include <bulwark/bulwark.hpp>

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <exception>
#include <string>

int main() {
  asio::io_context io;
  bulwark::Bulkhead payments{io, {.name = "payments", .maxConcurrent = 1, .maxQueueSize = 1}};

  for (int order = 1; order <= 3; ++order) {
    payments.execute([order] { return fmt::format("order {} is paid", order); },
                     [order](std::exception_ptr error, std::string receipt) {
                       const auto code = bulwark::errorCodeOf(error);
                       if (code == bulwark::Errc::queueFull)
                         fmt::print("order {}: busy, try again later\n", order);
                       else
                         fmt::print("{}\n", code ? code.message() : receipt);
                     });
  }
  io.run();
  fmt::print("{}\n", payments.stats());
}
// [program]
