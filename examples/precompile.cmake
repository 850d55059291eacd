# Parses the headers of bulwark, Asio and fmt once for all examples. Only for builds that compile
# every example. An example must also compile without them, as users build it; the preset release
# checks that.
add_library(bulwark_example_pch OBJECT EXCLUDE_FROM_ALL tests/support/precompiled.cpp)
target_link_libraries(bulwark_example_pch PRIVATE bulwark::bulwark)
target_precompile_headers(bulwark_example_pch PRIVATE <bulwark/bulwark.hpp> <fmt/format.h>)

function(bulwark_precompile folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "EXECUTABLE|STATIC_LIBRARY")
      target_precompile_headers(${target} REUSE_FROM bulwark_example_pch)
    endif()
  endforeach()
  get_property(subfolders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(subfolder IN LISTS subfolders)
    bulwark_precompile("${subfolder}")
  endforeach()
endfunction()

bulwark_precompile(examples)
