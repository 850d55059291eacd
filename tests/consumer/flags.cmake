# Flags that have to be the same in the whole program. The library of this build is compiled without
# them, so each program compiles the sources that matter again.

# bulwark_add_flags_test(<name> <program> FLAGS <flag>... [SOURCES <file>...])
function(bulwark_add_flags_test name program)
  cmake_parse_arguments(arg "" "" "FLAGS;SOURCES" ${ARGN})
  set(target test_consumer_${name})
  list(TRANSFORM arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/")
  add_executable(${target} consumer/${program} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_options(${target} PRIVATE -g0 ${arg_FLAGS})
  target_link_options(${target} PRIVATE ${arg_FLAGS})
  add_test(NAME consumer.${name} COMMAND ${target})
  set_tests_properties(consumer.${name} PROPERTIES LABELS consumer)
endfunction()

# The sources that compute with numbers of the user or with infinity. They replace those in the
# library. prometheus.cpp comes along because it calls families.cpp, and that of a shared library
# would call the library's. Without -O1 clang ignores -ffast-math.
set(sources src/config/policy_checks.cpp src/core/back_off.cpp src/core/circuit.cpp src/telemetry/histogram.cpp)
if(TARGET bulwark_json)
  list(APPEND sources src/json/manager_config_json.cpp)
endif()
if(TARGET bulwark_prometheus)
  list(APPEND sources src/prometheus/families.cpp src/prometheus/prometheus.cpp)
endif()
bulwark_add_flags_test(fast_math fast_math.cpp FLAGS -O1 -ffast-math SOURCES ${sources})
target_link_libraries(test_consumer_fast_math PRIVATE bulwark::bulwark)
foreach(component IN LISTS components)
  target_link_libraries(test_consumer_fast_math PRIVATE bulwark::${component})
endforeach()

# bulwark needs exceptions, and the compilation error says so.
add_library(test_no_exceptions OBJECT EXCLUDE_FROM_ALL consumer/no_exceptions.cpp)
target_link_libraries(test_no_exceptions PRIVATE bulwark::bulwark)
target_compile_options(test_no_exceptions PRIVATE -fno-exceptions)
add_test(NAME consumer.no_exceptions
         COMMAND ${CMAKE_COMMAND} --build "${PROJECT_BINARY_DIR}" --config $<CONFIG> --target
                 test_no_exceptions)
set_tests_properties(
  consumer.no_exceptions PROPERTIES LABELS consumer PASS_REGULAR_EXPRESSION
                                    "error: (#error )?\"bulwark needs exceptions")

# The whole library for a 32-bit machine: only with g++ and without sanitizers.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
   OR CMAKE_CXX_FLAGS MATCHES "-fsanitize|-fno-rtti"
   OR BULWARK_ASIO STREQUAL "boost")
  return()
endif()

include(CheckCXXSourceCompiles)
include(CheckCXXSourceRuns)
set(program "#include <string>\nint main(int, char** v) { return std::string(*v).empty(); }")
set(CMAKE_REQUIRED_FLAGS -m32)
check_cxx_source_compiles("${program}" BULWARK_COMPILES_FOR_32_BITS)
check_cxx_source_runs("${program}" BULWARK_RUNS_FOR_32_BITS)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT BULWARK_COMPILES_FOR_32_BITS)
  message(STATUS "bulwark: the 32-bit test is skipped: g++ -m32 needs its libraries "
                 "(Debian: g++-multilib)")
  return()
endif()

get_target_property(sources bulwark SOURCES)
list(FILTER sources INCLUDE REGEX "\\.cpp$")
get_target_property(core bulwark_core SOURCES)
list(APPEND sources ${core})
bulwark_add_flags_test(m32 main.cpp FLAGS -m32 SOURCES ${sources})
# There are no compiled 32-bit libraries of others.
target_link_libraries(test_consumer_m32 PRIVATE asio::asio fmt::fmt-header-only)
target_compile_features(test_consumer_m32 PRIVATE cxx_std_20)
target_include_directories(
  test_consumer_m32 PRIVATE $<TARGET_PROPERTY:bulwark,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(
  test_consumer_m32 PRIVATE $<TARGET_PROPERTY:bulwark,INTERFACE_COMPILE_DEFINITIONS>)
if(NOT BULWARK_RUNS_FOR_32_BITS)
  set_tests_properties(consumer.m32 PROPERTIES DISABLED ON)
endif()
