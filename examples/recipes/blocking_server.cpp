// A server whose handlers block, as those of a synchronous gRPC server do: a fixed number of
// threads, each busy with one request until it is answered.
#include <bulwark/bulwark.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>

using namespace std::chrono_literals;

enum class Status { ok, unavailable, internal };

// [status]
/// Any handler: runs the call, and has a status for what it throws.
template <typename Call>
Status answer(Call call) {
  try {
    call();
    return Status::ok;
  } catch (const bulwark::BulkheadError&) {  // not executed: the client may try again
    return Status::unavailable;
  } catch (const std::exception&) {
    return Status::internal;
  }
}
// [status]

int main() {
  asio::io_context io;  // for the asynchronous client further down
  auto running = asio::make_work_guard(io);
  std::jthread client([&io] { io.run(); });
  asio::thread_pool handlers(4);
  std::atomic<int> ok = 0, unavailable = 0;
  const auto count = [&](Status status) { ++(status == Status::ok ? ok : unavailable); };

  // [blocking]
  // A blocking client: the work stays on the handler's thread, with its thread-locals and its
  // context, and at most two of the four handlers are ever inside, or wait to be. A semaphore's
  // queue is unlimited unless it is told; each place in it is a thread that does nothing else.
  bulwark::SemaphoreBulkhead reports{io, {.name = "reports", .permits = 2, .maxQueueSize = 0}};
  const auto report = [&](auto work) { return answer([&] { reports.withPermit(work); }); };
  // [blocking]

  // Six reports, of which two hang: articles go on, on the other threads.
  std::latch hang(1), othersDone(4 + 10);
  for (int i = 0; i < 6; ++i) {
    asio::post(handlers, [&] {
      const Status status = report([&] { hang.wait(); });
      count(status);
      if (status == Status::unavailable) othersDone.count_down();
    });
  }
  for (int i = 0; i < 10; ++i) {
    asio::post(handlers, [&] {
      count(answer([] {}));  // an article
      othersDone.count_down();
    });
  }
  othersDone.wait();
  const bool isolated = ok == 10 && unavailable == 4;
  fmt::print("{} articles, while {}\n", ok.load(), reports.stats());
  hang.count_down();

  // [future]
  // An asynchronous client: the work runs on its executor, and the handler waits for the future:
  // three handlers of four at most, two whose call runs and one whose call waits. That executor
  // has threads of its own; on those of the handlers nobody might be left to do the work.
  bulwark::Bulkhead suggester{io, {.name = "suggester", .maxConcurrent = 2, .maxQueueSize = 1}};
  const auto suggest = [&]() -> asio::awaitable<std::string> {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
    co_return "something like it";
  };
  const auto suggestions = [&] {
    return answer([&] { suggester.execute(suggest, asio::use_future).get(); });
  };
  // [future]

  for (int i = 0; i < 10; ++i) asio::post(handlers, [&] { count(suggestions()); });
  handlers.join();
  running.reset();
  client.join();
  fmt::print("{}\n", suggester.stats());
  const bulwark::BulkheadStats stats = suggester.stats();
  return isolated && stats.executed + stats.rejected == 10 && stats.executed >= 3 &&
                 ok == 10 + 2 + static_cast<int>(stats.executed) && stats.peakActive <= 2
             ? 0
             : 1;
}
