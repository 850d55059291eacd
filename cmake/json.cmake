# The optional component bulwark::json: configurations from JSON. There is no target of that name
# where it is not built.
if(NOT BULWARK_JSON OR NOT TARGET nlohmann_json::nlohmann_json)
  if(BULWARK_JSON)
    message(STATUS "bulwark: the component json is left out: it needs nlohmann/json "
                   "${BULWARK_NLOHMANN_JSON_VERSION} (Debian: nlohmann-json3-dev)")
  endif()
  return()
endif()

add_library(bulwark_json)
add_library(bulwark::json ALIAS bulwark_json)

target_sources(
  bulwark_json
  PRIVATE src/json_document.cpp src/json_document.hpp src/manager_config_json.cpp
  PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/bulwark/manager_config_json.hpp)

# Only one of its sources sees nlohmann/json, which is headers alone: the installed package does not
# name it, so that the consumer's project need not find it.
target_link_libraries(
  bulwark_json
  PUBLIC bulwark::bulwark
  PRIVATE $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>)

bulwark_library(bulwark_json)

if(BULWARK_INSTALL)
  bulwark_install_library(bulwark_json)
  bulwark_install_documents("${PROJECT_SOURCE_DIR}/docs/config.schema.json")
endif()
