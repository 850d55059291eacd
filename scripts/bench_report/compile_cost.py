"""Measures what a call site costs the compiler and the program, and what an include costs.

usage: compile_cost [--tree <path>] [--compiler <command>] [--benchmark_<option>=<value>...]

Compiles files with one call site and with many, and divides the difference. Behaves as a program of
Google Benchmark does, so that scripts/bench treats it as it treats the others: the same options, the
same output, and a time that is the time of a call site.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .cases import Failed

SITES = 21

FLAGS = "-std=c++20 -O2 -DNDEBUG"

INCLUDES = """#include <bulwark/bulwark.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <exception>

namespace net = bulwark::net;
using Executor = net::io_context::executor_type;
using Bulkhead = bulwark::Bulkhead<Executor>;
using AnyBulkhead = bulwark::Bulkhead<net::any_io_executor>;

void use(std::size_t site);
"""

EXECUTE = """void site{n}(BULKHEAD& bulkhead) {{
  bulkhead.execute([] {{ use({n}); }}, [](std::exception_ptr) {{ use({n}); }});
}}"""

# The objects are parameters, because to construct them is no part of a call.
CALL = {
    "call_site/bare": "void site{n}(Executor io) {{ net::post(io, [] {{ use({n}); }}); }}",
    "call_site/spawn": """void site{n}(Executor io) {{
  net::co_spawn(io, []() -> net::awaitable<void> {{ use({n}); co_return; }},
                [](std::exception_ptr) {{ use({n}); }});
}}""",
    "call_site/execute": EXECUTE.replace("BULKHEAD", "Bulkhead"),
    "call_site/execute_any": EXECUTE.replace("BULKHEAD", "AnyBulkhead"),
    "call_site/execute_detached": """void site{n}(Bulkhead& bulkhead) {{
  bulkhead.execute([] {{ use({n}); }}, net::detached);
}}""",
    "call_site/execute_value": """void site{n}(Bulkhead& bulkhead) {{
  bulkhead.execute([] {{ return std::size_t{{{n}}}; }},
                   [](std::exception_ptr, std::size_t n) {{ use(n); }});
}}""",
    "call_site/execute_awaitable": """void site{n}(Bulkhead& bulkhead) {{
  bulkhead.execute([]() -> net::awaitable<void> {{ use({n}); co_return; }},
                   [](std::exception_ptr) {{ use({n}); }});
}}""",
    "call_site/acquire": """void site{n}(Bulkhead& bulkhead) {{
  bulkhead.acquire([](net::error_code, bulwark::Permit) {{ use({n}); }});
}}""",
    "call_site/with_permit": """void site{n}(bulwark::SemaphoreBulkhead<Executor>& semaphore) {{
  semaphore.withPermit([] {{ use({n}); }});
}}""",
}

INCLUDE = {
    "include/bare": "#include <bulwark/asio.hpp>\n",
    "include/bulkhead": "#include <bulwark/bulkhead.hpp>\n",
    "include/all": "#include <bulwark/bulwark.hpp>\n",
}

NAMES = [*CALL, *INCLUDE]


class Cost(NamedTuple):
    seconds: float  # the compiler's own CPU time
    bytes: float  # machine code


class Compiler:
    """A command that compiles one file as the benchmarks are compiled."""

    def __init__(self, command: Sequence[str], folder: pathlib.Path) -> None:
        self.command = list(command)
        self.folder = folder

    def compile(self, text: str) -> Cost:
        source, output = self.folder / "site.cpp", self.folder / "site.o"
        source.write_text(text, encoding="utf-8")
        words = [*self.command, "-c", str(source), "-o", str(output)]
        with (self.folder / "errors").open("w+", encoding="utf-8") as errors:
            process = subprocess.Popen(words, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                errors.seek(0)
                raise Failed(f"{shlex.join(words)}: exit status {process.returncode}\n"
                             f"{errors.read()}")
        return Cost(usage.ru_utime, code_size(output))


def code_size(path: pathlib.Path) -> int:
    """The bytes of all sections with machine code."""
    done = subprocess.run(["size", "-A", str(path)], capture_output=True, text=True, check=True)
    return sum(int(line.split()[1]) for line in done.stdout.splitlines()
               if line.startswith(".text"))


def sites(call: str, count: int) -> str:
    return INCLUDES + "\n" + "\n".join(call.format(n=n) for n in range(count)) + "\n"


def measure(compiler: Compiler, name: str) -> Cost:
    """A call site: the average of all but the first. An include: the whole file."""
    if name in INCLUDE:
        return compiler.compile(INCLUDE[name])
    one = compiler.compile(sites(CALL[name], 1))
    many = compiler.compile(sites(CALL[name], SITES))
    return Cost((many.seconds - one.seconds) / (SITES - 1), (many.bytes - one.bytes) / (SITES - 1))


def command_of(tree: pathlib.Path) -> list[str]:
    """How the build in `tree` compiles a benchmark, without the names of the file."""
    path = tree / "build/bench/compile_commands.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}; scripts/bench makes it") from error
    for entry in entries:
        if entry["file"].endswith("bench/overhead.cpp"):
            words = entry.get("arguments") or shlex.split(entry["command"])
            return list(without_files(words))
    raise Failed(f"{path} does not say how bench/overhead.cpp is compiled")


def without_files(words: Sequence[str]) -> Iterator[str]:
    """A cache would hide what is measured, and a dependency file is not needed."""
    rest = iter(words)
    for word in rest:
        if word in ("-o", "-c", "-MF", "-MT"):
            next(rest)
        elif word not in ("-MD", "-MMD") and pathlib.Path(word).name not in ("ccache", "sccache"):
            yield word


def run_of(name: str, index: int, family: int, cost: Cost) -> dict[str, object]:
    """As Google Benchmark writes a repetition."""
    return {"name": name, "run_name": name, "run_type": "iteration", "family_index": family,
            "per_family_instance_index": 0, "repetitions": 1, "repetition_index": index,
            "threads": 1, "iterations": 1, "real_time": cost.seconds * 1e9,
            "cpu_time": cost.seconds * 1e9, "time_unit": "ns", "compile_time": cost.seconds,
            "code": cost.bytes}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(usage=__doc__, allow_abbrev=False)
    parser.add_argument("--tree", type=pathlib.Path, default=pathlib.Path())
    parser.add_argument("--compiler", help=f"a command, for instance 'g++ {FLAGS} -I include'")
    parser.add_argument("--benchmark_list_tests", default="false")
    parser.add_argument("--benchmark_filter", default="")
    parser.add_argument("--benchmark_repetitions", type=int, default=1)
    parser.add_argument("--benchmark_out", type=pathlib.Path)
    options, _ = parser.parse_known_args(arguments)
    names = [name for name in NAMES if re.search(options.benchmark_filter, name)]
    if options.benchmark_list_tests == "true":
        print("\n".join(names))
        return 0
    try:
        command = (shlex.split(options.compiler) if options.compiler
                   else command_of(options.tree))
        runs = []
        with tempfile.TemporaryDirectory() as folder:
            compiler = Compiler(command, pathlib.Path(folder))
            for index in range(options.benchmark_repetitions):
                for name in names:
                    cost = measure(compiler, name)
                    runs.append(run_of(name, index, NAMES.index(name), cost))
                    print(f"{name:28} {cost.seconds * 1e3:8.1f} ms {cost.bytes:8.0f} bytes",
                          flush=True)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    if options.benchmark_out:
        text = json.dumps({"context": {}, "benchmarks": runs}, indent=2)
        options.benchmark_out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
