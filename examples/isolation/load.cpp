#include "load.hpp"

#include <asio/co_spawn.hpp>

#include <cmath>
#include <exception>
#include <memory>
#include <utility>

namespace isolation {

namespace {

Result resultOf(int status) {
  switch (status) {
    case 200:
      return Result::ok;
    case 503:
      return Result::refused;
    case 504:
      return Result::late;
    default:
      return Result::broken;
  }
}

}  // namespace

Load::Load(const LoadConfig& config) : config_(config), io_(1), start_(Clock::now()) {
  const std::chrono::duration<double> warmUp = config.warmUp;
  const std::chrono::duration<double> duration = config.duration;
  for (const RouteId route : routeIds) {
    const auto index = static_cast<std::size_t>(route);
    schedules_[index] = {.route = route,
                         .rate = config.rates[index],
                         .taken = 0,
                         .first = std::llround(config.rates[index] * warmUp.count()),
                         .end = std::llround(config.rates[index] * (warmUp + duration).count())};
    undecided_ += schedules_[index].end - schedules_[index].first;
    for (std::size_t i = 0; i < config.clients; ++i) {
      net::co_spawn(io_, client(schedules_[index]), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
      });
    }
  }
  thread_ = std::thread([this] {
    io_.run();
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ended_.notify_all();
  });
}

Load::~Load() {
  io_.stop();
  thread_.join();
}

bool Load::waitUntil(Clock::time_point moment) {
  std::unique_lock lock(mutex_);
  return ended_.wait_until(lock, moment, [this] { return finished_; });
}

std::vector<Outcome> Load::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcomes_, {});
}

void Load::record(const Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  outcomes_.push_back(outcome);
}

net::awaitable<void> Load::client(Schedule& schedule) {
  const auto connection = std::make_shared<Connection>(io_.get_executor());
  net::steady_timer pace(io_);
  for (;;) {
    const std::int64_t number = schedule.taken++;
    const std::chrono::nanoseconds second = std::chrono::seconds(1);
    const Clock::time_point due = start_ + number * second / schedule.rate;
    pace.expires_at(due);
    co_await pace.async_wait(net::use_awaitable);
    const Outcome outcome = co_await request(*connection, schedule.route, due);
    if (number < schedule.first || number >= schedule.end) continue;
    record(outcome);
    if (--undecided_ == 0) io_.stop();
  }
}

net::awaitable<Outcome> Load::request(Connection& connection, RouteId route,
                                      Clock::time_point due) {
  const Clock::time_point deadline = due + config_.clientTimeout;
  const Clock::time_point sent = Clock::now();
  Outcome outcome{
      .route = route, .result = Result::abandoned, .latency = {}, .sentLate = sent - due};
  if (sent < deadline) {
    try {
      const Reply reply = co_await connection.get(config_.gateway, pathOf(route), deadline);
      outcome.result = resultOf(reply.status);
    } catch (const net::system_error& error) {
      if (error.code() != net::error::timed_out) outcome.result = Result::broken;
    }
  }
  outcome.latency = Clock::now() - due;
  co_return outcome;
}

}  // namespace isolation
