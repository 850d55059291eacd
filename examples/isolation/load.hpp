// The clients of the gateway: a fixed number of connections to each route, and a fixed number of
// requests per second, whatever the gateway does.
//
// A load generator that waits for an answer before it sends the next request sends fewer requests
// to a slow server, and measures only those. A stall of a second, which a thousand users would have
// noticed, appears as one slow request. Here every request has a due time. Its latency counts from
// that time, even if all connections are still busy with earlier requests. A request that has no
// answer `clientTimeout` after its due time is an error, whether it was sent or not.
//
// The load begins a little before the phase, so that its first requests do not look slow because
// everything is new. It ends when the last request of the phase has its result, so that no server
// benefits from a decreasing load.
#pragma once

#include "http/http.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace isolation {

using namespace http;  // net, tcp, Clock, Reply, Connection, Server

enum class Result : std::uint8_t {
  ok,
  refused,  // 503: the gateway had no slot, or its bulkhead refused
  late,  // 504: the upstream did not answer
  broken,  // anything else
  abandoned,  // the client gave up
};
inline constexpr std::size_t resultCount = 5;

enum class RouteId : std::uint8_t { db, ai };
inline constexpr std::array routeIds{RouteId::db, RouteId::ai};
constexpr const char* pathOf(RouteId route) { return route == RouteId::db ? "/db" : "/ai"; }

struct Outcome {
  RouteId route;
  Result result;
  std::chrono::nanoseconds latency;  // from the due time of the request
  std::chrono::nanoseconds sentLate;  // how long after the due time the request was sent
};

struct LoadConfig {
  tcp::endpoint gateway;
  std::chrono::nanoseconds warmUp = std::chrono::milliseconds(250);  // not counted
  std::chrono::nanoseconds duration{};  // counted
  std::array<unsigned, routeIds.size()> rates{};  // requests per second, by RouteId
  std::size_t clients = 200;  // connections to each route
  std::chrono::milliseconds clientTimeout{3000};
};

// Runs on its own thread and io_context, from construction until every request that was due within
// the phase has its result, at most `clientTimeout` after its end.
class Load {
 public:
  explicit Load(const LoadConfig& config);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Waits for the end of the load until `moment`. Returns whether it has ended.
  bool waitUntil(Clock::time_point moment);

  // Results since the last call.
  std::vector<Outcome> take();

 private:
  // The requests of a route, in the order of their due times. The first free client takes the next
  // request.
  struct Schedule {
    RouteId route{};
    unsigned rate = 1;
    std::int64_t taken = 0;
    std::int64_t first = 0;  // first request that the phase counts
    std::int64_t end = 0;  // one past its last request
  };

  net::awaitable<void> client(Schedule& schedule);
  net::awaitable<Outcome> request(Connection& connection, RouteId route, Clock::time_point due);
  void record(const Outcome& outcome);

  LoadConfig config_;
  net::io_context io_;
  std::array<Schedule, routeIds.size()> schedules_;
  Clock::time_point start_;
  std::int64_t undecided_ = 0;  // counted requests without a result

  std::mutex mutex_;  // guards the next two
  std::vector<Outcome> outcomes_;
  bool finished_ = false;
  std::condition_variable ended_;

  std::thread thread_;
};

}  // namespace isolation
