// The main function of every benchmark.

#include <asio/version.hpp>
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

// glibc's mutexes cost a fifth in a process that never had a second thread, which no service is.
// This one sleeps until the benchmarks are done.
class SecondThread {
 public:
  SecondThread()
      : thread_([](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any wakeUp;
          std::unique_lock lock(mutex);
          wakeUp.wait(lock, stop, [] { return false; });
        }) {}

 private:
  std::jthread thread_;
};

// A service that runs for a while owns its memory. Given back to the system after each round, it
// would be faulted in again in the next, and the page faults would be what is measured.
void keepMemory() {
#if defined(__GLIBC__)
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_MMAP_MAX, 0);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  benchmark::AddCustomContext("compiler", BULWARK_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", BULWARK_BENCH_FLAGS);
  benchmark::AddCustomContext("asio_version", std::to_string(ASIO_VERSION / 100000) + "." +
                                                  std::to_string(ASIO_VERSION / 100 % 1000) + "." +
                                                  std::to_string(ASIO_VERSION % 100));
  benchmark::AddCustomContext("bulwark_version", BULWARK_BENCH_VERSION);
  keepMemory();
  const SecondThread secondThread;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
