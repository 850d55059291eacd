#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/runtime/dependents.hpp"
#include "bulwark/detail/runtime/host.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// What one call of a Retry knows about the calls that it makes: the hosts on which its current
/// attempt has started calls. While the retry waits for its next attempt, each of them ends that
/// wait when it drains or is destroyed.
///
/// A call belongs to an attempt if the thread runs the attempt (Here), or if the executor of its
/// handler says so (ScopedExecutor). A retry that is called in an attempt of another retry has a
/// scope inside that one, which notes the same hosts.
///
/// Lifetime: references are counted. Operations that outlive an attempt may keep a scope whose call
/// has ended. Such a scope refers to no host.
///
/// Thread safety: note() from any thread; the rest is for the coroutine of the retry.
class BULWARK_EXPORT RetryScope : private Interruptible {
 public:
  explicit RetryScope(Ref<RetryScope> outer) noexcept;
  RetryScope(const RetryScope&) = delete;
  RetryScope& operator=(const RetryScope&) = delete;

  void addRef() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void unref() noexcept {
    // acq_rel: the thread that destroys the scope sees what all others did with it
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  // --- the course of a call ---------------------------------------------------------------------

  /// Forgets the hosts of the previous attempt.
  void beginAttempt() noexcept;
  void endAttempt() noexcept;
  /// Whether a host that the attempt called is draining or has been destroyed, so that another
  /// attempt would be refused. A host that was made during the attempt and is gone was the
  /// attempt's own, and does not count.
  bool goingDown() noexcept;

  /// A back-off begins: the hosts may end it.
  /// @return false: one of them is going down already
  bool listen() noexcept;
  void ignore() noexcept;
  /// Whether a host has ended it.
  bool interrupted() const noexcept { return interrupted_.load(); }

  /// The budget of the call has ended: asks the attempt to cancel. From any thread.
  void expire() noexcept {
    expired_.store(true);
    wake();
  }
  bool expired() const noexcept { return expired_.load(); }

  /// The call ends.
  void end() noexcept;

  // --- calls that belong to it ------------------------------------------------------------------

  /// A call starts on `host`. If there is no memory it is not noted.
  void note(Host& host) noexcept;
  /// The scope of the attempt that this thread runs; null: it runs none.
  static Ref<RetryScope> here() noexcept;

  /// Whether the program has any retry. If not, no call has to be noted.
  static bool inUse() noexcept { return users_.load(std::memory_order_relaxed) != 0; }

  /// Makes inUse() true while it lives.
  class Use {
   public:
    Use() noexcept { users_.fetch_add(1, std::memory_order_relaxed); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { users_.fetch_sub(1, std::memory_order_relaxed); }
  };

  /// While it lives, this thread runs an attempt. It refers to no other stack frame, so that fibers
  /// which switch inside an attempt may end in any order. Some calls are not noted then.
  class BULWARK_EXPORT Here {
   public:
    explicit Here(Ref<RetryScope> scope) noexcept;
    Here(const Here&) = delete;
    Here& operator=(const Here&) = delete;
    ~Here();

   private:
    Ref<RetryScope> outer_;
  };

 protected:
  virtual ~RetryScope();

 private:
  /// A host that was called.
  struct Place final : Dependent {
    Place(RetryScope& owner, Host& called) noexcept;

    Interruptible* keep() noexcept override;

    RetryScope& scope;
    Ref<Host> host;
  };

  /// Ends a wait of the coroutine, from any thread.
  virtual void wake() noexcept = 0;

  void interrupt() noexcept override;
  bool lacks(const Host& host) const noexcept;

  static std::atomic<std::size_t> users_;  // the number of Use objects

  const Ref<RetryScope> outer_;
  std::atomic<std::size_t> references_{1};  // the first one belongs to the creator
  std::atomic<bool> interrupted_{false};  // a host has ended the back-off; never reset
  std::atomic<bool> expired_{false};  // expire() was called; never reset
  std::atomic<bool> over_{false};  // end() was called; never reset

  // Changes under the mutex, and during an attempt only.
  Mutex mutex_;
  std::list<Place> places_;
  bool attempting_ = false;
  std::uint64_t begun_ = 0;  // hosts with higher numbers were made after that
};

}  // namespace bulwark::detail
