#include <bulwark/detail/core/intrusive_list.hpp>

#include "support/catch.hpp"

#include <vector>

namespace {

struct Node : bulwark::detail::IntrusiveList<Node>::Member {};
using List = bulwark::detail::IntrusiveList<Node>;

/// Takes everything out of the list.
std::vector<Node*> drained(List& list) {
  std::vector<Node*> taken;
  while (Node* front = list.front()) {
    List::erase(*front);
    taken.push_back(front);
  }
  return taken;
}

}  // namespace

TEST_CASE("a member leaves an intrusive list from any place", "[core]") {
  Node first;
  Node second;
  Node third;
  const std::vector<Node*> all{&third, &second, &first};  // the last one comes first
  for (Node* leaves : all) {
    List list;
    for (Node* node : {&first, &second, &third}) list.insert(*node);
    List::erase(*leaves);
    std::vector<Node*> rest = all;
    std::erase(rest, leaves);
    CHECK(drained(list) == rest);
  }
}

TEST_CASE("a member that is in no list can leave it, and one that has left can join again",
          "[core]") {
  Node node;
  List::erase(node);
  List list;
  CHECK(list.front() == nullptr);
  list.insert(node);
  List::erase(node);
  List::erase(node);
  CHECK(list.front() == nullptr);
  list.insert(node);
  CHECK(drained(list) == std::vector<Node*>{&node});
}
