# A bulwark for Boost.Asio reports an error in a program with standalone Asio, if that is installed.
find_path(BULWARK_OTHER_ASIO asio/io_context.hpp)
mark_as_advanced(BULWARK_OTHER_ASIO)
if(NOT BULWARK_OTHER_ASIO)
  message(STATUS "bulwark: the test of a program with the wrong Asio is skipped: it needs standalone "
                 "Asio (Debian: libasio-dev)")
  return()
endif()

add_executable(test_wrong_asio EXCLUDE_FROM_ALL consumer/wrong_asio.cpp)
target_include_directories(test_wrong_asio PRIVATE "${BULWARK_OTHER_ASIO}")
target_compile_definitions(test_wrong_asio PRIVATE ASIO_STANDALONE)
target_link_libraries(test_wrong_asio PRIVATE bulwark::bulwark)
add_test(NAME consumer.wrong_asio
         COMMAND ${CMAKE_COMMAND} --build "${PROJECT_BINARY_DIR}" --config $<CONFIG> --target
                 test_wrong_asio)
set_tests_properties(consumer.wrong_asio
                     PROPERTIES LABELS consumer PASS_REGULAR_EXPRESSION
                                "nor a context of the Asio that this bulwark is for")
