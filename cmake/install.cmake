# The package: the libraries, the headers, and the files that find_package(bulwark CONFIG) reads. No
# file names a folder of this machine, so the installed tree may be moved. The build tree has the
# same files, for a surrounding project that uses export().
include(CMakePackageConfigHelpers)

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/bulwark-config.cmake.in"
  "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
  INSTALL_DESTINATION "${BULWARK_PACKAGE_DIR}"
  NO_SET_AND_CHECK_MACRO)

write_basic_package_version_file("${PROJECT_BINARY_DIR}/bulwark-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)

if(BULWARK_ASIO STREQUAL "standalone")
  configure_file("${CMAKE_CURRENT_LIST_DIR}/Findasio.cmake" "${PROJECT_BINARY_DIR}/Findasio.cmake"
                 COPYONLY)
endif()

if(NOT BULWARK_INSTALL)
  return()
endif()

set(files "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
          "${PROJECT_BINARY_DIR}/bulwark-config-version.cmake")
if(BULWARK_ASIO STREQUAL "standalone")
  list(APPEND files "${PROJECT_BINARY_DIR}/Findasio.cmake")
endif()
install(FILES ${files} DESTINATION "${BULWARK_PACKAGE_DIR}" COMPONENT bulwark_development)

# A separate component, because a Debian package has it in its file copyright.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
        COMPONENT bulwark_license)

# Packages only for this project, not for one that contains it as a subdirectory.
if(PROJECT_IS_TOP_LEVEL)
  include(cmake/package.cmake)
endif()
