#include <bulwark/detail/stack_note.hpp>

#include "support/catch.hpp"

#include <array>
#include <optional>
#include <thread>

using bulwark::detail::StackNote;
using Kind = StackNote::Kind;

namespace {

// Something to note about.
constexpr std::array<int, 2> things{};
constexpr const int* cpu = &things[0];
constexpr const int* disk = &things[1];

}  // namespace

TEST_CASE("a note is found by what its author calls, by kind and subject, until it is erased") {
  CHECK(StackNote::find(Kind::held, cpu) == 0);
  {
    const StackNote first(Kind::held, cpu, 2);
    const StackNote other(Kind::held, disk, 16);
    const StackNote otherKind(Kind::acting, cpu, 32);
    const auto inside = [] {
      const StackNote second(Kind::held, cpu, 1);
      return StackNote::find(Kind::held, cpu);
    };
    CHECK(inside() == 3);
    CHECK(StackNote::find(Kind::held, cpu) == 2);
    CHECK(StackNote::find(Kind::acting, cpu) == 32);
  }
  CHECK(StackNote::find(Kind::held, cpu) == 0);
}

TEST_CASE("notes are erased in any order") {
  std::optional<StackNote> first, second, third;
  first.emplace(Kind::held, cpu, 1U);
  second.emplace(Kind::held, cpu, 2U);
  first.reset();
  CHECK(StackNote::find(Kind::held, cpu) == 2);
  third.emplace(Kind::held, cpu, 4U);
  second.reset();
  CHECK(StackNote::find(Kind::held, cpu) == 4);
  third.reset();
  CHECK(StackNote::find(Kind::held, cpu) == 0);
}

TEST_CASE("a note is erased by another thread, and not found by it") {
  std::optional<StackNote> note;
  note.emplace(Kind::held, cpu, 1U);
  std::thread([&] {
    CHECK(StackNote::find(Kind::held, cpu) == 0);
    note.reset();
  }).join();
  CHECK(StackNote::find(Kind::held, cpu) == 0);
}

TEST_CASE("a note outlives its thread, whose notes become those of another one") {
  std::optional<StackNote> note;
  std::thread([&] { note.emplace(Kind::held, cpu, 1U); }).join();
  std::thread([&] {
    const StackNote other(Kind::held, disk, 2);
    CHECK(StackNote::find(Kind::held, disk) == 2);
    note.reset();
    CHECK(StackNote::find(Kind::held, disk) == 2);
    CHECK(StackNote::find(Kind::held, cpu) == 0);
  }).join();
}

TEST_CASE("a note for which there is no room is not found, and does no harm") {
  std::array<std::optional<StackNote>, 20> notes;
  for (auto& note : notes) note.emplace(Kind::held, cpu, 1U);
  const auto found = StackNote::find(Kind::held, cpu);
  CHECK(found > 0);
  CHECK(found < notes.size());
  for (auto& note : notes) note.reset();
  CHECK(StackNote::find(Kind::held, cpu) == 0);
  const StackNote again(Kind::held, cpu, 1);
  CHECK(StackNote::find(Kind::held, cpu) == 1);
}
