// The service of the demo: GET /ai and GET /db, each answered by a separate upstream.
#pragma once

#include "http/http.hpp"
#include "slot_pool.hpp"

#include <bulwark/bulkhead.hpp>
#include <bulwark/error.hpp>
#include <bulwark/stats.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace isolation {

using namespace http;  // net, tcp, Clock, Reply, Connection, Server

struct GatewayConfig {
  std::uint16_t aiPort = 0;
  std::uint16_t dbPort = 0;
  std::chrono::milliseconds upstreamTimeout{2000};

  bool bulkheads = false;  // false: the shared pool

  std::size_t poolSize = 64;
  std::chrono::milliseconds poolWait{1000};

  std::size_t aiLimit = 16;
  std::size_t dbLimit = 48;
  std::size_t queue = 50;
  std::chrono::milliseconds queueTimeout{500};
};

// The current limits of upstream calls: the shared pool, or the two bulkheads.
struct GatewayStatus {
  std::size_t slots = 0;  // of the pool, as are the next two
  std::size_t inUse = 0;
  std::size_t waiting = 0;
  std::optional<bulwark::BulkheadStats> ai;
  std::optional<bulwark::BulkheadStats> db;
};

// Runs on its own thread and io_context from construction to destruction.
class Gateway {
 public:
  explicit Gateway(const GatewayConfig& config);
  ~Gateway();  // cancels calls in progress and waits for their end
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  tcp::endpoint endpoint() const noexcept { return endpoint_; }
  GatewayStatus status() const;  // on any thread

 private:
  // The connections to one upstream. Idle connections are reused.
  class Upstream {
   public:
    Upstream(net::io_context& io, std::uint16_t port, std::chrono::milliseconds timeout)
        : io_(io), peer_(net::ip::address_v4::loopback(), port), timeout_(timeout) {}

    net::awaitable<Reply> get(std::string path);
    void close();

   private:
    net::io_context& io_;
    tcp::endpoint peer_;
    std::chrono::milliseconds timeout_;
    std::vector<std::shared_ptr<Connection>> idle_;
    std::unordered_set<std::shared_ptr<Connection>> busy_;
    bool closed_ = false;
  };

  struct Route {
    Upstream upstream;
    std::optional<bulwark::Bulkhead<>> bulkhead;
  };

  net::awaitable<Reply> answer(std::string path);
  net::awaitable<Reply> admit(Route& route, std::string path);
  void close();

  GatewayConfig config_;
  net::io_context io_;
  Route ai_;
  Route db_;
  std::optional<SlotPool> pool_;
  Server server_;
  tcp::endpoint endpoint_;
  std::thread thread_;
};

}  // namespace isolation
