#include "gateway.hpp"

#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <fmt/format.h>

#include <exception>
#include <utility>

namespace isolation {

net::awaitable<Reply> Gateway::Upstream::get(std::string path) {
  if (closed_) throw net::system_error(net::error::operation_aborted);
  std::shared_ptr<Connection> connection;
  if (idle_.empty()) {
    connection = std::make_shared<Connection>(io_.get_executor());
  } else {
    connection = std::move(idle_.back());
    idle_.pop_back();
  }

  busy_.insert(connection);
  std::exception_ptr failure;
  Reply reply;
  try {
    reply = co_await connection->get(peer_, std::move(path), Clock::now() + timeout_);
  } catch (const net::system_error&) {
    failure = std::current_exception();
  }
  busy_.erase(connection);
  if (failure) std::rethrow_exception(failure);
  idle_.push_back(std::move(connection));
  co_return reply;
}

void Gateway::Upstream::close() {
  closed_ = true;
  for (const auto& connection : busy_) connection->close();
  idle_.clear();
}

Gateway::Gateway(const GatewayConfig& config)
    : config_(config),
      io_(1),
      ai_{Upstream(io_, config.aiPort, config.upstreamTimeout), std::nullopt},
      db_{Upstream(io_, config.dbPort, config.upstreamTimeout), std::nullopt},
      server_(io_, [this](std::string path) { return answer(std::move(path)); }),
      endpoint_(server_.endpoint()) {
  if (config.bulkheads) {
    ai_.bulkhead.emplace(io_, bulwark::BulkheadConfig{.name = "ai",
                                                      .maxConcurrent = config.aiLimit,
                                                      .maxQueueSize = config.queue,
                                                      .queueTimeout = config.queueTimeout});
    db_.bulkhead.emplace(io_, bulwark::BulkheadConfig{.name = "db",
                                                      .maxConcurrent = config.dbLimit,
                                                      .maxQueueSize = config.queue,
                                                      .queueTimeout = config.queueTimeout});
  } else {
    pool_.emplace(io_, config.poolSize, config.poolWait);
  }
  thread_ = std::thread([this] { io_.run(); });
}

Gateway::~Gateway() {
  // Everything is accessed on the gateway's thread only. When all coroutines have ended, no work is
  // left, and run() returns.
  net::post(io_.get_executor(), [this] { close(); });
  thread_.join();
}

void Gateway::close() {
  server_.close();
  if (pool_) pool_->close();
  for (Route* route : {&ai_, &db_}) {
    if (route->bulkhead) route->bulkhead->drain(net::detached);
    route->upstream.close();
  }
}

GatewayStatus Gateway::status() const {
  GatewayStatus status;
  if (pool_) {
    status.slots = config_.poolSize;
    status.inUse = pool_->inUse();
    status.waiting = pool_->waiting();
  } else {
    status.ai = ai_.bulkhead->stats();
    status.db = db_.bulkhead->stats();
  }
  return status;
}

net::awaitable<Reply> Gateway::answer(std::string path) {
  Route* const route = path == "/ai" ? &ai_ : path == "/db" ? &db_ : nullptr;
  if (route == nullptr) co_return Reply{.status = 404, .body = "there is /ai and /db\n"};
  Reply reply;
  try {
    reply = co_await admit(*route, std::move(path));
  } catch (const bulwark::BulkheadError& error) {
    reply = {.status = 503, .body = fmt::format("{}\n", error.what())};
  } catch (const NoSlot& error) {
    reply = {.status = 503, .body = fmt::format("{}\n", error.what())};
  } catch (const net::system_error& error) {
    const bool late = error.code() == net::error::timed_out;
    reply = {.status = late ? 504 : 502, .body = fmt::format("{}\n", error.what())};
  }
  co_return reply;
}

// The only difference between the gateway that fails and the one that does not.
net::awaitable<Reply> Gateway::admit(Route& route, std::string path) {
  if (route.bulkhead) {
    co_return co_await route.bulkhead->execute([&] { return route.upstream.get(path); },
                                               net::use_awaitable);
  }
  const SlotPool::Slot slot = co_await pool_->take();
  co_return co_await route.upstream.get(path);
}

}  // namespace isolation
