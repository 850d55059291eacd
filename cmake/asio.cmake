# Selects the Asio that bulwark is built for, and the definitions that its users need.
if(BULWARK_ASIO STREQUAL "boost")
  set(BULWARK_ASIO_IS_BOOST 1)
  set(prefix BOOST_ASIO)
  target_link_libraries(bulwark PUBLIC Boost::headers)
else()
  set(BULWARK_ASIO_IS_BOOST 0)
  set(prefix ASIO)
  target_link_libraries(bulwark PUBLIC asio::asio)
  target_compile_definitions(bulwark PUBLIC ASIO_STANDALONE)
endif()

# Public, because they change what Asio's headers declare: every file of a program must agree. Asio
# 1.22 looks for clang's coroutines only in the old <experimental/coroutine>. With a standard
# library that has only <coroutine>, clang needs a definition that awaitable is available. Later
# versions of Asio detect this themselves, and the two definitions change nothing.
#
# Whether Asio 1.22 uses std::aligned_alloc depends on whether a header of libstdc++ was included
# before it. Two files that disagree would allocate one way and free the other.
target_compile_definitions(
  bulwark
  PUBLIC $<$<PLATFORM_ID:Linux>:${prefix}_HAS_STD_ALIGNED_ALLOC>
         $<$<CXX_COMPILER_ID:Clang,AppleClang>:${prefix}_HAS_CO_AWAIT>
         $<$<CXX_COMPILER_ID:Clang,AppleClang>:${prefix}_HAS_STD_COROUTINE>)

set(generated "${PROJECT_BINARY_DIR}/include/bulwark/build.hpp")
configure_file("${PROJECT_SOURCE_DIR}/include/bulwark/build.hpp.in" "${generated}" @ONLY)
target_sources(bulwark PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_BINARY_DIR}/include" FILES
                                      "${generated}")
