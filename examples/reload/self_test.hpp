// A demonstration that needs no user: changes, breaks and repairs a file under load.
#pragma once

namespace reload {

// Returns the exit status: 0 if every report was as expected and no call was lost.
int selfTest(unsigned rate);

}  // namespace reload
