// A pool of database connections with one permit for each connection.
#include <bulwark/bulwark.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

/// Simulates a driver's connection: one query at a time.
class Connection {
 public:
  Connection() { mostOpen = std::max(mostOpen, ++open); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { --open; }

  asio::awaitable<int> query(int id) {
    if (std::exchange(busy_, true)) throw std::logic_error("two queries on one connection");
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
    busy_ = false;
    if (id % 7 == 0) throw std::runtime_error("connection lost");
    co_return id;
  }

  static inline int open = 0, mostOpen = 0;

 private:
  bool busy_ = false;
};

// [pool]
class Pool {
 public:
  Pool(asio::io_context& io, std::size_t size)
      : permits_(io, {.name = "database", .maxConcurrent = size, .maxQueueSize = 100}) {}

  /// A connection and its permit. The permit is declared first, so that it is released last: the
  /// next call that gets it finds the connection in the pool.
  class Lease {
   public:
    Lease(Pool& pool, bulwark::Permit permit, std::unique_ptr<Connection> connection)
        : permit_(std::move(permit)), connection_(connection.release(), PutBack{&pool}) {}

    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;  // would release the old permit first

    Connection& operator*() const { return *connection_; }
    /// Closes a connection that is no longer usable. The next lease opens another one.
    void drop() { delete connection_.release(); }

   private:
    struct PutBack {
      Pool* pool;
      void operator()(Connection* connection) const { pool->putBack(connection); }
    };
    bulwark::Permit permit_;
    std::unique_ptr<Connection, PutBack> connection_;
  };

  asio::awaitable<Lease> lease() {
    bulwark::Permit permit = co_await permits_.acquire(asio::use_awaitable);
    co_return Lease(*this, std::move(permit), take());
  }

  bulwark::BulkheadStats stats() const { return permits_.stats(); }

 private:
  std::unique_ptr<Connection> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Connection>();
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  void putBack(Connection* connection) {
    const std::lock_guard lock(mutex_);
    idle_.emplace_back(connection);
  }

  bulwark::Bulkhead<> permits_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};
// [pool]

// [use]
asio::awaitable<int> query(Pool& pool, int id) {
  Pool::Lease connection = co_await pool.lease();
  try {
    co_return co_await (*connection).query(id);
  } catch (const std::runtime_error&) {
    connection.drop();
    throw;
  }
}
// [use]

int main() {
  asio::io_context io;
  Pool pool{io, 3};
  int answered = 0, lost = 0;
  for (int id = 1; id <= 20; ++id) {
    asio::co_spawn(io, query(pool, id),
                   [&](std::exception_ptr error, int) { ++(error ? lost : answered); });
  }
  io.run();
  fmt::print("{} answered, {} lost; connections open at once: {} at most\n{}\n", answered, lost,
             Connection::mostOpen, pool.stats());
  const bulwark::BulkheadStats stats = pool.stats();
  return answered == 18 && lost == 2 && Connection::mostOpen == 3 && stats.peakActive == 3 &&
                 stats.active == 0 && stats.submitted() == 20
             ? 0
             : 1;
}
