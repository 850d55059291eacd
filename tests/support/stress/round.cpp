#include "support/stress/round.hpp"

// The course of a round: which operations come, how it ends, and in which order things are
// destroyed.

#include <bulwark/bulwark.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "support/stress/targets.hpp"

namespace stress {

template <typename Target>
Round<Target>::Round(const Options& options, const Phase& phase, std::uint64_t seed,
                     std::uint64_t operations, Journal& journal)
    : phase_(phase),
      threads_(options.threads),
      operations_(operations),
      journal_(journal),
      dice_(seed),
      kind_(Context::suits<Executor>(dice_)),
      client_(std::make_unique<net::thread_pool>(1)),
      context_(std::make_unique<Context>(kind_, static_cast<unsigned>(dice_.from(1, 3)))),
      generations_(phase_, context_->template executor<Executor>(), dice_.next()) {
  const auto flag = [](bool set, const char* name) { return set ? name : ""; };
  const Setup& setup = generations_.current().setup;
  journal_.round(fmt::format(
      "{} on {}, limit {}, queue {}, timeout {} ns{}{}{}{}{}{}{}", Target::kind,
      kind_ == ContextKind::io     ? "io_context"
      : kind_ == ContextKind::pool ? "thread_pool"
                                   : "strand",
      setup.limit, setup.queueLimit, setup.timeout.count(), flag(phase.resizes, ", resizes"),
      flag(phase.observes, ", observes"), flag(phase.offs, ", offs"),
      flag(phase.drains, ", drains"), flag(phase.resets, ", resets"),
      flag(phase.replaces, ", replaces"), flag(phase.abandons, ", abandons")));
}

template <typename Target>
void Round<Target>::run(Report& report) {
  std::vector<std::thread> drivers;
  std::vector<std::deque<Call>> calls(threads_);
  for (unsigned i = 0; i < threads_; ++i) {
    const std::uint64_t seed = dice_.next();
    const std::uint64_t share = operations_ / threads_ + (i < operations_ % threads_ ? 1 : 0);
    drivers.emplace_back([this, &calls, i, seed, share] {
      Driver driver{Dice(seed), calls[i]};
      for (std::uint64_t n = 0; n < share && !journal_.failed(); ++n) operate(driver);
    });
  }
  for (std::thread& driver : drivers) driver.join();
  if (phase_.abandons) {
    abandon();
  } else {
    settle();
    checks_.atTheEnd();
    part();
  }
  for (const auto& some : calls) {
    for (const Call& call : some) checks_.audit(call, report);
  }
  generations_.forEach([&](const Generation& generation) { checks_.audit(generation, report); });
  report.operations += operations_;
  report.replaced += generations_.count() - 1;
  ++report.rounds;
}

template <typename Target>
void Round<Target>::operate(Driver& driver) {
  static constexpr std::int64_t maxOutstanding = 1500;
  Dice& dice = driver.dice;
  while (outstanding_.count() > maxOutstanding) {
    permits_.giveBackOne(dice);
    std::this_thread::yield();
  }
  const auto execute = [&] { calls_.execute(calls_.newCall(driver)); };
  const std::size_t which = dice.below(100);
  if (which < 26) return execute();
  if (which < 31) return calls_.executeAwaitable(calls_.newCall(driver), dice.below(3));
  if (which < 44) return calls_.inSession(driver);
  if (which < 58) return calls_.acquire(calls_.newCall(driver));
  if (which < 66) return calls_.tryAcquire(driver);
  if (which < 76) return permits_.giveBackOne(dice);
  if (which < 84) return calls_.emit(dice);
  if (which < 92) {
    if constexpr (Target::blocks) return calls_.block(driver);
    return execute();
  }
  if (which < 94) return checks_.look();
  if (which < 97 && phase_.resizes) return changes_.resize(dice);
  if (which < 98 && phase_.drains) {
    return dice.oneIn(3) ? calls_.drain(driver) : changes_.resume();
  }
  if (which == 98 && (phase_.observes || phase_.offs)) return changes_.switchMode(dice);
  if (phase_.resets && dice.oneIn(4)) return changes_.resetStatistics();
  if (phase_.replaces && dice.oneIn(6)) return changes_.replace(driver);
  return execute();
}

/// Waits until all calls have ended.
template <typename Target>
void Round<Target>::settle() {
  permits_.closePool();
  changes_.resume();
  const std::int64_t left = outstanding_.wait();
  if (left != 0) journal_.giveUp(fmt::format("{} calls never end", left));
}

/// Destroys bulkhead and context in either order.
template <typename Target>
void Round<Target>::part() {
  sessions_.flush();
  client_->join();
  if (dice_.oneIn(2)) generations_.destroyBulkhead();
  context_->join();
  generations_.destroyBulkhead();
  sessions_.clear();
  generations_.releaseExecutor();
  context_.reset();
  client_.reset();
}

/// Destroys the context with calls in it, then releases permits, then destroys the bulkhead.
template <typename Target>
void Round<Target>::abandon() {
  sessions_.flush();
  context_->stop();
  generations_.releaseExecutor();
  context_.reset();
  // The slots may still hold the handlers of destroyed calls.
  sessions_.postEmitToAll(net::cancellation_type::terminal);
  permits_.closePool();
  generations_.destroyBulkhead();
  client_->join();
  sessions_.clear();
  client_.reset();
  // Permits delivered on the other context after the pool was closed were released there.
  checks_.same("calls that are neither completed nor destroyed",
               static_cast<std::uint64_t>(outstanding_.count()), 0);
}

template class Round<PoolBulkhead>;
template class Round<IoBulkhead>;
template class Round<AnyBulkhead>;
template class Round<AnySemaphore>;

}  // namespace stress
