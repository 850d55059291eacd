"""The results as tables for the terminal and blocks for the pages."""

from collections.abc import Sequence
from typing import NamedTuple

from . import figures, gates
from .cases import Case, Results, files_of, grouped
from .figures import Formatter
from .gates import Check
from .machine import Facts
from .markdown import Rows, table, text_table
from .spread import ratios, spread

# Baselines of our contenders, if the group has them.
BASELINES = ("naive", "bare", "counting", "channel", "clock", "mutex", "no_fault")


class Table(NamedTuple):
    heads: Sequence[str]
    rows: Rows
    right: str

    @property
    def text(self) -> str:
        return text_table(*self)

    @property
    def markdown(self) -> str:
        return table(*self)


def gates_table(checks: Sequence[Check]) -> Table:
    rows = []
    for check in checks:
        if check.found:
            measured = [check.show(check.found.median), figures.between(check.found, check.show)]
        else:
            measured = ["", ""]
        rows.append([check.gate["name"], check.limit, *measured, check.verdict])
    return Table(["gate", "limit", "measured", "quartiles", "held"], rows, "<<>><")


def summary(checks: Sequence[Check]) -> str:
    counts = {"hold": sum(check.holds for check in checks),
              "do not": sum(check.verdict == "NO" for check in checks),
              "are known not to": sum(check.verdict.startswith("no, ") for check in checks),
              "did not run": sum(check.found is None for check in checks)}
    return "limits of bench/gates.json: " + ", ".join(
        f"{count} {what}" for what, count in counts.items() if count)


def baselines_of(contender: str, group: dict[str, Case]) -> list[str]:
    """Compares a contender on any_io_executor with the baseline on any_io_executor."""
    if contender.removesuffix("_any") in BASELINES:
        return []
    found = [name for name in BASELINES if name in group]
    if not contender.startswith(("bulkhead", "semaphore")):
        found += [name for name in ("bulkhead", "semaphore") if name in group]
    if contender.endswith("_any"):
        found = [f"{name}_any" if f"{name}_any" in group else name for name in found]
    return found


def compared(contender: str, group: dict[str, Case], results: Results) -> str:
    """In time, or in bytes if a case measures no time."""
    found = []
    for name in baselines_of(contender, group):
        of, against = results[group[contender].id], results[group[name].id]
        for metric in ("per_call", "bytes", "compile_time"):
            if metric in of and metric in against:
                found.append(f"{figures.ratio(ratios(of[metric], against[metric]).median)} {name}")
                break
    return ", ".join(found)


def columns_of(results: Results, ids: Sequence[str]) -> dict[str, tuple[str, Formatter]]:
    """The metrics of all the cases, each with its heading and format."""
    columns = {metric: column for metric, column in figures.METRICS.items()
               if any(metric in results[id_] for id_ in ids)}
    if "per_call" in columns:
        quickest = min(min(results[id_]["per_call"].values()) for id_ in ids
                       if "per_call" in results[id_])
        if quickest > 100e-6:  # milliseconds are hard to read in ns
            columns["per_call"] = ("per call", figures.duration)
    return columns


def file_table(results: Results, file: str) -> Table:
    """A row for each case: its figures, and the comparison."""
    groups = grouped(results, file)
    columns = columns_of(results, [case.id for group in groups.values() for case in group.values()])
    heads, right = ["scenario", "contender"], "<<"
    for metric, (heading, _) in columns.items():
        more = [heading, "quartiles"] if metric == "per_call" else [heading]
        heads += more
        right += ">" * len(more)
    rows = []
    for group in groups.values():
        for number, (contender, case) in enumerate(group.items()):
            row = ["" if number else case.about, contender]
            for metric, (_, show) in columns.items():
                series = results[case.id].get(metric)
                found = spread(series.values()) if series else None
                row.append(show(found.median) if found else "")
                if metric == "per_call":
                    row.append(figures.between(found, show) if found else "")
            rows.append([*row, compared(contender, group, results)])
    if not any(row[-1] for row in rows):
        return Table(heads, [row[:-1] for row in rows], right)
    return Table([*heads, "ratio"], rows, right + "<")


def all_tables(results: Results) -> str:
    return "\n\n".join(f"bench/{file}.cpp\n{file_table(results, file).text}"
                       for file in files_of(results))


def repetitions(results: Results) -> str:
    counts = {len(series) for metrics in results.values() for series in metrics.values()}
    return " to ".join(map(str, sorted({min(counts), max(counts)})))


def machine_block(facts: Facts, results: Results) -> str:
    lines = [f"- {name}: {f'`{value}`' if name == 'flags' else value}"
             for name, value in facts.items()]
    return "\n".join([*lines, f"- repetitions: {repetitions(results)}"])


def gates_block(checks: Sequence[Check]) -> str:
    return f"{gates_table(checks).markdown}\n\n{summary(checks).capitalize()}."


def readme_block(checks: Sequence[Check], results: Results) -> str:
    """The rows are the gates with "readme"."""
    rows = []
    for check in checks:
        gate = check.gate
        if gate.get("readme") and check.kind == "ratio" and check.found:
            metric = gates.metric_of(gate)
            show = figures.formatter(metric)
            of, against = (show(spread(results[id_][metric].values()).median)
                           for id_ in gates.ids_of(gate))
            rows.append([gate["name"], of, f"{against} {gates.base_of(gate)}",
                         figures.ratio(check.found.median)])
    return Table(["", "bulwark", "beside it", "ratio"], rows, "<>>>").markdown


def blocks(results: Results, checks: Sequence[Check], facts: Facts) -> dict[str, str]:
    """The blocks of docs/benchmarks.md except the plots."""
    return {"machine": machine_block(facts, results), "gates": gates_block(checks),
            **{file: file_table(results, file).markdown for file in files_of(results)}}


def compile_block(results: Results, checks: Sequence[Check], facts: Facts) -> str:
    """The whole section: it is measured alone."""
    own = [check for check in checks if check.found]
    return "\n\n".join([machine_block(facts, results), gates_table(own).markdown,
                        file_table(results, "compile").markdown])


def against_table(now: Results, before: Results) -> Table:
    """The cases of both builds, now beside before."""
    rows = []
    for id_ in now:
        if id_ not in before:
            continue
        metric = next((name for name in ("per_call", "bytes", "compile_time", "p99", "time")
                       if name in now[id_] and name in before[id_]))
        show = figures.formatter("per_call" if metric == "time" else metric)
        of, against = now[id_][metric], before[id_][metric]
        found = ratios(of, against)
        certain = "slower" if found.low > 1 else "faster" if found.high < 1 else ""
        if metric not in ("per_call", "time"):
            certain = {"slower": "more", "faster": "less"}.get(certain, "")
        rows.append([id_, show(spread(against.values()).median), show(spread(of.values()).median),
                     figures.ratio(found.median), figures.between(found, figures.ratio), certain])
    return Table(["case", "before", "now", "ratio", "quartiles", ""], rows, "<>>>><")
