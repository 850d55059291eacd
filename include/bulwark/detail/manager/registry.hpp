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

/// Objects by name, which are added and never removed. It is a hash table of pointers with linear
/// probing, at most half full, in which each place is written once. So find() takes no lock. A
/// table that becomes too small is replaced by one of at least twice the size. The old table is
/// kept as long as the registry, because other threads may be reading it. All old tables together
/// are smaller than the current one.
///
/// Thread safety: find(), forEach() and size() from any thread; the other functions under a lock of
/// the owner.
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

  /// Null: there is no object of that name.
  Node* find(std::string_view name) const noexcept {
    const std::size_t hash = hashOf(name);
    // acquire, here, below and in forEach(): pairs with the release in growTo() and in put()
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

  /// Makes room for `more` objects, so that adding them cannot fail.
  void reserve(std::size_t more) {
    nodes_.reserve(nodes_.size() + more);
    std::size_t places = tables_.back()->mask + 1;
    while (places < 2 * (nodes_.size() + more)) places *= 2;
    if (places > tables_.back()->mask + 1) growTo(places);
  }

  /// Adds an object whose name is new. reserve() has made room for it.
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
      // release: pairs with the acquire in find(), which sees all of the node
      at(i).store(&node, std::memory_order_release);
    }

    const std::size_t mask;  // places - 1; a power of two
    std::unique_ptr<std::atomic<Node*>[]> entries;  // each is written once
  };

  static std::size_t hashOf(std::string_view name) noexcept {
    return std::hash<std::string_view>{}(name);
  }

  void growTo(std::size_t places) {
    tables_.reserve(tables_.size() + 1);
    auto table = std::make_unique<Table>(places);
    for (const auto& node : nodes_) table->put(*node);
    current_.store(table.get(), std::memory_order_release);  // pairs with the acquire in find()
    tables_.push_back(std::move(table));
  }

  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Table>> tables_;  // the last one is the current one
  std::atomic<const Table*> current_{nullptr};  // null only in the constructor
  std::atomic<std::size_t> size_{0};  // of nodes_
};

}  // namespace bulwark::detail
