# The optional component bulwark::json: configurations from JSON. If it is not built, there is no
# target of that name.
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
  PRIVATE src/json/json_document.cpp src/json/json_document.hpp src/json/manager_config_json.cpp
  PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/bulwark/manager_config_json.hpp)

target_include_directories(bulwark_json PRIVATE src)
target_link_libraries(bulwark_json PUBLIC bulwark::bulwark)
# Only one of its sources includes nlohmann/json, which consists only of headers. It is not linked,
# so that no export names it and users of the component need not have it.
target_include_directories(
  bulwark_json SYSTEM
  PRIVATE $<TARGET_PROPERTY:nlohmann_json::nlohmann_json,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(
  bulwark_json
  PRIVATE $<TARGET_PROPERTY:nlohmann_json::nlohmann_json,INTERFACE_COMPILE_DEFINITIONS>)

bulwark_library(bulwark_json)

if(BULWARK_INSTALL)
  bulwark_install_documents("${PROJECT_SOURCE_DIR}/docs/config.schema.json")
endif()
