#include "http.hpp"

#include "json.hpp"
#include "metrics.hpp"
#include "page.hpp"

#include <asio/ip/address.hpp>
#include <asio/post.hpp>
#include <asio/use_future.hpp>
#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace service {

namespace {

using httplib::Request;
using httplib::Response;
using nlohmann::json;

/// Ends a request with this status.
struct Refusal : std::runtime_error {
  Refusal(int code, const std::string& why) : std::runtime_error(why), status(code) {}
  int status;
};

void answer(Response& response, int status, const std::string& body) {
  response.status = status;
  response.set_content(body, "application/json");
}

// The host of "host:port" or "[address]:port".
std::string_view hostOf(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon == authority.npos || (bracket != authority.npos && colon < bracket)) return authority;
  return authority.substr(0, colon);
}

// Refuses a name that a foreign DNS server could map to this machine: a page from there would have
// our origin.
bool isOurs(std::string_view host, const std::string& ownHost) {
  if (host == "localhost" || host == ownHost) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  net::error_code error;
  net::ip::make_address(host, error);
  return !error;
}

/// Throws Refusal unless the request comes from our own page, or from no browser at all.
void refuseOtherSites(const Request& request, const std::string& ownHost) {
  const std::string host = request.get_header_value("Host");
  if (!isOurs(hostOf(host), ownHost)) throw Refusal(403, "unknown host: " + host);
  // Browsers send these two headers. A browser that is too old for them is stopped by the content
  // type, for which another site needs a permission that is not granted.
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin") throw Refusal(403, "asked from another site");
  const std::string origin = request.get_header_value("Origin");
  if (!origin.empty() && origin != "http://" + host && origin != "https://" + host) {
    throw Refusal(403, "asked from another site");
  }
  const std::string type = request.get_header_value("Content-Type");
  if (type != "application/json") throw Refusal(415, "the content type must be application/json");
}

double numberIn(const json& body, const char* key, double least, double most) {
  const auto value = body.find(key);
  if (value == body.end() || !value->is_number())
    throw Refusal(400, fmt::format("{}: a number", key));
  const double number = value->get<double>();
  if (!(number >= least && number <= most)) {
    throw Refusal(400, fmt::format("{}: must be from {} to {}", key, least, most));
  }
  return number;
}

Behaviour behaviourIn(const json& body) {
  Behaviour behaviour{.latency = std::nullopt, .failureRate = numberIn(body, "failureRate", 0, 1)};
  if (!body.contains("latencyMs")) throw Refusal(400, "latencyMs: a number, or null for no answer");
  if (!body["latencyMs"].is_null()) {
    behaviour.latency = std::chrono::milliseconds(
        static_cast<std::int64_t>(numberIn(body, "latencyMs", 0, 60'000)));
  }
  return behaviour;
}

// A key without which no script or style of the page runs.
std::string nonce() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::string pageWith(const std::string& nonce) {
  constexpr std::string_view placeholder = "{{nonce}}";
  std::string result(page);
  for (std::size_t at = 0; (at = result.find(placeholder, at)) != result.npos;) {
    result.replace(at, placeholder.size(), nonce);
  }
  return result;
}

}  // namespace

class Http::Server {
 public:
  Server(net::io_context& io, Service& service, Load& load, std::string host, bool admin)
      : io_(io),
        service_(service),
        load_(load),
        metrics_(service),
        host_(std::move(host)),
        admin_(admin) {
    // A kept-alive connection occupies a thread. This is enough for the open tabs of the operators.
    server_.new_task_queue = [] { return new httplib::ThreadPool(16); };
    server_.set_keep_alive_timeout(5);
    server_.set_keep_alive_max_count(1000);
    server_.set_read_timeout(5);
    server_.set_write_timeout(5);
    server_.set_payload_max_length(64 * 1024);
    server_.set_tcp_nodelay(true);
    server_.set_default_headers({{"Cache-Control", "no-store"},
                                 {"Content-Security-Policy", "default-src 'none'"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"X-Content-Type-Options", "nosniff"}});
    server_.set_exception_handler([](const Request&, Response& response, std::exception_ptr error) {
      try {
        std::rethrow_exception(error);
      } catch (const Refusal& refusal) {
        answer(response, refusal.status, json{{"error", refusal.what()}}.dump());
      } catch (const std::exception& unexpected) {
        answer(response, 500, json{{"error", unexpected.what()}}.dump());
      }
    });
    addQueries();
    addChanges();
  }

  int bind(int port) {
    const int bound = port == 0                           ? server_.bind_to_any_port(host_)
                      : server_.bind_to_port(host_, port) ? port
                                                          : -1;
    if (bound > 0) return bound;
    throw std::runtime_error(
        fmt::format("cannot listen on {}:{}; --port 0 takes a free port", host_, port));
  }

  void run() {
    server_.listen_after_bind();
    ended_ = true;
  }

  void stop() {
    // httplib ignores stop() before it listens.
    while (!server_.is_running() && !ended_) std::this_thread::yield();
    server_.stop();
  }

 private:
  /// Runs `f` on the thread of the service.
  template <typename F>
  auto ask(F f) {
    return net::post(io_, net::use_future(std::move(f))).get();
  }

  void addQueries() {
    server_.Get("/health", [this](const Request&, Response& response) {
      const auto [draining, body] =
          ask([this] { return std::pair(service_.manager().draining(), healthJson(service_)); });
      answer(response, draining ? 503 : 200, body);
    });
    server_.Get("/bulkheads", [this](const Request&, Response& response) {
      answer(response, 200, ask([this] {
               service_.look();
               return bulkheadsJson(service_, load_, admin_);
             }));
    });
    server_.Get("/metrics", [this](const Request&, Response& response) {
      const std::optional<std::string> text = metrics_.text();
      if (!text) throw Refusal(404, "built without the component bulwark::prometheus");
      response.set_content(*text, Metrics::contentType);
    });
    server_.Get("/", [](const Request&, Response& response) {
      const std::string key = nonce();
      response.headers.erase("Content-Security-Policy");
      response.set_header(
          "Content-Security-Policy",
          fmt::format("default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; "
                      "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                      "frame-ancestors 'none'",
                      key));
      response.set_content(pageWith(key), "text/html; charset=utf-8");
    });
  }

  void addChanges() {
    addChange("/drain", [this](const Request&, const json&) { service_.drain(); });
    addChange("/resume", [this](const Request&, const json&) {
      if (!service_.resume()) throw Refusal(409, "it is ending");
    });
    addChange("/load", [this](const Request&, const json& body) {
      load_.setFactor(numberIn(body, "factor", 0, mostLoad));
    });
    addChange("/dependencies/([^/]+)", [this](const Request& request, const json& body) {
      dependencyOf(request).dependency.behave(behaviourIn(body));
    });
    addChange("/dependencies/([^/]+)/burst", [this](const Request& request, const json& body) {
      load_.burst(dependencyOf(request), static_cast<int>(numberIn(body, "calls", 1, 1000)));
    });
  }

  /// `change` runs on the thread of the service.
  template <typename F>
  void addChange(const char* path, F change) {
    server_.Post(path, [this, change](const Request& request, Response& response) {
      if (!admin_) throw Refusal(403, "read-only: start it with --admin");
      refuseOtherSites(request, host_);
      const json body = json::parse(request.body, nullptr, false);
      if (!body.is_object()) throw Refusal(400, "the body must be a JSON object");
      ask([&] { change(request, body); });
      response.status = 204;
    });
  }

  ProtectedDependency& dependencyOf(const Request& request) {
    const std::string name = request.matches[1];
    ProtectedDependency* const found = service_.find(name);
    if (found == nullptr) throw Refusal(404, "no such dependency: " + name);
    return *found;
  }

  net::io_context& io_;
  Service& service_;
  Load& load_;
  Metrics metrics_;
  std::string host_;
  bool admin_;
  httplib::Server server_;
  std::atomic<bool> ended_ = false;
};

Http::Http(net::io_context& io, Service& service, Load& load, std::string host, bool admin)
    : server_(std::make_unique<Server>(io, service, load, std::move(host), admin)) {}

Http::~Http() = default;

int Http::bind(int port) { return server_->bind(port); }
void Http::run() { server_->run(); }
void Http::stop() { server_->stop(); }

}  // namespace service
