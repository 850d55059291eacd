#pragma once

/// @file
/// The one place that names Asio. Everything else in bulwark says `net::`.
///
/// clang with libstdc++ finds no coroutines in Asio older than 1.24 unless ASIO_HAS_CO_AWAIT and
/// ASIO_HAS_STD_COROUTINE are defined before Asio is first included. The CMake package defines
/// them for every translation unit; without the package, include a bulwark header first.

#include <asio/version.hpp>
#include <version>  // says whose standard library this is

#if ASIO_VERSION < 102200
#error "bulwark needs Asio 1.22 or later"
#endif

#if defined(__clang__) && defined(__GLIBCXX__) && ASIO_VERSION < 102400 && \
    !defined(ASIO_HAS_CO_AWAIT) && !defined(ASIO_DETAIL_CONFIG_HPP)
#define ASIO_HAS_CO_AWAIT 1
#define ASIO_HAS_STD_COROUTINE 1
#endif

#include <asio/any_io_executor.hpp>
#include <asio/associated_allocator.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/co_spawn.hpp>
#include <asio/dispatch.hpp>
#include <asio/error.hpp>
#include <asio/error_code.hpp>
#include <asio/execution.hpp>
#include <asio/execution_context.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/is_executor.hpp>
#include <asio/post.hpp>
#include <asio/query.hpp>
#include <asio/strand.hpp>
#include <asio/system_error.hpp>
#include <asio/system_executor.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/wait_traits.hpp>

#if ASIO_VERSION >= 102201
#include <asio/recycling_allocator.hpp>
#endif

#if !defined(ASIO_HAS_CO_AWAIT)
#error \
    "Asio was included without coroutine support before bulwark. Define ASIO_HAS_CO_AWAIT and \
ASIO_HAS_STD_COROUTINE for the whole program (the target bulwark::bulwark does), or include a \
bulwark header before any of Asio's, and compile as C++20."
#endif

#include <memory>

namespace bulwark {

namespace net = ::asio;

namespace detail {

/// Where operations come from when their handler brings no allocator: Asio keeps a few blocks per
/// thread that runs a context, which makes a steady stream of calls free of heap allocations.
#if ASIO_VERSION >= 102201
using DefaultAllocator = net::recycling_allocator<void>;
#else
using DefaultAllocator = std::allocator<void>;
#endif

}  // namespace detail
}  // namespace bulwark
