# Turns a Markdown file of the repository into a page of the site. The lines keep their numbers, so
# that Doxygen's warnings name the right line. These parts change, besides the syntax that Doxygen
# reads differently from GitHub:
#   - a heading gets the id that GitHub gives it, after the name of its page
#   - links to other pages, to public headers and to files of the repository lead to the site
#   - the table of contents replaces the empty line below the title
#
# Needs BULWARK_ROOT, the folder of the repository. Plain CMake, so that the site needs nothing else.

# Stand for the characters that have a meaning in CMake's lists, while a text is split into lines.
string(ASCII 2 OPENING)
string(ASCII 3 CLOSING)
string(ASCII 4 SEMICOLON)
string(ASCII 5 BACKSLASH)

# bulwark_page_id(<path from the root> <variable>): the name of the page of this file; empty if it is
# not a page. Its address is <id>.html.
function(bulwark_page_id path variable)
  set(id "")
  if(path STREQUAL "README.md")
    set(id mainpage)
  elseif(path STREQUAL "docs/README.md")
    set(id documentation)
  elseif(path MATCHES "^(docs/|)([^/]+)\\.md$")
    string(TOLOWER "${CMAKE_MATCH_2}" id)
  endif()
  set(${variable} "${id}" PARENT_SCOPE)
endfunction()

# bulwark_source_id(<path from the root> <variable>): the page that shows a file or lists a folder
function(bulwark_source_id path variable)
  string(REGEX REPLACE "[^A-Za-z0-9]" "-" id "source-${path}")
  set(${variable} "${id}" PARENT_SCOPE)
endfunction()

# bulwark_slug(<heading> <variable>): the anchor that GitHub makes for the heading
function(bulwark_slug heading variable)
  string(REGEX REPLACE "${OPENING}([^${CLOSING}]*)${CLOSING}\\([^)]*\\)" "\\1" slug "${heading}")
  string(TOLOWER "${slug}" slug)
  string(REGEX REPLACE "[${OPENING}${CLOSING}${SEMICOLON}${BACKSLASH}]" "" slug "${slug}")
  string(REGEX REPLACE "[]!-,./:-@^`{-~[]" "" slug "${slug}")
  string(REPLACE " " "-" slug "${slug}")
  set(${variable} "${slug}" PARENT_SCOPE)
endfunction()

# bulwark_link(<target> <path of the file that contains the link> <variable>): the target on the site.
# A file or folder that the site has to show for this link is appended to the global property
# BULWARK_LINKED.
function(bulwark_link target from variable)
  set(${variable} "${target}" PARENT_SCOPE)
  if(target MATCHES "^[a-z]+:" OR target MATCHES "\\.(png|svg|jpg|gif)$")
    return()
  endif()

  string(REGEX MATCH "^([^#]*)(#(.*))?$" ignored "${target}")
  set(anchor "${CMAKE_MATCH_3}")
  set(path "${from}")
  if(NOT "${CMAKE_MATCH_1}" STREQUAL "")
    cmake_path(GET from PARENT_PATH folder)
    cmake_path(APPEND BULWARK_ROOT "${folder}" "${CMAKE_MATCH_1}" OUTPUT_VARIABLE file)
    cmake_path(NORMAL_PATH file)
    string(REGEX REPLACE "/$" "" file "${file}")
    if(NOT EXISTS "${file}" OR file STREQUAL BULWARK_ROOT)
      return() # scripts/docs reports it
    endif()
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${BULWARK_ROOT}" OUTPUT_VARIABLE path)
  endif()

  bulwark_page_id("${path}" id)
  if(NOT id STREQUAL "" AND NOT anchor STREQUAL "")
    set(${variable} "#${id}-${anchor}" PARENT_SCOPE)
  elseif(NOT id STREQUAL "")
    set(${variable} "@ref ${id}" PARENT_SCOPE)
  elseif(path MATCHES "^include/bulwark/([^/]+\\.hpp)$")
    set(${variable} "@ref ${CMAKE_MATCH_1}" PARENT_SCOPE)
  else()
    set_property(GLOBAL APPEND PROPERTY BULWARK_LINKED "${path}")
    bulwark_source_id("${path}" id)
    set(${variable} "@ref ${id}" PARENT_SCOPE)
  endif()
endfunction()

# bulwark_page(<path from the root> <variable>): the text of the page
function(bulwark_page path variable)
  bulwark_page_id("${path}" page)
  file(READ "${BULWARK_ROOT}/${path}" text)
  string(REPLACE "[" "${OPENING}" text "${text}")
  string(REPLACE "]" "${CLOSING}" text "${text}")
  string(REPLACE ";" "${SEMICOLON}" text "${text}")
  string(REPLACE "\\" "${BACKSLASH}" text "${text}")
  string(REPLACE "\n" ";" lines "${text}")

  set(text "")
  set(fence "")
  set(below_title FALSE)
  foreach(line IN LISTS lines)
    if(line MATCHES "^ *(```|~~~)")
      if(fence STREQUAL "")
        set(fence "${CMAKE_MATCH_1}")
      elseif(fence STREQUAL CMAKE_MATCH_1)
        set(fence "")
      endif()
    elseif(fence STREQUAL "" AND line MATCHES "^#(#*) +(.*[^ ]) *$")
      set(heading "${CMAKE_MATCH_2}")
      if("${CMAKE_MATCH_1}" STREQUAL "")
        string(APPEND line " {#${page}}")
        set(below_title TRUE)
      else()
        bulwark_slug("${heading}" slug)
        if(DEFINED times_${slug})
          math(EXPR times_${slug} "${times_${slug}} + 1")
          string(APPEND slug "-${times_${slug}}")
        else()
          set(times_${slug} 0)
        endif()
        string(APPEND line " {#${page}-${slug}}")
      endif()
    elseif(below_title AND line STREQUAL "")
      set(line "${OPENING}TOC${CLOSING}")
      set(below_title FALSE)
    elseif(fence STREQUAL "")
      # Doxygen accepts ** for bold, and * for emphasis, only next to a letter.
      string(REGEX REPLACE "(^|[ (|])\\*\\*([^* ][^*]*)\\*\\*" "\\1<b>\\2</b>" line "${line}")
      string(REGEX REPLACE "(^|[ (|])\\*([^A-Za-z0-9* ][^*]*)\\*" "\\1<em>\\2</em>" line "${line}")
      # In the name of a CMake target, such as prometheus-cpp::core, Doxygen takes ::core for a link.
      string(REGEX REPLACE "`([A-Za-z0-9_]+-[A-Za-z0-9_-]+)::([A-Za-z0-9_]+)`"
                           "<code>\\1${BACKSLASH}::\\2</code>" line "${line}")
      set(rest "${line}")
      set(line "")
      while(rest MATCHES "${CLOSING}\\(([^ ()]+)\\)")
        set(target "${CMAKE_MATCH_1}")
        string(FIND "${rest}" "${CLOSING}(${target})" at)
        string(LENGTH "${target}" length)
        math(EXPR after "${at} + ${length} + 2")
        string(SUBSTRING "${rest}" 0 ${at} before)
        string(SUBSTRING "${rest}" ${after} -1 rest)
        set(written "${target}")
        bulwark_link("${target}" "${path}" target)
        string(FIND "${before}" "${OPENING}" at REVERSE)
        if(NOT target STREQUAL written AND NOT at LESS 0)
          # The text of a reference cannot contain code.
          string(SUBSTRING "${before}" ${at} -1 label)
          string(SUBSTRING "${before}" 0 ${at} before)
          string(REPLACE "`" "" label "${label}")
          string(APPEND before "${label}")
        endif()
        string(APPEND line "${before}${CLOSING}(${target}")
      endwhile()
      string(APPEND line "${rest}")
    endif()
    string(APPEND text "${line}\n")
  endforeach()

  string(REGEX REPLACE "\n$" "" text "${text}") # the last line had no line break
  string(REPLACE "${OPENING}" "[" text "${text}")
  string(REPLACE "${CLOSING}" "]" text "${text}")
  string(REPLACE "${SEMICOLON}" ";" text "${text}")
  string(REPLACE "${BACKSLASH}" "\\" text "${text}")
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()
