#pragma once

#include <cstddef>
#include <utility>

#include "bulwark/build.hpp"
#include "bulwark/detail/core/primitives.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A state that counts its references, and that depends on an execution context.
///
/// Thread-safe.
class SharedState {
 public:
  SharedState() = default;
  SharedState(const SharedState&) = delete;
  SharedState& operator=(const SharedState&) = delete;

  void addRef() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  /// Destroys the state with its last reference.
  void unref() noexcept {
    // acq_rel: the thread that destroys the state sees what all others did with it.
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  /// Adds a reference, unless the last one is gone.
  bool tryAddRef() noexcept {
    auto count = references_.load(std::memory_order_relaxed);
    while (count != 0) {
      if (references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  /// The execution context is being destroyed: no handler can run any more, and executors and
  /// timers have to be destroyed now.
  virtual void abandon() noexcept = 0;

 protected:
  virtual ~SharedState() = default;

 private:
  Atomic<std::size_t> references_{1};  // the first one belongs to the creator
};

/// A counted reference to a T that has addRef() and unref().
template <typename T>
class Ref {
 public:
  Ref() noexcept = default;
  explicit Ref(T* target) noexcept : target_(target) {
    if (target_ != nullptr) target_->addRef();
  }
  /// Takes over a reference that is counted already.
  static Ref adopt(T* target) noexcept {
    Ref ref;
    ref.target_ = target;
    return ref;
  }
  Ref(const Ref& other) noexcept : Ref(other.target_) {}
  Ref(Ref&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(target_, other.target_);
    return *this;
  }
  ~Ref() {
    if (target_ != nullptr) target_->unref();
  }

  T* get() const noexcept { return target_; }
  T* operator->() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }
  explicit operator bool() const noexcept { return target_ != nullptr; }
  T* release() noexcept { return std::exchange(target_, nullptr); }

 private:
  T* target_ = nullptr;
};

/// A reference in an initiation. It borrows from the user's object while the initiating function
/// runs, and is counted once a lazy token copies or moves it away. An eager call does not pay for
/// it.
template <typename T>
class LazyRef {
 public:
  explicit LazyRef(T* borrowed) noexcept : target_(borrowed) {}
  LazyRef(const LazyRef& other) noexcept : target_(other.target_), counted_(true) {
    target_->addRef();
  }
  LazyRef& operator=(const LazyRef&) = delete;
  ~LazyRef() {
    if (counted_) target_->unref();
  }

  T* operator->() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }

 private:
  T* target_;
  bool counted_ = false;
};

}  // namespace bulwark::detail
