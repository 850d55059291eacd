#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bulwark/asio.hpp"
#include "bulwark/detail/call/execute.hpp"
#include "bulwark/detail/call/initiation.hpp"
#include "bulwark/detail/limiter/fault.hpp"
#include "bulwark/detail/manager/chained_call.hpp"
#include "bulwark/detail/manager/manager_state.hpp"
#include "bulwark/detail/manager/permit_chain.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A name in an initiation. It refers to the caller's string while the initiating function runs.
/// When a lazy token copies or moves the initiation, the name becomes a copy.
class LazyName {
 public:
  explicit LazyName(std::string_view borrowed) noexcept : view_(borrowed) {}
  LazyName(const LazyName& other) : owned_(other.view_), view_(owned_) {}
  LazyName& operator=(const LazyName&) = delete;
  ~LazyName() = default;

  std::string_view view() const noexcept { return view_; }

 private:
  std::string owned_;
  std::string_view view_;
};

/// execute() of a BulkheadManager.
template <typename State>
class ManagedExecute : public Initiation<State> {
  using LimiterOf = typename State::LimiterOf;

 public:
  using Initiation<State>::Initiation;

  /// @param caller the function of the manager that added the semaphore; null: the user named it
  template <typename Handler, typename F, typename Options>
  void operator()(Handler&& handler, F&& fn, const LazyName& service, const Options& options,
                  const char* caller) const {
    State& state = this->owner();
    if (!state.executor()) return;  // the context is gone, and no handler can run
    LimiterOf* bulkhead = nullptr;
    std::vector<Ref<Limiter>> semaphores;
    std::exception_ptr error;
    try {
      checkName(service.view(), "service");
      if (!options.semaphores.empty()) {
        semaphores = state.semaphores(service.view(), options.semaphores, caller);
      }
      if (auto* found = state.service(service.view())) bulkhead = found->limiter.get();
    } catch (const ConfigError&) {
      error = std::current_exception();
    }
    if (bulkhead == nullptr) {
      return postError<F>(*state.executor(), std::forward<Handler>(handler),
                          error ? std::move(error) : operationAborted(NotStarted::destroyed));
    }
    auto timeout = options.queueTimeout;
    if (options.waitTimeout) {
      timeout = (std::min)(timeout.value_or(bulkhead->timeout()), *options.waitTimeout);
    }
    for (const auto& semaphore : semaphores) noteCall(*semaphore, handler);
    const CallRequest request{options.permits, timeout, options.executionTimeout, options.budget};
    if (semaphores.empty()) {
      return ExecuteInitiation<LimiterOf>{bulkhead}(std::forward<Handler>(handler),
                                                    std::forward<F>(fn), request);
    }
    const auto chain = std::make_shared<PermitChain>(*bulkhead, std::move(semaphores),
                                                     options.waitTimeout, options.budget);
    ChainedInitiation<LimiterOf>{bulkhead}(std::forward<Handler>(handler), std::forward<F>(fn),
                                           request, chain);
  }
};

}  // namespace bulwark::detail
