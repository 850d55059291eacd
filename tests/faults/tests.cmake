# faults: every operation that can fail does so in turn; see docs/testing.md. This file is included
# because bulwark_add_test() takes its folder from the path.

bulwark_add_test(faults/bulkhead_test.cpp LIBRARIES bulwark_injection TIMEOUT 120)
if(TARGET bulwark_json)
  bulwark_add_test(faults/manager_test.cpp LIBRARIES bulwark_injection bulwark::json TIMEOUT 120)
endif()
bulwark_add_test(faults/events_test.cpp LIBRARIES bulwark_injection TIMEOUT 120)
bulwark_add_test(faults/destruction_test.cpp LIBRARIES bulwark_injection TIMEOUT 120)
