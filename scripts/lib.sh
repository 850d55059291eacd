# shellcheck shell=bash
# Shared by the scripts beside this file, which source it. Needs only Bash 3.2.

set -euo pipefail

program="scripts/$(basename "$0")"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" # CMake reads presets from the current folder

say() {
  printf '== %s\n' "$*"
}

# Reports a wrong command line: prints the error and the usage, and exits with status 2. The script
# defines usage().
refuse() {
  printf '%s: %s\n\n' "$program" "$1" >&2
  usage >&2
  exit 2
}

# ---- required tools and libraries ----------------------------------------------------------------

# One line for each: name in this file | description | package on Debian and Ubuntu | on Fedora |
# with Homebrew
things="$(
  cat <<'THINGS'
compiler|a C++20 compiler: g++ 11, clang 16, or later|g++|gcc-c++|llvm
cmake|CMake 3.25 or later (also: pip install cmake)|cmake|cmake|cmake
ninja|Ninja|ninja-build|ninja-build|ninja
asio|standalone Asio 1.22 or later|libasio-dev|asio-devel|asio
boost|Boost 1.78 or later, for Boost.Asio and the example with Boost.Beast|libboost-dev|boost-devel|boost
fmt|fmt 9 or later|libfmt-dev|fmt-devel|fmt
catch2|Catch2 2.13 or later|catch2|catch-devel|catch2
cli11|CLI11, for the demo's options|libcli11-dev|cli11-devel|cli11
nlohmann_json|nlohmann/json 3.10 or later, for the component json and the service|nlohmann-json3-dev|json-devel|nlohmann-json
prometheus_cpp|prometheus-cpp, for the component prometheus|prometheus-cpp-dev|prometheus-cpp-devel|prometheus-cpp
prometheus|Prometheus with promtool, to test metrics, rules and dashboard|prometheus|prometheus|prometheus
spdlog|spdlog, for the example that logs events|libspdlog-dev|spdlog-devel|spdlog
jsonschema|jsonschema for Python, to test the schema (also: pip install jsonschema)|python3-jsonschema|python3-jsonschema|jsonschema (pip)
python|Python 3.10 or later|python3|python3|python
matplotlib|Matplotlib 3.6 or later, for the plots (also: pip install matplotlib)|python3-matplotlib|python3-matplotlib|matplotlib (pip)
benchmark|Google Benchmark|libbenchmark-dev|google-benchmark-devel|google-benchmark
httplib|cpp-httplib 0.11 or later, for the service|libcpp-httplib-dev|cpp-httplib-devel|cpp-httplib
pkg_config|pkg-config, to find cpp-httplib|pkgconf|pkgconf-pkg-config|pkgconf
dpkg_dev|dpkg-dev, to make Debian packages|dpkg-dev|dpkg-dev|dpkg
chromium|Chromium, to test the service's page|chromium|chromium|chromium
chromedriver|Chromium's driver|chromium-driver|chromedriver|chromedriver
selenium|Selenium 4 for Python, to test the page (also: pip install selenium)|python3-selenium|python3-selenium|selenium (pip)
doxygen|Doxygen 1.9.4 or later, for the site|doxygen|doxygen|doxygen
doxygen_awesome|doxygen-awesome-css, the theme of the site|doxygen-awesome-css|(github.com/jothepro)|(github.com/jothepro)
spin|Spin, to check the model of the admission protocol|spin|spin|spin
multilib|the libraries for g++ -m32, to test for 32 bits|g++-multilib|glibc-devel.i686|(none)
clang16|clang 16|clang-16|clang|llvm@16
clang_rt|the sanitizers and libFuzzer of clang 16|libclang-rt-16-dev|compiler-rt|llvm@16
lld|the linker of clang 16|lld-16|lld|lld
libcxx|the standard library libc++ 16|libc++-16-dev|libcxx-devel|llvm@16
libcxxabi|the runtime library of libc++ 16|libc++abi-16-dev|libcxx-devel|llvm@16
llvm|llvm-cov of LLVM 16, for the coverage|llvm-16|llvm|llvm@16
clang_format|clang-format 16|clang-format-16|clang-tools-extra|clang-format@16
clang_tidy|clang-tidy 16|clang-tidy-16|clang-tools-extra|llvm@16
THINGS
)"

# field <thing> <column>
field() {
  awk -F'|' -v thing="$1" -v column="$2" '$1 == thing { print $column }' <<<"$things"
}

# preprocesses <line>...: whether the compiler accepts these lines
preprocesses() {
  printf '%s\n' "$@" | "${CXX:-c++}" -std=c++20 -x c++ -E - >/dev/null 2>&1
}

new_python='import sys; assert sys.version_info >= (3, 10)'
new_matplotlib='import matplotlib; assert tuple(map(int, matplotlib.__version__.split(".")[:2])) >= (3, 6)'

# python_for <line>...: prints the Python that can run these lines. A user's own Python may hide the
# one that the packages are for.
python_for() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c "$(printf '%s\n' "$@")" >/dev/null 2>&1; then
      printf '%s\n' "$python"
      return
    fi
  done
  return 1
}

# has <thing>: looks for the thing itself, wherever it comes from, and not for a package
has() {
  case "$1" in
    compiler)
      preprocesses '#include <coroutine>' '#if defined(__clang__) ? __clang_major__ < 16 : __GNUC__ < 11' \
        '#error too old' '#endif'
      ;;
    cmake)
      local version
      version="$(cmake --version 2>/dev/null | awk 'NR == 1 { print $3 }')" || return 1
      [[ "$version" =~ ^([0-9]+)\.([0-9]+) ]] &&
        ((BASH_REMATCH[1] > 3 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 25)))
      ;;
    ninja) command -v ninja >/dev/null ;;
    asio) preprocesses '#include <asio/version.hpp>' '#if ASIO_VERSION < 102200' '#error too old' '#endif' ;;
    # The system's, or the copy that unpack_boost() made.
    boost)
      CPATH=build/boost/usr/include preprocesses '#include <boost/version.hpp>' \
        '#if BOOST_VERSION < 107800' '#error too old' '#endif'
      ;;
    fmt) preprocesses '#include <fmt/core.h>' '#if FMT_VERSION < 90000' '#error too old' '#endif' ;;
    catch2)
      preprocesses '#if !__has_include(<catch2/catch.hpp>) && !__has_include(<catch2/catch_all.hpp>)' \
        '#error missing' '#endif'
      ;;
    cli11) preprocesses '#include <CLI/CLI.hpp>' ;;
    nlohmann_json)
      preprocesses '#include <nlohmann/json.hpp>' \
        '#if NLOHMANN_JSON_VERSION_MAJOR < 3 || (NLOHMANN_JSON_VERSION_MAJOR == 3 && NLOHMANN_JSON_VERSION_MINOR < 10)' \
        '#error too old' '#endif'
      ;;
    prometheus_cpp) preprocesses '#include <prometheus/collectable.h>' ;;
    prometheus) command -v prometheus >/dev/null && command -v promtool >/dev/null ;;
    spdlog) preprocesses '#include <spdlog/version.h>' ;;
    jsonschema) python_for 'import jsonschema' >/dev/null ;; # CMake checks both as well
    python) python_for "$new_python" >/dev/null ;;
    matplotlib) python_for "$new_python" "$new_matplotlib" >/dev/null ;;
    benchmark) preprocesses '#include <benchmark/benchmark.h>' ;;
    # Checks only that the file exists, because its header may need other libraries and options.
    httplib) preprocesses '#if !__has_include(<httplib.h>)' '#error missing' '#endif' ;;
    pkg_config) command -v pkg-config >/dev/null ;;
    dpkg_dev) command -v dpkg-shlibdeps >/dev/null ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null ;;
    chromedriver) command -v chromedriver >/dev/null ;;
    selenium) python_for 'import selenium' >/dev/null ;; # CMake checks both as well
    doxygen)
      local version
      version="$(doxygen --version 2>/dev/null)" || return 1
      [[ "$version" =~ ^([0-9]+)\.([0-9]+)\.([0-9]+) ]] &&
        ((BASH_REMATCH[1] * 10000 + BASH_REMATCH[2] * 100 + BASH_REMATCH[3] >= 10904))
      ;;
    doxygen_awesome)
      [ -f /usr/share/doxygen-awesome-css/doxygen-awesome.css ] ||
        [ -f /usr/local/share/doxygen-awesome-css/doxygen-awesome.css ]
      ;;
    spin) command -v spin >/dev/null ;;
    multilib) echo '#include <string>' | g++ -m32 -std=c++20 -x c++ -E - >/dev/null 2>&1 ;;
    clang16) command -v clang++-16 >/dev/null ;;
    clang_rt) [ -f "$(clang++-16 --print-file-name=libclang_rt.fuzzer-"$(uname -m)".a 2>/dev/null)" ] ;;
    # Printed without a folder if it is not found.
    lld) [ -x "$(clang++-16 --print-prog-name=ld.lld 2>/dev/null)" ] ;;
    libcxx) [ -f "$(clang++-16 --print-file-name=libc++.so 2>/dev/null)" ] ;;
    libcxxabi) [ -f "$(clang++-16 --print-file-name=libc++abi.so 2>/dev/null)" ] ;;
    llvm) command -v llvm-cov-16 >/dev/null ;;
    clang_format) command -v clang-format-16 >/dev/null ;;
    clang_tidy) command -v clang-tidy-16 >/dev/null ;;
    *)
      printf '%s: no such thing: %s\n' "$program" "$1" >&2
      exit 1
      ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

# apt_install <package>...: Debian starts a service when its package is installed, and whenever the
# machine starts. This function prevents both, because the tests start their own.
apt_install() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
  fi
  apt install -y --no-install-recommends "$@" || exit
  if [ -d /run/systemd/system ] && [[ " $* " == *" prometheus "* ]]; then
    as_root systemctl disable --quiet prometheus.service
  fi
)

# candidate <package>: the version that apt-get would install
candidate() {
  apt-cache show --no-all-versions "$1" 2>/dev/null | awk '$1 == "Version:" { print $2; exit }'
}

# unpack_boost: if the system's libboost-dev is too old and a newer Boost is available beside it
# (Debian 12: 1.74 and 1.81), unpacks the newer one into build/boost/usr, where the preset boost
# looks. Installing it would remove libboost-dev and its dependents. Unpacking changes nothing on
# the machine, and needs no root.
unpack_boost() {
  command -v apt-get >/dev/null || return
  if ! apt-cache show libboost-dev >/dev/null 2>&1; then
    apt update || return
  fi
  if dpkg --compare-versions "$(candidate libboost-dev)" ge 1.78; then
    return 1 # is installed like everything else
  fi
  if [ -f build/boost/usr/include/boost/version.hpp ]; then
    return # has() sees nothing without a compiler
  fi
  # Old package lists may name files that the servers no longer have.
  unpack_newest_boost || { apt update && unpack_newest_boost; }
}

unpack_newest_boost() (
  package="$(apt-cache pkgnames libboost1. | grep '^libboost1\.[0-9]*-dev$' | sort -V | tail -n 1)"
  dpkg --compare-versions "$(candidate "$package")" ge 1.78 || exit
  say "unpacking $package in build/boost"
  # The folder of the preset boost has other files, but none called usr or unpacking.
  rm -rf build/boost/usr build/boost/unpacking
  mkdir -p build/boost/unpacking
  cd build/boost/unpacking || exit
  # As the current user: root's apt-get would switch to a user that may not write here.
  apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$package" "${package/libboost/libboost-context}" </dev/null || exit
  local deb
  for deb in ./*.deb; do
    dpkg-deb --extract "$deb" . || exit
  done
  mv usr .. && cd .. && rm -rf unpacking
)

# installed <package>
installed() {
  [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# cannot_install <reason> <thing>...: prints what is needed and where to get it; exit status 3
cannot_install() {
  local reason="$1" thing packages=""
  shift
  {
    printf '%s: something is missing and was not installed: %s\n\n' "$program" "$reason"
    for thing in "$@"; do
      printf '  %s\n      Debian, Ubuntu: %-18s Fedora: %-24s Homebrew: %s\n' "$(field "$thing" 2)" \
        "$(field "$thing" 3)" "$(field "$thing" 4)" "$(field "$thing" 5)"
      packages="$packages $(field "$thing" 3)"
    done
    printf '\nAs root on Debian or Ubuntu:\n  apt-get update && apt-get install%s\n' "$packages"
    printf 'If it is installed in an unusual place, use --no-install and the environment variable\n'
    printf 'CMAKE_PREFIX_PATH.\n'
  } >&2
  exit 3
}

# Implements --no-install: CMake itself reports what it does not find.
no_install=""
never_install() {
  no_install=yes
}

# require <thing>...: installs what is missing, or explains why it cannot
require() {
  if [ -n "$no_install" ]; then
    return
  fi

  local thing package missing=() packages=() update="" still_missing=()
  for thing in $(printf "%s\n" "$@" | sort -u); do
    if ! has "$thing" && { [ "$thing" != boost ] || ! unpack_boost; }; then
      missing+=("$thing")
    fi
  done
  if [ ${#missing[@]} = 0 ]; then
    return
  fi

  if ! command -v apt-get >/dev/null; then
    cannot_install "this machine has no apt-get" "${missing[@]}"
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    cannot_install "that needs root, and this machine has no sudo" "${missing[@]}"
  fi

  for thing in "${missing[@]}"; do
    package="$(field "$thing" 3)"
    # Without a compiler, has() cannot see headers that are installed.
    if ! installed "$package"; then
      packages+=("$package")
      apt-cache show "$package" >/dev/null 2>&1 || update=yes
    fi
  done
  if [ ${#packages[@]} = 0 ]; then
    cannot_install "the packages are installed, but ${CXX:-c++} does not find them, or they are too old" "${missing[@]}"
  fi

  say "installing through apt-get: ${packages[*]}"
  if [ -n "$update" ]; then
    apt update || cannot_install "apt-get update failed" "${missing[@]}"
  fi
  if ! apt_install "${packages[@]}"; then
    # Old package lists may name files that the servers no longer have.
    say "trying again with fresh package lists"
    if ! apt update || ! apt_install "${packages[@]}"; then
      cannot_install "apt-get failed, see above" "${missing[@]}"
    fi
  fi

  for thing in "${missing[@]}"; do
    has "$thing" || still_missing+=("$thing")
  done
  if [ ${#still_missing[@]} != 0 ]; then
    cannot_install "the package of this system is too old" "${still_missing[@]}"
  fi
}

# want <thing>...: like require, but continues if something cannot be installed
want() {
  (require "$@") && return
  local thing
  for thing in "$@"; do
    (require "$thing") || say "continuing without $(field "$thing" 2)"
  done
}

# ---- building ------------------------------------------------------------------------------------

jobs=2

# build <configure preset> [<build preset> [<CMake's option>...]]
build() {
  say "building the preset ${2:-$1}"
  cmake --preset "$1" "${@:3}"
  cmake --build --preset "${2:-$1}" --parallel "$jobs"
}

# ---- a sequence of steps -------------------------------------------------------------------------

steps=()

# step <name> <command>...: runs the command, and keeps its output in build/steps for the final list
step() {
  local name="$1" start=$SECONDS status=0 mark
  shift
  printf '\n==== %s: %s\n' "$name" "$*"
  mkdir -p build/steps
  "$@" 2>&1 | tee "build/steps/$name.log" || status=$? # pipefail: the command's failure is the step's
  mark="$([ "$status" = 0 ] || echo '   FAILED')"
  steps+=("$(printf '%-9s %4d s   %s%s' "$name" $((SECONDS - start)) "$*" "$mark")")
  return "$status"
}

# The summary that ctest printed in a step; empty if the step ran no tests.
ctest_summary() {
  sed -n '/^[0-9]*% tests passed/,/^Total Test time/p' "build/steps/$1.log"
}

list_steps() {
  local line name
  printf '\n==== steps that ran\n'
  for line in "${steps[@]}"; do
    printf '%s\n' "$line"
    name="${line%% *}"
    ctest_summary "$name" | sed -n 's/^[0-9]*% tests passed/                   &/p'
  done
}
