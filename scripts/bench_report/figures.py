"""Figures as text, each metric in its unit."""

import math
from collections.abc import Callable

from .spread import Spread

Formatter = Callable[[float], str]


def digits(value: float) -> str:
    """Three significant digits, and no exponent."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(places, 6)}f}"


def plain(value: float) -> str:
    """Without trailing zeros: for counts."""
    text = digits(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(value: float) -> str:
    """Two decimals; two significant digits for a tiny value, and no decimals for a large one."""
    if value < 0.1:
        return f"{value:.2g}x"
    return f"{value:.2f}x" if value < 10 else f"{value:.0f}x"


def nanoseconds(seconds: float) -> str:
    value = seconds * 1e9
    return f"{value:,.1f}" if abs(value) < 99.95 else f"{value:,.0f}"


def extra(seconds: float) -> str:
    return f"{seconds * 1e9:+,.0f} ns"


def duration(seconds: float) -> str:
    for unit, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if abs(seconds) >= unit:
            return f"{plain(seconds / unit)} {name}"
    return f"{plain(seconds * 1e9)} ns"


def percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def between(found: Spread, show: Formatter) -> str:
    """The quartiles, with the unit once."""
    low, high = show(found.low), show(found.high)
    if low == high:
        return low
    number, _, unit = high.partition(" ")
    if unit and low.endswith(f" {unit}"):
        low = low[: -len(unit) - 1]
    elif number.endswith("x"):
        low = low.removesuffix("x")
    return f"{low} – {high}"


# The metrics, in the order of a table's columns: heading and text of a figure.
METRICS: dict[str, tuple[str, Formatter]] = {
    "per_call": ("ns per call", nanoseconds),
    "allocations": ("allocations", plain),
    "bytes": ("bytes", plain),
    "compile_time": ("CPU time", duration),
    "code": ("machine code", lambda value: f"{plain(round(value))} bytes"),
    "stall": ("longest stall", duration),
    "p50": ("p50", duration),
    "p99": ("p99", duration),
    "throughput": ("per second", plain),
    "ok": ("ok", percent),
    "sent_late": ("sent late", duration),
}


def formatter(metric: str) -> Formatter:
    """With the unit, for a figure that stands alone."""
    if metric == "per_call":
        return lambda value: f"{nanoseconds(value)} ns"
    if metric == "bytes":
        return lambda value: f"{plain(value)} bytes"
    return METRICS.get(metric, (metric, plain))[1]
