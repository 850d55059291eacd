#pragma once

#include "bulwark/build.hpp"

#if defined(_MSC_VER) && defined(_M_X64)
#include <intrin.h>
#endif

namespace bulwark::inline BULWARK_FLAVOUR::detail {

/// Fetches the cache line of `place` for writing. Called before a load that a read-modify-write
/// follows: the load alone would fetch the line as shared, and the write would have to ask the
/// other cores for it again. Costs nothing where the core has the line.
///
/// __builtin_prefetch() generates the instruction on x86 only for processors that are known to have
/// it, hence the assembly. A 64-bit processor without it does nothing.
inline void prefetchForWriting(const void* place) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(place)));
#elif defined(__GNUC__)
  __builtin_prefetch(place, 1);
#elif defined(_M_X64)
  _m_prefetchw(place);
#else
  static_cast<void>(place);
#endif
}

}  // namespace bulwark::detail
