#include <bulwark/detail/runtime/stack_note.hpp>

#include "support/catch.hpp"

#include <array>
#include <optional>
#include <thread>

using bulwark::detail::StackNote;

namespace {

// The subjects of the notes.
constexpr std::array<int, 2> things{};
constexpr const int* cpu = &things[0];
constexpr const int* disk = &things[1];

}  // namespace

TEST_CASE("a note is found by its subject inside its author's calls until it is erased") {
  CHECK(StackNote::find(cpu) == 0);
  {
    const StackNote first(cpu, 2);
    const StackNote other(disk, 16);
    const auto inside = [] {
      const StackNote second(cpu, 1);
      return StackNote::find(cpu);
    };
    CHECK(inside() == 3);
    CHECK(StackNote::find(cpu) == 2);
    CHECK(StackNote::find(disk) == 16);
  }
  CHECK(StackNote::find(cpu) == 0);
}

TEST_CASE("notes may be erased in any order") {
  std::optional<StackNote> first, second, third;
  first.emplace(cpu, 1U);
  second.emplace(cpu, 2U);
  first.reset();
  CHECK(StackNote::find(cpu) == 2);
  third.emplace(cpu, 4U);
  second.reset();
  CHECK(StackNote::find(cpu) == 4);
  third.reset();
  CHECK(StackNote::find(cpu) == 0);
}

TEST_CASE("another thread may erase a note and does not find it") {
  std::optional<StackNote> note;
  note.emplace(cpu, 1U);
  std::thread([&] {
    CHECK(StackNote::find(cpu) == 0);
    note.reset();
  }).join();
  CHECK(StackNote::find(cpu) == 0);
}

TEST_CASE("a note outlives its thread, and another thread takes over the storage") {
  std::optional<StackNote> note;
  std::thread([&] { note.emplace(cpu, 1U); }).join();
  std::thread([&] {
    const StackNote other(disk, 2);
    CHECK(StackNote::find(disk) == 2);
    note.reset();
    CHECK(StackNote::find(disk) == 2);
    CHECK(StackNote::find(cpu) == 0);
  }).join();
}

TEST_CASE("a note that does not fit is not found and does no harm") {
  std::array<std::optional<StackNote>, 20> notes;
  for (auto& note : notes) note.emplace(cpu, 1U);
  const auto found = StackNote::find(cpu);
  CHECK(found > 0);
  CHECK(found < notes.size());
  for (auto& note : notes) note.reset();
  CHECK(StackNote::find(cpu) == 0);
  const StackNote again(cpu, 1);
  CHECK(StackNote::find(cpu) == 1);
}
