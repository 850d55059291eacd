"""Other costs that grow with threads, waiting calls, bulkheads and services: formulas, each with its
source in the code. Times are in ns unless a name says otherwise.
"""

import math
import random

CACHE_LINE = 64


def waitProbability(permits, load):
    """Erlang C: the probability that a call finds no permit, with Poisson arrivals and exponential times.

    load  arrivals a second * seconds a call = permits in use on average; below `permits`
    """
    if load == 0:
        return 0.0
    blocked = 1.0  # Erlang B, by its recursion
    for n in range(1, permits + 1):
        blocked = load * blocked / (n + load * blocked)
    share = load / permits
    return blocked / (1 - share + share * blocked)


def timersSet(bulkheads, timeout, queuedPerSecond, timedOutPerSecond=0.0):
    """How often a second a timer is set, for all bulkheads together.

    A bulkhead has one timer. It stays set while calls run or wait, whichever call leaves the queue. When
    it expires, it is set to the earliest remaining deadline. With one timeout for all calls, that happens
    once in `timeout` seconds, and once for each call that times out, but not more often than calls queue.
    (An idle bulkhead cancels the timer and sets it again when the next call queues: that is the case of
    the limit.)
    """
    return min(queuedPerSecond, bulkheads / timeout + timedOutPerSecond)


def probes(names, seed=1):
    """The average number of places that Registry::find() checks for a known name.

    Like Registry, it uses linear probing in a table of at least 16 places, and at least twice the number of
    names, a power of two. Hashes are random numbers.
    """
    places = 16
    while places < 2 * names:
        places *= 2
    dice = random.Random(seed)
    taken = set()
    looks = 0
    for _ in range(names):
        place = dice.getrandbits(64) % places
        looks += 1
        while place in taken:
            place = (place + 1) % places
            looks += 1
        taken.add(place)
    return looks / names, places


def linesOfStats(shards, bucketCount=257, counters=8):
    """Cache lines that stats() reads: of the core, of the shards, of the tables by which they are found, and of the
    histograms."""
    core = 6  # with the counters that threads without a shard share, and the peak of the queue
    recorder = math.ceil((bucketCount + 3) * 8 / CACHE_LINE)
    shard = math.ceil((3 + counters) * 8 / CACHE_LINE)
    waits = recorder
    # The first shard needs no table. The first table has room for 6 shards, the second one for 63.
    tables = (2 if shards > 1 else 0) + (16 if shards > 7 else 0)
    return core + shards * (shard + recorder) + tables + waits


# Lines of each bulkhead: that of the word, that of the configured limit, and that of the peak of the queue.
HEALTH_LINES = 3
