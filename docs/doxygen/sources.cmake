# cmake -D BULWARK_OUTPUT=<folder> -P sources.cmake writes pages with the files and folders of the
# repository to which README.md and docs/ link, so that these links have a target on the site.
cmake_minimum_required(VERSION 3.25)

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH BULWARK_ROOT)
cmake_path(GET BULWARK_ROOT PARENT_PATH BULWARK_ROOT)
include("${CMAKE_CURRENT_LIST_DIR}/markdown.cmake")

file(GLOB pages RELATIVE "${BULWARK_ROOT}" "${BULWARK_ROOT}/*.md" "${BULWARK_ROOT}/docs/*.md")
foreach(page IN LISTS pages)
  bulwark_page("${page}" ignored)
endforeach()

get_property(linked GLOBAL PROPERTY BULWARK_LINKED)
set(files "")
set(folders "")
foreach(path IN LISTS linked)
  if(IS_DIRECTORY "${BULWARK_ROOT}/${path}")
    file(GLOB_RECURSE found RELATIVE "${BULWARK_ROOT}" "${BULWARK_ROOT}/${path}/*")
    list(FILTER found EXCLUDE REGEX "__pycache__|/\\.|\\.(png|svg)$")
    foreach(file IN LISTS found)
      file(READ "${BULWARK_ROOT}/${file}" start LIMIT 1024 HEX)
      if(NOT start MATCHES "^(..)*00") # text
        list(APPEND files "${file}")
      endif()
    endforeach()
    list(APPEND folders "${path}")
  else()
    list(APPEND files "${path}")
  endif()
endforeach()
list(REMOVE_DUPLICATES files)
list(REMOVE_DUPLICATES folders)
list(SORT files)
list(SORT folders)

file(REMOVE_RECURSE "${BULWARK_OUTPUT}")

# list_of(<variable> <path>...): a list with a line for each path
function(list_of variable)
  set(text "")
  foreach(path IN LISTS ARGN)
    bulwark_source_id("${path}" id)
    string(APPEND text "- @subpage ${id}\n")
  endforeach()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

foreach(path IN LISTS folders)
  bulwark_source_id("${path}" id)
  set(text "# ${path}/ {#${id}}\n\n")
  foreach(file IN LISTS files)
    string(FIND "${file}" "${path}/" at)
    if(at EQUAL 0)
      bulwark_source_id("${file}" file)
      string(APPEND text "- @ref ${file}\n")
    endif()
  endforeach()
  file(WRITE "${BULWARK_OUTPUT}/${id}.md" "${text}")
endforeach()

foreach(path IN LISTS files)
  bulwark_source_id("${path}" id)
  file(READ "${BULWARK_ROOT}/${path}" text)
  set(language "")
  if(path MATCHES "\\.(cpp|hpp|py)$")
    set(language "{.${CMAKE_MATCH_1}}")
  endif()
  file(WRITE "${BULWARK_OUTPUT}/${id}.md"
       "# ${path} {#${id}}\n\n~~~~~~~~${language}\n${text}\n~~~~~~~~\n")
endforeach()

list_of(folder_list ${folders})
list_of(file_list ${files})
file(WRITE "${BULWARK_OUTPUT}/sources.md"
     "# Files of the repository {#sources}\n\n"
     "The files that these pages link to, as they are in the repository.\n\n"
     "${folder_list}\n${file_list}")
