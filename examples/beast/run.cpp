#include "run.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace beast_example {

void run(boost::asio::io_context& io, int threads) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      io.run();
    } catch (...) {
      io.stop();
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace beast_example
