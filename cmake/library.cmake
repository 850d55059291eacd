# What all of bulwark's libraries have in common: bulwark itself, and its components bulwark_<name>.
include(GenerateExportHeader)
include(GNUInstallDirs)

set(BULWARK_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")

if(BULWARK_ASIO STREQUAL "boost")
  set(BULWARK_LIBRARY bulwark_boost)
else()
  set(BULWARK_LIBRARY bulwark)
endif()

include("${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake")

# bulwark_library(<target>): its version, its name for users, its headers, and which of its symbols a
# shared library shows: those marked BULWARK_EXPORT, of a component BULWARK_<NAME>_EXPORT.
function(bulwark_library target)
  string(REGEX REPLACE "^bulwark_" "" name ${target})
  # The libraries for Boost.Asio have names of their own, so that both may be in one process.
  string(REGEX REPLACE "^bulwark" "${BULWARK_LIBRARY}" library ${target})
  set_target_properties(
    ${target}
    PROPERTIES EXPORT_NAME ${name}
               OUTPUT_NAME ${library}
               VERSION ${PROJECT_VERSION}
               # Before 1.0 a new minor version may break; the version file says the same.
               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               # Makes the target all_verify_interface_header_sets, which compiles every header alone.
               VERIFY_INTERFACE_HEADER_SETS ON)

  # A component finds the library beside it, wherever both are moved to.
  if(NOT target STREQUAL "bulwark" AND NOT CMAKE_INSTALL_RPATH AND NOT APPLE)
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
  endif()

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
# asked for. Of the two install components, <target> is what a program needs to run, and
# bulwark_development all the rest.
function(bulwark_install_library target)
  install(
    TARGETS ${target}
    EXPORT ${target}_targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT bulwark_development
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
            COMPONENT ${target}
            NAMELINK_COMPONENT bulwark_development
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT ${target}
    FILE_SET HEADERS
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT bulwark_development)
  string(REPLACE "_" "-" file ${target})
  install(
    EXPORT ${target}_targets
    NAMESPACE bulwark::
    FILE ${file}-targets.cmake
    DESTINATION "${BULWARK_PACKAGE_DIR}"
    COMPONENT bulwark_development)
  bulwark_install_pkg_config(${target})
endfunction()

# bulwark_install_documents(<file>... [FOLDER <folder>])
function(bulwark_install_documents)
  cmake_parse_arguments(arg "" "FOLDER" "" ${ARGN})
  install(FILES ${arg_UNPARSED_ARGUMENTS} DESTINATION "${CMAKE_INSTALL_DOCDIR}/${arg_FOLDER}"
          COMPONENT bulwark_development)
endfunction()
