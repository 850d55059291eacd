#pragma once

#include <bulwark/asio.hpp>

#include <asio/experimental/channel.hpp>

#include <cstddef>
#include <utility>

/// An Asio channel as a semaphore: what it holds are the permits. It knows no timeout, no bound on
/// those that wait, and no statistics.
template <typename Executor>
class ChannelSemaphore {
 public:
  ChannelSemaphore(const Executor& executor, std::size_t permits, std::size_t available)
      : permits_(executor, permits) {
    for (std::size_t i = 0; i < available; ++i) release();
  }

  /// Completion signature void(error_code, bool); the bool says nothing.
  template <typename Token>
  auto acquire(Token&& token) {
    return permits_.async_receive(std::forward<Token>(token));
  }

  void release() { permits_.try_send(bulwark::net::error_code(), true); }

 private:
  // The bool is there because Asio 1.22 does not compile channels of an error_code alone.
  bulwark::net::experimental::channel<Executor, void(bulwark::net::error_code, bool)> permits_;
};
