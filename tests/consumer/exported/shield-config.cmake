include(CMakeFindDependencyMacro)
find_dependency(bulwark 0.1 CONFIG)
include("${CMAKE_CURRENT_LIST_DIR}/shield-targets.cmake")
