// The demonstration that needs nobody: clients that fill the bulkhead, in an order that is certain.
#pragma once

namespace beast_example {

// The exit status: 0 if every request got the answer that it had to get.
int selfTest(int threads);

}  // namespace beast_example
