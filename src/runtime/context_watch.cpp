#include "bulwark/detail/runtime/context_watch.hpp"

#include <mutex>
#include <thread>

namespace bulwark::inline BULWARK_FLAVOUR::detail {

const void* ContextRegistry::thisThread() noexcept {
  thread_local const char place = 0;
  return &place;
}

void ContextRegistry::abandonAll() noexcept {
  std::unique_lock lock(mutex_);
  while (Entry* const entry = entries_.front()) {
    SharedState* state = entry->state_;
    if (state->tryAddRef()) {
      IntrusiveList<Entry>::erase(*entry);
      lock.unlock();
      state->abandon();
      state->unref();
    } else if (entry->leaving_ == thisThread()) {
      // `last` destroys the context on this thread: the executor owned it. The state has released
      // everything else.
      IntrusiveList<Entry>::erase(*entry);
      continue;
    } else {
      // Another thread is destroying the state, and will leave soon.
      lock.unlock();
      std::this_thread::yield();
    }
    lock.lock();
  }
}

}  // namespace bulwark::detail
