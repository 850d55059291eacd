# What all of bulwark's libraries have in common: bulwark itself, and its components bulwark_<name>.
include(GenerateExportHeader)
include(GNUInstallDirs)

set(BULWARK_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")

# bulwark_library(<target>): its version, its name for users, its headers, and which of its symbols a
# shared library shows: those marked BULWARK_EXPORT, of a component BULWARK_<NAME>_EXPORT.
function(bulwark_library target)
  string(REGEX REPLACE "^bulwark_" "" name ${target})
  set_target_properties(
    ${target}
    PROPERTIES EXPORT_NAME ${name}
               VERSION ${PROJECT_VERSION}
               # Before 1.0 a new minor version may break; the version file says the same.
               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               # Makes the target all_verify_interface_header_sets, which compiles every header alone.
               VERIFY_INTERFACE_HEADER_SETS ON)

  string(REGEX REPLACE "^bulwark" "bulwark/" header ${target}_export.hpp)
  string(REPLACE "/_" "/" header ${header})
  set(header "${PROJECT_BINARY_DIR}/include/${header}")
  generate_export_header(${target} EXPORT_FILE_NAME "${header}")
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_BINARY_DIR}/include" FILES
                                         "${header}")
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    string(TOUPPER ${target} upper)
    target_compile_definitions(${target} PUBLIC ${upper}_STATIC_DEFINE)
  endif()
endfunction()

# bulwark_install_library(<target>): the library, its headers, and its targets as an export of its
# own: what was not built is not installed, and the package config includes a component where it is
# asked for.
function(bulwark_install_library target)
  install(
    TARGETS ${target}
    EXPORT ${target}_targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
    FILE_SET HEADERS
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  string(REPLACE "_" "-" file ${target})
  install(
    EXPORT ${target}_targets
    NAMESPACE bulwark::
    FILE ${file}-targets.cmake
    DESTINATION "${BULWARK_PACKAGE_DIR}")
endfunction()
