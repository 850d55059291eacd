#include "self_test.hpp"

#include "run.hpp"
#include "service.hpp"

#include <bulwark/format.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace beast_example {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

// Blocks coroutines while it is closed. Belongs to the strand of the test.
class Gate {
 public:
  explicit Gate(const net::any_io_executor& strand)
      : strand_(strand), changed_(strand, net::steady_timer::time_point::max()) {}

  net::awaitable<void> pass() {
    co_await net::co_spawn(
        strand_,
        [this]() -> net::awaitable<void> {
          ++waiting_;
          while (closed_) {
            error_code cancelled;
            co_await changed_.async_wait(net::redirect_error(net::use_awaitable, cancelled));
          }
          --waiting_;
        },
        net::use_awaitable);
  }

  void close() { closed_ = true; }
  void open() {
    closed_ = false;
    changed_.cancel();
  }
  int waiting() const { return waiting_; }

 private:
  net::any_io_executor strand_;
  net::steady_timer changed_;  // never expires: open() cancels it
  bool closed_ = false;
  int waiting_ = 0;
};

// A connection that is kept alive.
class Client {
 public:
  Client(net::any_io_executor executor, tcp::endpoint server)
      : stream_(std::move(executor)), server_(server) {}

  net::awaitable<Response> get(std::string target) {
    if (!stream_.socket().is_open()) co_await stream_.async_connect(server_, net::use_awaitable);
    http::request<http::empty_body> request{http::verb::get, target, 11};
    request.set(http::field::host, "localhost");
    co_await http::async_write(stream_, request, net::use_awaitable);
    Response response;
    co_await http::async_read(stream_, buffer_, response, net::use_awaitable);
    co_return response;
  }

 private:
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  tcp::endpoint server_;
};

// The test runs on one strand. The server runs on every thread.
class SelfTest {
 public:
  explicit SelfTest(net::io_context& io)
      : strand_(net::make_strand(io)),
        gate_(strand_),
        service_(io, {.name = "dependency", .maxConcurrent = 2, .maxQueueSize = 3},
                 [this](std::string target) { return dependency(std::move(target)); }),
        server_(io, {net::ip::address_v4::loopback(), 0},
                [this](const Request& request) { return service_.answer(request); }) {}

  net::any_io_executor executor() const { return strand_; }

  net::awaitable<void> run() {
    server_.start();
    co_await fullQueue();
    co_await queueTimeout();
    co_await brokenDependency();
    co_await shutdown();

    const auto stats = service_.bulkhead().stats();
    fmt::print("{}\n", stats);
    expect("executed", stats.executed, 5 + 2 + 1 + 2);
    expect("rejected", stats.rejected, 4);
    expect("timed out", stats.timedOut, 3);
    expect("failed", stats.failed, 1);
    expect("drained", stats.drained, 1 + 1);
    expect("active", stats.active, 0);
  }

 private:
  // Two requests are at the dependency and three in the queue. Four more must be answered while
  // those still wait.
  net::awaitable<void> fullQueue() {
    gate_.close();
    co_await occupy(2);
    send(3);
    co_await until([this] { return service_.bulkhead().stats().queued == 3; });
    send(4);
    co_await until([this] { return answered() == 4; });
    expectAnswers("a full queue", {{503, 4}});

    gate_.open();
    co_await until([this] { return answered() == 5; });
    expectAnswers("the dependency goes on", {{200, 5}});
  }

  // The dependency stalls until all waiting calls have timed out.
  net::awaitable<void> queueTimeout() {
    service_.bulkhead().updateConfig({.queueTimeout = 1ms});
    gate_.close();
    co_await occupy(2);
    send(3);
    co_await until([this] { return answered() == 3; });
    expectAnswers("a queue that does not move", {{503, 3}});

    gate_.open();
    co_await until([this] { return answered() == 2; });
    expectAnswers("the dependency goes on", {{200, 2}});
    service_.bulkhead().updateConfig({.queueTimeout = bulwark::noTimeout});
  }

  net::awaitable<void> brokenDependency() {
    send(1, "/broken");
    co_await until([this] { return answered() == 1; });
    expectAnswers("a dependency that fails", {{500, 1}});
  }

  // Two requests at the dependency may finish, and one in the queue fails. So does a later request
  // on an open connection.
  net::awaitable<void> shutdown() {
    Client keptAlive(strand_, server_.endpoint());
    co_await count(keptAlive, "/");
    expectAnswers("a connection that is kept", {{200, 1}});
    co_await count(keptAlive, "/ready");
    expectAnswers("a readiness probe", {{200, 1}});

    gate_.close();
    co_await occupy(2);
    send(1);
    co_await until([this] { return service_.bulkhead().stats().queued == 1; });
    bool ended = false;
    net::co_spawn(strand_, shutDown(server_, service_, bulwark::noTimeout),
                  [&ended](const std::exception_ptr& failure, bool drained) {
                    rethrow(failure);
                    ended = drained;
                  });
    co_await until([this] { return answered() == 1; });
    expectAnswers("a queue that is drained", {{503, 1}});
    co_await count(keptAlive, "/");
    expectAnswers("a request while it drains", {{503, 1}});
    co_await count(keptAlive, "/ready");
    expectAnswers("a readiness probe while it drains", {{503, 1}});
    co_await expectNoServer();

    expect("ended", ended, false);  // while two calls are in progress
    gate_.open();
    co_await until([this] { return answered() == 2; });
    expectAnswers("calls that were under way", {{200, 2}});
    co_await until([&ended] { return ended; });
  }

  net::awaitable<std::string> dependency(std::string target) {
    co_await gate_.pass();
    if (target == "/broken") throw std::runtime_error("the dependency failed");
    co_return "done";
  }

  // --- clients ----------------------------------------------------------------------------------

  // Sends `requests` requests, each on a separate connection.
  void send(int requests, const std::string& target = "/") {
    for (int request = 0; request < requests; ++request) {
      net::co_spawn(strand_, countOne(target), rethrow);
    }
  }

  // Sends requests, and waits until they are at the dependency.
  net::awaitable<void> occupy(int requests) {
    send(requests);
    co_await until([this, requests] { return gate_.waiting() == requests; });
  }

  net::awaitable<void> countOne(std::string target) {
    Client client(strand_, server_.endpoint());
    co_await count(client, target);
  }

  net::awaitable<void> count(Client& client, std::string target) {
    const Response response = co_await client.get(target);
    const bool unavailable = response.result() == http::status::service_unavailable;
    if (unavailable != (response[http::field::retry_after] == "1")) {
      throw std::runtime_error("Retry-After belongs to a 503, and to nothing else");
    }
    ++answers_[response.result_int()];
  }

  static void rethrow(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  }

  int answered() const {
    int sum = 0;
    for (const auto& [status, times] : answers_) sum += times;
    return sum;
  }

  // --- expectations -----------------------------------------------------------------------------

  template <typename Condition>
  net::awaitable<void> until(Condition condition) {
    while (!condition()) co_await net::post(strand_, net::use_awaitable);
  }

  void expectAnswers(const char* when, const std::map<unsigned, int>& expected) {
    for (const auto& [status, times] : answers_) fmt::print("{}: {} x {}\n", when, times, status);
    if (answers_ != expected) throw std::runtime_error(fmt::format("{}: wrong answers", when));
    answers_.clear();
  }

  net::awaitable<void> expectNoServer() {
    boost::beast::tcp_stream stream(strand_);
    error_code error;
    co_await stream.async_connect(server_.endpoint(),
                                  net::redirect_error(net::use_awaitable, error));
    if (error != net::error::connection_refused) throw std::runtime_error("it still listens");
  }

  static void expect(const char* what, std::uint64_t value, std::uint64_t expected) {
    if (value != expected) {
      throw std::runtime_error(fmt::format("{}: {}, must be {}", what, value, expected));
    }
  }

  net::any_io_executor strand_;
  Gate gate_;
  std::map<unsigned, int> answers_;  // by status, since the last check
  Service service_;
  Server server_;
};

}  // namespace

int selfTest(int threads) {
  net::io_context io(threads);
  SelfTest test(io);
  bool passed = false;
  net::co_spawn(test.executor(), test.run(), [&passed](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
    passed = true;
  });
  run(io, threads);
  return passed ? 0 : 1;
}

}  // namespace beast_example
