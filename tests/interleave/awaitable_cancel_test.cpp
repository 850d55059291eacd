#include <bulwark/detail/call/awaitable_cancel.hpp>

#include <functional>
#include <memory>
#include <utility>

#include "interleave/model_executor.hpp"
#include "interleave/scenario.hpp"

// Requests to cancel a running awaitable, and its end, on several threads. The executor may be the
// user's: it is copied and destroyed without a lock, and not while another thread uses it.

using namespace interleave;
using bulwark::net::cancellation_type;

namespace {

/// An executor that notices each copy, each move and each destruction.
class NoticingExecutor : public ModelExecutor {
 public:
  /// What all copies share.
  struct Shared {
    std::function<void()> whenUsed;  // called once, by the next of these
  };

  NoticingExecutor(ModelQueue& queue, std::shared_ptr<Shared> shared) noexcept
      : ModelExecutor(queue), shared_(std::move(shared)) {}
  NoticingExecutor(const NoticingExecutor& other) noexcept
      : ModelExecutor(other), shared_(other.shared_) {
    other.exists_.get();
    notice();
  }
  NoticingExecutor(NoticingExecutor&& other) noexcept : NoticingExecutor(std::as_const(other)) {}
  ~NoticingExecutor() {
    exists_.set(false);
    notice();
  }

 private:
  void notice() const {
    if (const auto call = std::exchange(shared_->whenUsed, nullptr)) call();
  }

  std::shared_ptr<Shared> shared_;
  mutable Guarded<bool> exists_{true};
};

using Cancel = bulwark::detail::AwaitableCancel<NoticingExecutor>;

struct Scene {
  ModelQueue queue;
  std::shared_ptr<NoticingExecutor::Shared> shared = std::make_shared<NoticingExecutor::Shared>();
  std::shared_ptr<Cancel> cancel = std::make_shared<Cancel>(NoticingExecutor(queue, shared));

  /// The next use of the executor requests cancellation.
  void requestWhenUsed() {
    shared->whenUsed = [this] { cancel->request(cancellation_type::partial); };
  }
  bool used() const { return shared->whenUsed == nullptr; }
};

}  // namespace

TEST_CASE("an executor that is used for a request may make a request itself") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    run.thread([=] {
      s->requestWhenUsed();
      s->cancel->request(cancellation_type::terminal);
      expect(s->used(), "it made one");
    });
    run.finally([=] {
      s->cancel->ended();
      s->queue.run();
    });
  });
}

TEST_CASE("an executor that the end of a call destroys may make a request") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    run.thread([=] {
      s->requestWhenUsed();
      s->cancel->ended();
      expect(s->used(), "it made one");
    });
    run.finally([=] { expect(!s->queue.runOne(), "which came too late"); });
  });
}

TEST_CASE("the end of a call does not destroy an executor that a request still uses") {
  EXPLORE(everything, [](Run& run) {
    auto s = std::make_shared<Scene>();
    for (int i = 0; i < 2; ++i) {
      run.thread([=] { s->cancel->request(cancellation_type::terminal); });
    }
    run.thread([=] { s->cancel->ended(); });
    run.finally([=] { s->queue.run(); });
  });
}
