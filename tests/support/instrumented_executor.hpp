#pragma once

#include <bulwark/asio.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

/// The settings and counters of an InstrumentedExecutor. All its copies share them.
struct ExecutorProbe {
  struct Refused : std::runtime_error {
    Refused() : std::runtime_error("the executor refuses") {}
  };

  std::atomic<std::size_t> submitted{0};    // functions that were accepted
  std::atomic<std::size_t> refuseAfter{SIZE_MAX};  // throws Refused once `submitted` is this many
  std::atomic<bool> drop{false};  // accepts functions and destroys them uninvoked
  std::atomic<bool> refuseDropped{false};  // throws Refused after that
  // The same for one submission, whose number is counted from 0:
  std::atomic<std::size_t> asked{0};
  std::atomic<std::size_t> refuseOnly{SIZE_MAX};
  std::atomic<std::size_t> dropOnly{SIZE_MAX};

  /// Called before each submission, and before each query of a property, if set.
  std::function<void()> whenAsked;
  std::function<void()> whenQueried;

  void refuseFromNowOn() { refuseAfter = submitted.load(); }
  void acceptAgain() { refuseAfter = SIZE_MAX; }
};

/// Wraps an executor, counts what is submitted to it, and refuses or drops it on demand. For tests
/// of what a library does when posting fails. Copy it into your own tests.
///
///     auto probe = std::make_shared<ExecutorProbe>();
///     InstrumentedExecutor executor(io.get_executor(), probe);
template <typename Inner>
class InstrumentedExecutor {
 public:
  InstrumentedExecutor(Inner inner, std::shared_ptr<ExecutorProbe> probe) noexcept
      : inner_(std::move(inner)), probe_(std::move(probe)) {}

  template <typename F>
  void execute(F&& f) const {
    const std::size_t number = probe_->asked.fetch_add(1);
    if (probe_->whenAsked) probe_->whenAsked();
    if (number == probe_->refuseOnly.load()) throw ExecutorProbe::Refused();
    if (probe_->submitted.load() >= probe_->refuseAfter.load()) throw ExecutorProbe::Refused();
    probe_->submitted.fetch_add(1);
    if (probe_->drop.load() || number == probe_->dropOnly.load()) {
      {
        [[maybe_unused]] const auto dropped = std::forward<F>(f);
      }
      if (probe_->refuseDropped.load()) throw ExecutorProbe::Refused();
      return;
    }
    forward(std::forward<F>(f));
  }

  // Properties are those of the wrapped executor.
  template <typename Property>
    requires bulwark::net::can_query<const Inner&, Property>::value
  auto query(const Property& property) const
      -> decltype(bulwark::net::query(std::declval<const Inner&>(), property)) {
    noteQuery();
    return bulwark::net::query(inner_, property);
  }
  template <typename Property>
    requires bulwark::net::can_require<const Inner&, Property>::value
  auto require(const Property& property) const {
    noteQuery();
    auto required = bulwark::net::require(inner_, property);
    return InstrumentedExecutor<decltype(required)>(std::move(required), probe_);
  }
  template <typename Property>
    requires(!bulwark::net::can_require<const Inner&, Property>::value &&
             bulwark::net::can_prefer<const Inner&, Property>::value)
  auto prefer(const Property& property) const {
    noteQuery();
    auto preferred = bulwark::net::prefer(inner_, property);
    return InstrumentedExecutor<decltype(preferred)>(std::move(preferred), probe_);
  }

  friend bool operator==(const InstrumentedExecutor& a, const InstrumentedExecutor& b) noexcept {
    return a.inner_ == b.inner_ && a.probe_ == b.probe_;
  }
  friend bool operator!=(const InstrumentedExecutor& a, const InstrumentedExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  void noteQuery() const {
    if (probe_->whenQueried) probe_->whenQueried();
  }

  template <typename F>
  void forward(F&& f) const {
#if BULWARK_ASIO_VERSION < \
    102900  // execute() is a customisation point, and private in Asio's executors
    bulwark::net::execution::execute(inner_, std::forward<F>(f));
#else
    inner_.execute(std::forward<F>(f));
#endif
  }

  Inner inner_;
  std::shared_ptr<ExecutorProbe> probe_;
};
