# The package: library, headers, and what find_package(bulwark CONFIG) and pkg-config read. Nothing in
# it names a folder of this machine, so that the installed tree may be moved.
include(CMakePackageConfigHelpers)

bulwark_install_library(bulwark)

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/bulwark-config.cmake.in"
  "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
  INSTALL_DESTINATION "${BULWARK_PACKAGE_DIR}"
  NO_SET_AND_CHECK_MACRO)

write_basic_package_version_file("${PROJECT_BINARY_DIR}/bulwark-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)

set(files "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
          "${PROJECT_BINARY_DIR}/bulwark-config-version.cmake")
if(BULWARK_ASIO STREQUAL "standalone")
  list(APPEND files "${CMAKE_CURRENT_LIST_DIR}/Findasio.cmake")
endif()
install(FILES ${files} DESTINATION "${BULWARK_PACKAGE_DIR}" COMPONENT bulwark_development)

# A component of its own, because a Debian package has it in its file copyright.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
        COMPONENT bulwark_license)

# The packages of this very project, not of one that has it as a subdirectory.
if(PROJECT_IS_TOP_LEVEL)
  include(cmake/package.cmake)
endif()
