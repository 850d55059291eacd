# faults: whatever can fail does, in turn; see docs/testing.md. Included, because bulwark_add_test()
# takes its folder from the path.

if("faults" IN_LIST BULWARK_TEST_FOLDERS)
  add_library(bulwark_injection OBJECT faults/injection.cpp)
  target_include_directories(bulwark_injection PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_features(bulwark_injection PRIVATE cxx_std_20)
endif()
bulwark_add_test(faults/bulkhead_test.cpp LIBRARIES bulwark_injection TIMEOUT 120)
if(TARGET bulwark_json)
  bulwark_add_test(faults/manager_test.cpp LIBRARIES bulwark_injection bulwark::json TIMEOUT 120)
endif()
bulwark_add_test(faults/destruction_test.cpp LIBRARIES bulwark_injection TIMEOUT 120)
