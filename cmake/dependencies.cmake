# What the library itself needs. The package config asks for the same in the consumer's project:
# change both together. Tests and benchmarks look for their own needs where they are built.
set(BULWARK_ASIO_VERSION 1.22)
set(BULWARK_BOOST_VERSION 1.78) # whose Asio is 1.22
set(BULWARK_FMT_VERSION 9)
# Of the component bulwark::json, and private to its one library: no consumer needs it.
set(BULWARK_NLOHMANN_JSON_VERSION 3.10)
# Of the component bulwark::prometheus. No version is asked for: the package has no version file.
set(BULWARK_PROMETHEUS_CPP_VERSION 1.0)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}") # Findasio.cmake
set(THREADS_PREFER_PTHREAD_FLAG ON)

find_package(Threads REQUIRED)
if(NOT TARGET fmt::fmt) # the project around this one may bring it
  find_package(fmt ${BULWARK_FMT_VERSION} CONFIG REQUIRED)
endif()
if(BULWARK_ASIO STREQUAL "standalone")
  find_package(asio ${BULWARK_ASIO_VERSION} REQUIRED)
elseif(NOT TARGET Boost::headers)
  find_package(Boost ${BULWARK_BOOST_VERSION} CONFIG REQUIRED COMPONENTS headers)
endif()

# Unless the project around this one brings it.
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
