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

// In a process that never had a second thread, glibc's mutexes cost only a fifth. A service has
// several threads. This one sleeps until the benchmarks have ended.
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

// A long-running service owns its memory. If each round gave its memory back to the system, the
// next one would measure page faults.
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
