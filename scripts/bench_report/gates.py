"""Reads the limits of bench/gates.json and checks which of them hold.

A gate has a name, the id of its case ("of"), and one or more limits:
  "ratio"     at most this multiple of the figure of the case "against"; "stretch" is the target;
              "slack" is the share by which a measurement may miss it if two threads run
  "extra_ns"  at most this many nanoseconds more than "against"
  "max"       at most this value, in the metric's own unit (seconds, bytes, a count)
The figure is that of "metric", by default per_call. "optional": the case need not exist.
"known": the reason why the limit does not hold; it then fails no run, and is printed with the gate.
"readme": the gate is a row of the table in README.md.
"""

import json
import pathlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from . import figures
from .cases import Results, Series, parse_id
from .spread import Spread, differences, ratios, spread

Gate = dict[str, Any]

KEYS: dict[str, type] = {
    "name": str, "of": str, "against": str, "metric": str, "ratio": float, "stretch": float,
    "slack": float, "extra_ns": float, "max": float, "optional": bool, "known": str, "readme": bool}


class Check(NamedTuple):
    """One limit of a gate, and its result: found is None if the cases did not run."""

    gate: Gate
    kind: str  # the key of the limit: ratio, extra_ns or max
    limit: str
    found: Spread | None
    show: figures.Formatter
    verdict: str

    @property
    def holds(self) -> bool:
        return self.verdict.startswith("yes")

    @property
    def breaks(self) -> bool:
        """Whether it fails a run."""
        return not self.holds and not self.verdict.startswith("no, ")


def load(path: pathlib.Path) -> list[Gate]:
    gates: list[Gate] = json.loads(path.read_text(encoding="utf-8"))
    for number, gate in enumerate(gates, 1):
        fault = fault_of(gate)
        if fault:
            raise ValueError(f"{path}: gate {number}, '{gate.get('name', '')}': {fault}")
    return gates


def fault_of(gate: Gate) -> str | None:
    """Reports errors in a gate, because a misspelt gate would always hold."""
    for key, value in gate.items():
        if key not in KEYS:
            return f"unknown key '{key}'"
        # A number may be written 1 or 1.0; in Python, True is an int, too.
        if type(value) is not KEYS[key] and not (type(value) is int and KEYS[key] is float):
            return f"'{key}' is {value!r}"
    for key in ("name", "of"):
        if key not in gate:
            return f"no '{key}'"
    if not {"ratio", "extra_ns", "max"} & gate.keys():
        return "no limit: 'ratio', 'extra_ns' or 'max'"
    if {"ratio", "extra_ns"} & gate.keys() and "against" not in gate:
        return "no 'against'"
    if {"stretch", "slack"} & gate.keys() and "ratio" not in gate:
        return "'stretch' and 'slack' belong to 'ratio'"
    for id_ in ids_of(gate):
        try:
            parse_id(id_)
        except ValueError as error:
            return str(error)
    return None


def ids_of(gate: Gate) -> list[str]:
    return [gate[key] for key in ("of", "against") if key in gate]


def metric_of(gate: Gate) -> str:
    return gate.get("metric", "per_call")


def base_of(gate: Gate) -> str:
    """The name of the other case: the part that differs from the first."""
    of, against = parse_id(gate["of"]), parse_id(gate["against"])
    if (of.file, of.scenario) != (against.file, against.scenario):
        return f"{against.scenario}/{against.contender}"
    if of.contender != against.contender:
        return against.contender
    return " ".join(set(against.arguments) - set(of.arguments))


def verdict(measured: float, limit: float, stretch: float | None = None,
            slack: float = 0.0) -> str:
    if stretch is not None and measured <= stretch:
        return "yes, stretch"
    if measured <= limit:
        return "yes"
    if measured <= limit * (1 + slack):
        return "yes, slack"
    return "NO"


def check(gate: Gate, results: Results) -> list[Check]:
    """One check for each limit; none for an optional gate whose cases did not run."""
    metric = metric_of(gate)
    ran = all(metric in results.get(id_, {}) for id_ in ids_of(gate))
    if not ran and gate.get("optional"):
        return []

    def series(key: str) -> Series:
        return results[gate[key]][metric]

    checks = []

    def judge(kind: str, limit: str, show: figures.Formatter, most: float,
              measure: Callable[[], Spread], *, stretch: float | None = None,
              slack: float = 0.0) -> None:
        found = measure() if ran else None
        held = verdict(found.median, most, stretch, slack) if found else "not run"
        if held == "NO" and "known" in gate:
            held = f"no, {gate['known']}"
        checks.append(Check(gate, kind, limit, found, show, held))

    if "ratio" in gate:
        judge("ratio", f"≤ {gate['ratio']:g}x {base_of(gate)}", figures.ratio, gate["ratio"],
              lambda: ratios(series("of"), series("against")),
              stretch=gate.get("stretch"), slack=gate.get("slack", 0.0))
    if "extra_ns" in gate:
        judge("extra_ns", f"≤ {gate['extra_ns']:+g} ns over {base_of(gate)}", figures.extra,
              gate["extra_ns"] * 1e-9, lambda: differences(series("of"), series("against")))
    if "max" in gate:
        show = figures.formatter(metric)
        judge("max", f"≤ {show(gate['max'])}", show, gate["max"],
              lambda: spread(series("of").values()))
    return checks


def check_all(gates: Iterable[Gate], results: Results) -> list[Check]:
    return [found for gate in gates for found in check(gate, results)]
