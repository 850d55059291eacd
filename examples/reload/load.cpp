#include "load.hpp"

#include <bulwark/error.hpp>
#include <bulwark/stats.hpp>

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

namespace reload {

using namespace std::chrono_literals;

Load::Load(asio::any_io_executor executor, Reloader& reloader, unsigned rate)
    : executor_(executor), reloader_(reloader), rate_(rate), tick_(std::move(executor)) {}

asio::awaitable<void> Load::run() {
  constexpr auto interval = 5ms;
  asio::error_code stopped;
  std::uint64_t due = 0;  // thousandths of calls
  tick_.expires_at(std::chrono::steady_clock::now());
  while (!stopped_) {
    for (due += rate_ * interval.count(); due >= 1000; due -= 1000) call();
    tick_.expires_at(tick_.expiry() + interval);
    co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
  }
}

void Load::stop() {
  stopped_ = true;
  tick_.cancel();
}

void Load::call() {
  const auto& config = reloader_.config();
  const std::size_t service = started_ % (config.services.size() + 1);
  const std::string name =
      service == config.services.size()
          ? "any.other"
          : std::next(config.services.begin(), static_cast<std::ptrdiff_t>(service))->first;
  bulwark::ManagerCallOptions options;
  if (started_ % 2 == 0 && !config.semaphores.empty()) {
    const std::size_t semaphore = started_ / 2 % config.semaphores.size();
    options.semaphores.push_back(
        std::next(config.semaphores.begin(), static_cast<std::ptrdiff_t>(semaphore))->first);
  }
  const auto length = std::chrono::milliseconds(random_() % 20 + 1);

  ++started_;
  reloader_.manager().execute(
      name,
      [this, length]() -> asio::awaitable<void> {
        asio::steady_timer timer(executor_, length);
        co_await timer.async_wait(asio::use_awaitable);
      },
      std::move(options),
      [this](std::exception_ptr error) {
        const auto code = bulwark::errorCodeOf(error);
        if (!code) {
          ++executed_;
        } else if (code == bulwark::Errc::queueFull) {
          ++rejected_;
        } else if (code == bulwark::Errc::queueTimeout) {
          ++timedOut_;
        } else {
          ++other_;
        }
      });
}

bool Load::nothingLost() const {
  std::uint64_t executed = 0, rejected = 0, timedOut = 0, submitted = 0;
  const bulwark::ManagerStats stats = reloader_.manager().stats();
  for (const auto& [name, bulkhead] : stats.bulkheads) {
    if (bulkhead.active != 0 || bulkhead.queued != 0) return false;
    executed += bulkhead.executed;
    rejected += bulkhead.rejected;
    timedOut += bulkhead.timedOut;
    submitted += bulkhead.submitted();
  }
  for (const auto& [name, semaphore] : stats.semaphores) {
    if (semaphore.available != semaphore.permits) return false;
  }
  if (ended() != started_ || other_ != 0) return false;
  // Mode off does not count calls.
  if (submitted < started_) return executed <= executed_;
  return executed == executed_ && rejected == rejected_ && timedOut == timedOut_;
}

std::string Load::summary() const {
  return fmt::format("{} calls: {} executed, {} rejected, {} timed out, {} otherwise, {} under way",
                     started_, executed_, rejected_, timedOut_, other_, started_ - ended());
}

}  // namespace reload
