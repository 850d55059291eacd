# The core, which knows no Asio. An object library of its own compiles it without Asio's include
# directory, and with BULWARK_CORE, which makes bulwark/asio.hpp an error: a system's include
# directory may contain Asio anyway.
add_library(bulwark_core OBJECT)
target_sources(bulwark_core PRIVATE src/core/admission.cpp src/core/back_off.cpp
                                    src/core/calibration.cpp src/core/call_window.cpp
                                    src/core/circuit.cpp src/core/circuit_notices.cpp
                                    src/core/rate_admission.cpp src/core/retry_ledger.cpp
                                    src/core/sliding_window.cpp src/core/time_window.cpp)
target_compile_features(bulwark_core PRIVATE cxx_std_20)
target_include_directories(bulwark_core PRIVATE include "${PROJECT_BINARY_DIR}/include" src)
target_link_libraries(bulwark_core PRIVATE Threads::Threads)

# What bulwark_library(bulwark) sets for the library, whose objects these become.
get_target_property(type bulwark TYPE)
get_target_property(independent bulwark POSITION_INDEPENDENT_CODE)
if(NOT type STREQUAL "STATIC_LIBRARY")
  set(independent ON)
endif()
set_target_properties(
  bulwark_core
  PROPERTIES CXX_VISIBILITY_PRESET hidden
             VISIBILITY_INLINES_HIDDEN ON
             POSITION_INDEPENDENT_CODE ${independent})
target_compile_definitions(
  bulwark_core
  PRIVATE BULWARK_CORE
          $<IF:$<STREQUAL:${type},STATIC_LIBRARY>,BULWARK_STATIC_DEFINE,bulwark_EXPORTS>)
target_sources(bulwark PRIVATE $<TARGET_OBJECTS:bulwark_core>)
