// HTTP/1.1 by Boost.Beast: connections, and coroutines that answer their requests.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <unordered_set>

namespace beast_example {

namespace net = boost::asio;
namespace http = boost::beast::http;
using net::ip::tcp;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

class Session;

// Listens, and passes every request to `answer`, on any thread that runs the context. Must outlive
// the last run() of the context.
class Server {
 public:
  using Answer = std::function<net::awaitable<Response>(const Request&)>;

  // Throws boost::system::system_error if it cannot listen there. Port 0: the kernel chooses.
  Server(net::io_context& io, const tcp::endpoint& endpoint, Answer answer);
  ~Server();

  tcp::endpoint endpoint() const { return endpoint_; }

  void start();

  // Stops accepting connections.
  net::awaitable<void> close();

  // Closes idle connections, and the others when their answer is sent. Completes when none is left.
  net::awaitable<void> finish();

 private:
  using Strand = net::strand<net::any_io_executor>;

  net::awaitable<void> accept();
  void ended(const std::shared_ptr<Session>& session);

  net::io_context& io_;
  Answer answer_;
  Strand strand_;  // guards everything below
  tcp::acceptor acceptor_;
  tcp::endpoint endpoint_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  net::steady_timer sessionEnded_;  // never expires: ended() cancels it
};

}  // namespace beast_example
