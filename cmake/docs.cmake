# cmake --preset docs && cmake --build --preset docs builds the site,
# build/docs/docs/html/index.html. It consists of README.md, the pages in docs/ and the reference
# made from the comments of the public headers. Nothing is compiled. scripts/docs builds it as well,
# and checks its links.
find_package(Doxygen 1.9.4 REQUIRED COMPONENTS doxygen)

set(BULWARK_DOCS_DIR "${PROJECT_SOURCE_DIR}/docs/doxygen")
set(BULWARK_DOCS_OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/docs")

# The pages in the order in which docs/README.md names them, then in that of README.md. A new page
# makes CMake run again.
set(pages "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/docs/README.md")
foreach(list IN ITEMS docs/README.md README.md)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${list}")
  file(READ "${PROJECT_SOURCE_DIR}/${list}" text)
  string(REGEX MATCHALL "\\([a-z/-]+\\.md" links "${text}")
  foreach(link IN LISTS links)
    cmake_path(GET link FILENAME name)
    string(REPLACE "(" "" name "${name}")
    if(EXISTS "${PROJECT_SOURCE_DIR}/docs/${name}")
      list(APPEND pages "${PROJECT_SOURCE_DIR}/docs/${name}")
    endif()
  endforeach()
endforeach()
file(GLOB others CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/*.md")
file(GLOB top CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/*.md")
list(APPEND pages ${others} ${top})
list(REMOVE_DUPLICATES pages)

# Input
set(DOXYGEN_STRIP_FROM_PATH "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}")
set(DOXYGEN_STRIP_FROM_INC_PATH "${PROJECT_BINARY_DIR}/include" "${PROJECT_SOURCE_DIR}/include")
set(DOXYGEN_RECURSIVE NO) # include/bulwark/detail/ is not for users
set(DOXYGEN_EXCLUDE_SYMBOLS bulwark::detail bulwark::detail::* detail detail::*)
set(DOXYGEN_FILE_PATTERNS *.hpp *.md)
set(DOXYGEN_IMAGE_PATH "${PROJECT_SOURCE_DIR}/docs/images")
set(DOXYGEN_INPUT_FILTER
    "\"\\\"${CMAKE_COMMAND}\\\" -D \\\"BULWARK_SCRATCH=${BULWARK_DOCS_OUTPUT}/filtered\\\" -P \\\"${BULWARK_DOCS_DIR}/filter.cmake\\\"\""
)
set(DOXYGEN_VERBATIM_VARS DOXYGEN_INPUT_FILTER)
set(DOXYGEN_MACRO_EXPANSION YES)
set(DOXYGEN_EXPAND_ONLY_PREDEF YES)
set(DOXYGEN_SEARCH_INCLUDES NO)
# Macros that get in the way of a declaration, with the text that the reference shows instead.
set(DOXYGEN_PREDEFINED
    BULWARK_EXPORT=
    BULWARK_JSON_EXPORT=
    BULWARK_PROMETHEUS_EXPORT=)

# A public name without a comment, a comment about an unknown name, and a broken link are errors.
# WARN_NO_PARAMDOC is off: it wants a @param for every parameter and a @return for every value,
# which would repeat what a name and its type say.
set(DOXYGEN_EXTRACT_ALL NO)
set(DOXYGEN_EXTRACT_LOCAL_CLASSES NO)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
set(DOXYGEN_WARN_IF_UNDOCUMENTED YES)
set(DOXYGEN_WARN_IF_DOC_ERROR YES)
set(DOXYGEN_WARN_IF_INCOMPLETE_DOC YES)
set(DOXYGEN_WARN_NO_PARAMDOC NO)
set(DOXYGEN_QUIET YES)

# Output
set(DOXYGEN_OUTPUT_DIRECTORY "${BULWARK_DOCS_OUTPUT}")
set(DOXYGEN_PROJECT_NUMBER "${PROJECT_VERSION}")
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_BUILTIN_STL_SUPPORT YES)
set(DOXYGEN_SORT_MEMBER_DOCS NO) # the order of the header is the reading order
set(DOXYGEN_HIDE_UNDOC_RELATIONS YES)
set(DOXYGEN_TOC_INCLUDE_HEADINGS 2)
set(DOXYGEN_HAVE_DOT NO)
set(DOXYGEN_CLASS_GRAPH TEXT)
set(DOXYGEN_VERBATIM_HEADERS YES)
set(DOXYGEN_LAYOUT_FILE "${BULWARK_DOCS_DIR}/layout.xml")
set(DOXYGEN_GENERATE_XML YES) # for scripts/api
set(DOXYGEN_XML_PROGRAMLISTING NO)
set(DOXYGEN_GENERATE_TREEVIEW YES)
set(DOXYGEN_DISABLE_INDEX NO)
set(DOXYGEN_FULL_SIDEBAR NO)
set(DOXYGEN_TREEVIEW_WIDTH 290)
set(DOXYGEN_HTML_COLORSTYLE_SAT 0)
set(DOXYGEN_HTML_DYNAMIC_SECTIONS NO)
set(DOXYGEN_HTML_EXTRA_STYLESHEET "${BULWARK_DOCS_DIR}/site.css")

# The theme: Debian's package doxygen-awesome-css, or a folder with the same content
find_path(
  BULWARK_DOXYGEN_AWESOME_DIR doxygen-awesome.css
  PATH_SUFFIXES share/doxygen-awesome-css ../share/doxygen-awesome-css
  DOC "The folder of doxygen-awesome.css, the theme of the site")
if(BULWARK_DOXYGEN_AWESOME_DIR)
  list(PREPEND DOXYGEN_HTML_EXTRA_STYLESHEET
       "${BULWARK_DOXYGEN_AWESOME_DIR}/doxygen-awesome.css"
       "${BULWARK_DOXYGEN_AWESOME_DIR}/doxygen-awesome-sidebar-only.css"
       "${BULWARK_DOXYGEN_AWESOME_DIR}/doxygen-awesome-sidebar-only-darkmode-toggle.css")

  # Doxygen's own header, whatever its version, with the theme's scripts
  set(head "")
  foreach(script IN ITEMS DarkModeToggle FragmentCopyButton ParagraphLink InteractiveToc)
    string(REGEX REPLACE "([a-z])([A-Z])" "\\1-\\2" file "${script}")
    string(TOLOWER "doxygen-awesome-${file}.js" file)
    string(REPLACE "dark-mode" "darkmode" file "${file}")
    list(APPEND DOXYGEN_HTML_EXTRA_FILES "${BULWARK_DOXYGEN_AWESOME_DIR}/${file}")
    string(APPEND head "<script type=\"text/javascript\" src=\"$relpath^${file}\"></script>\n"
           "<script type=\"text/javascript\">DoxygenAwesome${script}.init()</script>\n")
  endforeach()
  file(MAKE_DIRECTORY "${BULWARK_DOCS_OUTPUT}")
  execute_process(
    COMMAND "${DOXYGEN_EXECUTABLE}" -w html doxygen_header.html doxygen_footer.html doxygen.css
    WORKING_DIRECTORY "${BULWARK_DOCS_OUTPUT}"
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(READ "${BULWARK_DOCS_OUTPUT}/doxygen_header.html" header)
  string(REPLACE "</head>" "${head}</head>" header "${header}")
  set(DOXYGEN_HTML_HEADER "${BULWARK_DOCS_OUTPUT}/header.html")
  file(WRITE "${DOXYGEN_HTML_HEADER}" "${header}")
else()
  message(STATUS "bulwark: the site has Doxygen's own theme: doxygen-awesome.css was not found "
                 "(Debian: doxygen-awesome-css)")
endif()

doxygen_add_docs(
  bulwark_docs ${pages} include/bulwark "${PROJECT_BINARY_DIR}/include/bulwark/build.hpp"
  "${BULWARK_DOCS_OUTPUT}/sources"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "The site: ${BULWARK_DOCS_OUTPUT}/html/index.html")

# Doxygen does not remove its output for pages that no longer exist.
add_custom_target(
  bulwark_docs_sources
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${BULWARK_DOCS_OUTPUT}/html" "${BULWARK_DOCS_OUTPUT}/xml"
  COMMAND "${CMAKE_COMMAND}" -D "BULWARK_OUTPUT=${BULWARK_DOCS_OUTPUT}/sources" -P
          "${BULWARK_DOCS_DIR}/sources.cmake"
  VERBATIM)
add_dependencies(bulwark_docs bulwark_docs_sources)
