// The demonstration that needs nobody: changes, breaks and mends a file under load.
#pragma once

namespace reload {

// The exit status: 0 if everything that was reported is what had to be, and no call was lost.
int selfTest(unsigned rate);

}  // namespace reload
