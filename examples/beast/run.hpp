// Threads.
#pragma once

#include <boost/asio/io_context.hpp>

namespace beast_example {

// Runs the context on so many threads, this one included, until it has nothing left to do. What a
// handler throws stops all of them, and is thrown here.
void run(boost::asio::io_context& io, int threads);

}  // namespace beast_example
