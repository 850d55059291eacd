#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>

#include "bulwark/asio.hpp"
#include "bulwark/detail/core/intrusive_list.hpp"
#include "bulwark/detail/core/primitives.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// The states that use one execution context. When the context is destroyed before them, they have
/// to destroy their executors and timers in time.
///
/// Thread-safe.
class BULWARK_EXPORT ContextRegistry {
 public:
  /// The membership of one state. The state owns it, and calls leave() in its destructor.
  class Entry : public IntrusiveList<Entry>::Member {
   public:
    Entry() = default;
    ~Entry() {
      leave([] {});
    }

    void enter(Ref<ContextRegistry> registry, SharedState& state) {
      registry_ = std::move(registry);
      state_ = &state;
      const std::lock_guard lock(registry_->mutex_);
      registry_->entries_.insert(*this);
    }

    /// Calls `last`, then leaves the registry. Until then, abandonAll() waits, and with it the
    /// destructor of the context. `last` runs without the mutex, because it destroys an executor.
    /// The destructor of a user's executor may do anything: use the library, or destroy the
    /// context.
    template <typename F>
    void leave(F last) noexcept {
      if (!registry_) return;
      {
        const std::lock_guard lock(registry_->mutex_);
        leaving_ = thisThread();
      }
      last();
      const std::lock_guard lock(registry_->mutex_);
      IntrusiveList<Entry>::erase(*this);
    }

   private:
    friend class ContextRegistry;

    Ref<ContextRegistry> registry_;  // null: not entered yet
    SharedState* state_ = nullptr;
    const void* leaving_ = nullptr;  // the thread that has called leave(); null: no thread has
  };

  void addRef() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void unref() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  /// The context is being destroyed: abandons all states.
  void abandonAll() noexcept;

 private:
  /// What distinguishes the thread from others. As std::this_thread::get_id(), without <thread>.
  static const void* thisThread() noexcept;

  ~ContextRegistry() = default;

  // The context and the entries; the first one is its creator's. No decision depends on it.
  std::atomic<std::size_t> references_{1};
  Mutex mutex_;  // guards the list and all entries in it
  IntrusiveList<Entry> entries_;
};

/// The service by which a context reports that it is about to be destroyed. A context shuts its
/// services down in the reverse order of their creation. So a timer has to be destroyed by a
/// service that is younger than the service behind the timer.
///
/// @tparam Tag void for the watch that the first user of the context makes; a clock for the watch
///             that is made when the service behind the timers of that clock exists
template <typename Tag>
class ContextWatch : public net::execution_context::service {
 public:
  inline static net::execution_context::id id;

  explicit ContextWatch(net::execution_context& context)
      : service(context), registry_(Ref<ContextRegistry>::adopt(new ContextRegistry)) {}

  static void enter(net::execution_context& context, ContextRegistry::Entry& entry,
                    SharedState& state) {
    entry.enter(net::use_service<ContextWatch>(context).registry_, state);
  }

 private:
  void shutdown() override { registry_->abandonAll(); }

  const Ref<ContextRegistry> registry_;
};

template <typename Executor>
net::execution_context& contextOf(const Executor& executor) {
  if constexpr (net::can_query<const Executor&, net::execution::context_t>::value) {
    return net::query(executor, net::execution::context);
  } else {
    return executor.context();
  }
}

}  // namespace bulwark::detail
