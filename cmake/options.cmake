# Tests, benchmarks, examples and documentation are built only if bulwark is the top-level project.
# A project that adds bulwark as a subdirectory gets only the library.
option(BULWARK_BUILD_TESTS "Build the tests (needs Catch2)" ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_BUILD_BENCHMARKS "Build the benchmarks (needs Google Benchmark)"
       ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_BUILD_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(BULWARK_EXAMPLE_PCH "Precompile the headers of bulwark, Asio and fmt for the examples" OFF)
option(BULWARK_BUILD_DOCS "Add the target bulwark_docs (needs Doxygen)" OFF)
option(BULWARK_INSTALL "Add the rules that install the package" ${PROJECT_IS_TOP_LEVEL})

# An option with two values. The first one is the default. A macro, so that a variable of that name
# in the scope of a project that adds bulwark as a subdirectory is used.
macro(bulwark_choice name help first second)
  set(${name} "${first}" CACHE STRING "${help}")
  set_property(CACHE ${name} PROPERTY STRINGS ${first} ${second})
  if(NOT ${name} MATCHES "^(${first}|${second})$")
    message(FATAL_ERROR "${name} is '${${name}}', must be ${first} or ${second}")
  endif()
endmacro()

bulwark_choice(BULWARK_ASIO
               "The Asio to build for: standalone, or boost for Boost.Asio. The package remembers which"
               standalone boost)

option(BULWARK_FMT_HEADER_ONLY
       "Use fmt without its library, for a standard library that fmt was not compiled for" OFF)

bulwark_choice(
  BULWARK_STOPWATCH
  "What measures execution times: auto (the processor's counter where it can be trusted), or steady for steady_clock"
  auto steady)

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
