"""usage: python3 -m bench_report [option...] <name>... [--benchmark_<option>=<value>...]"""

import argparse
import pathlib
import sys

from . import gates, report, running
from .cases import Failed, Results, case_of
from .machine import built, facts
from .markdown import block_names, replace_blocks

HERE = pathlib.Path()
RESULTS = pathlib.Path("build/bench/results")
WHOLE = RESULTS / "whole"
GATES = pathlib.Path("bench/gates.json")
PAGE = pathlib.Path("docs/benchmarks.md")
README = pathlib.Path("README.md")
IMAGES = pathlib.Path("docs/images")


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def everything(names: list[str]) -> bool:
    return set(names) == {path.stem for path in pathlib.Path("bench").glob("*.cpp")}


def conclude(results: Results, limits: list[gates.Gate], *, whole: bool) -> int:
    """Prints the results of the gates. A gate whose cases did not run fails a complete run, and is
    skipped in any other."""
    checks = [check for check in gates.check_all(limits, results) if whole or check.found]
    if checks:
        print(f"\n{report.gates_table(checks).text}\n\n{report.summary(checks)}; "
              f"medians of {report.repetitions(results)} repetitions")
    return 1 if any(check.breaks for check in checks) else 0


def write_pages(results: Results, limits: list[gates.Gate], found: dict[str, str]) -> None:
    from . import plots  # the only part that needs matplotlib

    checks = gates.check_all(limits, results)
    blocks = report.blocks(results, checks, found) | plots.write_all(results, checks, IMAGES)
    page = PAGE.read_text(encoding="utf-8")
    for name in sorted(set(block_names(page)) ^ blocks.keys()):
        if name in blocks:
            say(f"{PAGE} has no place for the block '{name}'")
        else:
            say(f"the block '{name}' of {PAGE} is as it was: nothing was measured for it")
    PAGE.write_text(replace_blocks(page, blocks), encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    if "overhead" not in block_names(readme):
        say(f"{README} has no place for the block 'overhead'")
    README.write_text(
        replace_blocks(readme, {"overhead": report.readme_block(checks, results)}),
        encoding="utf-8")
    say(f"wrote {PAGE}, {IMAGES} and {README}")


def write_compile(results: Results, limits: list[gates.Gate], found: dict[str, str]) -> None:
    """The section of the compiler's time, which no run of the other benchmarks writes."""
    block = report.compile_block(results, gates.check_all(limits, results), found)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(replace_blocks(page, {running.COMPILE: block}), encoding="utf-8")
    say(f"wrote the section of {PAGE}")


def measure(arguments: argparse.Namespace, options: list[str]) -> int:
    mode = arguments.mode
    limits = gates.load(GATES)
    limited = {id_ for gate in limits for id_ in gates.ids_of(gate)}

    whole = mode == "full" and everything(arguments.names) and not options
    found = facts()
    if float(found["load at the start"]) > 0.5:
        say(f"the load of the machine is {found['load at the start']}: not a good time to measure")
    folder = running.empty(WHOLE if whole else RESULTS / "part")
    binaries = []
    for file in arguments.names:
        names = [name for name in running.cases_of(HERE, file, options)
                 if mode != "quick" or case_of(file, name).id in limited]
        if names:
            binaries.append(running.choose(HERE, file, names))
    if not binaries:
        raise Failed("none of these benchmarks has a case to run")
    plan = running.plan_of(mode, arguments.names)
    results, context, faults = running.run_all(binaries, plan, options, folder, say)

    if mode != "quick":
        print(f"\n{report.all_tables(results)}")
    status = conclude(results, limits, whole=whole)
    if faults:
        raise Failed("\n".join(faults))
    if mode == "smoke":
        return 0
    found |= built(context)
    running.save_facts(folder, found)
    if whole:
        write_pages(results, limits, found)
    elif mode == "full" and arguments.names == [running.COMPILE] and not options:
        write_compile(results, limits, found)
    elif mode == "full":
        say(f"{PAGE} is as it was: only a run of all benchmarks without options is written there")
    return status


def again() -> int:
    """Writes the pages again, from the output of the last complete run."""
    if not running.facts_path(WHOLE).exists():
        raise Failed(f"{WHOLE} holds no run of everything that came to its end")
    results = running.recall(WHOLE)
    limits = gates.load(GATES)
    write_pages(results, limits, running.load_facts(WHOLE))
    return conclude(results, limits, whole=True)


def against(arguments: argparse.Namespace, options: list[str]) -> int:
    """Runs both builds in alternation; which of them runs first alternates as well."""
    trees = {"before": arguments.base, "now": HERE}
    results: dict[str, Results] = {"before": {}, "now": {}}
    folders = {side: running.empty(RESULTS / "against" / side) for side in trees}
    pairs = []
    for file in arguments.names:
        old, new = (running.cases_of(tree, file, options) for tree in trees.values())
        common = [name for name in new if name in old]
        if common:
            pairs.append({side: running.choose(tree, file, common) for side, tree in trees.items()})
    if not pairs:
        raise Failed("the two builds have none of these benchmarks in common")

    plan = running.plan_of("against", arguments.names)
    for round_, pair in running.rounds(pairs, plan):
        file = pair["now"].file
        say(f"bench/{file}.cpp, round {round_ + 1} of {plan.rounds}")
        for side in sorted(pair, reverse=round_ % 2 == 1):
            running.run(pair[side], plan, options, folders[side] / f"{file}.{round_}.json", round_,
                        results[side])
    table = report.against_table(results["now"], results["before"])
    print(f"\n{table.text}\n\nnow / before ({arguments.base_name}), medians and quartiles of "
          f"{report.repetitions(results['now'])} pairs; faster, slower: both quartiles say so")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__, allow_abbrev=False)
    parser.add_argument("--mode", choices=["full", "quick", "smoke", "against", "again"],
                        default="full")
    parser.add_argument("--base", type=pathlib.Path, help="the tree of the build to compare with")
    parser.add_argument("--base-name", default="before")
    parser.add_argument("names", nargs="*")
    arguments, options = parser.parse_known_args()
    arguments.names = list(dict.fromkeys(arguments.names))
    try:
        if arguments.mode == "against":
            return against(arguments, options)
        if arguments.mode == "again":
            return again()
        return measure(arguments, options)
    except (Failed, ValueError) as error:
        print(f"\nscripts/bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
