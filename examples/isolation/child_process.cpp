#include "child_process.hpp"

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace isolation {

namespace {

[[noreturn]] void failWithErrno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// Repeats read, write and waitpid if a signal interrupts them.
template <typename Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

[[noreturn]] void runChild(const std::string& name, pid_t parent, int portPipe,
                           const ChildProcess::Body& body) {
  // If the parent has already ended, its death can no longer be signalled: check afterwards.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
  // A separate process group: Ctrl-C is handled by the parent, and the SIGCONT of a shell's `fg`
  // must not wake an upstream that is stopped on purpose.
  ::setpgid(0, 0);
  ::prctl(PR_SET_NAME, name.c_str());
  try {
    body([&](std::uint16_t port) {
      const auto written = retried([&] { return ::write(portPipe, &port, sizeof port); });
      if (written != static_cast<ssize_t>(sizeof port)) ::_exit(1);
      ::close(portPipe);
    });
  } catch (const std::exception& error) {
    fmt::print(stderr, "isolation: {}: {}\n", name, error.what());
  }
  // Not exit(): this process must not run what the parent registered, or print what it buffered.
  ::_exit(1);
}

}  // namespace

ChildProcess::ChildProcess(std::string name, const Body& body) : name_(std::move(name)) {
  int pipe[2];
  if (::pipe(pipe) != 0) failWithErrno("pipe");
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(pipe[0]);
    runChild(name_, parent, pipe[1], body);
  }
  const int forkError = errno;
  ::close(pipe[1]);
  if (pid_ < 0) {
    ::close(pipe[0]);
    errno = forkError;
    failWithErrno("fork");
  }
  alive_ = true;
  const auto size = retried([&] { return ::read(pipe[0], &port_, sizeof port_); });
  ::close(pipe[0]);
  if (size != static_cast<ssize_t>(sizeof port_)) {
    kill();
    throw std::runtime_error(fmt::format("the process {} did not start", name_));
  }
}

ChildProcess::~ChildProcess() { kill(); }

void ChildProcess::stop() {
  const std::lock_guard lock(mutex_);
  int status = 0;
  if (!alive_ || ::kill(pid_, SIGSTOP) != 0) failWithErrno("stopping a process");
  if (retried([&] { return ::waitpid(pid_, &status, WUNTRACED); }) != pid_)
    failWithErrno("waitpid");
  if (!WIFSTOPPED(status)) {
    alive_ = false;
    throw std::runtime_error(fmt::format("the process {} ended before it could be stopped", name_));
  }
}

void ChildProcess::kill() noexcept {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(alive_, false)) return;
  ::kill(pid_, SIGKILL);
  retried([&] { return ::waitpid(pid_, nullptr, 0); });
}

void ChildProcess::check() {
  const std::lock_guard lock(mutex_);
  if (alive_ && ::waitpid(pid_, nullptr, WNOHANG) == pid_) alive_ = false;
  if (!alive_) throw std::runtime_error(fmt::format("the process {} has ended by itself", name_));
}

SignalGuard::SignalGuard(std::span<ChildProcess* const> children) {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  struct sigaction hangUp {};
  ::sigaction(SIGHUP, nullptr, &hangUp);
  if (hangUp.sa_handler != SIG_IGN) ::sigaddset(&signals, SIGHUP);  // nohup keeps its meaning

  // Blocked here and, by inheritance, in every thread created from now on. Only sigtimedwait()
  // receives them, in ordinary code, where any function may be called.
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::jthread(
      [signals, all = std::vector(children.begin(), children.end())](const std::stop_token& stop) {
        const timespec interval{.tv_sec = 0, .tv_nsec = 100'000'000};
        while (!stop.stop_requested()) {
          const int signal = ::sigtimedwait(&signals, nullptr, &interval);
          if (signal < 0) continue;
          for (ChildProcess* child : all) child->kill();
          std::signal(signal, SIG_DFL);
          ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
          ::raise(signal);
        }
      });
}

SignalGuard::~SignalGuard() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace isolation
