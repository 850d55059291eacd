"""Checks that each inline of the model has the name of a C++ function, and that the model has every
function of the admission core, as an inline or a macro, or that NOT_MODELLED lists it."""

import pathlib
import re
import sys

MODEL = pathlib.Path(__file__).resolve().parent

FILES = {
    "admission.pml": ["include/bulwark/detail/core/admission.hpp", "src/core/admission.cpp"],
    "limiter.pml": ["include/bulwark/detail/limiter/limiter.hpp", "src/limiter/limiter.cpp",
                        "include/bulwark/detail/runtime/ref.hpp", "include/bulwark/detail/core/waiter.hpp"],
    "waiting_call.pml": ["include/bulwark/detail/call/waiting_call.hpp", "src/call/waiting_call.cpp",
                         "include/bulwark/detail/call/queued_call.hpp"],
}
# In C++ a lock_guard, and the compare-and-swap of take() and tryEnter().
OF_THE_MODEL = {"lock", "unlock", "addWeight"}
# Memory; statistics and queries; observe mode; the end of the context, which closes as drain() does; the flag
# `watched`, which sends releases through the lock, as any release may go.
NOT_MODELLED = {"prepareToWait", "observed", "abandon", "noteQueued", "noteEntry", "numbers", "saturated", "limits",
                "limitsNow", "numbersNow", "ofOneConfiguration", "takePeak", "takePeaks", "resetPeaks",
                "watch", "setWatched"}

root = pathlib.Path(sys.argv[1])
wrong = []
for model, sources in FILES.items():
    text = (MODEL / model).read_text()
    inlines = set(re.findall(r"^inline (\w+?)_?\(", text, re.M)) - OF_THE_MODEL
    code = "".join((root / source).read_text() for source in sources)
    wrong += [f"{model}: inline {name}: no such function in {', '.join(sources)}"
              for name in sorted(inlines) if not re.search(rf"\b{name}\(", code)]
    if model == "admission.pml":
        defined = set(re.findall(r"^\S[^\n;]*\bAdmission::(\w+)\(", (root / sources[1]).read_text(), re.M))
        wrong += [f"Admission::{name}() is not in {model}: model it, or say here why not"
                  for name in sorted(defined - inlines - NOT_MODELLED - {"Admission"})
                  if f"#define {name}(" not in text]
        wrong += [f"{name} is listed as not modelled, and is no function of Admission"
                  for name in sorted(NOT_MODELLED) if not re.search(rf"\b{name}\(", code)]
print("\n".join(wrong))
sys.exit(bool(wrong))
