# Tests, benchmarks, examples and documentation are built only if bulwark is the top-level project.
# A project that adds bulwark as a subdirectory gets only the library.
option(BULWARK_BUILD_TESTS "Build the tests (needs Catch2)" ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_BUILD_BENCHMARKS "Build the benchmarks (needs Google Benchmark)"
       ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_BUILD_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_BUILD_DOCS "Add the target bulwark_docs (needs Doxygen)" OFF)
option(BULWARK_INSTALL "Add the rules that install the package" ${PROJECT_IS_TOP_LEVEL})

set(BULWARK_ASIO "standalone" CACHE STRING
    "The Asio to build for: standalone, or boost for Boost.Asio. The package remembers which")
set_property(CACHE BULWARK_ASIO PROPERTY STRINGS standalone boost)
if(NOT BULWARK_ASIO MATCHES "^(standalone|boost)$")
  message(FATAL_ERROR "BULWARK_ASIO is '${BULWARK_ASIO}', must be standalone or boost")
endif()

option(BULWARK_FMT_HEADER_ONLY
       "Use fmt without its library, for a standard library that fmt was not compiled for" OFF)

set(BULWARK_STOPWATCH "auto" CACHE STRING
    "What measures execution times: auto (the processor's counter where it can be trusted), or steady for steady_clock")
set_property(CACHE BULWARK_STOPWATCH PROPERTY STRINGS auto steady)
if(NOT BULWARK_STOPWATCH MATCHES "^(auto|steady)$")
  message(FATAL_ERROR "BULWARK_STOPWATCH is '${BULWARK_STOPWATCH}', must be auto or steady")
endif()

set(BULWARK_JSON "AUTO" CACHE STRING
    "Build the component bulwark::json (needs nlohmann/json): ON, OFF, or AUTO: when that is found")
set_property(CACHE BULWARK_JSON PROPERTY STRINGS AUTO ON OFF)
set(BULWARK_PROMETHEUS "AUTO" CACHE STRING
    "Build the component bulwark::prometheus (needs prometheus-cpp): ON, OFF, or AUTO: when that is found")
set_property(CACHE BULWARK_PROMETHEUS PROPERTY STRINGS AUTO ON OFF)

# CMake's own variables BUILD_SHARED_LIBS (static by default) and CMAKE_BUILD_TYPE apply as usual.
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE
      Release
      CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()
