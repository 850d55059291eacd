# Finds standalone Asio and provides the target asio::asio.
#
# Asio's own releases install headers and no CMake package, so this module looks for asio.hpp. If
# the project already has a target asio::asio (its own, FetchContent, Conan, vcpkg), that target is
# used. Installed with bulwark's package config, because its users must find Asio as well.
#
# To select one: -DASIO_INCLUDE_DIR=<folder with asio.hpp> or -DCMAKE_PREFIX_PATH=<prefix>.

if(NOT TARGET asio::asio)
  # A package manager's config package, if there is one.
  find_package(asio ${asio_FIND_VERSION} CONFIG QUIET)
endif()
if(TARGET asio::asio)
  set(asio_FOUND TRUE)
  return()
endif()

find_path(ASIO_INCLUDE_DIR asio.hpp DOC "The folder that holds asio.hpp")
mark_as_advanced(ASIO_INCLUDE_DIR)

# The version is in a line like "#define ASIO_VERSION 102201 // 1.22.1".
if(EXISTS "${ASIO_INCLUDE_DIR}/asio/version.hpp")
  file(STRINGS "${ASIO_INCLUDE_DIR}/asio/version.hpp" asio_VERSION
       REGEX "^#define ASIO_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" asio_VERSION "${asio_VERSION}")
  math(EXPR asio_VERSION_MAJOR "${asio_VERSION} / 100000")
  math(EXPR asio_VERSION_MINOR "${asio_VERSION} / 100 % 1000")
  math(EXPR asio_VERSION_PATCH "${asio_VERSION} % 100")
  set(asio_VERSION "${asio_VERSION_MAJOR}.${asio_VERSION_MINOR}.${asio_VERSION_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  asio
  REQUIRED_VARS ASIO_INCLUDE_DIR
  VERSION_VAR asio_VERSION
  REASON_FAILURE_MESSAGE
    "Standalone Asio is libasio-dev on Debian and Ubuntu, elsewhere see https://think-async.com/Asio")

if(asio_FOUND)
  find_package(Threads REQUIRED)
  add_library(asio::asio INTERFACE IMPORTED)
  target_include_directories(asio::asio INTERFACE "${ASIO_INCLUDE_DIR}")
  target_compile_definitions(asio::asio INTERFACE ASIO_STANDALONE)
  target_link_libraries(asio::asio INTERFACE Threads::Threads)
endif()
