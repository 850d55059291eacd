#include "open_files.hpp"

#if __has_include(<sys/resource.h>)
#include <sys/resource.h>
#endif

#include <algorithm>

namespace isolation {

std::size_t allowFiles(std::size_t needed) noexcept {
#if __has_include(<sys/resource.h>)
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    if (limit.rlim_cur < needed) {
      limit.rlim_cur = std::min<rlim_t>(needed, limit.rlim_max);
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
  }
#endif
  return needed;
}

}  // namespace isolation
