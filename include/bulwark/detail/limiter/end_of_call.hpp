#pragma once

#include <array>
#include <cstddef>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/verdict.hpp"
#include "bulwark/detail/telemetry/statistics.hpp"
#include "bulwark/error.hpp"
#include "bulwark/events.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A way in which a call can end that does not run: how each part of the library reports it.
struct EndOfCall {
  Verdict verdict;
  Count count;             // the counter of the statistics, and so the metric
  EventKind event;         // the event
  net::error_code (*code)();  // the error of acquire()
};

namespace ends {

inline net::error_code queueFull() { return Errc::queueFull; }
inline net::error_code queueTimeout() { return Errc::queueTimeout; }
inline net::error_code deadlineExceeded() { return Errc::deadlineExceeded; }
inline net::error_code draining() { return Errc::draining; }
inline net::error_code aborted() { return net::error::operation_aborted; }

}  // namespace ends

/// All of them. A new way to end is a new row, and a case in Limiter::errorFor().
inline constexpr std::array<EndOfCall, 7> endsOfCalls{{
    {Verdict::rejected, Count::rejected, EventKind::rejected, ends::queueFull},
    {Verdict::timedOut, Count::timedOut, EventKind::timedOut, ends::queueTimeout},
    {Verdict::deadlineExceeded, Count::timedOut, EventKind::timedOut, ends::deadlineExceeded},
    {Verdict::drained, Count::drained, EventKind::drained, ends::draining},
    {Verdict::cancelled, Count::cancelled, EventKind::cancelled, ends::aborted},
    {Verdict::aborted, Count::cancelled, EventKind::cancelled, ends::aborted},
    {Verdict::abandoned, Count::cancelled, EventKind::cancelled, ends::aborted},
}};

/// Null: the call goes ahead or still waits, or was never a call (an invalid weight).
inline const EndOfCall* endOf(Verdict verdict) noexcept {
  for (const EndOfCall& end : endsOfCalls) {
    if (end.verdict == verdict) return &end;
  }
  return nullptr;
}

/// What acquire() reports for a call that does not go ahead.
inline net::error_code codeFor(Verdict verdict) noexcept {
  if (verdict == Verdict::invalid) return net::error::invalid_argument;
  const EndOfCall* end = endOf(verdict);
  return end != nullptr ? end->code() : ends::aborted();
}

}  // namespace bulwark::detail
