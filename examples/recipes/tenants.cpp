// A bulkhead for each tenant, so that one busy tenant does not affect the others. The number of
// bulkheads does not exceed the number of tenants, whatever names the requests contain.
#include <bulwark/bulwark.hpp>

#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

asio::awaitable<void> query() {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
  co_await timer.async_wait(asio::use_awaitable);
}

// [known]
/// Maps a request to its bulkhead. A name from outside must not become the name of a bulkhead
/// unless it is known: the manager creates a bulkhead for every name that it is asked for, and
/// keeps it.
std::string bulkheadOf(std::string_view tenant,
                       const std::set<std::string, std::less<>>& customers) {
  return customers.contains(tenant) ? fmt::format("tenant.{}", tenant) : "tenant.others";
}
// [known]

// [shared]
/// For tenants that come and go: separate bulkheads, which can be removed. Each is destroyed after
/// its last request.
class Tenants {
 public:
  explicit Tenants(asio::io_context& io) : io_(io) {}

  std::shared_ptr<bulwark::Bulkhead<>> of(const std::string& tenant) {
    auto& found = bulkheads_[tenant];
    if (!found) found = std::make_shared<bulwark::Bulkhead<>>(io_, bulwark::BulkheadConfig{tenant});
    return found;
  }

  /// Waiting calls fail (Errc::draining), running calls may finish.
  void remove(const std::string& tenant) {
    const auto found = bulkheads_.extract(tenant);
    if (found) found.mapped()->drain([keep = found.mapped()](asio::error_code) {});
  }

 private:
  asio::io_context& io_;
  std::map<std::string, std::shared_ptr<bulwark::Bulkhead<>>> bulkheads_;
};
// [shared]

int main() {
  asio::io_context io;
  // [manager]
  bulwark::BulkheadManager manager{
      io,
      {.defaults = {.maxConcurrent = 4, .maxQueueSize = 10},
       .services = {{"tenant.others", {.maxConcurrent = 2, .maxQueueSize = 5}}},
       .semaphores = {{"database", 6}}}};
  // [manager]
  const std::set<std::string, std::less<>> customers{"acme", "globex"};
  std::map<std::string, int> served, turnedAway;
  const auto request = [&](const std::string& tenant) {
    const std::string name = bulkheadOf(tenant, customers);
    manager.execute(name, query, {.semaphores = {"database"}},
                    [&, name](std::exception_ptr error) { ++(error ? turnedAway : served)[name]; });
  };

  for (int i = 0; i < 100; ++i) request("acme");  // the busy tenant
  for (int i = 0; i < 10; ++i) request("globex");
  for (int i = 0; i < 1000; ++i) request(fmt::format("made up {}", i));
  io.run();
  fmt::print("{}", manager.stats());
  const bool isolated = served["tenant.acme"] == 14 && turnedAway["tenant.acme"] == 86 &&
                        served["tenant.globex"] == 10 && served["tenant.others"] == 7 &&
                        manager.stats().bulkheads.size() == 3;

  Tenants tenants(io);
  int ran = 0, failed = 0;
  for (int i = 0; i < 12; ++i) {  // ten run, two wait
    tenants.of("initech")->execute(query,
                                   [&](std::exception_ptr error) { ++(error ? failed : ran); });
  }
  tenants.remove("initech");
  // of a new bulkhead with that name
  const std::size_t active = tenants.of("initech")->stats().active;
  io.restart();
  io.run();
  fmt::print("removed: {} running calls finished, {} waiting calls failed\n", ran, failed);
  return isolated && ran == 10 && failed == 2 && active == 0 ? 0 : 1;
}
