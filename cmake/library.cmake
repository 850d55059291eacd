# Shared by all of bulwark's libraries: bulwark itself, and its components bulwark_<name>.
include(GenerateExportHeader)
include(GNUInstallDirs)

set(BULWARK_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")

if(BULWARK_ASIO STREQUAL "boost")
  set(BULWARK_LIBRARY bulwark_boost)
else()
  set(BULWARK_LIBRARY bulwark)
endif()

include("${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake")

# Whether the dependencies of bulwark come from outside of this build. CMake exports a target only
# together with its dependencies, and bulwark cannot export the targets of another project.
set(BULWARK_NEEDS_ARE_IMPORTED ON)
foreach(need IN ITEMS asio::asio Boost::headers fmt::fmt prometheus-cpp::core)
  if(TARGET ${need})
    get_target_property(imported ${need} IMPORTED)
    if(NOT imported)
      set(BULWARK_NEEDS_ARE_IMPORTED OFF)
    endif()
  endif()
endforeach()

# bulwark_library(<target>): sets its version, its name for users, its headers, its installation and
# export, and the visible symbols of a shared library: those marked BULWARK_EXPORT, or
# BULWARK_<NAME>_EXPORT in a component.
function(bulwark_library target)
  string(REGEX REPLACE "^bulwark_" "" name ${target})
  # The libraries for Boost.Asio have different names, so that one process may use both.
  string(REGEX REPLACE "^bulwark" "${BULWARK_LIBRARY}" library ${target})
  set_target_properties(
    ${target}
    PROPERTIES EXPORT_NAME ${name}
               OUTPUT_NAME ${library}
               VERSION ${PROJECT_VERSION}
               # Before 1.0 a new minor version may break compatibility; the version file says the
               # same.
               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               # Makes the target all_verify_interface_header_sets, which compiles every header alone.
               VERIFY_INTERFACE_HEADER_SETS ON)

  # A static library may become part of a shared one: a plugin, or a module of Python.
  if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()

  # A surrounding project builds only the components that it links to.
  if(NOT target STREQUAL "bulwark" AND NOT PROJECT_IS_TOP_LEVEL AND NOT BULWARK_INSTALL)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()

  # A component finds the library beside it, wherever both are moved.
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

  bulwark_export_library(${target})
endfunction()

# bulwark_export_library(<target>): installs the library, its headers, and a separate export of its
# targets. What was not built is not installed, and the package config includes a component on
# request. The install component <target> contains what a program needs to run, and
# bulwark_development all the rest.
#
# Without BULWARK_INSTALL nothing is installed, but the export exists if possible: a surrounding
# project that exports a library of its own needs it, if that library links to bulwark.
function(bulwark_export_library target)
  if(BULWARK_INSTALL)
    set(exclude "")
  elseif(BULWARK_NEEDS_ARE_IMPORTED)
    set(exclude EXCLUDE_FROM_ALL)
  else()
    return()
  endif()
  install(
    TARGETS ${target}
    EXPORT ${target}_targets ${exclude}
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
    COMPONENT bulwark_development ${exclude})
  # For export() of such a project. It finds the package config beside this file.
  if(BULWARK_NEEDS_ARE_IMPORTED)
    export(EXPORT ${target}_targets NAMESPACE bulwark::
           FILE "${PROJECT_BINARY_DIR}/${file}-targets.cmake")
  endif()
  if(BULWARK_INSTALL)
    bulwark_install_pkg_config(${target})
  endif()
endfunction()

# bulwark_install_documents(<file>... [FOLDER <folder>])
function(bulwark_install_documents)
  cmake_parse_arguments(arg "" "FOLDER" "" ${ARGN})
  install(FILES ${arg_UNPARSED_ARGUMENTS} DESTINATION "${CMAKE_INSTALL_DOCDIR}/${arg_FOLDER}"
          COMPONENT bulwark_development)
endfunction()
