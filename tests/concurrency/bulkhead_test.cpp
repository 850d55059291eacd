#include <bulwark/bulwark.hpp>

#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_awaitable.hpp)

#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Bulkhead;
using bulwark::BulkheadConfig;
using bulwark::BulkheadStats;
using bulwark::Errc;
using bulwark::errorCodeOf;
using bulwark::noTimeout;
using bulwark::Permit;
using bulwark::unlimited;

namespace {

using PoolBulkhead = Bulkhead<net::thread_pool::executor_type>;
using Strand = net::strand<net::thread_pool::executor_type>;

/// Set by another thread once in a round. It must outlive that thread.
class Flag {
 public:
  void raise() {
    raised_.store(true);
    raised_.notify_all();
  }
  void await() { raised_.wait(false); }
  void lower() { raised_.store(false); }

 private:
  std::atomic<bool> raised_{false};
};

/// Delays this thread by an amount that differs from round to round.
void dawdle(int amount) {
  for (int i = 0; i < amount; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
}

net::awaitable<void> hops(int count) {
  const auto executor = co_await net::this_coro::executor;
  for (int i = 0; i < count; ++i) co_await net::post(executor, net::use_awaitable);
}

}  // namespace

TEST_CASE("plain callables under a limit of 1 need no lock on any number of threads") {
  net::thread_pool pool(3);
  PoolBulkhead bulkhead(
      pool,
      {.name = "one", .maxConcurrent = 1, .maxQueueSize = unlimited, .queueTimeout = noTimeout});
  constexpr int each = 5'000;
  int counter = 0;  // guarded only by the bulkhead
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < each; ++n) {
        bulkhead.execute([&] { ++counter; },
                         [&](std::exception_ptr error) { done += error ? 0 : 1; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  pool.join();
  CHECK(counter == 3 * each);
  CHECK(done == 3 * each);
  CHECK(bulkhead.stats().executed == 3 * each);
  CHECK(bulkhead.stats().peakActive == 1);
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("awaitables under a limit of 1 need no lock, wherever they are resumed") {
  net::thread_pool pool(3);
  PoolBulkhead bulkhead(
      pool,
      {.name = "one", .maxConcurrent = 1, .maxQueueSize = unlimited, .queueTimeout = noTimeout});
  constexpr int calls = 2'000;
  int counter = 0;
  std::atomic<int> done{0};
  for (int i = 0; i < calls; ++i) {
    bulkhead.execute(
        [&]() -> net::awaitable<int> {
          const int before = ++counter;
          co_await hops(2);
          co_return counter == before ? ++counter : -1;  // no other call ran in between
        },
        [&](std::exception_ptr error, int value) { done += !error && value > 0 ? 1 : 0; });
  }
  pool.join();
  CHECK(done == calls);
  CHECK(counter == 2 * calls);
}

TEST_CASE("the next holder of a permit sees what the previous holder wrote") {
  net::thread_pool pool(2);
  PoolBulkhead bulkhead(pool, {.name = "one", .maxConcurrent = 1});
  int counter = 0;
  std::atomic<int> left{4 * 5'000};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (left.load(std::memory_order_relaxed) > 0) {
        if (const Permit permit = bulkhead.tryAcquire()) {
          ++counter;
          left.fetch_sub(1, std::memory_order_relaxed);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(counter == 4 * 5'000 - left);
  CHECK(bulkhead.stats().executed == static_cast<std::uint64_t>(counter));
}

TEST_CASE("a drain that races with the last release completes, ten thousand times") {
  Flag done;
  net::thread_pool pool(1);
  PoolBulkhead bulkhead(pool, {.name = "db", .maxConcurrent = 1});
  constexpr int rounds = 10'000;
  std::barrier together(2);
  Permit held;
  std::thread releases([&] {
    for (int i = 0; i < rounds; ++i) {
      together.arrive_and_wait();
      dawdle(i % 50);
      held.release();
      together.arrive_and_wait();
    }
  });
  int lost = 0;
  std::atomic<int> drained{0};
  std::atomic<int> wrong{0};
  for (int i = 0; i < rounds; ++i) {
    held = bulkhead.tryAcquire();
    if (!held) ++lost;
    together.arrive_and_wait();
    bulkhead.drain([&](net::error_code error) {
      (error ? wrong : drained) += 1;
      done.raise();
    });
    done.await();
    done.lower();
    together.arrive_and_wait();
    bulkhead.resume();
  }
  releases.join();
  CHECK(lost == 0);
  CHECK(drained == rounds);
  CHECK(wrong == 0);
}

TEST_CASE("grant, timeout and cancellation race, and exactly one wins") {
  Flag queued, done;
  net::thread_pool pool(1);
  net::thread_pool client(1);
  PoolBulkhead bulkhead(pool, {.name = "db", .maxConcurrent = 1});
  const Strand strand = net::make_strand(client.get_executor());
  net::cancellation_signal signal;
  constexpr int rounds = 4'000;
  std::array<std::uint64_t, 3> ends{};  // granted, timed out, cancelled; used on the strand
  int unexpected = 0;                   // used on the strand
  int lost = 0;
  for (int i = 0; i < rounds; ++i) {
    Permit held = bulkhead.tryAcquire();
    if (!held) ++lost;
    net::post(strand, [&, i] {
      bulkhead.acquire(
          {.queueTimeout = std::chrono::microseconds(1 + i % 60)},
          net::bind_executor(strand, net::bind_cancellation_slot(
                                         signal.slot(), [&](net::error_code error, Permit permit) {
                                           if (!error && permit) {
                                             ++ends[0];
                                           } else if (error == Errc::queueTimeout) {
                                             ++ends[1];
                                           } else if (error == net::error::operation_aborted) {
                                             ++ends[2];
                                           } else {
                                             ++unexpected;
                                           }
                                           permit.release();
                                           done.raise();
                                         })));
      queued.raise();
      dawdle(i % 7 * 300);
      signal.emit(net::cancellation_type::partial);
    });
    queued.await();
    dawdle(i % 11 * 200);
    held.release();
    done.await();
    queued.lower();
    done.lower();
    // Once the handler has run, the permit is available again.
    const Permit again = bulkhead.tryAcquire();
    if (!again) ++lost;
  }
  client.join();
  CHECK(lost == 0);
  CHECK(unexpected == 0);
  CHECK(ends[0] + ends[1] + ends[2] == rounds);
  const BulkheadStats stats = bulkhead.stats();
  CHECK(stats.executed == 2 * rounds + ends[0]);
  CHECK(stats.timedOut == ends[1]);
  CHECK(stats.cancelled == ends[2]);
  CHECK(stats.submitted() == 3 * rounds);
  CHECK(stats.active == 0);
}

TEST_CASE("destruction races with release, timeout and cancellation, and every call ends once") {
  Flag queued, emitted;
  net::thread_pool pool(2);
  net::thread_pool client(1);
  constexpr int rounds = 1'500;
  constexpr int calls = 6;
  std::atomic<int> completions{0};
  std::atomic<int> unexpected{0};
  std::barrier together(2);
  Permit held;
  std::thread releases([&] {
    for (int i = 0; i < rounds; ++i) {
      together.arrive_and_wait();
      dawdle(i % 13 * 100);
      held.release();
      together.arrive_and_wait();
    }
  });
  const Strand strand = net::make_strand(client.get_executor());
  std::array<net::cancellation_signal, calls> signals;
  for (int i = 0; i < rounds; ++i) {
    std::optional<PoolBulkhead> bulkhead(std::in_place, pool,
                                         BulkheadConfig{.name = "db", .maxConcurrent = 1});
    held = bulkhead->tryAcquire();
    net::post(strand, [&, target = &*bulkhead] {
      for (int call = 0; call < calls; ++call) {
        const auto ended = [&](net::error_code error) {
          ++completions;
          if (error && error != Errc::queueTimeout && error != net::error::operation_aborted) {
            ++unexpected;
          }
        };
        const auto bound = [&](auto handler) {
          return net::bind_executor(
              strand, net::bind_cancellation_slot(signals[static_cast<std::size_t>(call)].slot(),
                                                  std::move(handler)));
        };
        const bulwark::CallOptions options{.queueTimeout = std::chrono::microseconds(call * 20)};
        if (call == 0) {
          target->acquire(bound([=](net::error_code error, Permit) { ended(error); }));
        } else if (call % 2 == 0) {
          target->acquire(options, bound([=](net::error_code error, Permit) { ended(error); }));
        } else {
          target->execute([] { return hops(1); }, options,
                          bound([=](std::exception_ptr error) { ended(errorCodeOf(error)); }));
        }
      }
      queued.raise();
      for (net::cancellation_signal& signal : signals) {
        dawdle(i % 5 * 50);
        signal.emit(net::cancellation_type::terminal);
      }
      emitted.raise();
    });
    queued.await();
    together.arrive_and_wait();
    dawdle(i % 17 * 80);
    bulkhead.reset();
    together.arrive_and_wait();
    emitted.await();
    queued.lower();
    emitted.lower();
  }
  releases.join();
  client.join();
  pool.join();
  CHECK(completions == rounds * calls);
  CHECK(unexpected == 0);
}

TEST_CASE("two threads that configure leave either configuration, never a mixture") {
  Flag done;
  net::thread_pool pool(1);
  PoolBulkhead bulkhead(pool, {.name = "db", .maxConcurrent = 1, .maxQueueSize = 0});
  // With one permit held, the first configuration rejects a call and the second grants it. A call
  // could wait only under the limit of one and the queue size of the other.
  const Permit held = bulkhead.tryAcquire();
  constexpr int rounds = 3'000;
  std::atomic<bool> over{false};
  std::vector<std::thread> writers;
  for (const bool first : {true, false}) {
    writers.emplace_back([&, first] {
      for (int i = 0; i < rounds; ++i) {
        if (first) {
          bulkhead.updateConfig({.maxConcurrent = 1, .maxQueueSize = 0, .queueTimeout = 1s});
        } else {
          bulkhead.updateConfig({.maxConcurrent = 2, .maxQueueSize = 7, .queueTimeout = 1h});
        }
        if (i % 8 == 0) std::this_thread::yield();
      }
      over = true;
    });
  }
  int mixtures = 0;
  std::atomic<int> unexpected{0};
  while (!over) {
    const BulkheadConfig now = bulkhead.config();
    const bool first = now.maxConcurrent == 1 && now.maxQueueSize == 0 &&
                       (now.queueTimeout == 1s || now.queueTimeout == 30s);
    const bool second = now.maxConcurrent == 2 && now.maxQueueSize == 7 && now.queueTimeout == 1h;
    if (!first && !second) ++mixtures;
    bulkhead.acquire([&](net::error_code error, Permit permit) {
      if (error && error != Errc::queueFull) ++unexpected;
      permit.release();
      done.raise();
    });
    done.await();
    done.lower();
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(mixtures == 0);
  CHECK(unexpected == 0);
  CHECK(bulkhead.stats().peakQueued == 0);
  CHECK(bulkhead.stats().peakActive <= 2);
}

TEST_CASE("a handler with a slot runs on its own strand when other threads release the permit") {
  net::thread_pool pool(2);
  net::thread_pool client(2);
  PoolBulkhead bulkhead(
      pool,
      {.name = "db", .maxConcurrent = 1, .maxQueueSize = unlimited, .queueTimeout = noTimeout});
  struct Session {
    explicit Session(net::thread_pool& context)
        : strand(net::make_strand(context.get_executor())) {}
    Strand strand;
    net::cancellation_signal signal;
    int ends = 0;  // used on the strand
    bool off = false;
  };
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < 400; ++i) sessions.push_back(std::make_unique<Session>(client));
  Permit held = bulkhead.tryAcquire();
  std::atomic<int> granted{0};
  for (const auto& one : sessions) {
    Session& session = *one;
    net::post(session.strand, [&] {
      bulkhead.acquire(net::bind_executor(
          session.strand,
          net::bind_cancellation_slot(session.signal.slot(), [&](net::error_code error, Permit) {
            ++session.ends;
            session.off |= !session.strand.running_in_this_thread();
            if (!error) ++granted;
          })));
    });
    net::post(session.strand, [&] { session.signal.emit(net::cancellation_type::total); });
  }
  std::thread([&] { held.release(); }).join();
  client.join();
  int ends = 0;
  int off = 0;
  for (const auto& session : sessions) {
    ends += session->ends;
    off += session->off ? 1 : 0;
  }
  CHECK(ends == 400);
  CHECK(off == 0);
  CHECK(bulkhead.stats().cancelled == static_cast<std::uint64_t>(400 - granted));
  CHECK(bulkhead.stats().active == 0);
}

TEST_CASE("the cancellation of a running awaitable is serialised with it on a thread pool") {
  Flag started, done, emitted;
  net::thread_pool pool(3);
  net::thread_pool client(1);
  PoolBulkhead bulkhead(pool, {.name = "db", .maxConcurrent = 8, .queueTimeout = noTimeout});
  const Strand strand = net::make_strand(client.get_executor());
  constexpr int rounds = 600;
  std::array<int, 3> ends{};  // finished, stopped, anything else; used on the strand
  for (int i = 0; i < rounds; ++i) {
    net::cancellation_signal signal;
    net::post(strand, [&] {
      bulkhead.execute(
          [&]() -> net::awaitable<void> {
            started.raise();
            return hops(40);
          },
          net::bind_executor(
              strand, net::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                const net::error_code code = errorCodeOf(error);
                ++ends[!code ? 0U : code == net::error::operation_aborted ? 1U : 2U];
                done.raise();
              })));
    });
    started.await();
    dawdle(i % 9 * 200);
    net::post(strand, [&] {
      signal.emit(net::cancellation_type::terminal);
      emitted.raise();
    });
    emitted.await();
    done.await();
    started.lower();
    emitted.lower();
    done.lower();
    // The request may still be on its way to the pool when the signal is destroyed.
  }
  client.join();
  pool.join();
  CHECK(ends[0] + ends[1] == rounds);
  CHECK(ends[2] == 0);
  CHECK(bulkhead.stats().executed == static_cast<std::uint64_t>(ends[0]));
  CHECK(bulkhead.stats().failed == static_cast<std::uint64_t>(ends[1]));
}

TEST_CASE("a cancellation signal may outlive the context of the awaitable that it served") {
  Flag done;
  net::cancellation_signal over, open;
  int ended = 0;
  bool dropped = false;
  {
    net::thread_pool pool(1);
    PoolBulkhead bulkhead(pool, {.name = "db"});
    bulkhead.execute([] { return hops(1); },
                     net::bind_cancellation_slot(over.slot(), [&](std::exception_ptr error) {
                       if (!error) ++ended;
                       done.raise();
                     }));
    done.await();
    pool.stop();
    pool.join();
    // This call is destroyed with its context before it begins.
    const std::shared_ptr<bool> mark(&dropped, [](bool* flag) { *flag = true; });
    bulkhead.execute([] { return hops(1); },
                     net::bind_cancellation_slot(open.slot(), [mark](std::exception_ptr) {}));
  }
  CHECK(ended == 1);
  CHECK(dropped);
  over.emit(net::cancellation_type::terminal);
  open.emit(net::cancellation_type::terminal);
}

TEST_CASE("the threads of a context return when the last call has ended, whatever timer was set") {
  net::io_context io;
  Bulkhead bulkhead(io, {.name = "db", .maxConcurrent = 1, .queueTimeout = 1h});
  Permit held = bulkhead.tryAcquire();
  std::atomic<int> ended{0};
  for (int i = 0; i < 3; ++i) {
    bulkhead.execute([] {}, [&](std::exception_ptr error) { ended += error ? 0 : 1; });
  }
  std::thread first([&] { io.run(); });
  std::thread second([&] { io.run(); });
  held.release();
  first.join();
  second.join();
  CHECK(ended == 3);
}

TEST_CASE("statistics include every call whose handler has run") {
  net::thread_pool pool(2);
  PoolBulkhead bulkhead(pool, {.name = "db", .maxConcurrent = 2, .maxQueueSize = 20});
  std::atomic<std::uint64_t> executed{0};
  std::atomic<std::uint64_t> rejected{0};
  std::atomic<bool> over{false};
  std::thread calls([&] {
    for (int i = 0; i < 20'000; ++i) {
      bulkhead.execute([] {}, [&](std::exception_ptr error) { ++(error ? rejected : executed); });
    }
    over = true;
  });
  int missing = 0;
  int wrong = 0;
  while (!over) {
    const std::uint64_t ran = executed;
    const std::uint64_t refused = rejected;
    const BulkheadStats stats = bulkhead.stats();
    if (stats.executed < ran || stats.rejected < refused) ++missing;
    if (stats.active > 2 || stats.running > stats.active || stats.queued > 20) ++wrong;
  }
  calls.join();
  pool.join();
  CHECK(missing == 0);
  CHECK(wrong == 0);
  CHECK(bulkhead.stats().submitted() == 20'000);
  CHECK(bulkhead.stats().executed == executed);
}

TEST_CASE("a reader sees one configuration or another while limits change, never a mixture") {
  net::io_context io;
  Bulkhead bulkhead(io, {.name = "db", .maxConcurrent = 3, .maxQueueSize = 30});
  const auto whole = [](std::size_t permits, std::size_t queue) {
    return (permits == 3 && queue == 30) || (permits == 5 && queue == 50);
  };
  std::atomic<int> mixed{0};
  bulkhead.setObserver([&](const bulwark::BulkheadEvent& event) {
    if (!whole(event.maxConcurrent, event.maxQueueSize)) ++mixed;
  });
  std::atomic<int> writing{2};
  std::vector<std::thread> writers;
  for (const std::size_t permits : {std::size_t{3}, std::size_t{5}}) {
    writers.emplace_back([&, permits] {
      for (int i = 0; i < 20'000; ++i) {
        bulkhead.updateConfig({.maxConcurrent = permits, .maxQueueSize = 10 * permits});
      }
      --writing;
    });
  }
  while (writing != 0) {
    const BulkheadStats stats = bulkhead.stats();
    const BulkheadConfig config = bulkhead.config();
    if (!whole(stats.maxConcurrent, stats.maxQueueSize)) ++mixed;
    if (!whole(config.maxConcurrent, config.maxQueueSize)) ++mixed;
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(mixed == 0);
}

TEST_CASE("a call that no configuration refuses is not refused while limits change") {
  net::io_context io;
  // Two permits are held. The limit of 3 has room for one more. The limit of 2 has none, but is not
  // enforced.
  Bulkhead bulkhead(io, {.name = "db", .maxConcurrent = 3, .maxQueueSize = 0});
  const Permit held = bulkhead.tryAcquire(2);
  std::atomic<bool> writing{true};
  std::thread writer([&] {
    for (int i = 0; i < 20'000; ++i) {
      bulkhead.updateConfig({.maxConcurrent = 2, .mode = bulwark::Mode::observe});
      bulkhead.updateConfig({.maxConcurrent = 3, .mode = bulwark::Mode::enforce});
    }
    writing = false;
  });
  int refused = 0;
  while (writing) {
    if (!bulkhead.tryAcquire()) ++refused;
  }
  writer.join();
  CHECK(refused == 0);
}
