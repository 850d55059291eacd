// A server with blocking handlers, like those of a synchronous gRPC server: a fixed number of
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
/// Any handler: runs the call, and maps its exceptions to a status.
template <typename Call>
Status answer(Call call) {
  try {
    call();
    return Status::ok;
  } catch (const bulwark::BulkheadError&) {  // not executed: the client may retry
    return Status::unavailable;
  } catch (const std::exception&) {
    return Status::internal;
  }
}
// [status]

int main() {
  asio::io_context io;  // for the asynchronous client below
  auto running = asio::make_work_guard(io);
  std::jthread client([&io] { io.run(); });
  asio::thread_pool handlers(4);
  std::atomic<int> ok = 0, unavailable = 0;
  const auto count = [&](Status status) { ++(status == Status::ok ? ok : unavailable); };

  // [blocking]
  // A blocking client: the work stays on the handler's thread, with its thread-locals and its
  // context. At most two of the four handlers run or wait there. The queue of a semaphore is
  // unlimited by default, and each call in it occupies a thread.
  bulwark::SemaphoreBulkhead reports{io, {.name = "reports", .permits = 2, .maxQueueSize = 0}};
  const auto report = [&](auto work) { return answer([&] { reports.withPermit(work); }); };
  // [blocking]

  // Six reports, two of which hang. Articles continue on the other threads.
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
  // An asynchronous client: the work runs on its executor, and the handler waits for the future. At
  // most three handlers of four wait: two whose calls run, and one whose call is queued. The
  // executor has threads of its own. On the handlers' threads, no thread might be left to do the
  // work.
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
