#pragma once

// What most tests include of others: Catch2, Asio, fmt and the standard library, parsed once for
// all of them (BULWARK_TEST_PCH). Nothing of bulwark's own, but for the header that names Asio: a
// change there compiles anew what includes it, and its warnings are seen. A test still includes
// what it uses; the presets gcc and compilers build without this.

#include <bulwark/asio.hpp>

#include BULWARK_NET(detached.hpp)
#include BULWARK_NET(io_context.hpp)
#include BULWARK_NET(redirect_error.hpp)
#include BULWARK_NET(thread_pool.hpp)
#include BULWARK_NET(use_future.hpp)

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
