#include "dependency.hpp"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>

namespace service {

namespace {

/// A timer that is in the set for its lifetime.
class ListedTimer : public net::steady_timer {
 public:
  ListedTimer(const net::any_io_executor& executor, std::set<net::steady_timer*>& list)
      : net::steady_timer(executor), list_(list) {
    list_.insert(this);
  }
  ~ListedTimer() { list_.erase(this); }

 private:
  std::set<net::steady_timer*>& list_;
};

}  // namespace

net::awaitable<void> Dependency::call() {
  const Clock::time_point start = Clock::now();
  const double pace = std::uniform_real_distribution(0.8, 1.2)(random_);
  ListedTimer timer(executor_, underWay_);
  // A timer that is cancelled checks again: the behaviour has changed.
  while (!gone_ && Clock::now() < endOf(start, pace)) {
    timer.expires_at(endOf(start, pace));
    net::error_code ignored;
    co_await timer.async_wait(net::redirect_error(net::use_awaitable, ignored));
  }
  if (gone_) throw DependencyError("hung up");
  if (Clock::now() - start >= patience) throw DependencyError("no answer");
  if (std::bernoulli_distribution(now_.failureRate)(random_)) throw DependencyError("failed");
}

void Dependency::behave(Behaviour behaviour) {
  now_ = behaviour;
  wakeCalls();
}

void Dependency::hangUp() {
  gone_ = true;
  wakeCalls();
}

Dependency::Clock::time_point Dependency::endOf(Clock::time_point start, double pace) const {
  if (!now_.latency) return start + patience;
  const std::chrono::duration<double, std::milli> time = pace * *now_.latency;
  return start +
         std::min<Clock::duration>(std::chrono::duration_cast<Clock::duration>(time), patience);
}

void Dependency::wakeCalls() {
  for (net::steady_timer* timer : underWay_) timer->cancel();
}

}  // namespace service
