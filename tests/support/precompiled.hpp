#pragma once

// The headers of Catch2, Asio, fmt and the standard library that most tests include, parsed once
// for all of them (BULWARK_TEST_PCH). It has no header of bulwark except the one that names Asio,
// so that a change of a bulwark header recompiles only the files that include it and its warnings
// are shown. A test still includes what it uses. The presets gcc and compilers build without this
// file.

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
