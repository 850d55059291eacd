#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Things by name that come and never go. Finding takes no lock: a table of pointers with linear
/// probing, at most half full, in which a place is written once. A table that gets too small is
/// replaced by one of twice the size and kept until the end, for those who are reading it: together
/// the old ones are smaller than the one in use.
///
/// Thread safety: find() and forEach() from any thread; the rest under one lock.
template <typename T>
class Registry {
 public:
  struct Node {
    template <typename... Args>
    explicit Node(std::string_view text, Args&&... args)
        : name(text), hash(hashOf(text)), value(std::forward<Args>(args)...) {}

    const std::string name;
    const std::size_t hash;
    T value;
  };

  Registry() { growTo(16); }
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Null: there is none of that name.
  Node* find(std::string_view name) const noexcept {
    const std::size_t hash = hashOf(name);
    const Table& table = *current_.load(std::memory_order_acquire);
    for (std::size_t i = hash;; ++i) {
      Node* node = table.at(i).load(std::memory_order_acquire);
      if (node == nullptr || (node->hash == hash && node->name == name)) return node;
    }
  }

  /// Calls f(Node&) for each, in no particular order.
  template <typename F>
  void forEach(F f) const {
    const Table& table = *current_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i <= table.mask; ++i) {
      if (Node* node = table.at(i).load(std::memory_order_acquire)) f(*node);
    }
  }

  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  /// Makes room, so that so many add() cannot fail.
  void reserve(std::size_t more) {
    nodes_.reserve(nodes_.size() + more);
    std::size_t places = tables_.back()->mask + 1;
    while (places < 2 * (nodes_.size() + more)) places *= 2;
    if (places > tables_.back()->mask + 1) growTo(places);
  }

  /// There is none of that name, and reserve() went before.
  Node& add(std::unique_ptr<Node> node) noexcept {
    Node& added = *nodes_.emplace_back(std::move(node));
    tables_.back()->put(added);
    size_.store(nodes_.size(), std::memory_order_relaxed);
    return added;
  }

 private:
  struct Table {
    explicit Table(std::size_t places)
        : mask(places - 1), entries(std::make_unique<std::atomic<Node*>[]>(places)) {}

    std::atomic<Node*>& at(std::size_t i) const noexcept { return entries[i & mask]; }

    void put(Node& node) noexcept {
      std::size_t i = node.hash;
      while (at(i).load(std::memory_order_relaxed) != nullptr) ++i;
      // release: whoever finds the node finds all of it
      at(i).store(&node, std::memory_order_release);
    }

    const std::size_t mask;  // places - 1; a power of two
    std::unique_ptr<std::atomic<Node*>[]> entries;
  };

  static std::size_t hashOf(std::string_view name) noexcept {
    return std::hash<std::string_view>{}(name);
  }

  void growTo(std::size_t places) {
    tables_.reserve(tables_.size() + 1);
    auto table = std::make_unique<Table>(places);
    for (const auto& node : nodes_) table->put(*node);
    current_.store(table.get(), std::memory_order_release);
    tables_.push_back(std::move(table));
  }

  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Table>> tables_;  // the last one is current
  std::atomic<const Table*> current_{nullptr};
  std::atomic<std::size_t> size_{0};
};

}  // namespace bulwark::detail
