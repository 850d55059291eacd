# The package: library, headers, and what find_package(bulwark CONFIG) reads. Nothing in it names a
# folder of this machine, so that the installed tree may be moved.
include(CMakePackageConfigHelpers)

bulwark_install_library(bulwark)

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/bulwark-config.cmake.in"
  "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
  INSTALL_DESTINATION "${BULWARK_PACKAGE_DIR}"
  NO_SET_AND_CHECK_MACRO)

write_basic_package_version_file("${PROJECT_BINARY_DIR}/bulwark-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)

install(FILES "${PROJECT_BINARY_DIR}/bulwark-config.cmake"
              "${PROJECT_BINARY_DIR}/bulwark-config-version.cmake"
        DESTINATION "${BULWARK_PACKAGE_DIR}")
if(BULWARK_ASIO STREQUAL "standalone")
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/Findasio.cmake" DESTINATION "${BULWARK_PACKAGE_DIR}")
endif()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/bulwark")
