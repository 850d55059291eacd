#include <bulwark/detail/core/admission.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Peaks that are read and reset while calls begin and end.

using namespace interleave;
using bulwark::detail::Admission;

namespace {

auto admission() {
  return std::make_shared<Admission>(bulwark::detail::Limits{.permits = 9, .maxQueueSize = 0});
}

void hold(Admission& admission, std::size_t permits) {
  expect(admission.take(permits), "there is room");
}

void leave(Admission& admission, std::size_t permits) {
  expect(admission.leave(permits), "no call waits");
}

}  // namespace

TEST_CASE("no peak is lost between two intervals, wherever one ends and the next begins") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission();
    auto most = std::make_shared<std::size_t>(0);
    hold(*a, 2);
    run.thread([=] {
      hold(*a, 4);
      leave(*a, 4);
    });
    run.thread([=] {
      *most = a->takePeaks().active;
      *most = std::max(*most, a->takePeaks().active);
    });
    run.finally([=] {
      *most = std::max(*most, a->takePeaks().active);
      expect(*most == 6, "one interval has the peak of six");
      expect(a->takePeaks().active == 2, "the next interval begins with what is held");
    });
  });
}

TEST_CASE("a reader never sees the peak fall while another thread takes it") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission();
    hold(*a, 6);
    leave(*a, 6);
    run.thread([=] { a->takePeaks(); });
    run.thread([=] { expect(a->numbers().peakActive == 6, "six, before and after"); });
  });
}

TEST_CASE("a call that runs at the end of an interval counts in the next peak") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission();
    run.thread([=] { hold(*a, 3); });
    run.thread([=] { a->takePeaks(); });
    run.finally([=] { expect(a->takePeaks().active == 3, "the calls still run"); });
  });
}

TEST_CASE("a call that an older peak hides from its interval counts in the next peak") {
  EXPLORE(everything, [](Run& run) {
    auto a = admission();
    hold(*a, 5);
    leave(*a, 5);
    run.thread([=] { hold(*a, 3); });
    run.thread([=] { a->takePeaks(); });
    run.finally([=] {
      leave(*a, 3);
      expect(a->takePeaks().active == 3, "the call was in when the interval began, or came later");
    });
  });
}
