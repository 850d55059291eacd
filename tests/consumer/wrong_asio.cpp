// A program that uses the other Asio than its bulwark. It does not compile, and the error says why.

#include <bulwark/bulkhead.hpp>

#include <asio/io_context.hpp>

int main() {
  asio::io_context io;
  bulwark::Bulkhead payments{io, {.name = "payments"}};
}
