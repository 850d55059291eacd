#include <bulwark/detail/core/circuit.hpp>

#include <atomic>
#include <memory>
#include <optional>

#include "interleave/primitives.hpp"
#include "interleave/scenario.hpp"

// Collectors that let go of a circuit while another one asks whether a call still holds it.

using namespace interleave;

namespace {

/// What a watch uses of a circuit.
struct WatchedCircuit {
  Atomic<long> watches_{0};
};

/// Counts its copies as std::shared_ptr does.
class ModelPointer {
 public:
  ModelPointer() : counted_(new Counted) {}
  ModelPointer(const ModelPointer& other) noexcept : counted_(other.counted_) {
    counted_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  ModelPointer& operator=(const ModelPointer&) = delete;
  ~ModelPointer() {
    if (counted_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete counted_;
  }

  WatchedCircuit* operator->() const noexcept { return &counted_->circuit; }
  long use_count() const noexcept { return counted_->holders.load(std::memory_order_relaxed); }

 private:
  struct Counted {
    WatchedCircuit circuit;
    Atomic<long> holders{1};
  };
  Counted* counted_;
};

using Watch = bulwark::detail::BasicCircuitWatch<ModelPointer>;

/// A call, and the watches of two collectors.
struct Scene {
  std::optional<ModelPointer> call{std::in_place};
  std::optional<Watch> first{std::in_place, *call}, second{std::in_place, *call};
};

}  // namespace

TEST_CASE("a watch that another collector destroys does not stand for a call") {
  EXPLORE((Search{.weak = 3}), [](Run& run) {
    auto s = std::make_shared<Scene>();
    run.thread([=] { s->second.reset(); });
    run.thread([=] { expect(!s->first->alone(), "the call holds the circuit"); });
    run.finally([=] {
      expect(!s->first->alone(), "still");
      s->call.reset();
      expect(s->first->alone(), "now only the watch does");
    });
  });
}

TEST_CASE("a watch is alone when the call and the other watch are gone, in any order") {
  EXPLORE((Search{.weak = 3}), [](Run& run) {
    auto s = std::make_shared<Scene>();
    auto callEnds = std::make_shared<Atomic<bool>>(false);
    run.thread([=] { s->second.reset(); });
    run.thread([=] {
      callEnds->store(true);
      s->call.reset();
    });
    run.thread([=] {
      const bool alone = s->first->alone();
      expect(!alone || callEnds->load(), "not before the call ends");
    });
    run.finally([=] { expect(s->first->alone(), "they are gone"); });
  });
}
