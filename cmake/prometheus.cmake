# The optional component bulwark::prometheus: collectors for prometheus-cpp. If it is not built,
# there is no target of that name.
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
  PRIVATE src/prometheus/breaker_metrics.hpp
          src/prometheus/buckets.hpp
          src/prometheus/families.cpp
          src/prometheus/families.hpp
          src/prometheus/label.hpp
          src/prometheus/limiter_metrics.hpp
          src/prometheus/metric_table.hpp
          src/prometheus/monotonic.hpp
          src/prometheus/objects_by_name.hpp
          src/prometheus/prometheus.cpp
  PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/bulwark/prometheus.hpp)

# A collector is a prometheus::Collectable, so the package config finds prometheus-cpp for its
# users.
target_include_directories(bulwark_prometheus PRIVATE src)
target_link_libraries(bulwark_prometheus PUBLIC bulwark::bulwark prometheus-cpp::core)

bulwark_library(bulwark_prometheus)

if(BULWARK_INSTALL)
  bulwark_install_documents("${PROJECT_SOURCE_DIR}/ops/rules.yml"
                            "${PROJECT_SOURCE_DIR}/ops/dashboard.json" FOLDER ops)
endif()
