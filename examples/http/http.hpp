// The part of HTTP/1.1 that the examples need, for servers and clients: GET, keep-alive,
// Content-Length. Everything here belongs to the one thread that runs its io_context.
#pragma once

#include <bulwark/asio.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

namespace http {

namespace net = bulwark::net;
using net::ip::tcp;
using Clock = std::chrono::steady_clock;

struct Reply {
  int status = 0;
  std::string body;
};

// One connection of a client. It is kept alive between requests, and carries one request at a time.
// Held by shared_ptr, because its deadline may expire after its owner has released it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(const net::any_io_executor& executor);

  // Connects if necessary, sends GET path and reads the reply. Throws a system_error:
  // net::error::timed_out at the deadline, otherwise the error of the socket. A connection that has
  // thrown is closed, because a late reply would be taken for the reply to the next request.
  net::awaitable<Reply> get(tcp::endpoint peer, std::string path, Clock::time_point deadline);

  // Closes the socket: a request in progress ends with an error.
  void close() noexcept;

 private:
  net::awaitable<Reply> exchange(tcp::endpoint peer, std::string path);

  tcp::socket socket_;
  net::steady_timer watchdog_;
  std::string buffer_;
};

// Listens on a port of 127.0.0.1 that the kernel chooses, and passes every request to `answer`.
class Server {
 public:
  using Answer = std::function<net::awaitable<Reply>(std::string path)>;

  Server(net::io_context& io, Answer answer);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  // Accepts no more connections and ends the existing ones. Sessions that wait for `answer` end
  // when it does. The server may be destroyed after the last of them, when io_context::run()
  // returns.
  void close();

 private:
  net::awaitable<void> accept();
  net::awaitable<void> session(tcp::socket socket);
  net::awaitable<void> converse(tcp::socket& socket);

  tcp::acceptor acceptor_;
  Answer answer_;
  std::unordered_set<tcp::socket*> sessions_;
};

}  // namespace http
