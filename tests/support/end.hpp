#pragma once

#include <bulwark/error.hpp>

#include <cstddef>

/// How a call ended, as the statistics count it.
enum End : std::size_t { executed, failed, rejected, timedOut, cancelled, drained };
inline constexpr std::size_t endKinds = 6;

/// Returns the end that corresponds to the error code of a call.
inline End endOf(bulwark::net::error_code code) {
  if (!code) return executed;
  if (code == bulwark::Errc::queueFull) return rejected;
  if (code == bulwark::Errc::queueTimeout) return timedOut;
  if (code == bulwark::Errc::draining) return drained;
  return code == bulwark::net::error::operation_aborted ? cancelled : failed;
}
