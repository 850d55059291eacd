# Parts of several programs on real sockets: the examples, and bench/isolation.cpp. The first user
# defines it.
include_guard(GLOBAL)

set(parts ${CMAKE_CURRENT_LIST_DIR})

add_library(example_http STATIC ${parts}/http/http.cpp)
target_include_directories(example_http PUBLIC ${parts})
target_link_libraries(example_http PUBLIC bulwark::bulwark)

# The experiment of examples/isolation without its command line, its processes and its display.
add_library(
  isolation_experiment STATIC
  ${parts}/isolation/gateway.cpp
  ${parts}/isolation/load.cpp
  ${parts}/isolation/open_files.cpp
  ${parts}/isolation/results.cpp
  ${parts}/isolation/upstream.cpp)
target_link_libraries(isolation_experiment PUBLIC example_http)
