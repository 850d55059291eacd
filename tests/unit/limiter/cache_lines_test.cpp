#include <bulwark/bulkhead.hpp>

#include <cstdint>

#include "support/catch.hpp"
#include "support/unit_support.hpp"

// Which members of a limiter share a cache line. The members are private, and a rule that holds for
// the whole object concerns several classes.

using bulwark::detail::Admission;
using bulwark::detail::Host;
using bulwark::detail::Limiter;

namespace {

using ContextBulkhead = bulwark::Bulkhead<net::io_context::executor_type>;

/// Makes private members available: an explicit instantiation may name them.
template <auto Member, typename Tag>
struct Reveal {
  friend constexpr auto member(Tag) { return Member; }
};

#define REVEAL(Class, name)                       \
  struct Class##_##name {                         \
    friend constexpr auto member(Class##_##name); \
  };                                              \
  template struct Reveal<&Class::name, Class##_##name>

REVEAL(Admission, word_);
REVEAL(Admission, limit_);
REVEAL(Admission, peakActive_);
REVEAL(Admission, mutex_);
REVEAL(Limiter, admission_);
REVEAL(Host, mutex_);

#undef REVEAL

constexpr std::uintptr_t lineSize = 64;

/// The cache lines that an object touches.
struct Lines {
  template <typename T>
  explicit Lines(const T& object) noexcept
      : first(reinterpret_cast<std::uintptr_t>(&object) / lineSize),
        last((reinterpret_cast<std::uintptr_t>(&object) + sizeof(T) - 1) / lineSize) {}

  bool meet(const Lines& other) const { return first <= other.last && other.first <= last; }

  std::uintptr_t first, last;
};

}  // namespace

TEST_CASE("what a call with a free permit writes is one cache line, which no mutex shares",
          "[limiter]") {
  // Otherwise the rest holds at some addresses and not at others.
  CHECK(alignof(Limiter) % lineSize == 0);
  Stage stage;
  const ContextBulkhead bulkhead{stage.io, {.name = "db"}};
  const Limiter& limiter = bulwark::detail::Access::limiter(bulkhead);
  const Admission& admission = limiter.*member(Limiter_admission_{});
  const Lines word(admission.*member(Admission_word_{}));
  const Lines limit(admission.*member(Admission_limit_{}));
  const Lines peak(admission.*member(Admission_peakActive_{}));
  CHECK(word.first == limit.last);
  CHECK(word.first == peak.last);
  CHECK_FALSE(word.meet(Lines(static_cast<const Host&>(limiter).*member(Host_mutex_{}))));
  CHECK_FALSE(word.meet(Lines(admission.*member(Admission_mutex_{}))));
}
