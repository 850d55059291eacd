#include <bulwark/detail/telemetry/thread_seat.hpp>

#include <cstddef>
#include <set>

#include "support/catch.hpp"

// tests/concurrency/statistics_test.cpp covers several threads.

using bulwark::detail::ThreadSeat;

TEST_CASE("a thread asks for a seat once and keeps it") {
  ThreadSeat::giveBack();
  CHECK(ThreadSeat::mine() == ThreadSeat::unknown);
  const auto seat = ThreadSeat::take();
  CHECK(seat % 2 == 0);
  CHECK(seat != ThreadSeat::unknown);
  CHECK(seat != ThreadSeat::none);
  CHECK(ThreadSeat::mine() == seat);
  CHECK(ThreadSeat::take() == seat);
}

TEST_CASE("a seat that was given back is the next one to be taken") {
  const auto seat = ThreadSeat::take();
  ThreadSeat::giveBack();
  ThreadSeat::giveBack();  // there is nothing to give back
  CHECK(ThreadSeat::mine() == ThreadSeat::unknown);
  CHECK(ThreadSeat::take() == seat);
}

TEST_CASE("a thread that is ending gets no seat") {
  ThreadSeat::end();
  CHECK(ThreadSeat::mine() == ThreadSeat::none);
  CHECK(ThreadSeat::take() == ThreadSeat::none);
  ThreadSeat::end();
  CHECK(ThreadSeat::take() == ThreadSeat::none);
  ThreadSeat::giveBack();
  CHECK(ThreadSeat::take() != ThreadSeat::none);
}

TEST_CASE("seats side by side get places of their own, as many as there are") {
  const auto seat = ThreadSeat::take();
  for (const std::size_t places : {std::size_t{1}, std::size_t{6}, std::size_t{63}}) {
    std::set<std::size_t> different;
    for (std::size_t i = 0; i < places; ++i) {
      different.insert(ThreadSeat::placeOf(seat + 2 * i, places));
    }
    CHECK(different.size() == places);
    CHECK(*different.rbegin() == places - 1);
  }
}
