#pragma once

#include "bulwark/detail/core/primitives.hpp"

// As primitives.hpp, for code in which threads block.

#ifndef BULWARK_PRIMITIVES

#include <condition_variable>

#include "bulwark/build.hpp"

namespace bulwark::inline BULWARK_FLAVOUR::detail {

using ConditionVariable = std::condition_variable;

}  // namespace bulwark::detail

#endif
