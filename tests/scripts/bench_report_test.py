"""Tests what scripts/bench_report computes, to the last digit.

usage: bench_report_test.py [options of unittest: -v, or the name of a test]
"""

import contextlib
import importlib.util
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
sys.dont_write_bytecode = True

from bench_report import figures, gates, markdown, report, running  # noqa: E402
from bench_report.cases import Case, Failed, case_of, parse_id, read  # noqa: E402
from bench_report.spread import Spread, differences, ratios, spread  # noqa: E402

TREE = pathlib.Path(__file__).resolve().parents[2]


def series(*values):
    return {(0, index): value for index, value in enumerate(values)}


def results(**cases):
    """Results of overhead:x/<contender> by contender, in ns per call."""
    return {f"overhead:x/{name}": {"per_call": series(*(value * 1e-9 for value in values))}
            for name, values in cases.items()}


class Ids(unittest.TestCase):
    def test_the_id_of_a_case_does_not_say_how_it_is_measured(self):
        for name, id_ in (
            ("post_batch/bulkhead", "overhead:post_batch/bulkhead"),
            ("post_batch/bulkhead/manual_time", "overhead:post_batch/bulkhead"),
            ("dispatch/naive/n:10000/iterations:1/manual_time", "overhead:dispatch/naive/n:10000"),
            ("try/semaphore/min_time:0.5/process_time/real_time/threads:2",
             "overhead:try/semaphore/threads:2"),
            ("mass/naive/n:10000/iterations:3/repeats:2/real_time", "overhead:mass/naive/n:10000"),
        ):
            self.assertEqual(case_of("overhead", name).id, id_)

    def test_words_that_only_begin_like_a_suffix_are_kept(self):
        self.assertEqual(case_of("f", "a/real_timer/n:1").id, "f:a/real_timer/n:1")

    def test_a_case_may_have_no_contender(self):
        self.assertEqual(case_of("isolation", "bulkheads/load:200"),
                         Case("isolation", "bulkheads", "", ("load:200",)))

    def test_an_id_is_read_back(self):
        for id_ in ("queue:dispatch/naive/n:10000", "isolation:bulkheads/load:200",
                    "a:b/c/threads:2"):
            self.assertEqual(parse_id(id_).id, id_)

    def test_arguments_have_values(self):
        case = parse_id("queue:dispatch/naive/n:10000/threads:2")
        self.assertEqual((case.argument("n"), case.argument("threads"), case.argument("load")),
                         (10000, 2, None))
        self.assertEqual(case.about, "dispatch n=10,000 threads=2")

    def test_invalid_ids_are_refused(self):
        for text in ("dispatch/naive", "queue:dispatch/naive/real_time"):
            with self.assertRaises(ValueError):
                parse_id(text)


class Statistics(unittest.TestCase):
    def test_quartiles_are_interpolated(self):
        self.assertEqual(spread([4, 1, 3, 2]), Spread(1.75, 2.5, 3.25))
        self.assertEqual(spread([5, 1, 4, 2, 3]), Spread(2, 3, 4))
        self.assertEqual(spread([7]), Spread(7, 7, 7))
        with self.assertRaises(ValueError):
            spread([])

    def test_a_ratio_is_computed_from_pairs(self):
        # All medians are 20; only the pairs give the ratios.
        self.assertEqual(ratios(series(10, 20, 30), series(10, 20, 30)).median, 1)
        self.assertEqual(ratios(series(10, 20, 90), series(20, 10, 30)), Spread(1.25, 2, 2.5))

    def test_repetitions_without_a_partner_are_ignored(self):
        of = {(0, 0): 2.0, (0, 1): 100.0, (1, 0): 6.0}
        against = {(0, 0): 1.0, (1, 0): 2.0, (1, 1): 100.0}
        self.assertEqual(ratios(of, against), Spread(2.25, 2.5, 2.75))
        self.assertEqual(differences(of, against), Spread(1.75, 2.5, 3.25))

    def test_the_ratio_of_zeros_is_1(self):
        self.assertEqual(ratios(series(0), series(0)).median, 1)
        self.assertEqual(ratios(series(3), series(0)).median, float("inf"))


class Output(unittest.TestCase):
    """Tests with the output of Google Benchmark."""

    def read(self, *runs, found=None):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "out.json"
            path.write_text(json.dumps({"context": {"compiler": "g++"}, "benchmarks": runs}))
            found = {} if found is None else found
            context = read(path, "queue", 3, found)
        self.assertEqual(context, {"compiler": "g++"})
        return found

    def test_counters_are_read_by_repetition_and_aggregates_are_not(self):
        run = {"run_type": "iteration", "run_name": "flip/naive/real_time", "repetitions": 2,
               "repetition_index": 1, "threads": 1, "iterations": 5, "real_time": 7.0,
               "cpu_time": 6.0, "time_unit": "us", "items_per_second": 9.0, "label": "text",
               "per_call": 5e-9, "bytes": 12}
        found = self.read(run, {**run, "run_type": "aggregate", "per_call": 1.0})
        self.assertEqual(found, {"queue:flip/naive": {"per_call": {(3, 1): 5e-9},
                                                      "bytes": {(3, 1): 12.0},
                                                      "time": {(3, 1): 7.0 * 1e-6}}})

    def test_cases_come_in_the_order_of_the_source(self):
        def run(name, family):
            return {"run_type": "iteration", "run_name": name, "repetition_index": 0,
                    "family_index": family, "real_time": 1.0, "time_unit": "ns"}

        self.assertEqual(list(self.read(run("b/x", 1), run("a/x", 0))), ["queue:a/x", "queue:b/x"])

    def test_an_error_is_reported_and_hides_nothing_else(self):
        runs = [{"run_type": "iteration", "run_name": name, "repetition_index": 0, "real_time": 1.0,
                 "time_unit": "ns"} for name in ("a/x", "b/x", "c/x")]
        runs[0] |= {"error_occurred": True, "error_message": "a permit was refused"}
        found = {}
        with self.assertRaises(Failed) as failed:
            self.read(runs[0], runs[0], *runs[1:], found=found)
        self.assertEqual(str(failed.exception), "queue:a/x: a permit was refused")
        self.assertEqual(list(found), ["queue:b/x", "queue:c/x"])


class Gates(unittest.TestCase):
    GATE = {"name": "x", "of": "overhead:x/bulkhead", "against": "overhead:x/naive"}

    def verdicts(self, gate, found):
        return [(check.limit, check.show(check.found.median) if check.found else "", check.verdict)
                for check in gates.check({**self.GATE, **gate}, found)]

    def test_a_ratio_holds_up_to_its_limit(self):
        found = results(bulkhead=[50], naive=[100])
        for limit, verdict in ((0.49, "NO"), (0.5, "yes"), (0.51, "yes")):
            self.assertEqual(self.verdicts({"ratio": limit}, found),
                             [(f"≤ {limit}x naive", "0.50x", verdict)])

    def test_slack_and_stretch_are_reported(self):
        found = results(bulkhead=[50], naive=[100])
        for gate, verdict in (({"ratio": 0.6, "stretch": 0.5}, "yes, stretch"),
                              ({"ratio": 0.6, "stretch": 0.49}, "yes"),
                              ({"ratio": 0.45, "slack": 0.15}, "yes, slack"),
                              ({"ratio": 0.43, "slack": 0.15}, "NO")):
            self.assertEqual(self.verdicts(gate, found)[0][2], verdict)

    def test_additional_nanoseconds_are_checked(self):
        found = results(bulkhead=[160, 150], naive=[100, 90])
        self.assertEqual(self.verdicts({"extra_ns": 61}, found),
                         [("≤ +61 ns over naive", "+60 ns", "yes")])
        self.assertEqual(self.verdicts({"extra_ns": 59}, found)[0][2], "NO")

    def test_a_maximum_applies_to_the_metric(self):
        gate = {"name": "x", "of": "m:w/b", "metric": "bytes", "max": 192}
        for value, verdict in ((192, "yes"), (193, "NO")):
            check, = gates.check(gate, {"m:w/b": {"bytes": series(value)}})
            self.assertEqual((check.limit, check.verdict), ("≤ 192 bytes", verdict))

    def test_every_limit_of_a_gate_counts(self):
        found = results(bulkhead=[170], naive=[100])
        verdicts = self.verdicts({"ratio": 2, "extra_ns": 60}, found)
        self.assertEqual([held for _, _, held in verdicts], ["yes", "NO"])

    def test_a_limit_known_not_to_hold_does_not_fail_a_run(self):
        found = results(bulkhead=[50], naive=[100])
        for limit, known, expected in ((0.49, "because", ("no, because", False, False)),
                                       (0.49, None, ("NO", False, True)),
                                       (0.5, "because", ("yes", True, False))):
            gate = {**self.GATE, "ratio": limit, **({"known": known} if known else {})}
            check, = gates.check(gate, found)
            self.assertEqual((check.verdict, check.holds, check.breaks), expected)
        check, = gates.check({**self.GATE, "ratio": 1, "known": "because"}, {})
        self.assertEqual((check.verdict, check.breaks), ("not run", True))

    def test_a_case_that_did_not_run_never_holds(self):
        for found in ({}, results(bulkhead=[1]), results(naive=[1]),
                      {**results(naive=[1]), "overhead:x/bulkhead": {"bytes": series(1)}}):
            for gate in ({"ratio": 2}, {"extra_ns": 60}, {"max": 1}):
                check, = gates.check({**self.GATE, **gate}, found)
                self.assertEqual((check.verdict, check.holds, check.found),
                                 ("not run", False, None))

    def test_an_optional_gate_may_lack_its_cases(self):
        gate = {**self.GATE, "ratio": 0.5, "optional": True}
        self.assertEqual(gates.check(gate, results(bulkhead=[1])), [])
        self.assertEqual(len(gates.check(gate, results(bulkhead=[1], naive=[1]))), 1)

    def test_the_other_case_is_named_by_its_difference(self):
        for of, against, name in (("q:d/b/n:1", "q:d/naive/n:1", "naive"),
                                  ("q:d/b/n:2", "q:d/b/n:1", "n:1"),
                                  ("q:d/b", "q:clock/bare", "clock/bare")):
            self.assertEqual(gates.base_of({"of": of, "against": against}), name)

    def test_a_gate_that_cannot_fail_is_refused(self):
        for gate, fault in (({"rato": 1}, "unknown key 'rato'"), ({}, "no limit"),
                            ({"ratio": "1"}, "'ratio' is '1'"),
                            ({"ratio": True}, "'ratio' is True"),
                            ({"max": 1, "stretch": 1}, "belong to 'ratio'"),
                            ({"of": "x/bulkhead", "ratio": 1}, "not the id of a case")):
            self.assertIn(fault, gates.fault_of({**self.GATE, **gate}))
        self.assertIn("no 'against'", gates.fault_of({"name": "", "of": "a:b/c", "ratio": 1}))
        self.assertIsNone(gates.fault_of({**self.GATE, "ratio": 1}))

    def test_the_gates_of_the_library_are_well_formed(self):
        self.assertGreater(len(gates.load(TREE / "bench/gates.json")), 20)


class Conclusion(unittest.TestCase):
    """Tests the conclusion of a run."""

    GATES = [{**Gates.GATE, "ratio": 0.5},
             {"name": "y", "of": "a:b/c", "against": "a:b/d", "ratio": 1}]

    def status(self, found, whole):
        from bench_report.__main__ import conclude
        with contextlib.redirect_stdout(io.StringIO()):
            return conclude(found, self.GATES, whole=whole)

    def test_a_limit_that_does_not_hold_fails_any_run(self):
        for whole in (True, False):
            self.assertEqual(self.status(results(bulkhead=[60], naive=[100]), whole), 1)

    def test_a_limit_that_did_not_run_fails_a_full_run(self):
        found = results(bulkhead=[50], naive=[100])
        self.assertEqual((self.status(found, True), self.status(found, False)), (1, 0))


class Blocks(unittest.TestCase):
    PAGE = ("a\n<!-- begin: one (scripts/bench) -->\nold\n<!-- end: one -->\nb\n"
            "<!-- begin: two -->\nkept\n<!-- end: two -->\nc")

    def test_a_block_is_replaced_and_all_else_is_kept(self):
        self.assertEqual(markdown.replace_blocks(self.PAGE, {"one": "\nnew\nlines\n"}),
                         self.PAGE.replace("\nold\n", "\n\nnew\nlines\n\n"))

    def test_writing_twice_changes_nothing(self):
        once = markdown.replace_blocks(self.PAGE, {"one": "new", "two": r"\1 & \g<0>"})
        self.assertEqual(once, markdown.replace_blocks(once, {"one": "new", "two": r"\1 & \g<0>"}))
        self.assertIn("\n\n\\1 & \\g<0>\n\n", once)

    def test_blocks_have_names(self):
        self.assertEqual(markdown.block_names(self.PAGE), ["one", "two"])

    def test_markers_in_a_line_of_prose_are_prose(self):
        for page in ("as in `<!-- begin: one -->`\n", "as in <!-- begin: one -->\n"):
            self.assertEqual(markdown.replace_blocks(page, {"one": "new"}), page)

    def test_a_block_without_an_end_is_refused(self):
        for page in ("<!-- begin: one -->\n", "<!-- begin: one -->\n<!-- end: two -->\n",
                     "<!-- begin: one -->\n<!-- begin: two -->\n"
                     "<!-- end: two -->\n<!-- end: one -->"):
            with self.assertRaises(ValueError):
                markdown.replace_blocks(page, {"one": "new"})

    def test_a_table_of_a_page(self):
        self.assertEqual(markdown.table(["a", "b"], [["x|y", "1"]], "<>"),
                         "| a | b |\n|---|--:|\n| x\\|y | 1 |")

    def test_a_table_of_a_terminal(self):
        self.assertEqual(markdown.text_table(["a", "b", "c"],
                                             [["xyz", "1", "so"], ["", "100", ""]], "<><"),
                         "a      b  c\nxyz    1  so\n     100")


class Reports(unittest.TestCase):
    def test_a_contender_is_compared_with_baselines_on_its_own_executor(self):
        group = dict.fromkeys(["bulkhead", "bulkhead_any", "bare", "bare_any", "naive"])
        for name, others in (("bulkhead", ["naive", "bare"]),
                             ("bulkhead_any", ["naive", "bare_any"]),
                             ("naive", []), ("bare_any", []),
                             ("manager", ["naive", "bare", "bulkhead"])):
            self.assertEqual(report.baselines_of(name, group), others)

    def test_each_case_has_a_row(self):
        found = results(bulkhead=[50, 50, 50], naive=[100, 200, 50])
        self.assertEqual(report.file_table(found, "overhead").markdown, (
            "| scenario | contender | ns per call | quartiles | ratio |\n"
            "|---|---|--:|--:|---|\n"
            "| x | bulkhead | 50.0 | 50.0 | 0.50x naive |\n"
            "|  | naive | 100 | 75.0 – 150 |  |"))

    def test_two_builds_by_ratio(self):
        before = results(same=[10, 10, 10], slow=[10, 10, 10], gone=[1], unsure=[10, 10, 10])
        now = results(same=[9, 10, 11], slow=[12, 13, 14], new=[1], unsure=[9, 11, 13])
        self.assertEqual(report.against_table(now, before).rows, [
            ["overhead:x/same", "10.0 ns", "10.0 ns", "1.00x", "0.95 – 1.05x", ""],
            ["overhead:x/slow", "10.0 ns", "13.0 ns", "1.30x", "1.25 – 1.35x", "slower"],
            ["overhead:x/unsure", "10.0 ns", "11.0 ns", "1.10x", "1.00 – 1.20x", ""]])

    def test_figures(self):
        for text, expected in (
            (figures.ratio(0.0041), "0.0041x"), (figures.ratio(1.005), "1.00x"),
            (figures.ratio(12.4), "12x"), (figures.nanoseconds(47.25e-9), "47.2"),
            (figures.nanoseconds(12345e-9), "12,345"), (figures.extra(46.6e-9), "+47 ns"),
            (figures.extra(-3e-9), "-3 ns"), (figures.duration(0.0054), "5.4 ms"),
            (figures.duration(3), "3 s"), (figures.duration(1e-3), "1 ms"),
            (figures.duration(708e-6), "708 us"), (figures.plain(2867), "2,867"),
            (figures.plain(0), "0"), (figures.plain(0.5), "0.5"),
            (figures.percent(0.999), "99.9 %"),
            (figures.between(Spread(1e-3, 2e-3, 3e-3), figures.duration), "1 – 3 ms"),
            (figures.between(Spread(1e-6, 2e-3, 3e-3), figures.duration), "1 us – 3 ms"),
        ):
            self.assertEqual(text, expected)


class Running(unittest.TestCase):
    def test_a_filter_names_its_cases_and_no_others(self):
        chosen = running.choose(pathlib.Path(), "queue", ["flip/naive", "a/b/min_time:0.1"]).chosen
        self.assertTrue(re.search(chosen, "flip/naive"))
        self.assertTrue(re.search(chosen, "a/b/min_time:0.1"))
        for name in ("flip/naive_any", "xflip/naive", "a/b/min_time:0.10", "a/b/min_time:001"):
            self.assertFalse(re.search(chosen, name))

    def run_rounds(self, plan, **seconds):
        """The cases that run in each round, for the given durations."""
        now = [0.0]
        done = []
        for number, task in running.rounds(list(seconds), plan, clock=lambda: now[0]):
            done.append(f"{number}{task}")
            now[0] += seconds[task]
        return done

    def test_a_case_that_would_overrun_the_budget_is_skipped(self):
        plan = running.Plan(rounds=4, repetitions=1, min_time=1, budget=10)
        self.assertEqual(self.run_rounds(plan, a=1, b=2, c=4),
                         ["0a", "0b", "0c", "1a", "1b"])

    def test_a_long_case_skips_rounds(self):
        plan = running.Plan(rounds=3, repetitions=1, min_time=1, budget_each=5)
        self.assertEqual(self.run_rounds(plan, a=1, b=2.5, c=3),
                         ["0a", "0b", "0c", "1a", "1b", "2a"])

    def test_the_first_round_always_runs(self):
        plan = running.Plan(rounds=2, repetitions=1, min_time=1, budget=0, budget_each=0)
        self.assertEqual(self.run_rounds(plan, a=1, b=1), ["0a", "0b"])


FAKE = """#!{python} -IS
import json, sys
options = dict(word[2:].split("=", 1) for word in sys.argv[1:])
if "benchmark_list_tests" in options:
    print("x/bulkhead\\nx/naive")
else:
    runs = [dict(run_type="iteration", run_name=name, repetition_index=index, real_time=1.0,
                 time_unit="ns", per_call=ns * 1e-9, error_occurred=ns == 0)
            for name, ns in (("x/bulkhead", {bulkhead}), ("x/naive", 100))
            for index in range(int(options["benchmark_repetitions"]))
            if name in options["benchmark_filter"]]
    with open(options["benchmark_out"], "w") as out:
        json.dump(dict(context=dict(compiler="g++"), benchmarks=runs), out)
"""


class WholeRuns(unittest.TestCase):
    """Tests whole runs, from the command line to the pages, with fake benchmarks."""

    PAGE = ("mine\n<!-- begin: machine -->\n<!-- end: machine -->\n<!-- begin: gates -->\n"
            "<!-- end: gates -->\n<!-- begin: overhead -->\n<!-- end: overhead -->\n")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        for path, text in (("bench/overhead.cpp", ""), ("docs/benchmarks.md", self.PAGE),
                           ("README.md", self.PAGE),
                           ("bench/gates.json", json.dumps(
                               [{**Gates.GATE, "ratio": 0.5, "readme": True}]))):
            (self.tree / path).parent.mkdir(exist_ok=True)
            (self.tree / path).write_text(text, encoding="utf-8")
        self.benchmark(bulkhead=50)

    def benchmark(self, bulkhead, tree="."):
        path = running.binary_path(self.tree / tree, "overhead")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FAKE.format(python=sys.executable, bulkhead=bulkhead))
        path.chmod(0o755)

    def run_report(self, *words):
        done = subprocess.run([sys.executable, "-m", "bench_report", *words], cwd=self.tree,
                              env={**os.environ, "PYTHONPATH": str(TREE / "scripts"),
                                   "PYTHONDONTWRITEBYTECODE": "1"},
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def page(self):
        return (self.tree / "docs/benchmarks.md").read_text(encoding="utf-8")

    def test_quick_and_smoke_write_no_page(self):
        for mode in ("quick", "smoke"):
            status, said = self.run_report("--mode", mode, "overhead")
            self.assertEqual(status, 0, said)
            self.assertRegex(said, r"≤ 0.5x naive +0.50x +0.50x +yes")
            self.assertEqual(self.page(), self.PAGE)

    def test_only_a_smoke_run_ignores_a_limit(self):
        self.benchmark(bulkhead=60)
        for mode, status in (("quick", 1), ("smoke", 0)):
            self.assertEqual(self.run_report("--mode", mode, "overhead")[0], status)

    def test_a_benchmark_that_fails_fails_every_run_and_writes_no_page(self):
        self.benchmark(bulkhead=0)
        for mode in ("full", "quick", "smoke"):
            status, said = self.run_report("--mode", mode, "overhead")
            self.assertEqual(status, 1)
            self.assertIn("scripts/bench: overhead:x/bulkhead: failed", said)
        self.assertEqual(self.page(), self.PAGE)

    def test_a_partial_run_writes_no_page_and_says_so(self):
        (self.tree / "bench/queue.cpp").touch()
        for words in (["overhead"], ["overhead", "queue", "--benchmark_min_time=1"]):
            status, said = self.run_report(*words)
            self.assertEqual(status, 0)
            self.assertIn("docs/benchmarks.md is as it was", said)
        self.assertEqual(self.page(), self.PAGE)

    def test_two_builds_run_alternately(self):
        self.benchmark(bulkhead=40, tree="old")
        status, said = self.run_report("--mode", "against", "--base", "old", "overhead")
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"overhead:x/bulkhead +40.0 ns +50.0 ns +1.25x +1.25x +slower\n")
        self.assertRegex(said, r"overhead:x/naive +100 ns +100 ns +1.00x +1.00x\n")

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "the plots take matplotlib")
    def test_a_full_run_writes_the_pages_even_if_a_limit_does_not_hold(self):
        self.benchmark(bulkhead=60)
        status, said = self.run_report("overhead")
        self.assertEqual(status, 1, said)
        page = self.page()
        self.assertTrue(page.startswith("mine\n<!-- begin: machine -->\n\n- date: "))
        self.assertIn("- compiler: g++\n- repetitions: 25\n", page)
        self.assertIn("| x | ≤ 0.5x naive | 0.60x | 0.60x | NO |", page)
        self.assertIn("| x | bulkhead | 60.0 | 60.0 | 0.60x naive |", page)
        self.assertIn("| x | 60.0 ns | 100 ns naive | 0.60x |",
                      (self.tree / "README.md").read_text(encoding="utf-8"))
        plot = (self.tree / "docs/images/ratios.svg").read_text(encoding="utf-8")
        for part in ("<title id=", "<desc id=", "prefers-color-scheme: dark", "var(--broken)"):
            self.assertIn(part, plot)
        for part in ("#fe00", "<metadata", "DejaVu"):
            self.assertNotIn(part, plot)

        self.assertEqual(self.run_report("--mode", "again")[0], 1)
        self.assertEqual(self.page(), page)
        self.assertEqual((self.tree / "docs/images/ratios.svg").read_text(encoding="utf-8"), plot)


if __name__ == "__main__":
    unittest.main()
