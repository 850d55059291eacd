"""Checks bulwark's metrics, rules and dashboard with a real Prometheus.

    prometheus_test.py <service> <source tree>

Starts the program of service.cpp, and Prometheus to scrape it, both on loopback and with all files in a
temporary folder. If Prometheus is not installed, prints a message and exits with 77.
"""

import contextlib
import http.client
import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

SKIPPED = 77
DEADLINE = 60  # seconds after which a condition counts as failed

# The library's statistics by the metrics that expose them.
COUNTERS = {
    "bulkhead_executed_total": ("bulkhead", "executed"),
    "bulkhead_failed_total": ("bulkhead", "failed"),
    "bulkhead_rejected_total": ("bulkhead", "rejected"),
    "bulkhead_timeout_total": ("bulkhead", "timedOut"),
    "bulkhead_cancelled_total": ("bulkhead", "cancelled"),
    "bulkhead_drained_total": ("bulkhead", "drained"),
    "bulkhead_overran_total": ("bulkhead", "overran"),
    "bulkhead_over_limit_total": ("bulkhead", "overLimit"),
    "bulkhead_execution_time_seconds_count": ("bulkhead", "execution.count"),
    "bulkhead_wait_time_seconds_count": ("bulkhead", "wait.count"),
    "semaphore_acquired_total": ("semaphore", "acquired"),
    "semaphore_timeout_total": ("semaphore", "timedOut"),
    "semaphore_rejected_total": ("semaphore", "rejected"),
    "semaphore_execution_time_seconds_count": ("semaphore", "execution.count"),
    "semaphore_wait_time_seconds_count": ("semaphore", "wait.count"),
    'circuit_breaker_calls_total{outcome="succeeded"}': ("breaker", "succeeded"),
    'circuit_breaker_calls_total{outcome="failed"}': ("breaker", "failed"),
    'circuit_breaker_calls_total{outcome="ignored"}': ("breaker", "ignored"),
    'circuit_breaker_calls_total{outcome="refused"}': ("breaker", "refused"),
    "circuit_breaker_slow_calls_total": ("breaker", "slow"),
    "circuit_breaker_opened_total": ("breaker", "opened"),
    "circuit_breaker_would_have_refused_total": ("breaker", "wouldHaveRefused"),
    "rate_limiter_executed_total": ("limiter", "executed"),
    "rate_limiter_failed_total": ("limiter", "failed"),
    "rate_limiter_rejected_total": ("limiter", "rejected"),
    "rate_limiter_timeout_total": ("limiter", "timedOut"),
    "rate_limiter_cancelled_total": ("limiter", "cancelled"),
    "rate_limiter_drained_total": ("limiter", "drained"),
    "rate_limiter_over_limit_total": ("limiter", "overLimit"),
    "rate_limiter_wait_time_seconds_count": ("limiter", "wait.count"),
    "retry_calls_total": ("retry", "calls"),
    "retry_attempts_total": ("retry", "attempts"),
    "retry_retried_total": ("retry", "retried"),
    "retry_recovered_total": ("retry", "recovered"),
    "retry_exhausted_total": ("retry", "exhausted"),
    "retry_over_budget_total": ("retry", "overBudget"),
}
SUMS = {
    "bulkhead_execution_time_seconds_sum": ("bulkhead", "execution.sum"),
    "bulkhead_wait_time_seconds_sum": ("bulkhead", "wait.sum"),
    "semaphore_execution_time_seconds_sum": ("semaphore", "execution.sum"),
    "semaphore_wait_time_seconds_sum": ("semaphore", "wait.sum"),
    "rate_limiter_wait_time_seconds_sum": ("limiter", "wait.sum"),
}
GAUGES = {
    "bulkhead_active": ("bulkhead", "active"),
    "bulkhead_queued": ("bulkhead", "queued"),
    "bulkhead_overdue": ("bulkhead", "overdue"),
    "bulkhead_max_concurrent": ("bulkhead", "maxConcurrent"),
    "bulkhead_max_queue_size": ("bulkhead", "maxQueueSize"),
    "semaphore_permits": ("semaphore", "permits"),
    "semaphore_available": ("semaphore", "available"),
    "semaphore_waiting": ("semaphore", "waiting"),
    'circuit_breaker_state{state="open"}': ("breaker", "open"),
    "rate_limiter_available": ("limiter", "available"),
    "rate_limiter_queued": ("limiter", "queued"),
    "rate_limiter_burst": ("limiter", "burst"),
    "rate_limiter_max_queue_size": ("limiter", "maxQueueSize"),
}
# service.cpp resets these at the start of each round: Prometheus counts all rounds, stats() the last.
RESET = {("bulkhead", "reset"), ("breaker", "broken"), ("breaker", "tried")}


def until(what, condition):
    """Returns the first true result of condition(); fails after the deadline."""
    end = time.monotonic() + DEADLINE
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.05)
    return result


class Service:
    """The program of service.cpp."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def order(self, order):
        """Sends a command and returns the answer, {(kind, name, field): number}."""
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        answer = {}
        while (line := self.process.stdout.readline().rstrip("\n")) != "done":
            if not line:
                raise AssertionError("the service has exited")
            kind, name, field, number = line.split()
            answer[kind, name, field] = int(number)
        return answer

    def metrics(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            return connection.getresponse().read()

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(DEADLINE)
        self.process.stdout.close()
        return status


class Prometheus:
    """A Prometheus that scrapes one service ten times a second."""

    def __init__(self, folder, target, rules):
        config = folder / "prometheus.yml"
        config.write_text(json.dumps({  # JSON is valid YAML
            "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"},
            "rule_files": [str(rules)],
            "scrape_configs": [{"job_name": "bulwark", "static_configs": [{"targets": [target]}]}],
        }))
        self.log = folder / "prometheus.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
                 "--web.listen-address=127.0.0.1:0"], stdout=log, stderr=subprocess.STDOUT)
        self.port = int(until("Prometheus listens", self.listening))
        until("Prometheus is ready", lambda: self.get("/-/ready").status == 200)

    def listening(self):
        if self.process.poll() is not None:
            raise AssertionError("Prometheus has exited:\n" + self.log.read_text())
        found = re.search(r'msg="Listening on" address=127\.0\.0\.1:(\d+)', self.log.read_text())
        return found and found[1]

    def get(self, path, **parameters):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        with contextlib.closing(connection):
            connection.request("GET", path + "?" + urllib.parse.urlencode(parameters, doseq=True))
            response = connection.getresponse()
            response.body = response.read()
            return response

    def api(self, path, **parameters):
        answer = json.loads(self.get("/api/v1/" + path, **parameters).body)
        if answer["status"] != "success":
            raise AssertionError(f"{path} {parameters}: {answer}")
        return answer["data"]

    def query(self, expression):
        """[(labels, value)]"""
        return [(series["metric"], float(series["value"][1]))
                for series in self.api("query", query=expression)["result"]]

    def value(self, expression):
        """The value of the only series, or None if there is none."""
        found = self.query(expression)
        if len(found) > 1:
            raise AssertionError(f"{expression}: {found}")
        return found[0][1] if found else None

    def end(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


def of(metric, kind, name):
    """The selector of a metric of one object."""
    more = f'{kind}="{name}"'
    return metric.replace("}", f", {more}}}") if metric.endswith("}") else f"{metric}{{{more}}}"


class TheRealThing(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        folder = pathlib.Path(cls.stack.enter_context(tempfile.TemporaryDirectory(prefix="bulwark-")))
        cls.service = Service(SERVICE)
        cls.stack.callback(cls.service.process.kill)
        cls.prometheus = Prometheus(folder, f"127.0.0.1:{cls.service.port}", SOURCE / "ops" / "rules.yml")
        cls.stack.callback(cls.prometheus.end)
        # Two rounds with a scrape between them, so that rates are not 0.
        cls.reported = {}
        until("Prometheus scrapes", lambda: cls.prometheus.value('up{job="bulwark"}') == 1)
        cls.round()
        cls.round()

    @classmethod
    def round(cls):
        answer = cls.service.order("load")
        for key in answer.keys() & cls.reported.keys():
            if key[:2] in RESET:
                answer[key] += cls.reported[key]
        cls.reported = answer
        # These calls are the last of the load: a scrape that has them has everything.
        refused = cls.reported["breaker", "broken", "refused"]
        until("the round is scraped", lambda: cls.prometheus.value(
            'circuit_breaker_calls_total{breaker="broken", outcome="refused"}') == refused)

    def names(self, kind):
        return sorted({name for k, name, _ in self.reported if k == kind})

    def test_the_load_has_every_end(self):
        """Otherwise the tests below would compare zeros."""
        for metric, (kind, field) in COUNTERS.items():
            with self.subTest(metric):
                self.assertGreater(sum(self.reported[kind, name, field] for name in self.names(kind)), 0)

    def test_every_counter_equals_the_count_of_the_library(self):
        for metric, (kind, field) in COUNTERS.items():
            for name in self.names(kind):
                with self.subTest(metric=metric, name=name):
                    self.assertEqual(self.prometheus.value(of(metric, kind, name)), self.reported[kind, name, field])

    def test_every_sum_is_exact(self):
        for metric, (kind, field) in SUMS.items():
            for name in self.names(kind):
                with self.subTest(metric=metric, name=name):
                    self.assertAlmostEqual(self.prometheus.value(of(metric, kind, name)),
                                           self.reported[kind, name, field] / 1e9, delta=1e-9)

    def test_every_gauge_equals_the_value_of_the_library(self):
        for metric, (kind, field) in GAUGES.items():
            for name in self.names(kind):
                if (kind, name) in RESET and field != "open":
                    continue
                with self.subTest(metric=metric, name=name):
                    expected = self.reported[kind, name, field]
                    self.assertEqual(self.prometheus.value(of(metric, kind, name)), min(expected, 1)
                                     if field == "open" else expected)

    def test_there_are_exactly_the_expected_series(self):
        for metric, (kind, _) in (COUNTERS | SUMS | GAUGES).items():
            with self.subTest(metric):
                self.assertEqual(sorted(labels[kind] for labels, _ in self.prometheus.query(metric)),
                                 self.names(kind))

    def test_quantiles_are_within_the_error_of_the_buckets(self):
        """A value up to 8 % below a bound may be counted above it."""
        bounds = sorted(float(labels["le"]) for labels, _ in self.prometheus.query(
            'bulkhead_execution_time_seconds_bucket{bulkhead="db"}'))
        self.assertEqual(len(bounds), 20)
        for field, metric in {"execution": "bulkhead_execution_time_seconds_bucket",
                              "wait": "bulkhead_wait_time_seconds_bucket"}.items():
            for percent in 50, 90, 99:
                with self.subTest(metric=metric, percent=percent):
                    true = self.reported["bulkhead", "db", f"{field}.p{percent}"] / 1e9  # within 6.25 %
                    lower = max([bound for bound in bounds if bound < true / 1.0625], default=0)
                    upper = min(bound for bound in bounds if bound * 0.92 >= true * 1.0625)
                    found = self.prometheus.value(
                        f'histogram_quantile({percent / 100}, {metric}{{bulkhead="db"}})')
                    self.assertGreaterEqual(found, lower)
                    self.assertLessEqual(found, upper)

    def test_a_peak_is_seen_by_the_next_scrape(self):
        """A peak between two scrapes is in the next scrape only; stats() keeps it."""
        peak = 'bulkhead_peak_active{bulkhead="idle"}'
        self.assertEqual(self.prometheus.value(f"max_over_time({peak}[1h])"), 0)
        answer = self.service.order("peaks")
        self.reported.update({key: number for key, number in answer.items() if key[:2] not in RESET})
        until("the peak is scraped", lambda: self.prometheus.value(f"max_over_time({peak}[1h])") == 7)
        until("the next scrape has no peak", lambda: self.prometheus.value(peak) == 0)
        self.assertEqual(answer["bulkhead", "idle", "peakActive"], 7)

    def test_promtool_accepts_the_metrics(self):
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.service.metrics(),
                                 capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))

    def test_the_page_lists_exactly_the_metrics(self):
        page = (SOURCE / "docs" / "metrics.md").read_text()
        there = set(re.findall(r"^# TYPE (?!exposer_)(\S+)", self.service.metrics().decode(), re.M))
        listed = set(re.findall(r"^\| `((?:bulkhead|semaphore|circuit_breaker|rate_limiter|retry)_\w+)`", page, re.M))
        self.assertEqual(there, listed)

    def test_every_rule_can_be_evaluated_and_every_recording_has_data(self):
        def rules():
            found = [rule for group in self.prometheus.api("rules")["groups"] for rule in group["rules"]]
            return found if all(rule["health"] != "unknown" for rule in found) else None
        found = until("all rules are evaluated", rules)
        self.assertEqual({rule["name"]: rule.get("lastError") for rule in found if rule["health"] != "ok"}, {})
        for rule in found:
            if rule["type"] == "recording":
                with self.subTest(rule["name"]):
                    until(f"{rule['name']} has data", lambda: self.prometheus.query(rule["name"]))

    def test_every_alert_has_a_test_that_fires_and_one_that_stays_silent(self):
        alerts = [rule["name"] for group in self.prometheus.api("rules")["groups"] for rule in group["rules"]
                  if rule["type"] == "alerting"]
        self.assertEqual(len(alerts), 10)
        for alert in alerts:
            with self.subTest(alert):
                file = SOURCE / "tests/prometheus/rules" / (re.sub(r"(?<!^)(?=[A-Z])", "_", alert).lower() + ".yml")
                text = file.read_text()
                self.assertIn("- name: fires", text)
                self.assertIn("- name: stays silent", text)
                self.assertIn(f"### {alert}\n", (SOURCE / "docs" / "metrics.md").read_text())

    def test_every_query_of_the_dashboard_has_data(self):
        dashboard = json.loads((SOURCE / "ops" / "dashboard.json").read_text())
        variables = {"__rate_interval": "1m", "__interval": "1s", "__range": "1m"}
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                self.check_variable(variable, variables)
        panels = [panel for row in dashboard["panels"] for panel in [row, *row.get("panels", [])]]
        targets = [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", [])]
        self.assertGreaterEqual(len(targets), 25)
        for title, expression in targets:
            with self.subTest(panel=title, expression=expression):
                asked = self.with_variables(expression, variables)
                self.assertNotIn("$", asked)
                values = [value for _, value in self.prometheus.query(asked)]
                self.assertTrue(values)
                self.assertFalse(all(math.isnan(value) for value in values))

    def test_every_query_of_the_page_is_valid(self):
        page = (SOURCE / "docs" / "metrics.md").read_text()
        queries = [line for block in re.findall(r"```promql\n(.*?)```", page, re.S) for line in block.splitlines()]
        self.assertGreaterEqual(len(queries), 15)
        for query in queries:
            with self.subTest(query):
                found = self.prometheus.query(query)
                if not re.search(r"[<>=]=|[<>] ", query):  # a comparison, whose result may be empty
                    self.assertTrue(found)

    def check_variable(self, variable, variables):
        query = variable["query"]["query"]
        found = re.fullmatch(r"label_values\((.+), (\w+)\)", query)
        self.assertIsNotNone(found, query)
        match = self.with_variables(found[1], variables)
        values = self.prometheus.api(f"label/{found[2]}/values", **{"match[]": match})
        self.assertTrue(values, query)
        several = variable.get("multi") or variable.get("includeAll")
        # A variable that selects one object takes the one with all the load.
        preferred = {"bulkhead": "db", "semaphore": "cpu", "breaker": "broken", "limiter": "quota", "retry": "orders"}.get(variable["name"])
        variables[variable["name"]] = ".*" if several else preferred or values[0]

    @staticmethod
    def with_variables(expression, variables):
        return re.sub(r"\$(\w+)|\$\{(\w+)\}", lambda m: variables.get(m[1] or m[2], m[0]), expression)

    @classmethod
    def tearDownClass(cls):
        # The sanitizers give another status to a service that leaks or races at its end.
        status = cls.service.end()
        if status != 0:
            raise AssertionError(f"the service ended with status {status}")


if __name__ == "__main__":
    SERVICE, SOURCE = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)).resolve()
    for tool in "prometheus", "promtool":
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed (Debian: prometheus)")
            sys.exit(SKIPPED)
    unittest.main(verbosity=2)
