#pragma once

#include <functional>

#include "bulwark/build.hpp"
#include "bulwark/outcome.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Judges the results of a callable. A class that wraps a callable specialises this, and asks the
/// judge of what it wraps.
template <typename F>
struct JudgeOf {
  template <typename R>
  static bool failed(F&, const R& result) noexcept {
    return ResultTraits<R>::failed(result);
  }
};

template <typename F, typename Predicate>
struct JudgeOf<FailIf<F, Predicate>> {
  template <typename R>
  static bool failed(FailIf<F, Predicate>& fn, const R& result) {
    return JudgeOf<F>::failed(fn.fn, result) ||
           static_cast<bool>(std::invoke(fn.isFailure, result));
  }
};

/// The judge of a wrapper that has judged the results of its callable itself. It finds no failure.
struct NoJudge {
  template <typename F, typename R>
  static bool failed(F&, const R&) noexcept {
    return false;
  }
};

/// Whether a result of `fn` is a failure. Throws what a predicate of the user throws.
template <typename F, typename R>
bool isFailedResult(F& fn, const R& result) {
  return JudgeOf<F>::failed(fn, result);
}

}  // namespace bulwark::detail
