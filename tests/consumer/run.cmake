# Configures, builds and runs the programs in this folder as their author would. Any failure ends the
# script with an error. tests/CMakeLists.txt passes its arguments. MODE:
#   subdirectory  bulwark's source tree inside the user's, and an exported library that uses it
#   installed     find_package() of the package that BULWARK_BUILD installs, moved elsewhere
#   static        the same with a static library, which is built here; then pkg-config
#   shared        the same with BULWARK_BUILD's shared library; a program with a plugin; the ABI
#   pkg_config    no CMake: the compiler with the flags of pkg-config for BULWARK_BUILD's package
#   deb           find_package() of the contents of BULWARK_BUILD's Debian packages
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# output_of(<variable> <command>...)
function(output_of variable)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE
                          COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# Start from an empty folder: a stale cache would hide the errors that this test looks for.
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")

# A semicolon would split the argument of run().
string(REPLACE ";" "\\;" prefix_path "${PREFIX_PATH}")
set(here "${CMAKE_CURRENT_LIST_DIR}")
set(common
    -G "${GENERATOR}"
    -D "CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}"
    -D "CMAKE_CXX_COMPILER=${CXX_COMPILER}"
    -D "CMAKE_CXX_FLAGS=${CXX_FLAGS}"
    -D "CMAKE_BUILD_TYPE=${CONFIG}"
    -D "ASIO_INCLUDE_DIR=${ASIO_INCLUDE_DIR}"
    -D "BULWARK_ASIO=${BULWARK_ASIO}"
    -D "BULWARK_FMT_HEADER_ONLY=${BULWARK_FMT_HEADER_ONLY}"
    --no-warn-unused-cli)
set(programs consumer)
foreach(component IN LISTS COMPONENTS)
  list(APPEND programs consumer_${component})
endforeach()

# ---- the package ----------------------------------------------------------------------------------

# Installs a build tree into installed_to and moves it to PREFIX, like a package built elsewhere.
function(install_and_move build)
  run(${CMAKE_COMMAND} --install "${build}" --config "${CONFIG}" --prefix
      "${WORK_DIR}/installed_to")
  file(RENAME "${WORK_DIR}/installed_to" "${PREFIX}")
endfunction()

# Unpacks the Debian packages into PREFIX, without a change to this machine.
function(unpack_packages)
  run(${CPACK} -G DEB -C "${CONFIG}" --config "${BULWARK_BUILD}/CPackConfig.cmake" -B
      "${WORK_DIR}/packages")
  file(GLOB packages "${WORK_DIR}/packages/*.deb")
  foreach(package IN LISTS packages)
    output_of(name dpkg-deb --field "${package}" Package)
    output_of(${name} dpkg-deb --field "${package}" Depends)
    run(dpkg-deb --extract "${package}" "${WORK_DIR}/root")
    file(GLOB documents RELATIVE "${WORK_DIR}/root/usr/share/doc/${name}"
         "${WORK_DIR}/root/usr/share/doc/${name}/c*")
    if(NOT documents STREQUAL "changelog.Debian.gz;copyright")
      message(FATAL_ERROR "${name} has the documents '${documents}'")
    endif()
    list(APPEND names ${name})
  endforeach()

  # The development package needs the others in the same version, and what the headers include.
  list(FILTER names INCLUDE REGEX "-dev$")
  foreach(package IN LISTS packages)
    cmake_path(GET package FILENAME file)
    string(REGEX MATCH "^([^_]+)_([^_]+)_" matched "${file}")
    set(name "${CMAKE_MATCH_1}")
    set(version "${CMAKE_MATCH_2}")
    if(name STREQUAL names)
      continue()
    elseif(NOT ${names} MATCHES "(^|, )${name} \\(= ${version}\\)")
      message(FATAL_ERROR "${names} depends on '${${names}}', not on ${name}")
    elseif(NOT ${name} MATCHES "libstdc\\+\\+6")
      message(FATAL_ERROR "${name} depends on '${${name}}', not on libstdc++6")
    endif()
  endforeach()
  if(NOT ${names} MATCHES "libfmt-dev" OR NOT ${names} MATCHES "libasio-dev|libboost")
    message(FATAL_ERROR "${names} depends on '${${names}}'")
  endif()
  file(RENAME "${WORK_DIR}/root/usr" "${PREFIX}")
endfunction()

# ---- the programs ---------------------------------------------------------------------------------

# configure_consumer(<folder> <components> <option>...): sets status and errors
function(configure_consumer folder components)
  # The user of the component json does not need what it was built with, nor the other Asio than that
  # of the package.
  if(PREFIX)
    list(APPEND ARGN -D CMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
    if(BULWARK_ASIO STREQUAL "boost")
      list(APPEND ARGN -D CMAKE_DISABLE_FIND_PACKAGE_asio=ON)
    else()
      list(APPEND ARGN -D CMAKE_DISABLE_FIND_PACKAGE_Boost=ON)
    endif()
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S "${here}" -B "${WORK_DIR}/${folder}" ${common}
            -D "CMAKE_PREFIX_PATH=${PREFIX};${PREFIX_PATH}" -D "COMPONENTS=${components}" ${ARGN}
    RESULT_VARIABLE status
    ERROR_VARIABLE errors
    COMMAND_ECHO STDOUT)
  set(status ${status} PARENT_SCOPE)
  # CMake wraps the lines of a message.
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  set(errors "${errors}" PARENT_SCOPE)
endfunction()

# Builds the programs; <option>... are passed to CMake.
function(compile_consumer components)
  configure_consumer(build "${components}" ${ARGN})
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${errors}")
  endif()
  run(${CMAKE_COMMAND} --build "${WORK_DIR}/build" --config "${CONFIG}" --parallel 2)
endfunction()

# Builds the programs and runs them.
function(build_consumer)
  compile_consumer("${COMPONENTS}" ${ARGN})
  foreach(program IN LISTS programs)
    # The folder of the binary depends on the generator.
    find_program(${program} ${program} PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}"
                 NO_DEFAULT_PATH REQUIRED)
    run("${${program}}")
  endforeach()
endfunction()

# Builds the same programs without CMake. Asio is included before bulwark, which works only if the
# flags have all definitions that Asio needs.
function(compile_by_pkg_config)
  file(GLOB_RECURSE file "${PREFIX}/*/bulwark.pc")
  cmake_path(GET file PARENT_PATH folder)
  set(ENV{PKG_CONFIG_PATH} "${folder}:$ENV{PKG_CONFIG_PATH}")
  separate_arguments(cxx_flags UNIX_COMMAND "${CXX_FLAGS}")
  string(REGEX REPLACE "standalone" "asio/io_context.hpp" first "${BULWARK_ASIO}")
  string(REGEX REPLACE "^boost$" "boost/asio/io_context.hpp" first "${first}")
  foreach(program IN LISTS programs)
    string(REGEX REPLACE "^consumer_?" "" component ${program})
    if(component)
      set(sources "${here}/${component}.cpp")
      set(package bulwark_${component})
    else()
      set(sources "${here}/main.cpp")
      set(package bulwark)
    endif()
    output_of(version pkg-config --modversion ${package})
    output_of(flags pkg-config --cflags --libs ${package})
    output_of(libraries pkg-config --variable=libdir ${package})
    separate_arguments(flags UNIX_COMMAND "${flags}")
    run(${CXX_COMPILER} ${cxx_flags} -std=c++20 -include ${first} ${sources} -o
        "${WORK_DIR}/${program}" ${flags} "-Wl,-rpath,${libraries}")
    run("${WORK_DIR}/${program}")
    if(NOT version STREQUAL VERSION)
      message(FATAL_ERROR "${package}.pc has version ${version}, not ${VERSION}")
    endif()
  endforeach()
endfunction()

# Called before anything links to a component.
function(expect_components_not_built)
  file(GLOB_RECURSE built "${WORK_DIR}/build/*/bulwark_json.dir/*.o*"
       "${WORK_DIR}/build/*/bulwark_prometheus.dir/*.o*")
  if(built)
    message(FATAL_ERROR "nothing links to a component, but these were built: ${built}")
  endif()
endfunction()

# A user's library that is exported with bulwark: from the build tree, which the consumer configured
# without BULWARK_INSTALL, and installed together with it.
function(use_exported)
  run(${CMAKE_COMMAND} -S "${here}/exported" -B "${WORK_DIR}/exported_build" ${common} -D
      "CMAKE_PREFIX_PATH=${prefix_path}" -D "shield_DIR=${WORK_DIR}/build" -D
      "bulwark_DIR=${WORK_DIR}/build/bulwark")

  compile_consumer("${COMPONENTS}" ${ARGN} -D BULWARK_INSTALL=ON)
  set(PREFIX "${WORK_DIR}/moved_to")
  install_and_move("${WORK_DIR}/build")
  run(${CMAKE_COMMAND} -S "${here}/exported" -B "${WORK_DIR}/exported" ${common} -D
      "CMAKE_PREFIX_PATH=${PREFIX}\\;${prefix_path}")
  run(${CMAKE_COMMAND} --build "${WORK_DIR}/exported" --config "${CONFIG}")
  find_program(shielded shielded PATHS "${WORK_DIR}/exported" "${WORK_DIR}/exported/${CONFIG}"
               NO_DEFAULT_PATH REQUIRED)
  run("${shielded}")
endfunction()

# The error for a missing component names it and a remedy.
function(expect_missing component message)
  configure_consumer(missing_${component} ${component} ${ARGN})
  string(FIND "${errors}" "${message}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "without the component ${component}: status ${status}, and not "
                        "'${message}' in: ${errors}")
  endif()
endfunction()

function(expect_missing_components)
  expect_missing(xml "bulwark has no component 'xml', only: json, prometheus")
  if("prometheus" IN_LIST COMPONENTS)
    expect_missing(prometheus "needs prometheus-cpp, which was not found" -D
                   CMAKE_DISABLE_FIND_PACKAGE_prometheus-cpp=ON)
  endif()
  foreach(component IN ITEMS json prometheus)
    file(GLOB_RECURSE targets "${PREFIX}/*/bulwark-${component}-targets*.cmake")
    if(component IN_LIST COMPONENTS AND NOT targets)
      message(FATAL_ERROR "the component ${component} was installed without its targets")
    endif()
    file(REMOVE ${targets}) # as if it had not been built
    expect_missing(${component} "this installation of bulwark is without its component '${component}'")
  endforeach()
endfunction()

# A shared library exports exactly the symbols in abi/<library>: see docs/abi.md. Inline functions and
# type information are left out, because their copies depend on the compiler. Demanglers differ, so
# "> >" becomes ">>".
function(check_exported_symbols)
  file(GLOB_RECURSE libraries "${PREFIX}/*/lib*.so")
  list(LENGTH libraries found)
  list(LENGTH COMPONENTS wanted)
  math(EXPR wanted "${wanted} + 1")
  if(NOT found EQUAL wanted)
    message(FATAL_ERROR "expected ${wanted} shared libraries, found: ${libraries}")
  endif()
  foreach(library IN LISTS libraries)
    output_of(symbols ${NM} --dynamic --demangle --defined-only --format=posix "${library}")
    string(REPLACE ";" "\\;" symbols "${symbols}")
    string(REPLACE "\n" ";" symbols "${symbols}")
    list(FILTER symbols INCLUDE REGEX " [TDBR] [0-9a-f]+( [0-9a-f]+)?$")
    list(TRANSFORM symbols REPLACE " [TDBR] [0-9a-f]+( [0-9a-f]+)?$" "")
    list(FILTER symbols EXCLUDE REGEX "^(vtable|typeinfo|typeinfo name) for ")
    foreach(pass RANGE 2)
      string(REPLACE "> >" ">>" symbols "${symbols}")
    endforeach()
    list(REMOVE_DUPLICATES symbols) # a constructor appears twice
    list(SORT symbols)
    list(JOIN symbols "\n" symbols)
    cmake_path(GET library STEM name)
    file(WRITE "${WORK_DIR}/${name}" "${symbols}\n")
    if(EXISTS "${here}/abi/${name}")
      set(expected "${here}/abi/${name}")
    else()
      set(expected /dev/null)
    endif()
    execute_process(COMMAND diff -u "${expected}" "${WORK_DIR}/${name}" RESULT_VARIABLE differs)
    if(differs)
      list(APPEND different "${WORK_DIR}/${name}")
    endif()
    output_of(dynamic ${READELF} --dynamic "${library}")
    if(NOT dynamic MATCHES "soname: \\[${name}\\.so\\.${SOVERSION}\\]")
      message(FATAL_ERROR "${name} does not have the soname ${name}.so.${SOVERSION}: ${dynamic}")
    endif()
  endforeach()
  if(different)
    list(JOIN different " " different)
    message(FATAL_ERROR "the exported symbols of a library have changed. If that is intended, see docs/abi.md, "
                        "and: cp ${different} ${here}/abi/")
  endif()
endfunction()

# ---- the modes ------------------------------------------------------------------------------------

set(PREFIX "${WORK_DIR}/moved_to")
if(MODE STREQUAL "subdirectory")
  set(PREFIX "")
  compile_consumer("" -D "BULWARK_FROM_SOURCE=${BULWARK_SOURCE}")
  expect_components_not_built()
  build_consumer(-D "BULWARK_FROM_SOURCE=${BULWARK_SOURCE}")
  use_exported(-D "BULWARK_FROM_SOURCE=${BULWARK_SOURCE}")
elseif(MODE STREQUAL "installed")
  install_and_move("${BULWARK_BUILD}")
  build_consumer()
  expect_missing_components()
elseif(MODE STREQUAL "static")
  run(${CMAKE_COMMAND} -S "${BULWARK_SOURCE}" -B "${WORK_DIR}/library" ${common} -D
      "CMAKE_PREFIX_PATH=${prefix_path}" -D BUILD_SHARED_LIBS=OFF -D BULWARK_BUILD_TESTS=OFF -D
      BULWARK_BUILD_EXAMPLES=OFF -D BULWARK_BUILD_BENCHMARKS=OFF)
  run(${CMAKE_COMMAND} --build "${WORK_DIR}/library" --config "${CONFIG}" --parallel 2)
  install_and_move("${WORK_DIR}/library")
  build_consumer()
  compile_by_pkg_config()
elseif(MODE STREQUAL "shared")
  install_and_move("${BULWARK_BUILD}")
  build_consumer(-D PLUGIN=ON)
  find_file(plugin consumer_plugin.so PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}"
            NO_DEFAULT_PATH REQUIRED)
  find_program(host consumer_plugin_host PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}"
            NO_DEFAULT_PATH REQUIRED)
  run("${host}" "${plugin}")
  if(BULWARK_ASIO STREQUAL "standalone") # there is no list for Boost.Asio
    check_exported_symbols()
  endif()
elseif(MODE STREQUAL "pkg_config")
  install_and_move("${BULWARK_BUILD}")
  compile_by_pkg_config()
elseif(MODE STREQUAL "deb")
  unpack_packages()
  build_consumer()
else()
  message(FATAL_ERROR "unknown MODE '${MODE}'")
endif()
