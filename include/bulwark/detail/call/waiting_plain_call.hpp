#pragma once

#include <exception>

#include "bulwark/build.hpp"
#include "bulwark/detail/call/call_accounting.hpp"
#include "bulwark/detail/call/waiting_call.hpp"
#include "bulwark/detail/limiter/limiter.hpp"
#include "bulwark/detail/runtime/ref.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// A plain call that may wait for its permits: its work, without the types of the callable and its
/// result.
///
/// @tparam Waiting a WaitingCall, or a class that derives from it
template <typename Waiting, typename Accounting>
class WaitingPlainCall : public Waiting {
 protected:
  using Waiting::Waiting;
  ~WaitingPlainCall() = default;

  /// Calls the callable and does the accounting. Returns what the callable threw.
  std::exception_ptr work(Accounting& accounting, void* result) {
    this->recordWait();
    std::exception_ptr error;
    try {
      invoke(accounting, result);
    } catch (...) {
      error = std::current_exception();
      accounting.fail();
    }
    accounting.end();
    dropCallable();
    // The burst that runs this call goes on by itself.
    Ref<Limiter>::adopt(accounting.close(this->grant()));
    return error;
  }

 private:
  /// Begins the accounting, then calls the callable, which may throw. Tells the accounting of a
  /// result that is a failure.
  virtual void invoke(Accounting& accounting, void* result) = 0;
  virtual void dropCallable() noexcept = 0;
};

extern template class BULWARK_EXPORT WaitingPlainCall<WaitingCall, CallAccounting>;

}  // namespace bulwark::detail
