"""Runs the binaries: which cases, how often, and for how long in total."""

import json
import math
import pathlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from .cases import Failed, Results, read


class Plan(NamedTuple):
    """A round runs each binary once, in a separate process. After the first round, a binary that would
    exceed the budget, or its own, is skipped."""

    rounds: int
    repetitions: int
    min_time: float  # least seconds of a repetition, unless the case sets its own
    budget: float = math.inf  # seconds
    budget_each: float = math.inf


PLANS = {
    "full": Plan(rounds=5, repetitions=5, min_time=0.05, budget_each=120.0),
    "quick": Plan(rounds=7, repetitions=2, min_time=0.01, budget=75.0, budget_each=30.0),
    "smoke": Plan(rounds=1, repetitions=2, min_time=0.001),
    "against": Plan(rounds=8, repetitions=3, min_time=0.02, budget_each=120.0),
    # A minute and a half for each repetition.
    "compile": Plan(rounds=5, repetitions=1, min_time=0.0),
}

COMPILE = "compile"
"""The benchmark without a binary: it measures the compiler. See compile_cost.py."""


class Binary(NamedTuple):
    file: str
    command: Sequence[str]
    chosen: str  # a regular expression for the cases to run


def binary_path(tree: pathlib.Path, file: str) -> pathlib.Path:
    return tree / "build/bench/bench" / f"bench_{file}"


def plan_of(mode: str, files: Sequence[str]) -> Plan:
    return PLANS[COMPILE if COMPILE in files and mode != "smoke" else mode]


def command_of(tree: pathlib.Path, file: str) -> list[str]:
    if file == COMPILE:
        return [sys.executable, "-m", f"{__package__}.compile_cost", "--tree", str(tree)]
    return [str(binary_path(tree, file))]


def output_of(words: Sequence[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{words[0]}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def cases_of(tree: pathlib.Path, file: str, options: Sequence[str]) -> list[str]:
    """Google Benchmark's names of the cases that match a filter among the options; none if the tree has
    no such benchmark."""
    if file != COMPILE and not binary_path(tree, file).exists():
        return []
    return output_of([*command_of(tree, file), "--benchmark_list_tests=true",
                      *filter(is_filter, options)]).splitlines()


def choose(tree: pathlib.Path, file: str, names: Sequence[str]) -> Binary:
    return Binary(file, command_of(tree, file), f"^({'|'.join(map(re.escape, names))})$")


def is_filter(option: str) -> bool:
    return option.startswith("--benchmark_filter=")


def run(binary: Binary, plan: Plan, options: Sequence[str], output: pathlib.Path,
        round_: int, results: Results) -> dict[str, object]:
    """Runs one process. Returns the context it ran in."""
    output_of([
        *binary.command,
        f"--benchmark_repetitions={plan.repetitions}",
        f"--benchmark_min_time={plan.min_time:g}",
        "--benchmark_enable_random_interleaving=true",
        *(option for option in options if not is_filter(option)),
        f"--benchmark_filter={binary.chosen}",
        f"--benchmark_out={output}",
        "--benchmark_out_format=json",
    ])
    return read(output, binary.file, round_, results)


Task = TypeVar("Task")


def rounds(tasks: Sequence[Task], plan: Plan,
           clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[int, Task]]:
    """The number of the round and its tasks; the first round has all of them."""
    start = clock()
    spent = [[0.0] for _ in tasks]
    for number in range(plan.rounds):
        for task, times in zip(tasks, spent, strict=True):
            begun = clock()
            if number and (begun - start + max(times) > plan.budget
                           or sum(times) + max(times) > plan.budget_each):
                continue
            yield number, task
            times.append(clock() - begun)


def empty(folder: pathlib.Path) -> pathlib.Path:
    """Returns the folder, without the output of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    return folder


class Run(NamedTuple):
    results: Results
    context: dict[str, object]  # of the last process
    faults: list[str]  # what failed; the rest was run nevertheless


def run_all(binaries: Sequence[Binary], plan: Plan, options: Sequence[str], folder: pathlib.Path,
            say: Callable[[str], None]) -> Run:
    results: Results = {}
    context: dict[str, object] = {}
    faults: dict[str, None] = {}
    for round_, binary in rounds(binaries, plan):
        say(f"bench/{binary.file}.cpp, round {round_ + 1} of {plan.rounds}")
        output = folder / f"{binary.file}.{round_}.json"
        try:
            context = run(binary, plan, options, output, round_, results)
        except Failed as failed:
            faults |= dict.fromkeys(str(failed).splitlines())
    return Run(results, context, list(faults))


def recall(folder: pathlib.Path) -> Results:
    """The results of an earlier run, read from its output."""
    results: Results = {}
    for path in sorted(folder.glob("*.*.json")):
        file, round_, _ = path.name.split(".")
        read(path, file, int(round_), results)
    return results


def facts_path(folder: pathlib.Path) -> pathlib.Path:
    return folder / "machine.json"


def save_facts(folder: pathlib.Path, facts: dict[str, str]) -> None:
    """Writes the facts last: without them, the run did not complete."""
    facts_path(folder).write_text(json.dumps(facts, indent=2), encoding="utf-8")


def load_facts(folder: pathlib.Path) -> dict[str, str]:
    facts: dict[str, str] = json.loads(facts_path(folder).read_text(encoding="utf-8"))
    return facts
