#include <bulwark/detail/manager/registry.hpp>

#include "support/catch.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using Numbers = bulwark::detail::Registry<int>;

Numbers::Node& add(Numbers& registry, const std::string& name, int value) {
  registry.reserve(1);
  return registry.add(std::make_unique<Numbers::Node>(name, value));
}

std::map<std::string, int> all(const Numbers& registry) {
  std::map<std::string, int> result;
  registry.forEach([&](const Numbers::Node& node) {
    CHECK(result.emplace(node.name, node.value).second);  // each once
  });
  return result;
}

}  // namespace

TEST_CASE("an empty registry finds nothing") {
  const Numbers registry;
  CHECK(registry.find("a") == nullptr);
  CHECK(registry.find("") == nullptr);
  CHECK(registry.size() == 0);
  CHECK(all(registry).empty());
}

TEST_CASE("an added node is found by its name and by no other") {
  Numbers registry;
  Numbers::Node& node = add(registry, "db.read", 7);
  CHECK(registry.find("db.read") == &node);
  CHECK(node.name == "db.read");
  CHECK(node.value == 7);
  CHECK(registry.find("db.write") == nullptr);
  CHECK(registry.find("db.rea") == nullptr);
  CHECK(registry.find("db.read ") == nullptr);
  CHECK(registry.find(std::string_view("db.read\0", 8)) == nullptr);
  CHECK(registry.size() == 1);
}

TEST_CASE("a name may be empty or contain any characters") {
  Numbers registry;
  Numbers::Node& none = add(registry, "", 1);
  Numbers::Node& zeros = add(registry, std::string(3, '\0'), 2);
  CHECK(registry.find("") == &none);
  CHECK(registry.find(std::string_view("\0\0\0", 3)) == &zeros);
  CHECK(registry.find(std::string_view("\0\0", 2)) == nullptr);
}

TEST_CASE("an added node keeps its address and is found, however many are added after it") {
  Numbers registry;
  std::vector<Numbers::Node*> nodes;
  for (int i = 0; i < 5000; ++i) nodes.push_back(&add(registry, "name " + std::to_string(i), i));
  CHECK(registry.size() == 5000);
  bool found = true;
  for (int i = 0; i < 5000; ++i) {
    found &= registry.find("name " + std::to_string(i)) == nodes[static_cast<std::size_t>(i)];
    found &= nodes[static_cast<std::size_t>(i)]->value == i;
  }
  CHECK(found);
  CHECK(registry.find("name 5000") == nullptr);
}

TEST_CASE("forEach visits each node once, before and after the table grows") {
  Numbers registry;
  std::map<std::string, int> expected;
  for (int i = 0; i < 100; ++i) {
    add(registry, std::to_string(i), i);
    expected.emplace(std::to_string(i), i);
    CHECK(all(registry) == expected);
  }
}

TEST_CASE("reserve makes room for many nodes and adds none") {
  Numbers registry;
  Numbers::Node& first = add(registry, "first", 1);
  registry.reserve(1000);
  CHECK(registry.size() == 1);
  CHECK(registry.find("first") == &first);
  for (int i = 0; i < 1000; ++i) {
    registry.add(std::make_unique<Numbers::Node>(std::to_string(i), i));
  }
  CHECK(registry.size() == 1001);
  CHECK(registry.find("999")->value == 999);
  CHECK(registry.find("1000") == nullptr);
  CHECK(registry.find("first") == &first);
}

TEST_CASE("a value is constructed from the argument given for it") {
  bulwark::detail::Registry<std::unique_ptr<int>> registry;
  registry.reserve(1);
  using Node = decltype(registry)::Node;
  registry.add(std::make_unique<Node>("a", std::make_unique<int>(5)));
  CHECK(*registry.find("a")->value == 5);
}
