#pragma once

// Where the stress test records what went wrong.

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace stress {

/// Records failures and prints them at once, because a crash may follow. Thread-safe.
class Journal {
 public:
  explicit Journal(std::string where) : where_(std::move(where)) {}

  void round(std::string what) {
    const std::lock_guard lock(mutex_);
    round_ = std::move(what);
  }
  void fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() >= 20) return;
    failures_.push_back(where_ + ", " + round_ + ": " + what);
    std::fprintf(stderr, "stress: %s\n", failures_.back().c_str());
  }
  std::vector<std::string> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  bool failed() const { return !failures().empty(); }
  /// Aborts, because calls that never end cannot be cleaned up.
  [[noreturn]] void giveUp(const std::string& what) {
    fail(what);
    std::abort();
  }

 private:
  mutable std::mutex mutex_;
  std::string where_;
  std::string round_;
  std::vector<std::string> failures_;
};

}  // namespace stress
