"""How many calls a second can one bulkhead handle, from how many cores?

The only shared data on the fast path of a call is one word (class Admission): the call loads it and
adds its weight by a compare-and-swap, runs, loads it again and subtracts its weight by another one.
The word lies on one cache line, and a line is writable in the cache of one core at a time.
This is a discrete-event model of that line.

Assumptions
  - A core runs one call after the other: enter, work, leave, work. Work is everything that the
    core does for a call (parsing, system calls, the callable). It does not include the time in which
    the call waits for the network, because the core then works for other calls.
  - A core that has the line reads in `hit`, and changes the word in `fetchAdd` or `cas`.
  - A core that lacks the line requests it. Requests are served one at a time, in order of arrival, and
    each takes `transfer`, whether for reading (the line is then in two caches or more) or for
    writing (it is then in one). All distances are the same.
  - A compare-and-swap fails if the word has changed since this core last saw it. Machines
    differ in what follows, so there are two bounds. With `holds`, the core tries again before the line
    leaves it. Without, the line leaves at once, and the core requests it again, behind all others.
  - There are enough permits: no call waits or is rejected.

Times are in ns.
"""

import heapq
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    transfer: float
    fetchAdd: float
    cas: float
    hit: float = 0.0  # the one-thread figures of `cas` include the load before it
    holds: bool = True


# The operations of a call on the word.
FETCH_ADD = ("fetchAdd", "fetchAdd")
CAS_FETCH_ADD = ("cas", "fetchAdd")
BULWARK = ("cas", "cas")


class Line:
    """A cache line, in the state after the last request."""

    def __init__(self, machine, owner):
        self.machine = machine
        self.holders = {owner}
        self.writable = True  # by the only holder
        self.free = 0.0  # when the last request will have been served
        self.version = 0  # of the word

    def load(self, core, now):
        """The time at which the word has been read."""
        if core in self.holders:
            return now + self.machine.hit
        self.free = max(self.free, now) + self.machine.transfer
        self.holders.add(core)
        self.writable = False
        return self.free + self.machine.hit

    def _modify(self, core, now, cost):
        mine = self.writable and core in self.holders
        self.free = max(self.free, now) + (0.0 if mine else self.machine.transfer) + cost
        self.holders = {core}
        self.writable = True

    def fetchAdd(self, core, now):
        self._modify(core, now, self.machine.fetchAdd)
        self.version += 1
        return self.free

    def cas(self, core, now, seen):
        """The time of its end, and whether it changed the word."""
        self._modify(core, now, self.machine.cas)
        if seen != self.version:
            if not self.machine.holds:
                return self.free, False
            self.free += self.machine.cas
        self.version += 1
        return self.free, True


@dataclass(frozen=True)
class Outcome:
    calls: int
    seconds: float  # in ns, like everything
    failures: int  # of compare-and-swaps
    worked: float  # the work of all cores together

    @property
    def callsPerSecond(self):
        return self.calls / self.seconds * 1e9

    @property
    def perCall(self):
        """The time of the whole machine for one call, in ns."""
        return self.seconds / self.calls


def simulate(machine, cores, work, calls=4000, steps=BULWARK, seed=1, spread="exponential"):
    """Runs `cores` cores until `calls` calls have ended, after as many calls as warm-up.

    work    of a call; one half of it under the permit, the other before and after
    spread  distribution of a half: "exponential", or "constant"; with "constant" the cores start at
            even distances within it
    """
    dice = random.Random(seed)
    line = Line(machine, owner=0)
    order = 0
    events = []  # (when, order, core, step 0 or 1, part, version seen)

    def at(when, core, step, part, seen=0):
        nonlocal order
        order += 1
        heapq.heappush(events, (when, order, core, step, part, seen))

    half = work / 2
    worked = 0.0

    def workTime():
        nonlocal worked
        time = dice.expovariate(1 / half) if spread == "exponential" and half > 0 else half
        worked += time
        return time

    for core in range(cores):
        at(half * core / cores, core, 0, "begin")
    ended = failures = 0
    begin = 0.0
    while True:
        now, _, core, step, part, seen = heapq.heappop(events)
        if part == "begin" and steps[step] == "cas":
            # The load sees the word at the time of its request, in the order of requests.
            at(line.load(core, now), core, step, "cas", line.version)
            continue
        if part == "cas":
            when, done = line.cas(core, now, seen)
            if not done:
                failures += 1
                at(when, core, step, "cas", line.version)
                continue
        else:
            when = line.fetchAdd(core, now)
        if step == 0:
            at(when + workTime(), core, 1, "begin")
            continue
        ended += 1
        if ended == calls:
            begin, failures, worked = when, 0, 0.0
        if ended == 2 * calls:
            return Outcome(calls, when - begin, failures, worked)
        at(when + workTime(), core, 0, "begin")


def efficiency(machine, cores, work, **options):
    """The share of the cores' time that is work, including the cost of an unshared word."""
    outcome = simulate(machine, cores, work, **options)
    own = outcome.calls * 2 * (machine.hit + machine.cas)
    return (outcome.worked + own) / (cores * outcome.seconds)
