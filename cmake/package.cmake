# Debian packages, by cpack -G DEB in the build tree; scripts/package does all of it. As usual in
# Debian, there is one package for each shared library, named after its soname, and one for
# development. A static build makes only the last one.
set(CPACK_PACKAGE_NAME "lib${BULWARK_LIBRARY}")
string(REPLACE "_" "-" CPACK_PACKAGE_NAME "${CPACK_PACKAGE_NAME}")
# The maintainer, from the variables that all of Debian's tools use.
if(DEFINED ENV{DEBEMAIL} AND DEFINED ENV{DEBFULLNAME})
  set(CPACK_PACKAGE_CONTACT "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
else()
  set(CPACK_PACKAGE_CONTACT "The authors of bulwark <bulwark@localhost>")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE) # one package for each component
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}")

string(
  CONCAT about
         "A bulkhead limits how many calls run at once, keeps waiting calls in a\n"
         "bounded queue, fails those that wait too long, and keeps statistics. So a\n"
         "slow dependency of a service affects only its own calls, and not the\n"
         "threads, connections and memory of everything else.")
set(version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")

# bulwark_package(<component> NAME <package> SECTION <section> TEXT <description>...
#                 [DEPENDS <package>...] [SUGGESTS <package>...] [CONFLICTS <package>])
macro(bulwark_package component)
  cmake_parse_arguments(arg "" "NAME;SECTION;TEXT;CONFLICTS" "DEPENDS;SUGGESTS" ${ARGN})
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  list(APPEND packages ${arg_NAME})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${arg_NAME})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${arg_SECTION})
  list(JOIN arg_DEPENDS ", " CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS)
  list(JOIN arg_SUGGESTS ", " CPACK_DEBIAN_${upper}_PACKAGE_SUGGESTS)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONFLICTS "${arg_CONFLICTS}")
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${arg_TEXT}")
  # Debian requires these files in every package.
  install(FILES "${PROJECT_BINARY_DIR}/debian/copyright" "${PROJECT_BINARY_DIR}/debian/changelog.Debian.gz"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${arg_NAME}"
          COMPONENT ${component}
          EXCLUDE_FROM_ALL)
endmacro()

set(CPACK_COMPONENTS_ALL "")
set(packages "")
get_target_property(type bulwark TYPE)
if(type STREQUAL "SHARED_LIBRARY")
  set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  bulwark_package(bulwark NAME ${CPACK_PACKAGE_NAME}${soversion} SECTION libs TEXT "${about}")
  if(TARGET bulwark_json)
    bulwark_package(
      bulwark_json
      NAME ${CPACK_PACKAGE_NAME}-json${soversion}
      SECTION libs
      DEPENDS "${CPACK_PACKAGE_NAME}${soversion} (= ${version})"
      TEXT "${about}\n\nThis library reads the limits from JSON.")
  endif()
  if(TARGET bulwark_prometheus)
    bulwark_package(
      bulwark_prometheus
      NAME ${CPACK_PACKAGE_NAME}-prometheus${soversion}
      SECTION libs
      DEPENDS "${CPACK_PACKAGE_NAME}${soversion} (= ${version})"
      TEXT "${about}\n\nThis library exports the counters to Prometheus, through prometheus-cpp.")
  endif()
endif()

set(depends ${packages})
list(TRANSFORM depends APPEND " (= ${version})")
# The headers of both are installed in the same place.
if(BULWARK_ASIO STREQUAL "boost")
  list(APPEND depends "libboost-dev (>= ${BULWARK_BOOST_VERSION}) | libboost1.81-dev | libboost1.83-dev")
  set(conflicts libbulwark-dev)
else()
  list(APPEND depends "libasio-dev (>= 1:${BULWARK_ASIO_VERSION})")
  set(conflicts libbulwark-boost-dev)
endif()
list(APPEND depends "libfmt-dev (>= ${BULWARK_FMT_VERSION})")
bulwark_package(
  bulwark_development
  NAME ${CPACK_PACKAGE_NAME}-dev
  SECTION libdevel
  DEPENDS ${depends}
  SUGGESTS prometheus-cpp-dev # for one header; it has forty dependencies
  CONFLICTS ${conflicts}
  TEXT "${about}\n\nHeaders, and the files with which CMake and pkg-config find the library.")

file(READ "${PROJECT_SOURCE_DIR}/LICENSE" license)
string(REGEX REPLACE "(^|\n)([^\n])" "\\1 \\2" license "${license}")
string(REPLACE "\n\n" "\n .\n" license "${license}")
configure_file("${PROJECT_SOURCE_DIR}/packaging/debian/copyright.in"
               "${PROJECT_BINARY_DIR}/debian/copyright" @ONLY)
# Respects SOURCE_DATE_EPOCH, so that packages are reproducible.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file("${PROJECT_SOURCE_DIR}/packaging/debian/changelog.in"
               "${PROJECT_BINARY_DIR}/debian/changelog.Debian" @ONLY)
find_program(BULWARK_GZIP gzip)
mark_as_advanced(BULWARK_GZIP)
if(BULWARK_GZIP)
  execute_process(
    COMMAND "${BULWARK_GZIP}" -9 --no-name --stdout changelog.Debian
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/debian"
    OUTPUT_FILE changelog.Debian.gz COMMAND_ERROR_IS_FATAL ANY)
endif()

include(CPack)
