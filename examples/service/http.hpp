// The HTTP interface of the service: /health, /bulkheads, /metrics, the page, and the requests of
// its buttons.
//
// cpp-httplib answers each request on a separate thread. The objects of the service belong to the
// thread that runs its context, so a request asks that thread, which never blocks.
#pragma once

#include <memory>
#include <string>

#include "load.hpp"
#include "service.hpp"

namespace service {

class Http {
 public:
  /// @param host  the only name, besides localhost and addresses, under which a browser may make
  ///              changes
  /// @param admin whether anything may be changed
  Http(net::io_context& io, Service& service, Load& load, std::string host, bool admin);
  ~Http();

  /// Starts listening; 0 takes a free port. Throws std::runtime_error if it cannot.
  /// @return the port
  int bind(int port);

  /// Answers requests until stop(), which may be called on any thread. The context must be running.
  void run();
  void stop();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace service
