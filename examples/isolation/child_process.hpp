// A child process that cannot outlive this one.
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
  // What the child does for its whole life. It calls `listening` once, with its TCP port.
  using Body = std::function<void(std::function<void(std::uint16_t)> listening)>;

  // Forks and waits for the port. Call it on the main thread before any other thread exists: a
  // forked child has only one thread, and the kernel ends it when the *thread* that forked it ends.
  ChildProcess(std::string name, const Body& body);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  pid_t pid() const noexcept { return pid_; }
  const std::string& name() const noexcept { return name_; }

  // Sends SIGSTOP, and returns when the process has stopped.
  void stop();

  // Sends SIGKILL, which also ends a stopped process, and leaves no zombie. Thread-safe,
  // idempotent.
  void kill() noexcept;

  // Throws if the process has ended by itself: later measurements would mean nothing.
  void check();

 private:
  std::string name_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  // guards alive_: after the wait, the pid may belong to another process
  pid_t pid_ = -1;
  bool alive_ = false;
};

// While it exists, SIGINT, SIGTERM and SIGHUP end first the children and then this process, by the
// same signal, so that a shell sees what it expects. This works whatever the other threads do, even
// if one is blocked in a write to a terminal. PR_SET_PDEATHSIG protects the children against
// SIGKILL and crashes. Construct it before the threads that must not receive these signals.
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
