#include <bulwark/detail/limiter/end_of_call.hpp>

#include <set>

#include "support/catch.hpp"

using bulwark::Errc;
using bulwark::detail::codeFor;
using bulwark::detail::endOf;
using bulwark::detail::endsOfCalls;
using bulwark::detail::Verdict;
namespace net = bulwark::net;

TEST_CASE("each way to end has one row") {
  std::set<Verdict> verdicts;
  for (const auto& end : endsOfCalls) CHECK(verdicts.insert(end.verdict).second);
  CHECK(verdicts.size() == endsOfCalls.size());
}

TEST_CASE("a verdict under which the call goes ahead, waits or never was one has no row") {
  for (const Verdict verdict : {Verdict::waiting, Verdict::granted, Verdict::bypassed,
                                Verdict::invalid, Verdict::contended}) {
    CHECK(endOf(verdict) == nullptr);
  }
}

TEST_CASE("each way to end has its error code") {
  CHECK(codeFor(Verdict::rejected) == Errc::queueFull);
  CHECK(codeFor(Verdict::timedOut) == Errc::queueTimeout);
  CHECK(codeFor(Verdict::drained) == Errc::draining);
  CHECK(codeFor(Verdict::cancelled) == net::error::operation_aborted);
  CHECK(codeFor(Verdict::aborted) == net::error::operation_aborted);
  CHECK(codeFor(Verdict::abandoned) == net::error::operation_aborted);
  CHECK(codeFor(Verdict::invalid) == net::error::invalid_argument);
}
