#pragma once

#include <bulwark/asio.hpp>

#include <asio/experimental/channel.hpp>

#include <cstddef>
#include <utility>

/// An Asio channel used as a semaphore: its messages are the permits. It has no timeout, no limit
/// on waiting calls, and no statistics.
template <typename Executor>
class ChannelSemaphore {
 public:
  ChannelSemaphore(const Executor& executor, std::size_t permits, std::size_t available)
      : permits_(executor, permits) {
    for (std::size_t i = 0; i < available; ++i) release();
  }

  /// Completion signature void(error_code, bool). The bool has no meaning.
  template <typename Token>
  auto acquire(Token&& token) {
    return permits_.async_receive(std::forward<Token>(token));
  }

  void release() { permits_.try_send(bulwark::net::error_code(), true); }

 private:
  // The bool is necessary because Asio 1.22 does not compile channels of only an error_code.
  bulwark::net::experimental::channel<Executor, void(bulwark::net::error_code, bool)> permits_;
};
