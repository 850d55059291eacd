# Configures, builds and runs the project beside this file; any failure ends the script with an
# error. tests/CMakeLists.txt tells what it is given. MODE: installed or subdirectory.

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# From nothing each time: a stale cache would hide exactly what this is to find.
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")

if(MODE STREQUAL "installed")
  run(${CMAKE_COMMAND} --install "${BULWARK_BUILD}" --config "${CONFIG}" --prefix
      "${WORK_DIR}/installed_to")
  # Moved away from where it was installed, as a package built elsewhere is.
  file(RENAME "${WORK_DIR}/installed_to" "${WORK_DIR}/moved_to")
  list(PREPEND PREFIX_PATH "${WORK_DIR}/moved_to")
  set(from_source "")
elseif(MODE STREQUAL "subdirectory")
  set(from_source "${BULWARK_SOURCE}")
else()
  message(FATAL_ERROR "MODE is '${MODE}', not installed or subdirectory")
endif()

# A semicolon would split the argument of run().
string(REPLACE ";" "\\;" PREFIX_PATH "${PREFIX_PATH}")

run(${CMAKE_COMMAND}
    -S "${CMAKE_CURRENT_LIST_DIR}"
    -B "${WORK_DIR}/build"
    -G "${GENERATOR}"
    -D "CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
    -D "CMAKE_CXX_COMPILER=${CXX_COMPILER}"
    -D "CMAKE_CXX_FLAGS=${CXX_FLAGS}"
    -D "CMAKE_BUILD_TYPE=${CONFIG}"
    -D "CMAKE_PREFIX_PATH=${PREFIX_PATH}"
    -D "ASIO_INCLUDE_DIR=${ASIO_INCLUDE_DIR}"
    -D "BULWARK_FROM_SOURCE=${from_source}")
run(${CMAKE_COMMAND} --build "${WORK_DIR}/build" --config "${CONFIG}" --parallel 2)

# Where the binary lies depends on the generator.
find_program(consumer consumer PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}"
             NO_DEFAULT_PATH REQUIRED)
run("${consumer}")
