# An overlay port. It builds the source tree that contains it.
get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../.." ABSOLUTE)

set(options "")
foreach(feature IN ITEMS json prometheus)
  string(TOUPPER ${feature} option)
  if(feature IN_LIST FEATURES)
    list(APPEND options -DBULWARK_${option}=ON)
  else()
    list(APPEND options -DBULWARK_${option}=OFF)
  endif()
endforeach()
if("boost" IN_LIST FEATURES)
  list(APPEND options -DBULWARK_ASIO=boost)
endif()

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    -DBULWARK_BUILD_TESTS=OFF
    -DBULWARK_BUILD_EXAMPLES=OFF
    -DBULWARK_BUILD_BENCHMARKS=OFF
    -DBULWARK_INSTALL=ON
    ${options})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/bulwark)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
