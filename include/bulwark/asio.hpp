#pragma once

/// @file
/// The only header that names Asio: standalone Asio or Boost.Asio, as bulwark/build.hpp selects.
/// The rest of bulwark writes `net::`.
///
/// With libstdc++, clang finds no coroutines in Asio older than 1.24 unless ASIO_HAS_CO_AWAIT and
/// ASIO_HAS_STD_COROUTINE are defined before the first include of Asio. The CMake package defines
/// them for every translation unit. Without the package, include a bulwark header first.

#ifdef BULWARK_CORE
#error "src/core includes a header of a layer above it: the core must not know Asio"
#endif

#include "bulwark/build.hpp"

#include BULWARK_NET(version.hpp)
#include <memory>
#include <version>  // identifies the standard library

/// Version of Asio, standalone or Boost: 102200 is 1.22.0.
#if BULWARK_ASIO_IS_BOOST
#define BULWARK_ASIO_VERSION BOOST_ASIO_VERSION
#if BULWARK_ASIO_VERSION < 102200
#error "bulwark needs Boost 1.78 or later"
#endif
#else
#define BULWARK_ASIO_VERSION ASIO_VERSION
#if BULWARK_ASIO_VERSION < 102200
#error "bulwark needs Asio 1.22 or later"
#endif
#endif

#if defined(__clang__) && defined(__GLIBCXX__) && BULWARK_ASIO_VERSION < 102400
#if BULWARK_ASIO_IS_BOOST && !defined(BOOST_ASIO_HAS_CO_AWAIT) && \
    !defined(BOOST_ASIO_DETAIL_CONFIG_HPP)
#define BOOST_ASIO_HAS_CO_AWAIT 1
#define BOOST_ASIO_HAS_STD_COROUTINE 1
#elif !BULWARK_ASIO_IS_BOOST && !defined(ASIO_HAS_CO_AWAIT) && !defined(ASIO_DETAIL_CONFIG_HPP)
#define ASIO_HAS_CO_AWAIT 1
#define ASIO_HAS_STD_COROUTINE 1
#endif
#endif

// Standalone Asio uses typeid unless ASIO_NO_TYPEID is defined. Boost.Asio asks Boost.Config.
#if !BULWARK_ASIO_IS_BOOST && !defined(__cpp_rtti) && !defined(ASIO_NO_TYPEID)
#define ASIO_NO_TYPEID 1
#endif

#include BULWARK_NET(any_io_executor.hpp)
#include BULWARK_NET(associated_allocator.hpp)
#include BULWARK_NET(associated_cancellation_slot.hpp)
#include BULWARK_NET(associated_executor.hpp)
#include BULWARK_NET(async_result.hpp)
#include BULWARK_NET(awaitable.hpp)
#include BULWARK_NET(basic_waitable_timer.hpp)
#include BULWARK_NET(bind_cancellation_slot.hpp)
#include BULWARK_NET(bind_executor.hpp)
#include BULWARK_NET(cancellation_signal.hpp)
#include BULWARK_NET(cancellation_state.hpp)
#include BULWARK_NET(co_spawn.hpp)
#include BULWARK_NET(dispatch.hpp)
#include BULWARK_NET(error.hpp)
#include BULWARK_NET(execution.hpp)
#include BULWARK_NET(execution_context.hpp)
#include BULWARK_NET(executor_work_guard.hpp)
#include BULWARK_NET(is_executor.hpp)
#include BULWARK_NET(post.hpp)
#include BULWARK_NET(query.hpp)
#include BULWARK_NET(redirect_error.hpp)
#include BULWARK_NET(strand.hpp)
#include BULWARK_NET(system_executor.hpp)
#include BULWARK_NET(this_coro.hpp)
#include BULWARK_NET(use_awaitable.hpp)
#include BULWARK_NET(wait_traits.hpp)

#if BULWARK_ASIO_VERSION >= 102201
#include BULWARK_NET(recycling_allocator.hpp)
#endif

#if BULWARK_ASIO_IS_BOOST
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#else
#include <asio/error_code.hpp>
#include <asio/system_error.hpp>
#endif

#if !defined(ASIO_HAS_CO_AWAIT) && !defined(BOOST_ASIO_HAS_CO_AWAIT)
#error \
    "Asio was included without coroutine support before bulwark. Define ASIO_HAS_CO_AWAIT and \
ASIO_HAS_STD_COROUTINE (Boost: BOOST_ASIO_...) for the whole program (the target bulwark::bulwark \
does), or include a bulwark header before any of Asio's, and compile as C++20."
#endif

namespace bulwark::inline BULWARK_FLAVOUR {

#if BULWARK_ASIO_IS_BOOST
/// Boost.Asio, and those names of Boost.System that standalone Asio has in its own namespace.
namespace net {
using namespace ::boost::asio;
using ::boost::system::error_category;
using ::boost::system::error_code;
using ::boost::system::system_error;
}  // namespace net
#else
namespace net = ::asio;
#endif

namespace detail {

/// Allocates operations whose handler has no associated allocator. Asio keeps a few blocks for each
/// thread that runs a context, so a steady stream of calls makes no heap allocations.
#if BULWARK_ASIO_VERSION >= 102201
using DefaultAllocator = net::recycling_allocator<void>;
#else
using DefaultAllocator = std::allocator<void>;
#endif

// Qt defines a macro of this name. Asio's headers hide it in the same way.
#pragma push_macro("emit")
#undef emit
/// bulwark calls this instead of signal.emit().
inline void emitSignal(net::cancellation_signal& signal, net::cancellation_type_t type) {
  signal.emit(type);
}
#pragma pop_macro("emit")

}  // namespace detail
}  // namespace bulwark
