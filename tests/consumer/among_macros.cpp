// A user's program in which macros of other libraries are defined before bulwark is included: those
// of FOREIGN_MACROS, one of the files in foreign_macros/. Exit status 0 if the call ran.

#ifdef FOREIGN_MACROS_FIRST
#include FOREIGN_MACROS
#endif

// The headers of others that bulwark includes. Not all of them work after such macros.
#include <bulwark/build.hpp>
#if BULWARK_ASIO_IS_BOOST
#include <boost/asio.hpp>
#else
#ifndef __cpp_rtti
#define ASIO_NO_TYPEID 1  // standalone Asio does not detect it by itself
#endif
#include <asio.hpp>
#endif
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#if __has_include(<bulwark/prometheus_export.hpp>)
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#endif

#ifndef FOREIGN_MACROS_FIRST
#include FOREIGN_MACROS
#endif

#include <bulwark/bulwark.hpp>
#if __has_include(<bulwark/json_export.hpp>)
#include <bulwark/manager_config_json.hpp>
#endif
#if __has_include(<bulwark/prometheus_export.hpp>)
#include <bulwark/prometheus.hpp>
#endif

namespace net = bulwark::net;

int main() {
  net::io_context io;
  bulwark::Bulkhead bulkhead{io, {.name = "db"}};
  int ran = 0;
  bulkhead.execute(
      [&ran]() -> net::awaitable<void> {
        ++ran;
        co_return;
      },
      net::detached);
  io.run();
  return ran == 1 && (bulkhead.stats().waitTime.max)().count() == 0 ? 0 : 1;
}
