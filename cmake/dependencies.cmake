# Dependencies of the library itself. The package config looks for the same ones in the consumer's
# project: change both together. Tests and benchmarks look for their own dependencies.
set(BULWARK_ASIO_VERSION 1.22)
set(BULWARK_BOOST_VERSION 1.78) # contains Asio 1.22
set(BULWARK_FMT_VERSION 9)
# For the component bulwark::json. Private to its library: consumers do not need it.
set(BULWARK_NLOHMANN_JSON_VERSION 3.10)
# For the component bulwark::prometheus. The version is not checked, because the package has no
# version file.
set(BULWARK_PROMETHEUS_CPP_VERSION 1.0)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}") # Findasio.cmake
set(THREADS_PREFER_PTHREAD_FLAG ON)

find_package(Threads REQUIRED)
if(NOT TARGET fmt::fmt) # the surrounding project may provide it
  find_package(fmt ${BULWARK_FMT_VERSION} CONFIG REQUIRED)
endif()
if(BULWARK_ASIO STREQUAL "standalone")
  find_package(asio ${BULWARK_ASIO_VERSION} REQUIRED)
elseif(NOT TARGET Boost::headers)
  find_package(Boost ${BULWARK_BOOST_VERSION} CONFIG REQUIRED COMPONENTS headers)
endif()

# Unless the surrounding project provides it.
if(BULWARK_JSON AND NOT TARGET nlohmann_json::nlohmann_json)
  if(BULWARK_JSON STREQUAL "AUTO")
    find_package(nlohmann_json ${BULWARK_NLOHMANN_JSON_VERSION} CONFIG QUIET)
  else()
    find_package(nlohmann_json ${BULWARK_NLOHMANN_JSON_VERSION} CONFIG REQUIRED)
  endif()
endif()

if(BULWARK_PROMETHEUS AND NOT TARGET prometheus-cpp::core)
  if(BULWARK_PROMETHEUS STREQUAL "AUTO")
    find_package(prometheus-cpp CONFIG QUIET)
  else()
    find_package(prometheus-cpp CONFIG REQUIRED)
  endif()
endif()

list(POP_FRONT CMAKE_MODULE_PATH)
