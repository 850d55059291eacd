// The service's face: /health, /bulkheads, /metrics, the page, and what its buttons ask for.
//
// cpp-httplib answers each request on a thread of its own. What the service is made of belongs to
// the thread that runs its context, so that a request asks that thread, which never blocks.
#pragma once

#include <memory>
#include <string>

#include "load.hpp"
#include "service.hpp"

namespace service {

class Http {
 public:
  /// @param host  also the one name, beside localhost and addresses, by which a browser may change
  ///              something
  /// @param admin whether anything can be changed
  Http(net::io_context& io, Service& service, Load& load, std::string host, bool admin);
  ~Http();

  /// Listens from then on; 0 takes a free port. Throws std::runtime_error: it cannot.
  /// @return the port
  int bind(int port);

  /// Answers requests until stop(), which may come from any thread. The context has to run.
  void run();
  void stop();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace service
