#include "server.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace beast_example {

using namespace std::chrono_literals;
using boost::system::error_code;

// One connection. Its executor is a strand, so that only one thread at a time runs it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : stream_(std::move(socket)) {}

  net::any_io_executor executor() { return stream_.get_executor(); }

  net::awaitable<void> run(Server::Answer answer) {
    boost::beast::flat_buffer buffer;
    error_code error;
    while (!stopped_) {
      Request request;
      reading_ = true;
      stream_.expires_after(30s);
      co_await http::async_read(stream_, buffer, request,
                                net::redirect_error(net::use_awaitable, error));
      reading_ = false;
      if (error) break;

      const Response response = co_await answer(request);

      stream_.expires_after(30s);
      co_await http::async_write(stream_, response, net::redirect_error(net::use_awaitable, error));
      if (error || !response.keep_alive()) break;
    }
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  }

  void stop() {
    net::dispatch(executor(), [self = shared_from_this()] {
      self->stopped_ = true;
      if (self->reading_) self->stream_.cancel();
    });
  }

 private:
  boost::beast::tcp_stream stream_;
  bool reading_ = false;
  bool stopped_ = false;
};

Server::Server(net::io_context& io, const tcp::endpoint& endpoint, Answer answer)
    : io_(io),
      answer_(std::move(answer)),
      strand_(net::make_strand(net::any_io_executor(io.get_executor()))),
      acceptor_(strand_, endpoint),
      endpoint_(acceptor_.local_endpoint()),
      sessionEnded_(strand_, net::steady_timer::time_point::max()) {}

Server::~Server() = default;

void Server::start() { net::co_spawn(strand_, accept(), net::detached); }

net::awaitable<void> Server::accept() {
  while (true) {
    error_code error;
    tcp::socket socket =
        co_await acceptor_.async_accept(net::any_io_executor(net::make_strand(io_)),
                                        net::redirect_error(net::use_awaitable, error));
    if (!acceptor_.is_open()) co_return;
    if (error) {  // the client disconnected, or no descriptor is free: retry later
      net::steady_timer pause(strand_, 10ms);
      co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
      continue;
    }
    const auto session = std::make_shared<Session>(std::move(socket));
    sessions_.insert(session);
    net::co_spawn(session->executor(), session->run(answer_),
                  net::bind_executor(strand_, [this, session](const std::exception_ptr& failure) {
                    ended(session);
                    if (failure) std::rethrow_exception(failure);  // a bug of the program: ends it
                  }));
  }
}

void Server::ended(const std::shared_ptr<Session>& session) {
  sessions_.erase(session);
  sessionEnded_.cancel();
}

net::awaitable<void> Server::close() {
  co_await net::co_spawn(
      strand_,
      [this]() -> net::awaitable<void> {
        acceptor_.close();
        co_return;
      },
      net::use_awaitable);
}

net::awaitable<void> Server::finish() {
  co_await net::co_spawn(
      strand_,
      [this]() -> net::awaitable<void> {
        for (const auto& session : sessions_) session->stop();
        while (!sessions_.empty()) {
          error_code cancelled;
          co_await sessionEnded_.async_wait(net::redirect_error(net::use_awaitable, cancelled));
        }
      },
      net::use_awaitable);
}

}  // namespace beast_example
