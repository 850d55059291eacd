// A demonstration that needs no user: clients fill the bulkhead in a fixed order.
#pragma once

namespace beast_example {

// Returns the exit status: 0 if every request got the expected answer.
int selfTest(int threads);

}  // namespace beast_example
