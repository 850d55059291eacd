#include "http/http.hpp"

#include <asio/read.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/write.hpp>
#include <fmt/format.h>

#include <charconv>
#include <exception>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace http {

namespace {

constexpr std::size_t maxHead = 8 * 1024;
constexpr std::size_t maxBody = 64 * 1024;

// A detached coroutine would discard its exception. An exception that arrives here is a bug of this
// program and not of a peer: it ends the program, and the child processes with it.
constexpr auto rethrow = [](std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
};

[[noreturn]] void fail(net::error_code error) { throw net::system_error(error); }

// Reads up to and including the empty line. What follows it stays in the buffer.
net::awaitable<std::string> readHead(tcp::socket& socket, std::string& buffer) {
  const std::size_t size = co_await net::async_read_until(
      socket, net::dynamic_buffer(buffer, maxHead), "\r\n\r\n", net::use_awaitable);
  std::string head = buffer.substr(0, size);
  buffer.erase(0, size);
  co_return head;
}

std::string_view pathOf(std::string_view head) {
  constexpr std::string_view method = "GET ";
  if (!head.starts_with(method)) return {};
  head.remove_prefix(method.size());
  return head.substr(0, head.find_first_of(" \r"));
}

std::optional<std::size_t> numberAfter(std::string_view text, std::string_view label) {
  const auto found = text.find(label);
  if (found == text.npos) return std::nullopt;
  const char* const end = text.data() + text.size();
  std::size_t number = 0;
  const auto parsed = std::from_chars(text.data() + found + label.size(), end, number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

std::string_view phraseOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

}  // namespace

Connection::Connection(const net::any_io_executor& executor)
    : socket_(executor), watchdog_(executor) {}

void Connection::close() noexcept {
  net::error_code ignored;
  socket_.close(ignored);
}

net::awaitable<Reply> Connection::get(tcp::endpoint peer, std::string path,
                                      Clock::time_point deadline) {
  // The handler checks the timer and not its error code: a wait that ended just before it was
  // cancelled still completes successfully, and must not close the socket of the next request.
  watchdog_.expires_at(deadline);
  watchdog_.async_wait([self = shared_from_this()](net::error_code) {
    if (self->watchdog_.expiry() <= Clock::now()) self->close();
  });

  net::error_code error;
  Reply reply;
  try {
    reply = co_await exchange(peer, std::move(path));
  } catch (const net::system_error& failure) {
    error = Clock::now() >= deadline ? net::error_code(net::error::timed_out) : failure.code();
  }
  watchdog_.expires_at(Clock::time_point::max());
  if (error) {
    close();
    buffer_.clear();
    fail(error);
  }
  co_return reply;
}

net::awaitable<Reply> Connection::exchange(tcp::endpoint peer, std::string path) {
  if (!socket_.is_open()) {
    co_await socket_.async_connect(peer, net::use_awaitable);
    socket_.set_option(tcp::no_delay(true));
  }
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, peer.address().to_string());
  co_await net::async_write(socket_, net::buffer(request), net::use_awaitable);

  const std::string head = co_await readHead(socket_, buffer_);
  const auto status = numberAfter(head, "HTTP/1.1 ");
  const auto length = numberAfter(head, "Content-Length: ");
  if (!status || *status > 999 || !length || *length > maxBody) fail(net::error::invalid_argument);
  if (buffer_.size() < *length) {
    co_await net::async_read(socket_, net::dynamic_buffer(buffer_),
                             net::transfer_exactly(*length - buffer_.size()), net::use_awaitable);
  }
  Reply reply{.status = static_cast<int>(*status), .body = buffer_.substr(0, *length)};
  buffer_.erase(0, *length);
  co_return reply;
}

Server::Server(net::io_context& io, Answer answer)
    : acceptor_(io, tcp::endpoint(net::ip::address_v4::loopback(), 0)), answer_(std::move(answer)) {
  net::co_spawn(io, accept(), rethrow);
}

void Server::close() {
  net::error_code ignored;
  acceptor_.close(ignored);
  for (tcp::socket* socket : sessions_) socket->close(ignored);
}

net::awaitable<void> Server::accept() {
  const auto executor = co_await net::this_coro::executor;
  while (acceptor_.is_open()) {
    net::error_code error;
    tcp::socket socket =
        co_await acceptor_.async_accept(net::redirect_error(net::use_awaitable, error));
    if (!error) {
      net::co_spawn(executor, session(std::move(socket)), rethrow);
    } else if (acceptor_.is_open()) {
      // No file descriptor is left, or a similar temporary error: do not spin.
      net::steady_timer pause(executor, std::chrono::milliseconds(10));
      co_await pause.async_wait(net::use_awaitable);
    }
  }
}

net::awaitable<void> Server::session(tcp::socket socket) {
  sessions_.insert(&socket);
  try {
    socket.set_option(tcp::no_delay(true));
    co_await converse(socket);
  } catch (const net::system_error&) {
    // The peer disconnected, or close() did: the usual end of a session.
  }
  sessions_.erase(&socket);
}

net::awaitable<void> Server::converse(tcp::socket& socket) {
  std::string buffer;
  for (;;) {
    const std::string head = co_await readHead(socket, buffer);
    const std::string_view path = pathOf(head);
    Reply reply{.status = 400, .body = "only GET is spoken here\n"};
    if (!path.empty()) reply = co_await answer_(std::string(path));
    const std::string text =
        fmt::format("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n\r\n{}", reply.status,
                    phraseOf(reply.status), reply.body.size(), reply.body);
    co_await net::async_write(socket, net::buffer(text), net::use_awaitable);
    if (path.empty()) co_return;  // the rest of the stream cannot be parsed
  }
}

}  // namespace http
