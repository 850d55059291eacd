#pragma once

// Whether the statistics, the permits and what callers saw agree.

#include <cstddef>
#include <cstdint>

#include "support/stress.hpp"
#include "support/stress/generations.hpp"
#include "support/stress/journal.hpp"
#include "support/stress/outcomes.hpp"

namespace stress {

/// Compares what the library counted with what callers saw.
template <typename Target>
class Checks {
  using Bulkhead = typename Target::Type;

 public:
  Checks(const Phase& phase, Journal& journal, Generations<Target>& generations) noexcept
      : phase_(phase), journal_(journal), generations_(generations) {}

  /// Checks the statistics at an arbitrary moment. Thread-safe.
  void look();
  /// Checks the statistics and the permits of the last bulkhead, when all calls have ended.
  void atTheEnd();

  /// Checks a call after the round, and adds it to the report.
  void audit(const Call& call, Report& report);
  void audit(const Generation& generation, Report& report);

  void same(const char* what, std::uint64_t library, std::uint64_t handlers);

 private:
  const Phase& phase_;
  Journal& journal_;
  Generations<Target>& generations_;
};

}  // namespace stress
