#include <bulwark/detail/runtime/run_queue.hpp>

#include <chrono>
#include <vector>

#include "support/catch.hpp"

using namespace std::chrono_literals;
using bulwark::detail::Host;
using bulwark::detail::Instant;
using bulwark::detail::Ref;
using bulwark::detail::Runnable;
using bulwark::detail::RunQueue;
using bulwark::detail::Ticks;

namespace {

std::vector<int> ran, discarded;

/// Measures by a clock. The calls below say what time it is.
struct Measure final : Host {
  Measure() : Host("db") { measureByClock(); }
  Instant now() const noexcept override { return Instant{0}; }
  void detach() noexcept override {}
  using Host::ticksOf;
};

struct Probe final : Runnable {
  explicit Probe(int id, Instant end = Instant{0}) : number(id), endsAt(end) {}
  Ticks run() override {
    ran.push_back(number);
    return Measure::ticksOf(endsAt);
  }
  void wake() noexcept override {}
  void discard() noexcept override { discarded.push_back(number); }

  int number;
  Instant endsAt;
};

struct Stage {
  Stage() {
    ran.clear();
    discarded.clear();
  }
  bool add(Probe& probe) { return queue.add(*host, probe); }
  void work() { queue.work(*host); }

  const Ref<Measure> host = Ref<Measure>::adopt(new Measure);
  RunQueue queue;
};

}  // namespace

TEST_CASE("as many workers are requested as calls are ready") {
  Stage s;
  Probe a(1), b(2);
  CHECK(s.add(a));
  CHECK(s.add(b));
  s.work();  // runs both in a burst
  CHECK(ran == std::vector<int>{1, 2});
  Probe c(3);
  CHECK_FALSE(s.add(c));  // the second worker is still on its way
  s.work();
  CHECK(ran == std::vector<int>{1, 2, 3});
}

TEST_CASE("a burst ends after its time, and leaves the rest to the next worker") {
  Stage s;
  Probe a(1, 0us), slow(2, 101us), c(3, 102us);
  CHECK(s.add(a));
  CHECK(s.add(slow));
  CHECK(s.add(c));
  s.work();
  CHECK(ran == std::vector<int>{1, 2});
  s.work();
  CHECK(ran == std::vector<int>{1, 2, 3});
}

TEST_CASE("a lost worker discards a call only if that call depends on it") {
  Stage s;
  Probe a(1), b(2);
  CHECK(s.add(a));
  CHECK(s.add(b));
  s.work();
  s.queue.workerLost(*s.host);  // no call is left
  CHECK(discarded.empty());
  Probe c(3);
  CHECK(s.add(c));
  s.queue.workerLost(*s.host);
  CHECK(discarded == std::vector<int>{3});
}

TEST_CASE("takeAll empties the queue") {
  Stage s;
  Probe a(1), b(2);
  CHECK(s.add(a));
  CHECK(s.add(b));
  bulwark::detail::WaiterList out;
  s.queue.takeAll(*s.host, out);
  CHECK(out.pop() == &a);
  CHECK(out.pop() == &b);
  s.work();
  CHECK(ran.empty());
}
