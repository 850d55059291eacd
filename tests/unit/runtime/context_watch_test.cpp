#include <bulwark/detail/runtime/context_watch.hpp>

#include <memory>

#include "support/catch.hpp"

#include BULWARK_NET(io_context.hpp)

namespace net = bulwark::net;
using bulwark::detail::ContextRegistry;
using bulwark::detail::ContextWatch;
using bulwark::detail::SharedState;

namespace {

struct State final : SharedState {
  explicit State(int& count) : abandoned(count) {}
  void abandon() noexcept override { ++abandoned; }

  int& abandoned;
  ContextRegistry::Entry entry;
};

}  // namespace

TEST_CASE("a context that is destroyed abandons the states that depend on it, once") {
  int abandoned = 0;
  auto io = std::make_unique<net::io_context>();
  auto* first = new State(abandoned);
  auto* second = new State(abandoned);
  ContextWatch<void>::enter(*io, first->entry, *first);
  ContextWatch<void>::enter(*io, second->entry, *second);
  io.reset();
  CHECK(abandoned == 2);
  first->unref();
  second->unref();
  CHECK(abandoned == 2);
}

TEST_CASE("a state that is destroyed first is not abandoned") {
  int abandoned = 0;
  auto io = std::make_unique<net::io_context>();
  auto* state = new State(abandoned);
  ContextWatch<void>::enter(*io, state->entry, *state);
  state->unref();
  io.reset();
  CHECK(abandoned == 0);
}

TEST_CASE("the last step of leaving may destroy the context") {
  int abandoned = 0;
  auto io = std::make_unique<net::io_context>();
  auto* state = new State(abandoned);
  ContextWatch<void>::enter(*io, state->entry, *state);
  // As in a destructor: the last reference is gone by then.
  struct Leaving final : SharedState {
    explicit Leaving(std::unique_ptr<net::io_context>& context) : io(context) {}
    ~Leaving() override {
      entry.leave([this] { io.reset(); });
    }
    void abandon() noexcept override {}
    std::unique_ptr<net::io_context>& io;
    ContextRegistry::Entry entry;
  };
  auto* leaving = new Leaving(io);
  ContextWatch<void>::enter(*io, leaving->entry, *leaving);
  leaving->unref();
  CHECK(io == nullptr);
  CHECK(abandoned == 1);
  state->unref();
}

TEST_CASE("each context has a registry of its own") {
  int abandoned = 0;
  net::io_context other;
  auto io = std::make_unique<net::io_context>();
  auto* state = new State(abandoned);
  ContextWatch<void>::enter(other, state->entry, *state);
  io.reset();
  CHECK(abandoned == 0);
  state->unref();
}
