# Configures, builds and runs the project beside this file; any failure ends the script with an
# error. tests/CMakeLists.txt tells what it is given. MODE: installed or subdirectory.
cmake_minimum_required(VERSION 3.25)

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

# Through the environment, because a semicolon would split the argument of run().
cmake_path(CONVERT "${PREFIX_PATH}" TO_NATIVE_PATH_LIST native_path)
set(ENV{CMAKE_PREFIX_PATH} "${native_path}")

set(configure
    ${CMAKE_COMMAND}
    -S "${CMAKE_CURRENT_LIST_DIR}"
    -G "${GENERATOR}"
    -D "CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
    -D "CMAKE_CXX_COMPILER=${CXX_COMPILER}"
    -D "CMAKE_CXX_FLAGS=${CXX_FLAGS}"
    -D "CMAKE_BUILD_TYPE=${CONFIG}"
    -D "ASIO_INCLUDE_DIR=${ASIO_INCLUDE_DIR}"
    -D "BULWARK_FROM_SOURCE=${from_source}")
if(MODE STREQUAL "installed")
  # What the component json was built with is its own affair: its user need not have it. Nor the
  # Asio that the package is not for.
  list(APPEND configure --no-warn-unused-cli -D CMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
  if(BULWARK_ASIO STREQUAL "boost")
    list(APPEND configure -D CMAKE_DISABLE_FIND_PACKAGE_asio=ON)
  else()
    list(APPEND configure -D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON)
  endif()
else()
  list(APPEND configure -D "BULWARK_ASIO=${BULWARK_ASIO}")
endif()

string(REPLACE ";" "\\;" components "${COMPONENTS}")
run(${configure} -B "${WORK_DIR}/build" -D "COMPONENTS=${components}")
run(${CMAKE_COMMAND} --build "${WORK_DIR}/build" --config "${CONFIG}" --parallel 2)

set(programs consumer)
foreach(component IN LISTS COMPONENTS)
  list(APPEND programs consumer_${component})
endforeach()
foreach(program IN LISTS programs)
  # Where the binary lies depends on the generator.
  find_program(${program} ${program} PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}"
               NO_DEFAULT_PATH REQUIRED)
  run("${${program}}")
endforeach()

# A component that is not there is named, with what to do about it.
function(expect_missing component message)
  execute_process(
    COMMAND ${configure} -B "${WORK_DIR}/missing_${component}" -D "COMPONENTS=${component}"
    RESULT_VARIABLE status
    ERROR_VARIABLE errors)
  # CMake breaks the lines of a message.
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  string(FIND "${errors}" "${message}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "without the component ${component}: status ${status}, and not "
                        "'${message}' in: ${errors}")
  endif()
endfunction()

if(MODE STREQUAL "installed")
  expect_missing(xml "bulwark has no component 'xml', only: json, prometheus")
  if("prometheus" IN_LIST COMPONENTS)
    list(APPEND configure -D CMAKE_DISABLE_FIND_PACKAGE_prometheus-cpp=ON)
    expect_missing(prometheus "needs prometheus-cpp, which was not found")
  endif()
  foreach(component IN ITEMS json prometheus)
    file(GLOB_RECURSE targets "${WORK_DIR}/moved_to/*/bulwark-${component}-targets*.cmake")
    if(component IN_LIST COMPONENTS AND NOT targets)
      message(FATAL_ERROR "the component ${component} was installed without its targets")
    endif()
    file(REMOVE ${targets}) # as if it had not been built
    expect_missing(${component} "this installation of bulwark is without its component '${component}'")
  endforeach()
endif()
