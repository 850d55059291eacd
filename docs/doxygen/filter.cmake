# Doxygen's INPUT_FILTER: cmake -D BULWARK_SCRATCH=<file> -P filter.cmake <file> prints the text that
# Doxygen reads instead of the file.
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
  # The inline namespaces of the library are not part of its interface.
  string(REGEX REPLACE "(namespace bulwark)::inline [A-Za-z0-9_]+" "\\1" text "${text}")
  string(REGEX REPLACE "inline namespace [A-Za-z0-9_]+ {" "extern \"C++\" {" text "${text}")
  # The definitions for Asio are not names of bulwark.
  string(REGEX REPLACE "# *define (BOOST_)?ASIO_[^\n]*" "" text "${text}")
  # The parentheses protect the names from macros of <windows.h>.
  string(REGEX REPLACE "\\(([A-Za-z_:<>]*(min|max))\\)\\(\\)" " \\1()" text "${text}")
  # Doxygen does not show an alias of a namespace.
  string(REGEX REPLACE "(namespace net) = [a-z:]+;" "/** Bulwark's name for the namespace of Asio. */ \\1 {}"
         text "${text}")
  # Specialisations are outside of the namespace fmt, which Doxygen must have seen.
  if(text MATCHES "struct fmt::")
    string(APPEND text "namespace fmt {}\n")
  endif()
  set(print "${BULWARK_SCRATCH}")
  file(WRITE "${print}" "${text}")
endif()

execute_process(COMMAND "${CMAKE_COMMAND}" -E cat "${print}" COMMAND_ERROR_IS_FATAL ANY)
