"""Tests the models where the answer is known, and the tables of docs/scale.md.

usage: python3 -m unittest discover -s bench/simulation -p '*_test.py'
"""

import pathlib
import unittest
from dataclasses import replace

import models
import scale
from cache_line import BULWARK, CAS_FETCH_ADD, FETCH_ADD, Machine, efficiency, simulate

# Powers of two, so that sums are exact.
MACHINE = Machine(transfer=16, fetchAdd=4, cas=8, hit=1)


class TheLine(unittest.TestCase):
    def test_one_core_pays_its_own_operations_and_nothing_else(self):
        for work in (0, 1024):
            for steps, own in ((FETCH_ADD, 8), (CAS_FETCH_ADD, 13), (BULWARK, 18)):
                outcome = simulate(MACHINE, 1, work, steps=steps, spread="constant")
                self.assertEqual(outcome.perCall, work + own)
                self.assertEqual(outcome.failures, 0)

    def test_without_work_fetch_adds_follow_each_other_through_the_line(self):
        for cores in (2, 3, 64):
            outcome = simulate(MACHINE, cores, 0, calls=12 * cores, steps=FETCH_ADD)
            self.assertEqual(outcome.perCall, 2 * (16 + 4))

    def test_with_endless_work_each_core_pays_its_transfers_and_waits_for_no_other(self):
        work = 2.0**40
        for cores in (2, 16, 64):
            outcome = simulate(MACHINE, cores, work, calls=4 * cores, steps=FETCH_ADD,
                               spread="constant")
            self.assertEqual(outcome.perCall * cores, work + 2 * (16 + 4))
            outcome = simulate(MACHINE, cores, work, calls=4 * cores, spread="constant")
            # load and compare-and-swap, twice: two transfers each
            self.assertEqual(outcome.perCall * cores, work + 2 * (16 + 1 + 16 + 8))
            self.assertEqual(outcome.failures, 0)
        self.assertAlmostEqual(efficiency(MACHINE, 64, work, spread="constant"), 1, places=9)

    def test_without_a_price_for_transfers_only_the_operations_follow_each_other(self):
        free = replace(MACHINE, transfer=0)
        outcome = simulate(free, 8, 0, calls=96, steps=FETCH_ADD)
        self.assertEqual(outcome.perCall, 2 * 4)

    def test_a_line_that_leaves_at_once_is_never_better_than_one_that_is_held(self):
        for cores in (2, 8, 64):
            for work in (0, 1000, 10000):
                held = simulate(MACHINE, cores, work).callsPerSecond
                fair = simulate(replace(MACHINE, holds=False), cores, work).callsPerSecond
                self.assertLessEqual(fair, 1.02 * held)

    def test_no_call_overlaps_another_on_the_line(self):
        for cores in (1, 4, 64):
            for work in (0, 100, 10000):
                outcome = simulate(MACHINE, cores, work)
                self.assertGreaterEqual(outcome.perCall, 2 * 8 if cores == 1 else 2 * 8 - 1e-9)
                self.assertGreaterEqual(outcome.perCall * cores, 0.9 * work)

    def test_two_threads_are_predicted_within_a_quarter_where_the_line_is_held(self):
        for machine, steps, measured in ((scale.QUIET, CAS_FETCH_ADD, 120),
                                         (scale.BUSY, CAS_FETCH_ADD, 53),
                                         (scale.BUSY, BULWARK, 55)):
            predicted = 2 * simulate(machine, 2, 0, steps=steps).perCall
            self.assertLess(abs(predicted / measured - 1), 0.25)

    def test_the_calibration_returns_what_it_was_made_of(self):
        self.assertAlmostEqual(simulate(scale.QUIET, 1, 0, steps=FETCH_ADD).perCall, 9.5)
        self.assertAlmostEqual(simulate(scale.QUIET, 1, 0, steps=CAS_FETCH_ADD).perCall, 13.1)
        self.assertAlmostEqual(2 * simulate(scale.QUIET, 2, 0, steps=FETCH_ADD).perCall, 79)


class TheOthers(unittest.TestCase):
    def test_erlang(self):
        for load in (0, 0.25, 0.75):
            self.assertAlmostEqual(models.waitProbability(1, load), load)
        self.assertAlmostEqual(models.waitProbability(2, 1), 1 / 3)
        self.assertAlmostEqual(models.waitProbability(64, 64 - 1e-12), 1)

    def test_timers_are_set_once_a_timeout_and_never_more_often_than_calls_queue(self):
        self.assertEqual(models.timersSet(1, 0.5, 1e9), 2)
        self.assertEqual(models.timersSet(10, 0.5, 1e9), 20)
        self.assertEqual(models.timersSet(10, 0.5, 3), 3)
        self.assertEqual(models.timersSet(1, 0.5, 1e9, timedOutPerSecond=100), 102)

    def test_a_name_alone_in_the_registry_is_found_at_once(self):
        self.assertEqual(models.probes(1), (1, 16))

    def test_the_registry_is_at_most_half_full_and_then_as_knuth_says(self):
        looks, places = models.probes(65536)
        self.assertEqual(places, 131072)
        self.assertAlmostEqual(looks, 0.5 * (1 + 1 / (1 - 0.5)), delta=0.02)

    def test_a_snapshot_reads_each_shard(self):
        each = models.linesOfStats(3) - models.linesOfStats(2)
        self.assertEqual(models.linesOfStats(7) - models.linesOfStats(2), 5 * each)
        # The second shard comes with a table for six, the eighth one with a table of 1 KiB.
        self.assertEqual(models.linesOfStats(2) - models.linesOfStats(1), each + 2)
        self.assertEqual(models.linesOfStats(8) - models.linesOfStats(7), each + 1024 // models.CACHE_LINE)
        self.assertEqual(models.linesOfStats(64) - models.linesOfStats(8), 56 * each)


class ThePage(unittest.TestCase):
    def test_its_tables_are_what_the_models_say(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        page = (root / "docs/scale.md").read_text(encoding="utf-8")
        for name, make in scale.TABLES.items():
            with self.subTest(table=name):
                self.assertIn(make(), page)


if __name__ == "__main__":
    unittest.main()
