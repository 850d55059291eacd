"""Medians and quartiles, of figures and of paired ratios and differences."""

import math
import statistics
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .cases import Repetition, Series


class Spread(NamedTuple):
    low: float
    median: float
    high: float


def spread(values: Iterable[float]) -> Spread:
    """The quartiles; between two values by interpolation, as most programs do."""
    found = sorted(values)
    if not found:
        raise ValueError("the spread of nothing")
    if len(found) == 1:
        return Spread(found[0], found[0], found[0])
    return Spread(*statistics.quantiles(found, n=4, method="inclusive"))


def paired(of: Series, against: Series, combine: Callable[[float, float], float]) -> list[float]:
    """One value for each repetition that both have."""
    common: list[Repetition] = sorted(of.keys() & against.keys())
    return [combine(of[repetition], against[repetition]) for repetition in common]


def quotient(value: float, base: float) -> float:
    if base == 0:
        return 1.0 if value == 0 else math.inf
    return value / base


def ratios(of: Series, against: Series) -> Spread:
    return spread(paired(of, against, quotient))


def differences(of: Series, against: Series) -> Spread:
    return spread(paired(of, against, lambda value, base: value - base))
