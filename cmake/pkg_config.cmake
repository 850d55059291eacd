# <target>.pc, for projects that do not use CMake: bulwark.pc, and one for each component.

# bulwark_install_pkg_config(<target>): takes its content from the target, so that users of CMake
# and of pkg-config compile alike.
function(bulwark_install_pkg_config target)
  get_target_property(library ${target} OUTPUT_NAME)
  if(target STREQUAL "bulwark")
    set(description "${PROJECT_DESCRIPTION}")
    set(requires "fmt >= ${BULWARK_FMT_VERSION}")
  elseif(target STREQUAL "bulwark_json")
    set(description "Limits of bulwark's bulkheads from JSON")
    set(requires "bulwark = ${PROJECT_VERSION}") # nlohmann/json is part of the library
  elseif(target STREQUAL "bulwark_prometheus")
    set(description "Metrics of bulwark's bulkheads for prometheus-cpp")
    set(requires "bulwark = ${PROJECT_VERSION}, prometheus-cpp-core")
  else()
    message(FATAL_ERROR "${target}.pc: its requirements are unknown")
  endif()

  # The target has some definitions only for clang. This file cannot know the compiler, and need
  # not: g++ makes the same definitions itself, see cmake/asio.cmake.
  get_target_property(definitions ${target} INTERFACE_COMPILE_DEFINITIONS)
  if(NOT definitions)
    set(definitions "")
  endif()
  list(TRANSFORM definitions REPLACE "^\\$<\\$<CXX_COMPILER_ID:[A-Za-z,]+>:(.+)>$" "\\1")
  list(TRANSFORM definitions REPLACE "^\\$<\\$<PLATFORM_ID:${CMAKE_SYSTEM_NAME}>:(.+)>$" "\\1")
  list(FILTER definitions EXCLUDE REGEX "^\\$<\\$<PLATFORM_ID:")
  if(definitions MATCHES "\\$<")
    message(FATAL_ERROR "${target}.pc: ${definitions} cannot be expressed for pkg-config")
  endif()
  if(BULWARK_FMT_HEADER_ONLY AND target STREQUAL "bulwark")
    list(APPEND definitions FMT_HEADER_ONLY)
  endif()
  list(TRANSFORM definitions PREPEND " -D")
  list(JOIN definitions "" definitions)

  # Relative to the location of the file, unless the libraries are installed in an absolute place.
  if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(prefix "${CMAKE_INSTALL_PREFIX}")
    set(libdir "${CMAKE_INSTALL_FULL_LIBDIR}")
    set(includedir "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
  else()
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(prefix "\${pcfiledir}/${up}")
    set(libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  endif()

  set(file "${PROJECT_BINARY_DIR}/${target}.pc")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/bulwark.pc.in" "${file}" @ONLY)
  install(FILES "${file}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
          COMPONENT bulwark_development)
endfunction()
