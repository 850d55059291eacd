#include "support/stress/outcomes.hpp"

// The checks of how a call ended. Each end needs a reason: a timeout, a drain, a request.

#include <bulwark/error.hpp>
#include <bulwark/limits.hpp>

#include <chrono>
#include <exception>
#include <utility>

#include "support/stress/settings.hpp"

namespace stress {
namespace {

using namespace std::chrono_literals;

bool isThrown(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Thrown&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void Outcomes::executed(Call& call, const std::exception_ptr& error) {
  checkStrand(call);
  if (call.ran) {
    const bool thrown = error && isThrown(error);
    if (call.throws && !error) fail("an exception was lost");
    const bool asked = call.session != nullptr && call.session->emitted;
    if (error && !thrown && !asked) fail("an unexpected exception");
    return finish(call, error ? End::failed : End::executed);
  }
  if (!error) {
    fail("executed, and never ran");
    return finish(call, End::executed);
  }
  refused(call, bulwark::errorCodeOf(error));
}

void Outcomes::acquired(Call& call, net::error_code error, bulwark::Permit permit) {
  checkStrand(call);
  if (error) {
    if (permit) fail("an error and a permit");
    return refused(call, error);
  }
  if (permit.count() != call.weight) fail("a permit of another weight");
  permits_.enter(*call.generation, call.weight);
  Held held{std::move(permit), call.generation};
  // An arbitrary rule decides whether the permit is kept for another thread to release.
  if ((call.begun.time_since_epoch().count() >> 4) % 3 == 0) {
    permits_.giveBack(std::move(held));
  } else {
    permits_.hold(std::move(held));
  }
  complete(call);
}

void Outcomes::refused(Call& call, net::error_code error) {
  Generation& generation = *call.generation;
  if (error == bulwark::Errc::queueFull) {
    if (phase_.bounded() && generation.setup.queueLimit == bulwark::unlimited && call.timeout &&
        *call.timeout > 0ns) {
      fail("rejected by a queue without a limit");
    }
    return finish(call, End::rejected);
  }
  if (error == bulwark::Errc::queueTimeout) {
    if (call.timeout && (*call.timeout <= 0ns || *call.timeout >= hour)) {
      fail("timed out without a timeout");
    }
    if (call.timeout && std::chrono::steady_clock::now() - call.begun < *call.timeout) {
      fail("timed out too early");
    }
    checkRequest(call);
    return finish(call, End::timedOut);
  }
  if (error == bulwark::Errc::draining) {
    if (!generation.drained.load(relaxed)) fail("drained without a drain");
    return finish(call, End::drained);
  }
  if (error == net::error::operation_aborted) {
    const bool asked = call.session != nullptr && call.session->emitted;
    if (!asked && !generation.destroyed.load(relaxed)) fail("cancelled without a request");
    return finish(call, End::cancelled);
  }
  if (error == net::error::invalid_argument) {
    if (call.weight > 0 && call.weight <= generation.setup.limit && phase_.bounded()) {
      fail("a good weight was refused");
    }
    return finish(call, End::invalid);
  }
  fail("an unexpected error: " + error.message());
  finish(call, End::failed);
}

void Outcomes::drainEnded(Call& call, net::error_code error) {
  checkStrand(call);
  if (error && error != net::error::timed_out && error != net::error::operation_aborted) {
    fail("an unexpected error: " + error.message());
  }
  if (error == net::error::timed_out && (!call.timeout || *call.timeout >= hour)) {
    fail("a drain timed out without a timeout");
  }
  if (error == net::error::timed_out) checkRequest(call);
  complete(call);
}

/// Checks that a call that timed out had not been cancelled before its deadline.
void Outcomes::checkRequest(const Call& call) {
  if (call.session == nullptr || !call.session->emitted || !call.timeout) return;
  if (*call.timeout > 0ns && call.session->emittedBy - call.begun < *call.timeout) {
    fail("a cancellation request was lost");
  }
}

void Outcomes::checkStrand(const Call& call) {
  if (call.session != nullptr && !call.session->strand.running_in_this_thread()) {
    fail("a handler ran off its executor");
  }
}

void Outcomes::finish(Call& call, End end) {
  call.generation->count(end);
  complete(call);
}

void Outcomes::complete(Call& call) {
  if (call.completions.fetch_add(1, relaxed) != 0) fail("a call completed twice");
  over(call);
}

void Outcomes::dropped(Call& call) noexcept {
  call.drops.fetch_add(1, relaxed);
  if (!phase_.abandons) fail("a handler was destroyed uninvoked");
  over(call);
}

void Outcomes::over(Call& call) {
  if (call.session != nullptr) sessions_.giveBack(*call.session);
  outstanding_.end();
}

}  // namespace stress
