#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "bulwark/asio.hpp"
#include "bulwark/detail/primitives.hpp"
#include "bulwark/detail/shared_state.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Who uses one execution context, and has to let go of it in time when it is destroyed first.
class ContextRegistry {
 public:
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() {
      leave([] {});
    }

    void enter(std::shared_ptr<ContextRegistry> registry, SharedState& state) {
      registry_ = std::move(registry);
      state_ = &state;
      const std::lock_guard lock(registry_->mutex_);
      next_ = registry_->head_;
      if (next_ != nullptr) next_->prev_ = this;
      registry_->head_ = this;
      linked_ = true;
    }

    /// Calls `last`, and leaves: until then a context that is being destroyed waits in
    /// abandonAll(). Without the lock, because `last` destroys an executor, which may be the user's
    /// and do anything: use the library, or destroy the context.
    template <typename F>
    void leave(F last) noexcept {
      if (registry_ == nullptr) return;
      {
        const std::lock_guard lock(registry_->mutex_);
        leaving_ = std::this_thread::get_id();
      }
      last();
      const std::lock_guard lock(registry_->mutex_);
      if (linked_) registry_->unlink(*this);
    }

   private:
    friend class ContextRegistry;

    std::shared_ptr<ContextRegistry> registry_;
    SharedState* state_ = nullptr;
    Entry* next_ = nullptr;
    Entry* prev_ = nullptr;
    bool linked_ = false;
    std::thread::id leaving_;  // the thread that is in leave()
  };

  void abandonAll() noexcept {
    std::unique_lock lock(mutex_);
    while (head_ != nullptr) {
      SharedState* state = head_->state_;
      if (state->tryAddRef()) {
        unlink(*head_);
        lock.unlock();
        state->abandon();
        state->unref();
      } else if (head_->leaving_ == std::this_thread::get_id()) {
        unlink(
            *head_);  // its executor was the last to keep this context, and has let go of all else
        continue;
      } else {
        // Another thread is destroying it, and about to leave.
        lock.unlock();
        std::this_thread::yield();
      }
      lock.lock();
    }
  }

 private:
  void unlink(Entry& entry) noexcept {
    (entry.prev_ != nullptr ? entry.prev_->next_ : head_) = entry.next_;
    if (entry.next_ != nullptr) entry.next_->prev_ = entry.prev_;
    entry.next_ = entry.prev_ = nullptr;
    entry.linked_ = false;
  }

  Mutex mutex_;
  Entry* head_ = nullptr;
};

/// Is told by its context that this is about to be destroyed. A context shuts its services down in
/// the reverse order of their creation. What must happen before another service goes has to be the
/// business of a younger one, hence the tag: one watch is there from the first user on;
/// another, for each kind of timer, is made when the service behind that timer exists.
template <typename Tag>
class ContextWatch : public net::execution_context::service {
 public:
  inline static net::execution_context::id id;

  explicit ContextWatch(net::execution_context& context)
      : service(context), registry_(std::make_shared<ContextRegistry>()) {}

  static void enter(net::execution_context& context, ContextRegistry::Entry& entry,
                    SharedState& state) {
    entry.enter(net::use_service<ContextWatch>(context).registry_, state);
  }

 private:
  void shutdown() override { registry_->abandonAll(); }

  std::shared_ptr<ContextRegistry> registry_;
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
