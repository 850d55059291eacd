"""The machine and the build that the figures come from."""

import datetime
import os
import pathlib
import platform
import subprocess

Facts = dict[str, str]


def command(*words: str) -> str:
    """The output of a command, or nothing if it cannot be run."""
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def contents(path: str) -> str:
    try:
        return pathlib.Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def processor() -> str:
    for line in contents("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return command("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()


def system() -> str:
    for line in contents("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            name = line.partition("=")[2].strip('"')
            return f"{name}, {platform.system()} {platform.release()}"
    return platform.platform()


def revision() -> str:
    hash_ = command("git", "rev-parse", "--short", "HEAD")
    dirty = command("git", "status", "--porcelain", "--untracked-files=no")
    return hash_ and f"{hash_}, and changes not committed" * bool(dirty) or hash_


def facts() -> Facts:
    """Call it before the first benchmark runs, so that the load is that of other processes."""
    found = {
        "date": datetime.date.today().isoformat(),
        "revision": revision(),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "governor": contents("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "system": system(),
        "load at the start": f"{os.getloadavg()[0]:.2f}",
    }
    return {name: value for name, value in found.items() if value}


def built(context: dict[str, object]) -> Facts:
    """The facts in the output of the benchmarks."""
    names = {"compiler": "compiler", "flags": "flags", "asio_version": "Asio",
             "bulwark_version": "bulwark"}
    return {name: str(context[key]) for key, name in names.items() if context.get(key)}
