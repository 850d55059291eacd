"""The service and a browser, for the tests."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service as Driver

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")


def until(condition, what, seconds=10):
    """Returns the first true result of the condition; fails after the given time."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)  # between two checks; the length does not matter


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Running:
    """The service, running on a port of its own until it is stopped."""

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __init__(self, program, *options, port=0):
        self.process = subprocess.Popen([program, "--port", str(port), *options], text=True,
                                        stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().split(" ")[0].strip()
        assert self.url.startswith("http://127.0.0.1:"), self.url
        self.port = int(self.url.rstrip("/").rpartition(":")[2])
        until(self.is_up, "the service answers")

    def is_up(self):
        with contextlib.suppress(urllib.error.URLError):
            return self.get("health")

    def request(self, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with self.opener.open(request, timeout=10) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path):
        return self.request(path)

    def post(self, path, body, **headers):
        return self.request(path, json.dumps(body).encode(),
                            **{"Content_Type": "application/json", **headers})

    def bulkheads(self):
        return self.get("bulkheads").json()

    def bulkhead(self, name):
        return next(item for item in self.bulkheads()["bulkheads"] if item["name"] == name)

    def dependency(self, name, latency, failures=0):
        assert self.post(f"dependencies/{name}",
                         {"latencyMs": latency, "failureRate": failures}).status == 204

    def burst(self, name, calls):
        assert self.post(f"dependencies/{name}/burst", {"calls": calls}).status == 204

    def terminate(self):
        """Returns its exit status and its output."""
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=30)
        return self.process.returncode, output

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-first-run", "--no-proxy-server", "--disable-background-networking",
                     "--window-size=1400,1000"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # the sandbox does not work for root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Driver(CHROMEDRIVER), options=options)
