// The clients of the gateway: a fixed number of connections to each route, and a fixed number of
// requests per second, whatever the gateway does.
//
// A load generator that waits for an answer before it sends the next request asks less of a slow
// server, and times only what it asked: a stall of a second, which a thousand users would have
// felt, shows up as one slow request. Here every request has a moment at which it is due. Its
// latency runs from that moment, also if all connections are still busy with earlier ones, and one
// that has not been answered `clientTimeout` after it is an error, sent or not.
//
// The load begins a little before the phase, so that the first one does not look slow because
// everything in it is new, and that the others have nothing to win by that. And it goes on until
// the last request of the phase has its outcome, so that no server recovers just in time.
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
  refused,     // 503: the gateway had no slot, or its bulkhead said no
  late,        // 504: the upstream did not answer
  broken,      // anything else
  abandoned,   // the client has given up
};
inline constexpr std::size_t resultCount = 5;

enum class RouteId : std::uint8_t { db, ai };
inline constexpr std::array routeIds{RouteId::db, RouteId::ai};
constexpr const char* pathOf(RouteId route) { return route == RouteId::db ? "/db" : "/ai"; }

struct Outcome {
  RouteId route;
  Result result;
  std::chrono::nanoseconds latency;  // from the moment when the request was due
  std::chrono::nanoseconds sentLate; // how long after it the request went out
};

struct LoadConfig {
  tcp::endpoint gateway;
  std::chrono::nanoseconds warmUp = std::chrono::milliseconds(250);  // not counted
  std::chrono::nanoseconds duration{};                               // what is
  std::array<unsigned, routeIds.size()> rates{};  // requests per second, by RouteId
  std::size_t clients = 200;        // connections to each route
  std::chrono::milliseconds clientTimeout{3000};
};

// Runs on a thread and an io_context of its own, from construction until every request that was due
// within the phase has its outcome: `clientTimeout` after its end at the latest.
class Load {
 public:
  explicit Load(const LoadConfig& config);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Waits for the end of the load until `moment`, and tells whether it has come.
  bool waitUntil(Clock::time_point moment);

  // What was decided since the last call.
  std::vector<Outcome> take();

 private:
  // The requests of a route, in the order in which they are due. Whichever client is free first
  // takes the next one.
  struct Schedule {
    RouteId route{};
    unsigned rate = 1;
    std::int64_t taken = 0;
    std::int64_t first = 0;  // the phase's own are those from here on,
    std::int64_t end = 0;  // and before here
  };

  net::awaitable<void> client(Schedule& schedule);
  net::awaitable<Outcome> request(Connection& connection, RouteId route, Clock::time_point due);
  void record(const Outcome& outcome);

  LoadConfig config_;
  net::io_context io_;
  std::array<Schedule, routeIds.size()> schedules_;
  Clock::time_point start_;
  std::int64_t undecided_ = 0;  // counted requests without an outcome

  std::mutex mutex_;  // guards the next two
  std::vector<Outcome> outcomes_;
  bool finished_ = false;
  std::condition_variable ended_;

  std::thread thread_;
};

}  // namespace isolation
