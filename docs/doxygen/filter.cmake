# Doxygen's INPUT_FILTER: cmake -D BULWARK_SCRATCH=<file> -P filter.cmake <file>, prints what Doxygen
# is to read instead of the file.
cmake_minimum_required(VERSION 3.25)

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH BULWARK_ROOT)
cmake_path(GET BULWARK_ROOT PARENT_PATH BULWARK_ROOT)
include("${CMAKE_CURRENT_LIST_DIR}/markdown.cmake")

math(EXPR last "${CMAKE_ARGC} - 1")
set(file "${CMAKE_ARGV${last}}")
set(print "${file}")

cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${BULWARK_ROOT}" OUTPUT_VARIABLE path)
bulwark_page_id("${path}" page)
if(NOT page STREQUAL "")
  bulwark_page("${path}" text)
  set(print "${BULWARK_SCRATCH}")
  file(WRITE "${print}" "${text}")
elseif(path MATCHES "^include/bulwark/[^/]+\\.hpp$")
  file(READ "${file}" text)
  # Versions and flavours of the library are inline namespaces, which nobody names.
  string(REGEX REPLACE "(namespace bulwark)::inline [A-Za-z0-9_]+" "\\1" text "${text}")
  string(REGEX REPLACE "inline namespace [A-Za-z0-9_]+ {" "extern \"C++\" {" text "${text}")
  # What is defined for Asio is no name of bulwark.
  string(REGEX REPLACE "# *define (BOOST_)?ASIO_[^\n]*" "" text "${text}")
  # The parentheses keep macros of <windows.h> away.
  string(REGEX REPLACE "\\(([A-Za-z_:<>]*(min|max))\\)\\(\\)" " \\1()" text "${text}")
  # An alias of a namespace is nothing that Doxygen shows.
  string(REGEX REPLACE "(namespace net) = [a-z:]+;" "/** Asio, by the name that bulwark has for it. */ \\1 {}"
         text "${text}")
  # Specialisations are written outside of the namespace, which Doxygen has to have seen.
  if(text MATCHES "struct fmt::")
    string(APPEND text "namespace fmt {}\n")
  endif()
  set(print "${BULWARK_SCRATCH}")
  file(WRITE "${print}" "${text}")
endif()

execute_process(COMMAND "${CMAKE_COMMAND}" -E cat "${print}" COMMAND_ERROR_IS_FATAL ANY)
