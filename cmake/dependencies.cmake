# What the library itself needs. The package config asks for the same in the consumer's project:
# change both together. Tests and benchmarks look for their own needs where they are built.
set(BULWARK_ASIO_VERSION 1.22)
set(BULWARK_FMT_VERSION 9)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}") # Findasio.cmake
set(THREADS_PREFER_PTHREAD_FLAG ON)

find_package(Threads REQUIRED)
find_package(asio ${BULWARK_ASIO_VERSION} REQUIRED)
find_package(fmt ${BULWARK_FMT_VERSION} CONFIG REQUIRED)

list(POP_FRONT CMAKE_MODULE_PATH)
