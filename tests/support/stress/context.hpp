#pragma once

// Where the calls of a round run.

#include <bulwark/asio.hpp>

#include BULWARK_NET(any_io_executor.hpp)
#include BULWARK_NET(executor_work_guard.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(thread_pool.hpp)

#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "support/stress_parts.hpp"

namespace stress {

enum class ContextKind { pool, io, strand };

/// An execution context with its threads.
class Context {
 public:
  Context(ContextKind kind, unsigned threads) : kind_(kind) {
    if (kind == ContextKind::io) {
      io_ = std::make_unique<net::io_context>();
      work_.emplace(io_->get_executor());
      for (unsigned i = 0; i < threads; ++i) {
        runners_.emplace_back([this] { io_->run(); });
      }
    } else {
      pool_ = std::make_unique<net::thread_pool>(threads);
    }
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { stop(); }

  template <typename Executor>
  Executor executor() {
    if constexpr (std::is_constructible_v<Executor, net::thread_pool::executor_type> &&
                  std::is_constructible_v<Executor, net::io_context::executor_type>) {
      if (kind_ == ContextKind::io) return io_->get_executor();
      if (kind_ == ContextKind::strand) return net::make_strand(pool_->get_executor());
      return pool_->get_executor();
    } else if constexpr (std::is_same_v<Executor, net::io_context::executor_type>) {
      return io_->get_executor();
    } else {
      return Executor(pool_->get_executor());
    }
  }
  template <typename Executor>
  static ContextKind suits(Dice& dice) {
    if constexpr (std::is_same_v<Executor, net::io_context::executor_type>) {
      return ContextKind::io;
    } else if constexpr (std::is_same_v<Executor, net::any_io_executor>) {
      return dice.of({ContextKind::pool, ContextKind::io, ContextKind::strand});
    } else {
      return ContextKind::pool;
    }
  }

  /// Returns when no work is left. It hangs if work was left behind.
  void join() {
    work_.reset();
    for (std::thread& runner : runners_) runner.join();
    runners_.clear();
    if (pool_) pool_->join();
  }
  void stop() {
    if (io_) io_->stop();
    if (pool_) pool_->stop();
    join();
  }

 private:
  ContextKind kind_;
  std::unique_ptr<net::io_context> io_;
  std::unique_ptr<net::thread_pool> pool_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;
  std::vector<std::thread> runners_;
};

}  // namespace stress
