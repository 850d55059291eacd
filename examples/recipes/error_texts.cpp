// The text of every error, as quoted in docs/troubleshooting.md.
#include <bulwark/bulwark.hpp>

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

using namespace std::chrono_literals;

namespace {

std::string textOf(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
    return "no error";
  } catch (const std::exception& e) {
    return e.what();
  }
}

/// The text of a system error, which differs between systems.
std::string textOf(asio::error::basic_errors code) { return asio::error_code(code).message(); }

std::string thrownBy(const std::function<void()>& f) {
  try {
    f();
    return "no error";
  } catch (const std::exception& e) {
    return e.what();
  }
}

int wrong = 0;

void expect(const std::string& text, std::string_view quoted) {
  fmt::print("{}\n", text);
  if (text == quoted) return;
  fmt::print("  but the page quotes\n{}\n", quoted);
  ++wrong;
}

}  // namespace

int main() {
  asio::io_context io;
  bulwark::Bulkhead<> db{
      io, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 1, .queueTimeout = 1ms}};
  std::string text;
  const auto keep = [&text](std::exception_ptr error) { text = textOf(error); };
  const auto after = [&](const std::function<void()>& start) {
    start();
    io.restart();
    io.run();
    return text;
  };

  bulwark::Permit held = db.tryAcquire();
  expect(after([&] { db.execute([] {}, {.queueTimeout = 0s}, keep); }),
         "bulkhead \"db\": rejected: no permit is free and the queue is full");
  expect(after([&] { db.execute([] {}, keep); }), "bulkhead \"db\": timed out in the queue");
  expect(after([&] { db.execute([] {}, {.permits = 2}, keep); }),
         "bulkhead \"db\": permits is 2, must be from 1 to 1, all that there are");
  held.release();
  expect(after([&] { db.execute([] {}, {.executionTimeout = 0s}, keep); }),
         "bulkhead \"db\": the execution timeout has passed");
  expect(after([&] { db.execute([] {}, {.budget = 0s}, keep); }),
         "bulkhead \"db\": refused: the budget of the call is used up");
  held = db.tryAcquire();
  asio::error_code drained;
  db.drain(0s, [&](asio::error_code error) { drained = error; });
  expect(after([&] { db.execute([] {}, keep); }), "bulkhead \"db\": refused: draining");
  expect(drained.message(), textOf(asio::error::timed_out));  // "Connection timed out"

  {
    bulwark::Bulkhead<> gone{io, {.name = "gone", .maxConcurrent = 1}};
    bulwark::Permit outlives = gone.tryAcquire();
    gone.execute([] {}, keep);
    auto ended = std::move(gone);  // destroyed while a call waits in it
  }
  expect(after([] {}), textOf(asio::error::operation_aborted));  // "Operation aborted."

  bulwark::CircuitBreaker<> breaker{io, {.name = "ai"}};
  breaker.forceOpen();
  expect(after([&] { breaker.execute([] {}, keep); }),
         "bulkhead \"ai\": refused: the circuit is open");

  bulwark::RateLimiter<> quota{io, {.name = "ai", .permits = 1, .per = 1h}};
  quota.tryAcquire();
  expect(after([&] { quota.execute([] {}, keep); }),
         "bulkhead \"ai\": refused: the rate limit is reached");

  // A call that waits for another call of its own bulkhead.
  bulwark::Bulkhead<> own{io, {.name = "own", .maxConcurrent = 1, .queueTimeout = 1ms}};
  const auto nested = [&]() -> asio::awaitable<void> {
    co_await own.execute([] {}, asio::use_awaitable);
  };
  expect(after([&] { own.execute(nested, keep); }), "bulkhead \"own\": timed out in the queue");

  bulwark::SemaphoreBulkhead<> cores{io, {.name = "cores", .permits = 1}};
  expect(
      thrownBy([&] { cores.withPermit([&] { cores.withPermit([] {}); }); }),
      "bulkhead \"cores\": this thread would wait for itself; it holds 1 of 1 permits and wants 1 "
      "more: take them in one call, or use another semaphore: " +
          std::make_error_code(std::errc::resource_deadlock_would_occur).message());

  expect(thrownBy([&] { bulwark::Bulkhead<>(io, {.name = "db", .maxConcurrent = 0}); }),
         "bulkhead \"db\": maxConcurrent is 0, must be at least 1");
  expect(thrownBy([&] { db.updateConfig({.queueTimeout = -1ns}); }),
         "bulkhead \"db\": queueTimeout is -1 ns, must not be negative; 0 means never wait");
  expect(
      thrownBy([&] { db.updateConfig({.executionTimeout = 0s}); }),
      "bulkhead \"db\": executionTimeout is 0 ns, must be positive; noTimeout means no time limit");
  expect(thrownBy([&] { db.updateConfig({.maxOverdue = 0}); }),
         "bulkhead \"db\": maxOverdue is 0, must be at least 1");

  bulwark::BulkheadManager manager{io};
  expect(
      after([&] {
        manager.execute(
            "db", [] {}, {.semaphores = {"disk"}}, keep);
      }),
      "bulkhead \"db\": semaphores is \"disk\", must be the name of a semaphore of this manager");
  expect(after([&] {
           manager.executeAITask(
               "claude", [] {}, keep);
         }),
         "bulkhead \"ai.claude\": semaphores is \"ai.total_requests\", executeAITask() needs a "
         "semaphore of this name");
  expect(thrownBy([&] { manager.bulkhead(""); }),
         "bulkhead \"\": service is \"\", must not be empty");
  manager.bulkhead("db");
  expect(thrownBy([&] { manager.addBulkhead({.name = "db"}, io.get_executor()); }),
         "bulkhead \"db\": name is \"db\", must be new: there is a service of this name");
  return wrong;
}
