// A blocking library in a service that must not block: it gets its own threads and its own
// bulkhead.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <exception>
#include <set>
#include <string>
#include <thread>
#include <utility>

using Where = std::pair<std::string, std::thread::id>;

// [call]
asio::awaitable<Where> print(bulwark::BulkheadManager<>& manager, int page) {
  // The lambda runs on the printer's threads. The coroutine continues on its own executor.
  Where where = co_await manager.execute(
      "printer", [page] { return Where(fmt::format("page {}", page), std::this_thread::get_id()); },
      asio::use_awaitable);
  if (where.second == std::this_thread::get_id()) throw std::logic_error("not elsewhere");
  co_return where;
}
// [call]

int main() {
  asio::io_context io;
  // [manager]
  asio::thread_pool printers(2);
  bulwark::BulkheadManager manager{io};
  manager.addBulkhead({.name = "printer", .maxConcurrent = 2, .maxQueueSize = 20},
                      printers.get_executor());
  // [manager]

  int printed = 0;
  std::set<std::thread::id> threads;
  for (int page = 1; page <= 10; ++page) {
    asio::co_spawn(io, print(manager, page), [&](std::exception_ptr error, Where where) {
      if (error) return;
      ++printed;
      threads.insert(where.second);
    });
  }
  io.run();
  printers.join();
  fmt::print("{} pages on {} other threads\n{}", printed, threads.size(), manager.stats());
  return printed == 10 && threads.size() <= 2 && !threads.contains(std::this_thread::get_id()) ? 0
                                                                                               : 1;
}
