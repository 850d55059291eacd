"""Each inline of the model is a function of the C++ that it models, and no function of the admission
core that changes anything is left out without a reason."""

import pathlib
import re
import sys

MODEL = pathlib.Path(__file__).resolve().parent

FILES = {
    "admission.pml": ["include/bulwark/detail/admission.hpp", "src/admission.cpp"],
    "compartment.pml": ["include/bulwark/detail/compartment.hpp", "src/compartment.cpp",
                        "include/bulwark/detail/shared_state.hpp", "include/bulwark/detail/waiter.hpp"],
}
# What the C++ has as a lock_guard, and as the compare-and-swap of take() and of tryEnter().
OF_THE_MODEL = {"lock", "unlock", "addWeight"}
# Statistics and queries; observe mode; the end of the context, which closes as drain() does; who
# watches: `watched` sends those who leave through the lock, where they may go at any time.
NOT_MODELLED = {"observed", "abandon", "noteQueued", "noteEntry", "numbers", "saturated", "limits",
                "limitsNow", "nextDeadline", "takePeak", "takePeaks", "resetPeaks", "watch", "setWatched"}

root = pathlib.Path(sys.argv[1])
wrong = []
for model, sources in FILES.items():
    inlines = set(re.findall(r"^inline (\w+?)_?\(", (MODEL / model).read_text(), re.M)) - OF_THE_MODEL
    code = "".join((root / source).read_text() for source in sources)
    wrong += [f"{model}: inline {name}: no such function in {', '.join(sources)}"
              for name in sorted(inlines) if not re.search(rf"\b{name}\(", code)]
    if model == "admission.pml":
        defined = set(re.findall(r"^\S[^\n;]*\bAdmission::(\w+)\(", (root / sources[1]).read_text(), re.M))
        wrong += [f"Admission::{name}() is not in {model}: model it, or say here why not"
                  for name in sorted(defined - inlines - NOT_MODELLED - {"Admission"})]
        wrong += [f"{name} is listed as not modelled, and is no function of Admission"
                  for name in sorted(NOT_MODELLED) if not re.search(rf"\b{name}\(", code)]
print("\n".join(wrong))
sys.exit(bool(wrong))
