#include "upstream.hpp"

#include <fmt/format.h>

#include <utility>

namespace isolation {

Upstream::Upstream(const UpstreamConfig& config)
    : config_(config),
      isSlow_(config.slowShare),
      server_(io_, [this](std::string path) { return answer(std::move(path)); }) {}

Upstream::~Upstream() {
  // Coroutines in progress end on this thread.
  server_.close();
  io_.restart();
  io_.run();
}

net::awaitable<Reply> Upstream::answer(std::string path) {
  net::steady_timer work(io_, isSlow_(random_) ? config_.slow : config_.typical);
  co_await work.async_wait(net::use_awaitable);
  co_return Reply{.status = 200, .body = fmt::format("{} answers {}\n", config_.name, path)};
}

}  // namespace isolation
