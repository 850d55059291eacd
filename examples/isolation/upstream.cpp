#include "upstream.hpp"

#include "http/http.hpp"

#include <fmt/format.h>

#include <random>

namespace isolation {

using namespace http;  // net, tcp, Clock, Reply, Connection, Server

void runUpstream(const UpstreamConfig& config,
                 const std::function<void(std::uint16_t)>& listening) {
  net::io_context io(1);
  std::minstd_rand random;  // the same sequence in every run
  std::bernoulli_distribution isSlow(config.slowShare);

  Server server(io, [&](std::string path) -> net::awaitable<Reply> {
    net::steady_timer work(io, isSlow(random) ? config.slow : config.typical);
    co_await work.async_wait(net::use_awaitable);
    co_return Reply{.status = 200, .body = fmt::format("{} answers {}\n", config.name, path)};
  });
  listening(server.endpoint().port());
  io.run();
}

}  // namespace isolation
