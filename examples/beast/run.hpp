// Runs a context on several threads.
#pragma once

#include <boost/asio/io_context.hpp>

namespace beast_example {

// Runs the context on `threads` threads, including this one, until it has no work left. An
// exception of a handler stops all of them, and is rethrown here.
void run(boost::asio::io_context& io, int threads);

}  // namespace beast_example
