"""The program behind scripts/mutate, which works in a copy of the project: see its --help.

usage: python -m mutation --project <folder> [--check | --list | --mirror] [--copy <folder> --build <folder>] ...
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import time

from mutation.points import points_of, squeezed

# Excluded, because they make no decision about a call: configuration and text.
NO_CORE = """
    checked_limits duration_text error families format json_document manager_config manager_config_json manager_settings
    prometheus
""".split()
ARGUED = "tests/mutants/equivalent.txt"
FOLDERS = ("unit", "faults", "interleave")  # in this order
MEMORY = 6 << 30  # limit of a test, because a fault may make it allocate without end


def core(project):
    """The files of the admission core and the code around it."""
    found = [*project.glob("src/**/*.cpp"), *project.glob("include/bulwark/detail/**/*.hpp")]
    return sorted(str(path.relative_to(project)) for path in found if path.stem not in NO_CORE)


def argued(project):
    """Reads the faults that change nothing a caller could see: {(file, before, after): reason}."""
    found = {}
    for block in (project / ARGUED).read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if not lines:
            continue
        fields = dict((line.partition(":")[0].strip(), line.partition(":")[2].strip()) for line in lines)
        if set(fields) != {"file", "line", "becomes", "why"}:
            sys.exit(f"{ARGUED}: a block has the lines file, line, becomes and why, this one not:\n{block}")
        found[fields["file"], squeezed(fields["line"]), squeezed(fields["becomes"])] = fields["why"]
    return found


PARTS = "CMakeLists.txt CMakePresets.json LICENSE README.md bench cmake docs examples include packaging scripts src tests"
DECIDING = "CMakeLists.txt CMakePresets.json cmake include src tests"  # the parts on which results depend


def files_of(project, parts):
    """The files of the parts, relative to the project."""
    found = set()
    for part in parts.split():
        for path in [project / part, *(project / part).rglob("*")]:
            if path.is_file():
                found.add(path.relative_to(project))
    return found


def mirror(project, copy):
    """Makes the copy equal to the project, and does not touch equal files: an object compiled from a fault must be
    older than the file without it."""
    wanted = files_of(project, PARTS)
    for path in [path for part in PARTS.split() for path in (copy / part).rglob("*")]:
        if path.is_file() and path.relative_to(copy) not in wanted:
            path.unlink()
    for name in sorted(wanted):
        content = (project / name).read_bytes()
        place = copy / name
        if not place.is_file() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod((project / name).stat().st_mode)


def key(point):
    return point.file, point.before, point.after


class Journal:
    """The results so far, in a file: a run takes hours, and one that was interrupted goes on. Results for other
    sources or tests do not count."""

    def __init__(self, project, copy):
        content = hashlib.sha256()
        for name in sorted(files_of(project, DECIDING) - {pathlib.Path(ARGUED)}):
            content.update(str(name).encode() + b"\0" + (project / name).read_bytes())
        self.tree = content.hexdigest()
        self.path = copy / "results.jsonl"
        self.known = {}
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        for tree, file, start, replacement, verdict, how in map(json.loads, lines):
            if tree == self.tree:
                self.known[file, start, replacement] = verdict, how

    def find(self, point):
        return self.known.get((point.file, point.start, point.replacement))

    def add(self, point, verdict, how):
        with self.path.open("a", encoding="utf-8") as journal:
            print(json.dumps([self.tree, point.file, point.start, point.replacement, verdict, how]), file=journal)


class Trial:
    """A build of the copy, and its tests in the order in which they probably catch a fault."""

    def __init__(self, copy, build, jobs):
        self.copy, self.build, self.jobs = copy, build, jobs
        targets = self.ninja("-t", "targets", "all", quiet=True).stdout.split("\n")
        names = {line.partition(":")[0] for line in targets if line.partition(":")[0].startswith("test_")}
        self.tests = sorted(
            name for name in names if name.split("_")[1] in FOLDERS and "." not in name and "/" not in name
        )
        if not self.tests:
            sys.exit(f"no tests in {build}")
        self.seconds = {}
        self.caught_by = collections.defaultdict(collections.Counter)

    def ninja(self, *arguments, quiet=False):
        return subprocess.run(
            ["ninja", "-C", str(self.build), f"-j{self.jobs}", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=quiet,
        )

    def binary(self, test):
        for folder in ("tests", "tests/interleave"):
            if (self.build / folder / test).exists():
                return self.build / folder / test
        sys.exit(f"{test} was not built")

    def run(self, test, seconds):
        """Returns None if the test passes, or how it fails."""
        with subprocess.Popen(
            [self.binary(test), "--abort"],
            cwd=self.build,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=self.limit,
        ) as process:
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return "hangs"
        if status == 0:
            return None
        return "crashes" if status < 0 else "fails"

    def limit(self):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not self.sanitized():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def sanitized(self):
        return self.build.name == "dev"

    def begin(self):
        """Runs the tests without a fault. They must pass; measures how long each one takes."""
        for batch in self.batches(self.tests):
            built = self.ninja(*batch)
            if built.returncode != 0:
                sys.exit(built.stdout + "the copy does not compile without a fault")
            for test in batch:
                start = time.monotonic()
                how = self.run(test, 600)
                if how:
                    sys.exit(f"{test} {how} without a fault")
                self.seconds[test] = time.monotonic() - start

    def batches(self, tests):
        return [tests[i : i + self.jobs] for i in range(0, len(tests), self.jobs)]

    def order(self, file):
        """First the tests that caught faults of this file, then those with its name, then the fastest."""
        words = set(pathlib.PurePath(file).stem.split("_"))
        counts = self.caught_by[file]

        def rank(test):
            folder, name = test.split("_", 2)[1:]
            return (-counts[test], FOLDERS.index(folder), -len(words & set(name.split("_"))), self.seconds[test])

        return sorted(self.tests, key=rank)

    def look_for(self, point):
        """The result of a fault: (verdict, name of the test)."""
        for batch in self.batches(self.order(point.file)):
            if self.ninja(*batch).returncode != 0:
                return "not compiling", ""
            for test in batch:
                how = self.run(test, max(30, 10 * self.seconds[test]))
                if how:
                    self.caught_by[point.file][test] += 1
                    return "caught", f"{test} {how}"
        return "survived", ""


def main():
    parser = argparse.ArgumentParser(prog="mutation")
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--copy", type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--least", type=float, default=95)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--mirror", action="store_true")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()

    if options.mirror:
        mirror(options.project, options.copy)
        return 0

    texts = {file: (options.project / file).read_text(encoding="utf-8") for file in options.files or core(options.project)}
    points = [point for file, text in texts.items() for point in points_of(file, text)]
    reasons = argued(options.project)

    if options.check:
        # Points of other files were not collected.
        known = {key(point) for point in points}
        behind = [entry for entry in reasons if entry not in known and entry[0] in texts]
        for file, before, after in behind:
            print(f"{ARGUED}: no such fault in {file} any more:\n    - {before}\n    + {after}")
        return 1 if behind else 0

    points = random.Random(options.seed).sample(points, min(options.count, len(points)))
    # Sources before headers, and the faults of a file together, to compile as little as possible again.
    points.sort(key=lambda point: (point.file.endswith(".hpp"), point.file, point.start, point.replacement))
    if options.list:
        for point in points:
            print(point)
        return 0

    journal = Journal(options.project, options.copy)
    trial = Trial(options.copy, options.build, options.jobs)
    print(f"building {len(trial.tests)} test programs without a fault, and running them", flush=True)
    trial.begin()

    results = collections.Counter()
    survivors = []
    for number, point in enumerate(points, 1):
        start = time.monotonic()
        place = options.copy / point.file
        if key(point) in reasons:
            verdict, how = "argued", reasons[key(point)]
        elif journal.find(point):
            verdict, how = journal.find(point)
        else:
            place.write_text(point.apply(texts[point.file]), encoding="utf-8")
            try:
                verdict, how = trial.look_for(point)
            finally:
                place.write_text(texts[point.file], encoding="utf-8")
            journal.add(point, verdict, how)
        results[verdict] += 1
        if verdict == "survived":
            survivors.append(point)
        print(f"[{number}/{len(points)}] {point}\n    {verdict.upper() if verdict == 'survived' else verdict}"
              f"{': ' + how if how else ''} ({time.monotonic() - start:.0f} s)", flush=True)  # fmt: skip

    print(f"\n{len(points)} faults, seed {options.seed}: {results['caught']} caught, {len(survivors)} survived, "
          f"{results['argued']} change nothing ({ARGUED}), {results['not compiling']} do not compile")  # fmt: skip
    for point in survivors:
        print(f"survived: {point}")
    counted = results["caught"] + len(survivors)
    if counted == 0:
        print("there was nothing to catch")
        return 0
    share = 100 * results["caught"] / counted
    print(f"caught: {share:.1f} %; {options.least:g} % are required")
    return 0 if share >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
