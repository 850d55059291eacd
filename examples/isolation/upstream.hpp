// A dependency of the gateway: a server that answers every request after some time.
#pragma once

#include "http/http.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace isolation {

using namespace http;  // net, tcp, Clock, Reply, Connection, Server

struct UpstreamConfig {
  std::string name;
  std::chrono::milliseconds typical{5};  // for most answers
  std::chrono::milliseconds slow{5};     // for the others
  double slowShare = 0;                  // 0..1
};

// The tail is there because databases have one, and because p99 then measures it: 80 ms that the
// upstream really takes, and not the load of the machine.
inline const UpstreamConfig dbUpstream{.name = "db",
                                       .typical = std::chrono::milliseconds(5),
                                       .slow = std::chrono::milliseconds(80),
                                       .slowShare = 0.05};
inline const UpstreamConfig aiUpstream{.name = "ai",
                                       .typical = std::chrono::milliseconds(20),
                                       .slow = std::chrono::milliseconds(20),
                                       .slowShare = 0};

// It has no limits of its own, so that only the gateway's limits are visible.
class Upstream {
 public:
  // Listens at once: a connection before run() waits for it.
  explicit Upstream(const UpstreamConfig& config);
  ~Upstream();  // no thread may be in run()
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  std::uint16_t port() const { return server_.endpoint().port(); }

  // Answers, until stop().
  void run() { io_.run(); }

  // From now on it hangs: the kernel still accepts connections and requests, but none is answered,
  // as with a stopped process. Thread-safe.
  void stop() { io_.stop(); }

 private:
  net::awaitable<Reply> answer(std::string path);

  UpstreamConfig config_;
  net::io_context io_{1};
  std::minstd_rand random_;  // the same sequence in every run
  std::bernoulli_distribution isSlow_;
  Server server_;
};

}  // namespace isolation
