"""The tables of docs/scale.md.

usage: scale.py [table...]

Tables: validation, word, wall, split, timers, registry, reading; by default all of them. Uses only the
standard library; takes about 20 seconds, and always prints the same figures.
"""

import sys
from dataclasses import replace

import models
from cache_line import BULWARK, CAS_FETCH_ADD, FETCH_ADD, Machine, efficiency, simulate


def calibrated(pairFetchAdd, pairCas, pairFetchAddOfTwo):
    """Calculates a machine from the times of a pair of fetch_adds and of a pair of CAS and fetch_add by one
    thread, and of the former by two threads. Two threads only pass the line on: a pair takes 2 * 2
    transfers."""
    fetchAdd = pairFetchAdd / 2
    return Machine(transfer=pairFetchAddOfTwo / 4 - fetchAdd, fetchAdd=fetchAdd,
                   cas=pairCas - fetchAdd)


QUIET = calibrated(9.5, 13.1, 79)  # the project's first measurement
BUSY = calibrated(11.6, 11.6, 45)  # the same machine on another day, both threads pinned

# Latency in one direction between two cores of one socket, medians: github.com/nviennot/core-to-core-latency
DISTANCES = [("neighbours (2 cores, calibrated here)", QUIET.transfer),
             ("one die or mesh (Xeon 8375C 51, Graviton3 46)", 50.0),
             ("across chiplets (EPYC 7R13 107, 7773X 115)", 110.0)]
MESH = 50.0
CORES = [1, 2, 4, 8, 16, 32, 64]
WORK = [("1 us", 1e3), ("3 us", 3e3), ("10 us", 1e4), ("100 us", 1e5), ("1 ms", 1e6)]


def table(header, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [header] + rows]
    lines.insert(1, "|---" + "|--:" * (len(header) - 1) + "|")
    return "\n".join(lines) + "\n"


def percent(share):
    return f"{100 * share:.2g} %" if share >= 1e-4 else "< 0.01 %"


def validation():
    """The cost of a pair for two threads, predicted from the other measurements."""
    rows = []
    for name, machine, steps, measured in [
            ("CAS + fetch_add, first measurement", QUIET, CAS_FETCH_ADD, 120),
            ("CAS + fetch_add, another day", BUSY, CAS_FETCH_ADD, 53),
            ("CAS + CAS, another day", BUSY, BULWARK, 55)]:
        cells = [name, f"{machine.transfer:.1f}", f"{measured}"]
        for holds in (True, False):
            predicted = 2 * simulate(replace(machine, holds=holds), 2, 0, steps=steps).perCall
            cells.append(f"{predicted:.0f} ({100 * (predicted / measured - 1):+.0f} %)")
        rows.append(cells)
    return table(["pair of operations, 2 threads", "transfer ns", "measured ns", "line is held",
                  "line leaves at once"], rows)


def word():
    """Calls a second through one bulkhead, in millions, and the share of the cores' time that is work."""
    machine = replace(QUIET, transfer=MESH)
    rows = []
    for cores in CORES:
        cells = [f"{cores}"]
        for _, work in WORK:
            share = efficiency(machine, cores, work)
            calls = share * cores / (work + 2 * machine.cas) * 1e3  # millions a second
            cells.append(f"{calls:.3g} M ({100 * share:.0f} %)")
        rows.append(cells)
    return table(["cores"] + [name for name, _ in WORK], rows)


def leastWork(machine, cores, share):
    """The smallest of 1, 2, 5, 10, ... us of work for each call that keeps `share`."""
    work = 1e3
    for factor in [2, 2.5, 2] * 4:
        if efficiency(machine, cores, work, calls=2000) >= share:
            break
        work *= factor
    return f"{work / 1e3:.0f} us"


def wall():
    rows = []
    for name, transfer in DISTANCES:
        machine = replace(QUIET, transfer=transfer)
        most = simulate(machine, 64, 0).callsPerSecond
        cells = [name, f"{transfer:.0f}", f"{most / 1e6:.1f} M"]
        for cores in (8, 64):
            cells.append(leastWork(machine, cores, 0.9))
        cells.append(leastWork(replace(machine, holds=False), 64, 0.9))
        rows.append(cells)
    return table(["distance of the cores", "transfer ns", "most calls/s", "8 cores keep 90 % from",
                  "64 cores keep 90 % from", "64 cores, line leaves at once"], rows)


def split():
    """The cost of splitting a bulkhead: the probability that a call has to wait."""
    rows = []
    for parts in (1, 4, 8, 16, 64):
        permits = 64 // parts
        cells = [f"{parts} x {permits}"]
        for busy in (0.5, 0.75, 0.9):
            share = models.waitProbability(permits, permits * busy)
            cells.append(percent(share))
        rows.append(cells)
    return table(["64 permits as", "50 % busy", "75 % busy", "90 % busy"], rows)


ARM_EARLIEST = 490  # ns to set and cancel the timer that is due first, including the system's timer
ARM_LATER = 145  # ns for any other


def timers():
    """With 100000 queued calls a second that are granted in time: timers set, share of one core."""
    queued = 100000
    rows = []
    for bulkheads in (1, 10, 100, 1000, 10000):
        cells = [f"{bulkheads}"]
        for timeout in (0.1, 1.0, 10.0):
            perSecond = models.timersSet(bulkheads, timeout, queued)
            cells.append(f"{perSecond:g}/s ({percent(perSecond * ARM_EARLIEST * 1e-9)})")
        rows.append(cells)
    rows.append(["one for each waiter instead"]
                + [f"{queued}/s ({percent(queued * ARM_LATER * 1e-9)})"] * 3)
    return table(["bulkheads, a timer each", "timeout 0.1 s", "1 s", "10 s"], rows)


def registry():
    rows = []
    for names in (8, 100, 1000, 10000, 65536):
        looks, places = models.probes(names)
        rows.append([f"{names}", f"{places}", f"{looks:.2f}", f"{places * 8 / 1024:g} KiB"])
    return table(["services", "places", "looked at", "table"], rows)


def reading():
    rows = []
    for threads in (1, 8, 64):
        lines = models.linesOfStats(threads)
        rows.append([f"stats(), written by {threads}", f"{lines}", *(f"{lines * t / 1e3:.1f} us" for _, t in DISTANCES)])
    rows.append(["health(), a bulkhead", f"{models.HEALTH_LINES}",
                 *(f"{models.HEALTH_LINES * t / 1e3:.2f} us" for _, t in DISTANCES)])
    return table(["reading", "lines"] + [f"{t:.0f} ns a line" for _, t in DISTANCES], rows)


TABLES = {f.__name__: f for f in (validation, word, wall, split, timers, registry, reading)}


def main(names):
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"scale.py: no such table: {', '.join(unknown)}\n{__doc__}", file=sys.stderr)
        return 2
    for name in names or TABLES:
        print(f"{name}\n\n{TABLES[name]()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
