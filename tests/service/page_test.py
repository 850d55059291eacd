"""Tests the page of examples/service in a browser, and the requests behind its buttons.

usage: page_test.py <the program service> [as unittest takes it: -v, or the name of a test]
Status 77: skipped, because there is no chromium, chromedriver or selenium.
"""

import http.server
import re
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

try:
    from selenium.webdriver.common.keys import Keys
    from running import CHROMEDRIVER, CHROMIUM, Running, browser, until
except ImportError as missing:
    print(f"skipped: {missing} (Debian: python3-selenium)")
    sys.exit(77)
if not CHROMIUM or not CHROMEDRIVER:
    print("skipped: no chromium or no chromedriver (Debian: chromium, chromium-driver)")
    sys.exit(77)

NAMES = ["ai.claude", "ai.openai", "ai.deepseek", "container.create", "container.execute",
         "file.upload", "file.analyze", "api.metasploit", "db.read", "db.write"]
CHANGES = {"drain": {}, "resume": {}, "load": {"factor": 1},
           "dependencies/db.read": {"latencyMs": 1, "failureRate": 0},
           "dependencies/db.read/burst": {"calls": 1}}
DESKTOP, PHONE = (1400, 1000), (360, 740)


class PageTest(unittest.TestCase):
    maxDiff = None
    """A page of a service of its own."""

    options = ["--admin", "--load", "0"]

    def setUp(self):
        self.service = Running(program, *self.options)
        self.addCleanup(self.service.kill)
        chromium.get_log("browser")  # discards the log of the previous test
        self.addCleanup(chromium.get, "about:blank")  # before the service stops
        self.show(DESKTOP)

    def show(self, size, scheme="light"):
        width, height = size
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme},
                         {"name": "prefers-reduced-motion", "value": "reduce"}]})
        chromium.get(self.service.url)
        until(lambda: self.js("return last !== null"), "the page has numbers")

    def js(self, script, *arguments):
        return chromium.execute_script(script, *arguments)

    def row(self, name, kind="bulkhead"):
        """The texts of a row, by the name of the number."""
        return self.js("""
            const row = document.getElementById(arguments[0]);
            const shown = {state: row.querySelector('.state').textContent};
            for (const item of row.querySelectorAll('[data-field]'))
              shown[item.dataset.field] = item.textContent;
            for (const item of row.querySelectorAll('[data-time]'))
              shown[item.dataset.time] = item.textContent;
            for (const item of row.querySelectorAll('[data-rate]'))
              shown['per second ' + item.dataset.rate] = item.textContent;
            for (const item of row.querySelectorAll('[role=meter]'))
              shown[item.getAttribute('aria-label')] = item.getAttribute('aria-valuetext');
            return shown;""", f"{kind}-{name}")

    def states(self):
        return {name: self.row(name)["state"] for name in NAMES}

    def focus_by_tab(self, text):
        """Presses Tab until the button with that text has the focus."""
        for _ in range(80):
            chromium.switch_to.active_element.send_keys(Keys.TAB)
            if chromium.switch_to.active_element.get_property("textContent") == text:
                return chromium.switch_to.active_element
        raise AssertionError(f"Tab does not reach {text}")

    def press(self, name, fault):
        """Presses a button of a dependency with the keyboard."""
        button = chromium.find_element(
            "css selector", f"#bulkhead-{name.replace('.', chr(92) + '.')} [data-fault={fault}]")
        self.js("arguments[0].focus()", button)
        button.send_keys(Keys.ENTER)

    def assertNoErrors(self):
        self.assertEqual([entry for entry in chromium.get_log("browser")
                          if entry["level"] in ("SEVERE", "WARNING")], [])


class Numbers(PageTest):
    def test_the_page_shows_what_bulkheads_has(self):
        # 5 run or wait for the 3 permits of global.memory_intensive, 20 wait, and 25 are refused.
        self.service.dependency("container.create", None)
        self.service.burst("container.create", 50)
        self.service.burst("db.read", 234)  # 30 run, 100 wait
        until(lambda: self.service.bulkhead("db.read")["active"] == 0, "the reads are done")
        reads = self.service.bulkhead("db.read")
        self.assertEqual((reads["executed"], reads["rejected"]), (130, 104))

        until(lambda: self.row("db.read")["executed"] == "130", "the page shows them")
        shown = self.row("container.create")
        for field, text in {"state": "saturated", "active": "5", "maxConcurrent": "5",
                            "queued": "20", "maxQueueSize": "20", "executed": "0",
                            "rejected": "25", "timedOut": "0",
                            "container.create: active": "5 of 5 active",
                            "container.create: queued": "20 of 20 queued",
                            "recentWait.p50Ms": "–"}.items():
            self.assertEqual(shown[field], text, field)
        self.assertIn("25 lost", self.js(
            "return document.getElementById('bulkhead-container.create').textContent"))

        self.service.dependency("container.create", 1)
        until(lambda: self.row("container.create")["executed"] == "25", "all are executed")
        self.assertEqual(self.row("container.create")["rejected"], "25")
        semaphore = self.row("global.memory_intensive", "semaphore")
        self.assertEqual((semaphore["acquired"], semaphore["permits"], semaphore["waiting"]),
                         ("25", "3", "0"))
        self.assert_page_agrees()

        # Losses from now on count for the next period of saturation.
        until(lambda: self.row("container.create")["state"] == "ok", "it recovers")
        self.assertEqual(self.service.bulkhead("container.create")["lostInState"], 0)
        self.service.dependency("container.create", None)
        self.service.burst("container.create", 32)
        until(lambda: self.row("container.create")["rejected"] == "32", "7 more are refused")
        self.assertIn("7 lost", chromium.find_element("id", "troubled").text)

    def assert_page_agrees(self):
        """Compares every number of every row, once no number changes."""
        def agrees():
            now = self.service.bulkheads()
            for kind in ("bulkhead", "semaphore", "breaker"):
                for item in now[kind + "s"]:
                    for field, text in self.row(item["name"], kind).items():
                        if field.startswith("recent"):
                            value = item[field.partition(".")[0]][field.partition(".")[2]]
                            expected = self.js("return time(arguments[0])", value)
                        elif field in item:
                            expected = item[field] if field == "state" else f"{item[field]:,}"
                        else:
                            continue
                        if text != expected and not (kind == "semaphore" and field == "state"):
                            return False
            return True
        until(agrees, "the page shows the numbers of /bulkheads", 5)

    def test_rates_are_per_second_of_the_service(self):
        before = self.service.bulkheads()
        after = self.service.bulkheads()
        after["service"]["uptimeMs"] = before["service"]["uptimeMs"] + 2000
        for field, more in {"executed": 46, "rejected": 9, "timedOut": 1, "overran": 5}.items():
            after["bulkheads"][0][field] = before["bulkheads"][0][field] + more
        after["breakers"][0]["refused"] += 3
        self.js("clearTimeout(timer); show(arguments[0], arguments[1])", after, before)
        row = self.row("ai.claude")
        self.assertEqual([row["per second " + field] for field in
                          ("executed", "rejected", "timedOut", "overran")],
                         ["23", "4.5", "0.5", "2.5"])
        self.assertEqual(self.row("ai.claude", "breaker")["per second refused"], "1.5")
        self.assertEqual(self.js("return document.getElementById('totals').textContent"),
                         "23/s executed, 5.0/s lost")

    def test_overdue_calls_are_named_with_a_link(self):
        now = self.service.bulkheads()
        now["bulkheads"][2].update(overdue=3, state="busy")
        now["bulkheads"][4].update(overdue=2, state="saturated", stateMs=7000, lostInState=25)
        self.js("clearTimeout(timer); show(arguments[0], null)", now)
        self.assertEqual(self.js("return document.querySelector('#bulkhead-ai\\\\.deepseek .cost')"
                                 ".textContent"), "3 overdue")
        self.assertEqual(
            [item.text for item in chromium.find_elements("css selector", "#troubled li")],
            ["container.execute saturated for 7 s, 2 overdue", "ai.deepseek 3 overdue"])
        self.assertIn("1 of 10 bulkheads saturated", chromium.find_element("id", "verdict").text)
        now["bulkheads"][4].update(overdue=0, state="ok")
        self.js("show(arguments[0], null)", now)
        self.assertIn("have room, but", chromium.find_element("id", "verdict").text)
        now["bulkheads"][2].update(overdue=0)
        self.js("show(arguments[0], null)", now)
        self.assertEqual(chromium.find_elements("css selector", "#troubled li"), [])

    def test_every_state_has_a_word_and_a_colour(self):
        now = self.service.bulkheads()
        states = ["ok", "busy", "saturated", "draining", "observe", "off"]
        for bulkhead, state in zip(now["bulkheads"], states):
            bulkhead["state"] = state
        now["bulkheads"][0].update(maxConcurrent=None, maxQueueSize=None, active=7)
        self.js("clearTimeout(timer); show(arguments[0], null)", now)
        self.assertEqual(list(self.states().values())[:6], states)
        self.assertEqual(self.row("ai.claude")["ai.claude: active"], "7 of unlimited active")
        colours = {self.js("return getComputedStyle(document.querySelector(arguments[0])).color",
                           f"#bulkheads .{state} .state") for state in states}
        self.assertEqual(len(colours), len(states))


    def test_nothing_moves_when_the_numbers_do(self):
        moved = chromium.execute_async_script("""
            const done = arguments[0];
            clearTimeout(timer);
            const after = (base, seconds, one, more) => {
              const now = structuredClone(base);
              now.service.uptimeMs += 1000 * seconds;
              for (const item of [...now.bulkheads, ...now.semaphores, ...now.breakers]) {
                for (const key of ['executed', 'rejected', 'timedOut', 'overran', 'acquired',
                                   'failed', 'refused', 'opened', 'queued', 'active'])
                  if (key in item) item[key] = Math.min(one, item.maxConcurrent ?? one);
                if ('available' in item) item.available = Math.max(0, item.permits - one);
                item.stateMs = more;
                for (const key of ['recentWait', 'recentExecution'])
                  if (key in item) item[key] = {p50Ms: more / 100, p99Ms: more};
              }
              return now;
            };
            const frames = [after(last, 1, 1, 9e3), after(last, 2, 9, 9.9e3),
                            after(last, 3, 10, 10e3), after(last, 4, 19, 59e3),
                            after(last, 5, 30, 99.9e3)];
            frames.forEach(({bulkheads}, i) => {
              bulkheads[2].state = bulkheads[3].state = 'saturated';
              bulkheads[2].lostInState = 7 ** i;
              bulkheads[2].overdue = i % 2 * 20;
            });
            show(frames[0], last);
            requestAnimationFrame(() => requestAnimationFrame(() => {
              const moved = [];
              const note = (list) => moved.push(...list.getEntries().flatMap(({sources}) =>
                  sources.map(({node}) => node.parentElement.outerHTML)));
              const observer = new PerformanceObserver(note);
              observer.observe({type: 'layout-shift'});
              let i = 0;
              const step = () => {
                if (++i < frames.length) {
                  show(frames[i], frames[i - 1]);
                  requestAnimationFrame(() => requestAnimationFrame(step));
                } else {
                  note({getEntries: () => observer.takeRecords()});
                  done(moved);
                }
              };
              step();
            }));""")
        self.assertEqual(moved, [])


class Trouble(PageTest):
    options = ["--admin"]

    def test_a_stalled_dependency_saturates_only_its_own_bar(self):
        until(lambda: all(item["executed"] for item in self.service.bulkheads()["bulkheads"]),
              "all are at work")
        self.press("db.write", "stall")
        until(lambda: self.row("db.write")["state"] == "saturated", "its bar is saturated")
        others = {name: state for name, state in self.states().items() if name != "db.write"}
        self.assertLessEqual(set(others.values()), {"ok", "busy"}, others)

        # The top of the page names it, with a link to its row.
        link = until(lambda: chromium.find_elements("css selector", "#troubled a"), "the link")[0]
        self.assertEqual(link.text, "db.write")
        link.send_keys(Keys.ENTER)
        self.assertEqual(self.js("return document.querySelector(':target').id"),
                         "bulkhead-db.write")
        until(lambda: re.search(r"saturated for [2-9] s, [\d,]+ lost",
                                chromium.find_element("id", "troubled").text), "the page shows since when")
        self.assertTrue(chromium.title.startswith("(1) 1 of 10 bulkheads saturated"))
        for item in self.service.bulkheads()["bulkheads"]:
            self.assertEqual("saturated" in item["history"], item["name"] == "db.write")

        # The losses are the calls refused since then.
        until(lambda: self.service.bulkhead("db.write")["rejected"] > 0, "the queue is full")
        stats = self.service.bulkhead("db.write")
        self.assertEqual(stats["lostInState"], stats["rejected"] + stats["timedOut"])

        self.press("db.write", "healthy")
        until(lambda: self.row("db.write")["state"] in ("ok", "busy"), "it recovers")
        self.assertNoErrors()

    def test_a_failing_dependency_opens_its_circuit(self):
        self.press("ai.openai", "fail")
        until(lambda: self.row("ai.openai", "breaker")["state"] == "open", "the circuit")
        self.assertIn("ai.openai circuit open", chromium.find_element("id", "summary").text)
        until(lambda: self.service.bulkheads()["breakers"][1]["refused"] > 0, "it refuses")

    def test_drain_and_resume(self):
        self.focus_by_tab("Drain").send_keys(Keys.ENTER)
        until(lambda: chromium.find_element("id", "phase").text == "drained", "it is drained")
        answer = self.service.get("health")
        self.assertEqual((answer.status, answer.json()["state"]), (503, "drained"))
        self.assertTrue(answer.json()["draining"])
        self.assertEqual(answer.json()["drainingBulkheads"], sorted(NAMES))
        self.assertTrue(self.service.bulkhead("db.read")["draining"])
        self.assertEqual(set(self.states().values()), {"draining"})
        before = self.service.bulkhead("db.read")["executed"]
        until(lambda: self.service.bulkhead("db.read")["drained"] > 10, "calls are refused")
        self.assertEqual(self.service.bulkhead("db.read")["executed"], before)

        self.focus_by_tab("Resume").send_keys(Keys.ENTER)
        until(lambda: chromium.find_element("id", "phase").text == "serving", "it serves")
        answer = self.service.get("health")
        self.assertEqual((answer.status, answer.json()["state"]), (200, "serving"))
        self.assertFalse(answer.json()["draining"])
        self.assertEqual(answer.json()["drainingBulkheads"], [])
        until(lambda: self.service.bulkhead("db.read")["executed"] > before, "calls are executed")
        until(lambda: set(self.states().values()) <= {"ok", "busy"}, "no row drains")
        self.assertNoErrors()

    def test_more_load(self):
        before = self.service.bulkhead("db.read")
        self.focus_by_tab("4× load").send_keys(Keys.ENTER)
        until(lambda: self.service.bulkheads()["service"]["load"] == 4, "the load")
        until(lambda: self.js("return document.querySelector('[data-load=\"4\"]').ariaPressed") ==
              "true", "the button is pressed")
        until(lambda: self.service.bulkhead("db.read")["executed"] > before["executed"] + 800,
              "four times the calls", 5)

    def test_a_lost_connection_is_reported_and_stale_numbers_are_greyed(self):
        executed = self.row("db.read")["executed"]
        self.service.kill()
        until(lambda: chromium.find_elements("css selector", "body.stale"), "stale", 5)
        notice = chromium.find_element("css selector", "[role=alert]").text
        self.assertRegex(notice, r"^The service does not answer. What you see is from .*:")
        self.assertEqual(self.js("return getComputedStyle(document.querySelector('main')).filter"),
                         "grayscale(1)")
        self.assertGreaterEqual(int(self.row("db.read")["executed"].replace(",", "")),
                                int(executed.replace(",", "")))

        self.service = Running(program, *self.options, port=self.service.port)
        self.addCleanup(self.service.kill)
        until(lambda: not chromium.find_elements("css selector", "body.stale"), "it is back", 5)
        self.assertEqual(chromium.find_element("css selector", "[role=alert]").text, "")
        chromium.get_log("browser")  # the failed requests


class Overrun(PageTest):
    options = ["--admin", "--load", "0", "--execution-timeout", "0.2"]

    def test_calls_that_outlast_the_timeout_overrun_and_free_their_bulkhead(self):
        self.service.dependency("db.read", None)
        self.service.burst("db.read", 7)
        until(lambda: self.row("db.read")["overran"] == "7", "all have ended")
        stats = self.service.bulkhead("db.read")
        self.assertEqual([stats[field] for field in ("overran", "executed", "failed", "active",
                                                     "overdue")], [7, 0, 0, 0, 0])
        self.assertAlmostEqual(stats["executionTimeoutMs"], 200, places=3)
        self.assertIsNone(stats["maxOverdue"])
        health = self.service.get("health").json()
        self.assertEqual((health["overdueTasks"], health["overdue"]), (0, []))
        self.assertNoErrors()


class Access(PageTest):
    """Tests with keyboard, screen reader, phone and colours."""

    # The worst case: every state, and everything in trouble.
    WORST = """
        clearTimeout(timer);
        const now = structuredClone(last);
        const states = ['saturated', 'busy', 'draining', 'observe', 'off', 'ok'];
        now.bulkheads.forEach((item, i) => Object.assign(item, {
          state: states[i % 6], stateMs: 1e7, lostInState: 123456, executed: 999999, rejected: 1e9,
          timedOut: 1e12, overran: 999999, queued: item.maxQueueSize, active: item.maxConcurrent,
          overdue: i % 2 * item.maxConcurrent,
          recentWait: {p50Ms: 99949, p99Ms: 99949}, recentExecution: {p50Ms: 0.001, p99Ms: 999}}));
        now.semaphores.forEach((item, i) => Object.assign(item, {
          waiting: i % 2 * 12345, available: 0, acquired: 999999, timedOut: 999999}));
        now.breakers.forEach((item, i) => Object.assign(item, {
          state: ['open', 'half open', 'closed'][i % 3], refused: 999999, failed: 1e9}));
        const before = structuredClone(now);
        before.service.uptimeMs -= 1000;
        before.bulkheads.forEach((item) => {
          for (const key of ['rejected', 'timedOut', 'overran']) item[key] -= 12345;
        });
        show(now, before);
        notify('lost', 'The service does not answer.');"""

    def test_tab_reaches_every_control_in_order_and_shows_where_it_is(self):
        self.js(self.WORST)
        controls = self.js("return [...document.querySelectorAll('a, button')]")
        self.assertGreater(len(controls), 60)
        self.js("document.activeElement.blur()")
        chromium.find_element("tag name", "body").send_keys(Keys.TAB)
        for control in controls:
            focused = self.js("""
                const it = document.activeElement;
                it.same = it === arguments[0];
                document.activeElement.dispatchEvent(new Event('x'));
                return [it.same, getComputedStyle(it).outlineStyle, it.textContent]""", control)
            self.assertEqual(focused[:2], [True, "solid"], focused)
            chromium.switch_to.active_element.send_keys(Keys.TAB)

    def test_every_control_and_meter_has_a_name_of_its_own(self):
        self.js(self.WORST)
        tree = chromium.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        named = {}
        for node in tree:
            role = node.get("role", {}).get("value")
            if not node["ignored"] and role in ("button", "meter", "table", "link", "group"):
                named.setdefault(role, []).append(node["name"]["value"].strip())
        self.assertEqual({role: len(names) for role, names in named.items() if role != "link"},
                         {"button": 6 + 5 * 10, "meter": 2 * 10 + 6, "table": 3, "group": 2 + 10})
        for role, names in named.items():
            self.assertNotIn("", names, role)
            if role != "link":  # one name may be in trouble as a bulkhead and as a breaker
                self.assertEqual(len(names), len(set(names)), role)
        for text in ("stall db.write", "+50 calls db.write", "4× load", "Drain"):
            self.assertIn(text, named["button"])

    def test_everything_fits_on_any_screen(self):
        for size in (PHONE, (700, 900), (1024, 700), (1280, 700), DESKTOP):
            self.show(size)
            self.js(self.WORST)
            hidden, outside = self.js("""
                const outside = [];
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                  const element = walker.currentNode.parentElement;
                  const range = document.createRange();
                  range.selectNodeContents(walker.currentNode);
                  const text = range.getBoundingClientRect();
                  const room = element.closest('td, th, li, body').getBoundingClientRect();
                  if (text.width && (text.left < room.left - 1 || text.right > room.right + 1) &&
                      !element.closest('.spoken, .bulkheads thead'))
                    outside.push(element.outerHTML);
                }
                const page = document.documentElement;
                return [page.scrollWidth - page.clientWidth, outside];""")
            self.assertEqual((hidden, outside), (0, []), size)

    def test_text_has_the_contrast_of_wcag_aa(self):
        for scheme in ("light", "dark"):
            self.show(DESKTOP, scheme)
            self.js(self.WORST)
            faint, seen = self.js(CONTRAST)
            self.assertEqual(faint, [], scheme)
            self.assertGreater(seen, 300)
        self.assertNoErrors()

    def test_nothing_moves_with_reduced_motion(self):
        self.assertEqual(self.js("return getComputedStyle(document.querySelector('.track > span'))"
                                 ".transitionDuration"), "0s")


# Returns the texts whose contrast with the nearest background is below 4.5, and the number of texts.
CONTRAST = """
    const parse = (text) => text.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const groundOf = (element) => {
      for (; element; element = element.parentElement) {
        const colour = parse(getComputedStyle(element).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const faint = [];
    let seen = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element.checkVisibility() ||
          element.closest('script, style')) continue;
      const [a, b] = [luminance(parse(getComputedStyle(element).color)),
                      luminance(groundOf(element))];
      const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
      ++seen;
      if (contrast < 4.5) faint.push([walker.currentNode.data, contrast]);
    }
    return [faint, seen];"""


class ReadOnly(PageTest):
    options = ["--load", "0"]

    def test_there_are_no_buttons(self):
        self.assertEqual([button.text for button in chromium.find_elements("css selector", "button")
                          if button.is_displayed()], [])
        self.assertEqual(chromium.find_elements("css selector", ".faults"), [])
        self.assertFalse(chromium.find_element("id", "faults-head").is_displayed())
        self.assertNoErrors()

    def test_nothing_can_be_changed(self):
        before = self.service.bulkheads()["dependencies"]
        for path, body in CHANGES.items():
            self.assertEqual(self.service.post(path, body).status, 403, path)
        after = self.service.bulkheads()
        self.assertEqual((after["service"]["state"], after["service"]["load"],
                          after["dependencies"]), ("serving", 0, before))
        self.assertEqual(self.service.bulkhead("db.read")["executed"], 0)


class OtherSites(PageTest):
    def test_requests_of_another_site_are_refused(self):
        for headers, status in (({"Origin": "http://evil.example"}, 403),
                                ({"Origin": "null"}, 403),
                                ({"Origin": f"http://127.0.0.1:{self.service.port + 1}"}, 403),
                                ({"Sec_Fetch_Site": "cross-site"}, 403),
                                ({"Sec_Fetch_Site": "same-site"}, 403),
                                ({"Host": f"evil.example:{self.service.port}"}, 403),
                                ({"Content_Type": "text/plain"}, 415),
                                ({"Content_Type": "application/x-www-form-urlencoded"}, 415)):
            for path, body in CHANGES.items():
                self.assertEqual(self.service.post(path, body, **headers).status, status,
                                 (path, headers))
        self.assertEqual(self.service.bulkheads()["service"]["state"], "serving")
        own = self.service.url.rstrip("/")
        for headers in ({}, {"Origin": own, "Sec_Fetch_Site": "same-origin"},
                        {"Host": f"localhost:{self.service.port}"}):
            self.assertEqual(self.service.post("drain", {}, **headers).status, 204, headers)

    def test_a_page_of_another_site_changes_nothing(self):
        class Silent(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>another site</title>")

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as other:
            threading.Thread(target=other.serve_forever, daemon=True).start()
            chromium.get(f"http://127.0.0.1:{other.server_port}/")
            outcomes = chromium.execute_async_script("""
                const [url, done] = arguments;
                const plain = {method: 'POST', mode: 'no-cors', body: '{}'};
                const asked = {method: 'POST', body: '{}',
                               headers: {'Content-Type': 'application/json'}};
                Promise.allSettled([plain, asked].map((options) => fetch(url, options)))
                    .then((all) => done(all.map(({status, value}) => value ? value.type : status)));
                """, self.service.url + "drain")
            other.shutdown()
        self.assertEqual(outcomes, ["rejected", "rejected"])
        self.assertEqual(self.service.get("health").status, 200)
        chromium.get_log("browser")

    def test_the_page_loads_nothing_from_elsewhere_and_cannot_be_framed(self):
        policy = self.service.get("").headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'",
                     "form-action 'none'", "connect-src 'self'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotEqual(policy, self.service.get("").headers["Content-Security-Policy"])
        self.assertRegex(self.js("return document.querySelector('link[rel=icon]').href"), "^data:")
        self.assertEqual(self.js("""
            return [...new Set(performance.getEntriesByType('resource').map(({name}) => name))]"""),
                         [self.service.url + "bulkheads"])


class Requests(PageTest):
    def test_errors_name_the_wrong_value(self):
        for path, body, status, named in (
                ("dependencies/unknown", {"latencyMs": 1, "failureRate": 0}, 404, "unknown"),
                ("dependencies/db.read", {"failureRate": 0}, 400, "latencyMs"),
                ("dependencies/db.read", {"latencyMs": -1, "failureRate": 0}, 400, "latencyMs"),
                ("dependencies/db.read", {"latencyMs": 1, "failureRate": 2}, 400, "failureRate"),
                ("dependencies/db.read/burst", {"calls": 0}, 400, "calls"),
                ("load", {"factor": "many"}, 400, "factor"), ("load", [], 400, "object")):
            answer = self.service.post(path, body)
            self.assertEqual(answer.status, status, (path, body))
            self.assertIn(named, answer.json()["error"])
        self.assertEqual(self.service.get("nothing").status, 404)

    def test_metrics_are_the_numbers_of_bulkheads(self):
        if self.service.get("metrics").status == 404:
            self.skipTest("built without the component bulwark::prometheus")
        self.service.dependency("db.write", 1, failures=1)
        for name in ("db.read", "db.write", "ai.openai"):
            self.service.burst(name, 60)
        until(lambda: sum(item["executed"] + item["failed"] for item in
                          self.service.bulkheads()["bulkheads"]) == 180, "all have run")
        answer = self.service.get("metrics")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        lines = answer.body.decode().splitlines()
        now = self.service.bulkheads()
        for item in now["bulkheads"]:
            for field in ("executed", "failed", "rejected"):
                self.assertIn(f'bulkhead_{field}_total{{bulkhead="{item["name"]}"}} {item[field]}',
                              lines)
        for item in now["semaphores"]:
            self.assertIn(f'semaphore_acquired_total{{semaphore="{item["name"]}"}} '
                          f'{item["acquired"]}', lines)
        for item in now["breakers"]:
            self.assertIn(f'circuit_breaker_state{{breaker="{item["name"]}",state="closed"}} 1',
                          lines)

    def test_health_is_the_summary(self):
        self.service.dependency("db.write", None)
        self.service.burst("db.write", 20)
        health = self.service.get("health").json()
        self.assertEqual({key: health[key] for key in ("state", "totalBulkheads", "totalSemaphores",
                                                       "activeTasks", "queuedTasks", "saturated")},
                         {"state": "serving", "totalBulkheads": 10, "totalSemaphores": 6,
                          "activeTasks": 15, "queuedTasks": 5, "saturated": ["db.write"]})
        self.assertIn({"name": "global.disk_io", "available": 5, "permits": 20},
                      health["semaphores"])


class Ending(PageTest):
    options = ["--admin", "--load", "0", "--grace", "5"]

    def test_a_signal_lets_running_calls_finish(self):
        self.service.dependency("db.read", 1000)
        self.service.burst("db.read", 31)  # 30 run and one waits, which the drain fails
        self.service.process.terminate()
        until(lambda: self.service.get("health").status == 503, "it is draining", 1)
        self.assertEqual(self.service.post("resume", {}).status, 409)
        last = self.service.bulkhead("db.read")
        self.assertEqual((last["running"], last["drained"]), (30, 1))
        status, said = self.service.terminate()
        self.assertEqual((status, said), (0, "draining\ndrained\n"))

    def test_calls_that_do_not_finish_are_abandoned(self):
        self.service.kill()
        self.service = Running(program, "--admin", "--load", "0", "--grace", "0.2")
        self.addCleanup(self.service.kill)
        self.service.dependency("db.read", None)
        self.service.burst("db.read", 1)
        status, said = self.service.terminate()
        self.assertEqual(status, 1)
        self.assertIn("--grace", said)


if __name__ == "__main__":
    program = sys.argv.pop(1)
    chromium = browser()
    chromium.set_script_timeout(10)
    try:
        unittest.main(exit=False).result.wasSuccessful() or sys.exit(1)
    finally:
        chromium.quit()
