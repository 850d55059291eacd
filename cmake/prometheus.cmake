# The optional component bulwark::prometheus: collectors for prometheus-cpp. There is no target of that
# name where it is not built.
if(NOT BULWARK_PROMETHEUS OR NOT TARGET prometheus-cpp::core)
  if(BULWARK_PROMETHEUS)
    message(STATUS "bulwark: the component prometheus is left out: it needs prometheus-cpp "
                   "${BULWARK_PROMETHEUS_CPP_VERSION} (Debian: prometheus-cpp-dev)")
  endif()
  return()
endif()

add_library(bulwark_prometheus)
add_library(bulwark::prometheus ALIAS bulwark_prometheus)

target_sources(
  bulwark_prometheus
  PRIVATE src/prometheus.cpp
  PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/bulwark/prometheus.hpp)

# A collector is a prometheus::Collectable: the package config finds prometheus-cpp for its users.
target_link_libraries(bulwark_prometheus PUBLIC bulwark::bulwark prometheus-cpp::core)

set_target_properties(
  bulwark_prometheus
  PROPERTIES EXPORT_NAME prometheus
             VERSION ${PROJECT_VERSION}
             SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
             WINDOWS_EXPORT_ALL_SYMBOLS ON
             VERIFY_INTERFACE_HEADER_SETS ON)

if(BULWARK_INSTALL)
  # An export of its own, as that of json.
  include(GNUInstallDirs)
  install(
    TARGETS bulwark_prometheus
    EXPORT bulwark_prometheus_targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
    FILE_SET HEADERS
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(
    EXPORT bulwark_prometheus_targets
    NAMESPACE bulwark::
    FILE bulwark-prometheus-targets.cmake
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")
  install(FILES "${PROJECT_SOURCE_DIR}/ops/rules.yml" "${PROJECT_SOURCE_DIR}/ops/dashboard.json"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/bulwark/ops")
endif()
