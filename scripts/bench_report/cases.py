"""The measured cases: their names, and their figures for each repetition."""

import json
import pathlib
import re
from typing import NamedTuple

Repetition = tuple[int, int]
"""The round (one process for each binary) and the repetition within it. Pairs two cases."""

Series = dict[Repetition, float]

Results = dict[str, dict[str, Series]]
"""The figures by id and metric."""

# How a case is measured does not belong to its identity.
HOW = re.compile(r"/(?:iterations:\d+|repeats:\d+|min_time:[^/]*|min_warmup_time:[^/]*"
                 r"|process_time|manual_time|real_time)(?=/|$)")

# Google Benchmark's own values of a repetition. All other numbers are our counters.
NO_COUNTERS = {"family_index", "per_family_instance_index", "repetitions", "repetition_index",
               "threads", "iterations", "real_time", "cpu_time", "items_per_second",
               "bytes_per_second"}

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


class Failed(Exception):
    """A benchmark did not do what it measures."""


class Case(NamedTuple):
    """<file>:<scenario>/<contender>[/<argument>:<value>]..., overhead:post_batch/naive for one"""

    file: str
    scenario: str
    contender: str
    arguments: tuple[str, ...]

    @property
    def id(self) -> str:
        parts = [self.scenario, self.contender, *self.arguments]
        return f"{self.file}:" + "/".join(part for part in parts if part)

    @property
    def about(self) -> str:
        """All but the contender, for people: names the group of a comparison."""
        return " ".join([self.scenario, *(readable(argument) for argument in self.arguments)])

    def argument(self, name: str) -> int | None:
        for argument in self.arguments:
            key, _, value = argument.partition(":")
            if key == name:
                return int(value)
        return None


def case_of(file: str, name: str) -> Case:
    """Parses Google Benchmark's name, which may lack the contender."""
    scenario, *rest = HOW.sub("", name).split("/")
    contender = rest.pop(0) if rest and ":" not in rest[0] else ""
    return Case(file, scenario, contender, tuple(rest))


def parse_id(text: str) -> Case:
    file, colon, name = text.partition(":")
    case = case_of(file, name)
    if not colon or case.id != text:
        raise ValueError(f"'{text}' is not the id of a case, as overhead:with_permit/naive is")
    return case


def readable(argument: str) -> str:
    name, _, value = argument.partition(":")
    return f"{name}={int(value):,}" if value.isdigit() else argument


def read(path: pathlib.Path, file: str, round_: int, results: Results) -> dict[str, object]:
    """Adds the output of one process to the results, and returns the context it ran in. Raises Failed
    after it has added every case that did not fail."""
    try:
        output = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failed(f"{path}: {error}") from error
    runs = [run for run in output["benchmarks"] if run["run_type"] == "iteration"]
    faults = []
    for run in sorted(runs, key=lambda run: (run.get("family_index", 0),
                                             run.get("per_family_instance_index", 0))):
        id_ = case_of(file, run["run_name"]).id
        if run.get("error_occurred"):
            faults.append(f"{id_}: {run.get('error_message', 'failed')}")
            continue
        figures = {name: float(value) for name, value in run.items()
                   if isinstance(value, (int, float)) and not isinstance(value, bool)
                   and name not in NO_COUNTERS}
        figures["time"] = run["real_time"] * SECONDS[run["time_unit"]]
        for metric, value in figures.items():
            series = results.setdefault(id_, {}).setdefault(metric, {})
            series[(round_, run["repetition_index"])] = value
    if faults:
        raise Failed("\n".join(dict.fromkeys(faults)))
    context: dict[str, object] = output["context"]
    return context


def grouped(results: Results, file: str) -> dict[tuple[str, tuple[str, ...]], dict[str, Case]]:
    """The contenders of a file, by scenario and arguments, in the order of the source."""
    groups: dict[tuple[str, tuple[str, ...]], dict[str, Case]] = {}
    for case in map(parse_id, results):
        if case.file == file:
            groups.setdefault((case.scenario, case.arguments), {})[case.contender] = case
    return groups


def files_of(results: Results) -> list[str]:
    return sorted({parse_id(id_).file for id_ in results})
