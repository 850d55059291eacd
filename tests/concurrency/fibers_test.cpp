// Stackful coroutines (fibers) that switch inside the library's calls to user code and continue on
// other threads. They switch with ucontext, which the sanitizers do not follow.

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(SANITIZED)

#include <bulwark/bulwark.hpp>

#include <sys/mman.h>
#include <ucontext.h>

#include BULWARK_NET(io_context.hpp)

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/instrumented_executor.hpp"

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::Permit;

namespace {

class Fiber {
 public:
  explicit Fiber(std::function<void(Fiber&)> body) : body_(std::move(body)) {
    stack_ = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(stack_ != MAP_FAILED);
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_;
    context_.uc_stack.ss_size = size;
    context_.uc_link = &resumer_;
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    makecontext(&context_, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                static_cast<unsigned>(self), static_cast<unsigned>(std::uint64_t{self} >> 32));
  }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber() { munmap(stack_, size); }

  /// Runs the fiber until it yields or ends. May be called on any thread.
  void resume() { swapcontext(&resumer_, &context_); }
  /// Called on the fiber.
  void yield() { swapcontext(&context_, &resumer_); }

 private:
  static constexpr std::size_t size = 256 * 1024;

  static void enter(unsigned low, unsigned high) {
    const auto self = static_cast<std::uintptr_t>(std::uint64_t{high} << 32 | low);
    auto* fiber = reinterpret_cast<Fiber*>(self);
    fiber->body_(*fiber);
  }

  ucontext_t context_{};
  ucontext_t resumer_{};
  void* stack_ = nullptr;
  std::function<void(Fiber&)> body_;
};

using Semaphore = bulwark::SemaphoreBulkhead<>;

}  // namespace

TEST_CASE("fibers that leave withPermit() in the order they entered it leave no record behind") {
  net::io_context io;
  Semaphore files{io, {.name = "files", .permits = 2, .acquireTimeout = 1ms}};
  {
    Fiber first([&](Fiber& me) { files.withPermit([&] { me.yield(); }); });
    Fiber second([&](Fiber& me) { files.withPermit([&] { me.yield(); }); });
    first.resume();
    second.resume();
    first.resume();
    second.resume();
  }
  REQUIRE(files.stats().available == 2);
  const Permit one = files.tryAcquire();
  const Permit two = files.tryAcquire();
  CHECK_THROWS_AS(files.withPermit([] {}), bulwark::BulkheadTimeoutError);
}

TEST_CASE("a thread can wait for the permit of a fiber that began on it and continues on another") {
  net::io_context io;
  Semaphore files{io, {.name = "files", .permits = 1, .acquireTimeout = bulwark::noTimeout}};
  Fiber fiber([&](Fiber& me) { files.withPermit([&] { me.yield(); }); });
  fiber.resume();
  std::thread other([&] {
    while (files.stats().waiting == 0) std::this_thread::yield();
    fiber.resume();
  });
  bool ran = false;
  files.withPermit([&] { ran = true; });
  other.join();
  CHECK(ran);
  // The record that the fiber made on this thread is gone: this wait is an ordinary one.
  Permit held = files.tryAcquire();
  std::thread releases([&] {
    while (files.stats().waiting == 0) std::this_thread::yield();
    held.release();
  });
  CHECK_NOTHROW(files.withPermit([] {}));
  releases.join();
}

TEST_CASE("a fiber that its executor suspends does not delay the wake-up of another fiber") {
  net::io_context io;
  auto probe = std::make_shared<ExecutorProbe>();
  const InstrumentedExecutor executor(io.get_executor(), probe);
  bulwark::SemaphoreBulkhead first{executor, {.name = "first", .permits = 2}};
  bulwark::SemaphoreBulkhead second{executor, {.name = "second", .permits = 1}};
  int granted = 0;
  const auto grant = [&](net::error_code error, Permit) { granted += error ? 0 : 1; };
  std::vector<Permit> held;
  held.push_back(first.tryAcquire());
  held.push_back(first.tryAcquire());
  held.push_back(second.tryAcquire());
  first.acquire(grant);
  first.acquire(grant);
  second.acquire(grant);
  Fiber* running = nullptr;
  probe->whenAsked = [&] {  // like an executor whose queue has a lock for fibers
    if (running != nullptr) running->yield();
  };
  {
    const auto releases = [&](std::size_t permit) {
      return [&held, permit](Fiber&) { held[permit].release(); };
    };
    Fiber one(releases(0));
    Fiber other(releases(2));
    Fiber third(releases(1));
    const auto resume = [&](Fiber& fiber) {
      running = &fiber;
      fiber.resume();
      running = nullptr;
    };
    resume(one);
    resume(other);
    resume(one);  // to its end
    third.resume();  // not delayed: its executor does not wait
    CHECK(probe->submitted == 2);
    resume(other);
  }
  CHECK(probe->submitted == 3);
  io.run();
  CHECK(granted == 3);
  // Permits still work on this thread after the stacks of the fibers are gone.
  Permit again = first.tryAcquire();
  Permit more = first.tryAcquire();
  first.acquire(grant);
  again.release();
  io.restart();
  io.run();
  CHECK(granted == 4);
}

#endif
