// A process that cannot outlive this one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>

namespace isolation {

class ChildProcess {
 public:
  // What the child does, for as long as it lives. It calls `listening` with its TCP port once.
  using Body = std::function<void(std::function<void(std::uint16_t)> listening)>;

  // Forks and waits for the port. Call it on the main thread before there is any other thread: a
  // forked child has one thread only, and the kernel ends it when the *thread* that forked it ends.
  ChildProcess(std::string name, const Body& body);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  pid_t pid() const noexcept { return pid_; }
  const std::string& name() const noexcept { return name_; }

  // SIGSTOP; returns when the process has really stopped.
  void stop();

  // SIGKILL, which a stopped process obeys too, and no zombie is left. Thread-safe, idempotent.
  void kill() noexcept;

  // Throws if the process has ended by itself: what is measured from then on means nothing.
  void check();

 private:
  std::string name_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  // guards alive_: a pid that was waited for may belong to somebody else
  pid_t pid_ = -1;
  bool alive_ = false;
};

// While it lives, SIGINT, SIGTERM and SIGHUP end the children first and then this process, by the
// same signal, so that a shell sees what it expects. Whatever the other threads are doing, a
// blocked write to a terminal included, does not matter. Against SIGKILL and crashes the children
// have PR_SET_PDEATHSIG. Construct it before the threads that shall not receive these signals.
class SignalGuard {
 public:
  explicit SignalGuard(std::span<ChildProcess* const> children);
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace isolation
