#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/shared_state.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

class Compartment;

/// What one call of a Retry has to know about the calls that it makes. It notes the compartments in
/// which its current attempt starts calls. While the retry waits for its next attempt, any of them
/// ends that wait: when it drains, or is destroyed.
///
/// A call is known to belong to an attempt by the thread, while that runs the attempt (Here), and
/// by the executor of its handler (ScopedExecutor). The scope of a retry that is called in an
/// attempt of another one lies inside that one's, which notes the same compartments.
///
/// Lifetime: it counts references. Whatever an attempt leaves behind may keep a scope that is over;
/// such a scope holds nothing.
///
/// Thread safety: note() from any thread; the rest is for the retry's coroutine.
class BULWARK_EXPORT RetryScope {
 public:
  explicit RetryScope(Ref<RetryScope> outer) noexcept;
  RetryScope(const RetryScope&) = delete;
  RetryScope& operator=(const RetryScope&) = delete;

  void addRef() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void unref() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  // --- the course of a call ---------------------------------------------------------------------

  /// Forgets the compartments of the attempt before.
  void beginAttempt() noexcept;
  void endAttempt() noexcept;
  /// Whether a compartment that the attempt called drains or has been destroyed, so that another
  /// attempt would be refused. What was made during the attempt, and is gone, was its own, and does
  /// not count.
  bool goingDown() noexcept;

  /// A back-off begins: the compartments may end it.
  /// @return false: one of them is going down already
  bool listen() noexcept;
  void ignore() noexcept;
  /// Whether one of them has ended it.
  bool interrupted() const noexcept { return interrupted_.load(); }

  /// The call ends.
  void end() noexcept;

  // --- calls that belong to it ------------------------------------------------------------------

  /// A call starts in `compartment`. Without memory it is not noted.
  void note(Compartment& compartment) noexcept;
  /// The scope of the attempt that this thread runs; null if it runs none.
  static Ref<RetryScope> here() noexcept;

  /// Whether there is any retry in the program. If not, no call has to be noted.
  static bool inUse() noexcept { return users_.load(std::memory_order_relaxed) != 0; }

  /// Makes inUse() true while it lives.
  class Use {
   public:
    Use() noexcept { users_.fetch_add(1, std::memory_order_relaxed); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { users_.fetch_sub(1, std::memory_order_relaxed); }
  };

  /// While it lives this thread runs an attempt. It refers to no other stack frame, so that fibers
  /// which switch inside an attempt may end in any order: then some calls are not noted.
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
  friend class Compartment;  // lists the back-offs that it may end

  /// A compartment that was called, and the link in its list.
  struct Place {
    Place(RetryScope& owner, Compartment& called) noexcept;

    RetryScope& scope;
    Ref<Compartment> compartment;
    Place* next = nullptr;
    Place* prev = nullptr;
    bool listed = false;
  };

  /// Ends the back-off, from any thread: it has been interrupted.
  virtual void wake() noexcept = 0;

  bool lacks(const Compartment& compartment) const noexcept;

  static std::atomic<std::size_t> users_;

  const Ref<RetryScope> outer_;
  std::atomic<std::size_t> references_{1};
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> over_{false};

  // Changes under the mutex, and during an attempt only.
  Mutex mutex_;
  std::list<Place> places_;
  bool attempting_ = false;
  std::uint64_t begun_ = 0;  // the compartments of higher numbers were made after that
};

}  // namespace bulwark::detail
