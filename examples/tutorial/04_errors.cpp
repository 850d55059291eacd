// Step 4: what to answer the client. Not executed, failed and too slow are different results.
#include <bulwark/bulwark.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/experimental/awaitable_operators.hpp>

#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <variant>

#include "dependency.hpp"

using tutorial::Dependency;
using tutorial::Health;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

struct TooSlow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// [within]
/// Limits the time of the work. The queue timeout limits only the wait.
asio::awaitable<std::string> askWithin(Dependency& dependency, std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  auto first = co_await (dependency.ask() || timer.async_wait(asio::use_awaitable));
  if (first.index() == 1) throw TooSlow("no answer in time");
  co_return std::get<0>(std::move(first));
}
// [within]

// [reply]
struct Reply {
  int status;
  std::string body{};
  std::optional<std::chrono::seconds> retryAfter{};
};

/// The HTTP reply for the result of a call.
Reply replyFor(const std::exception_ptr& error, std::string body) {
  const asio::error_code code = bulwark::errorCodeOf(error);
  if (!code) return {.status = 200, .body = std::move(body)};

  // Not executed: the dependency was not called, and the client may retry.
  if (code == bulwark::Errc::queueFull || code == bulwark::Errc::queueTimeout)
    return {.status = 503, .body = code.message(), .retryAfter = 1s};
  if (code == bulwark::Errc::draining)  // this process is ending; another one will answer
    return {.status = 503, .body = code.message(), .retryAfter = 0s};
  if (code == asio::error::operation_aborted) return {.status = 499};  // the client disconnected

  // Executed, and it took longer than its executionTimeout: it may have done its work.
  if (code == bulwark::Errc::executionTimeout) return {.status = 504, .body = code.message()};

  // Executed and failed: the exception of the dependency, unchanged.
  try {
    std::rethrow_exception(error);
  } catch (const TooSlow& e) {
    return {.status = 504, .body = e.what()};
  } catch (const std::exception& e) {
    return {.status = 502, .body = e.what()};
  }
}
// [reply]

// [fallback]
/// Suggestions are optional. Without them the page shows what is popular.
asio::awaitable<Reply> suggestions(bulwark::Bulkhead<>& calls, Dependency& suggester) {
  try {
    co_return Reply{
        .status = 200,
        .body = co_await calls.execute([&] { return suggester.ask(); }, asio::use_awaitable)};
  } catch (const bulwark::BulkheadError& e) {
    fmt::print("    suggestions: {}\n", e.what());
    co_return Reply{.status = 200, .body = "what is popular"};
  }
}
// [fallback]

int main() {
  asio::io_context io;
  bulwark::Bulkhead<> calls{
      io, {.name = "database", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 20ms}};
  std::map<int, int> statuses;
  const auto answer = [&](std::exception_ptr error, std::string body) {
    const Reply reply = replyFor(error, std::move(body));
    ++statuses[reply.status];
    fmt::print(
        "{} {}{}\n", reply.status, reply.body,
        reply.retryAfter ? fmt::format(" (Retry-After: {})", reply.retryAfter->count()) : "");
  };

  Dependency database{io, "database"};
  calls.execute([&] { return database.ask(); }, answer);  // 200
  io.run();

  database.become(Health::failing);
  calls.execute([&] { return database.ask(); }, answer);  // 502
  io.restart();
  io.run();

  database.become(Health::hanging);
  calls.execute([&] { return askWithin(database, 20ms); }, answer);  // 504: hangs
  io.restart();
  io.run();

  // One call hangs, one waits until its queue timeout, and one is rejected. The suggestions get
  // their fallback.
  calls.execute([&] { return database.ask(); }, answer);  // 200 when it recovers
  calls.execute([&] { return database.ask(); }, answer);  // 503, when its queue timeout has passed
  calls.execute([&] { return database.ask(); }, answer);  // 503, at once
  std::string shown;
  asio::co_spawn(io, suggestions(calls, database),
                 [&](std::exception_ptr, Reply reply) { shown = reply.body; });
  io.restart();
  while (statuses[503] < 2 || shown.empty()) io.run_one();

  // A client that disconnects while it waits gives up its place in the queue.
  asio::cancellation_signal client;
  calls.execute([&] { return database.ask(); }, {.queueTimeout = bulwark::noTimeout},
                asio::bind_cancellation_slot(client.slot(), answer));  // 499
  client.emit(asio::cancellation_type::all);

  calls.drain([](asio::error_code) {});
  calls.execute([&] { return database.ask(); }, answer);  // 503: draining
  database.become(Health::well);
  io.run();

  fmt::print("{}\n", calls.stats());
  const std::map<int, int> expected{{200, 2}, {499, 1}, {502, 1}, {503, 3}, {504, 1}};
  return statuses == expected && shown == "what is popular" ? 0 : 1;
}
