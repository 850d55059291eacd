"""The plots of docs/benchmarks.md. At most 5 inches wide, so that a phone shows them whole."""

import math
import pathlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullLocator  # noqa: E402

from . import figures, gates, svg  # noqa: E402
from .cases import Case, Results, parse_id  # noqa: E402
from .gates import Check  # noqa: E402
from .spread import Spread, spread  # noqa: E402

WIDTH = 5.0

Line = list[tuple[int, Spread]]


def colour(name: str) -> str:
    return svg.SENTINELS[name]


def colour_of(contender: str) -> str:
    contender = contender.removesuffix("_any")
    return colour(contender if contender in ("naive", "channel")
                  else "floor" if contender in ("bare", "counting", "clock", "mutex") else "ours")


def image(name: str, title: str) -> str:
    return f"![{title}](images/{name}.svg)"


def compact(value: float, _: object = None) -> str:
    for unit, name in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


# ---- ratios -------------------------------------------------------------------------------------


def ratio_bars(axes: Any, checks: Sequence[Check], labels: Sequence[str], title: str) -> None:
    """A bar for each gate under its name and figure, with the limit, a dashed line at 1x, and whiskers at
    the quartiles."""
    axes.set_title(title, pad=8)
    most = max(max(check.found.high, check.gate["ratio"], 1.0) for check in checks if check.found)
    axes.set_xlim(0, most * 1.04)
    axes.set_ylim(len(checks) - 0.6, -0.75)
    for row, (check, label) in enumerate(zip(checks, labels, strict=True)):
        found, limit = check.found, check.gate["ratio"]
        assert found
        what = colour("ours" if check.holds else "broken")
        axes.barh(row, found.median, height=0.3, color=what, linewidth=0)
        axes.plot([found.low, found.high], [row, row], color=colour("ink"), linewidth=1.2)
        axes.vlines(1, row - 0.2, row + 0.2, color=colour("muted"), linewidth=1,
                    linestyle=(0, (2, 1.5)))
        axes.vlines(limit, row - 0.2, row + 0.2, color=colour("ink"), linewidth=2.2)
        axes.text(0, row - 0.26, label, va="bottom", ha="left", fontsize=9)
        axes.text(most * 1.04, row - 0.26, figures.ratio(found.median), va="bottom", ha="right",
                  color=what, fontsize=9, fontweight="bold")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}x"))


def plot_ratios(checks: Sequence[Check], folder: pathlib.Path) -> str | None:
    shown = [check for check in checks if check.kind == "ratio" and check.found
             and parse_id(check.gate["of"]).contender != parse_id(check.gate["against"]).contender]
    naive = [check for check in shown if gates.base_of(check.gate) == "naive"]
    others = [check for check in shown if check not in naive]
    panels = [panel for panel in (
        (naive, [check.gate["name"] for check in naive],
         "Compared with the naive implementation (1x)"),
        (others, [f"{check.gate['name']} ({gates.base_of(check.gate)})" for check in others],
         "Compared with the operation in brackets (1x)"),
    ) if panel[0]]
    if not panels:
        return None
    heights = [len(panel[0]) * 0.42 + 0.3 for panel in panels]
    figure, grid = pyplot.subplots(len(panels), 1, figsize=(WIDTH, sum(heights) + 0.9),
                                   squeeze=False, height_ratios=heights, layout="constrained")
    figure.get_layout_engine().set(hspace=0.03)
    for axes, panel in zip(grid[:, 0], panels, strict=True):
        ratio_bars(axes, *panel)
    title = "Cost of bulwark as a multiple of the same work without it"
    svg.save(figure, folder / "ratios.svg", title, "Bars: " + "; ".join(
        f"{check.gate['name']}: {figures.ratio(check.found.median)}, {check.limit}"
        for check in shown if check.found))
    pyplot.close(figure)
    return image("ratios", title)


# ---- lines --------------------------------------------------------------------------------------


def spread_apart(values: Sequence[float], gap: float) -> list[float]:
    """The values, moved as little as possible so that neighbours have a gap between them. Values that are
    too close stay around their middle."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    clusters: list[list[float]] = []

    def places(cluster: list[float]) -> list[float]:
        middle, count = sum(cluster) / len(cluster), len(cluster)
        return [middle + (number - (count - 1) / 2) * gap for number in range(count)]

    for index in order:
        clusters.append([values[index]])
        while len(clusters) > 1 and places(clusters[-1])[0] < places(clusters[-2])[-1] + gap:
            last = clusters.pop()
            clusters[-1] += last
    moved = [place for cluster in clusters for place in places(cluster)]
    return [place for _, place in sorted(zip(order, moved, strict=True))]


def draw_lines(axes: Any, lines: dict[str, Line], paint: Callable[[str], str]) -> None:
    """Draws lines with the quartiles as a band, and the name of each line at its end."""
    for name, line in lines.items():
        at = [x for x, _ in line]
        under = name == "no_fault"  # stays visible below another line
        axes.plot(at, [y.median for _, y in line], marker="o", color=paint(name),
                  linewidth=4 if under else 1.8, markersize=6 if under else 4,
                  zorder=1.5 if under else 2)
        axes.fill_between(at, [y.low for _, y in line], [y.high for _, y in line],
                          color=paint(name), alpha=0.18, linewidth=0)


def name_lines(axes: Any, lines: dict[str, Line], paint: Callable[[str], str]) -> None:
    """Moves overlapping labels apart. Call it after the limits of the axes are final."""
    figure = axes.get_figure()
    ends = {name: axes.transData.transform((line[-1][0], line[-1][1].median))
            for name, line in lines.items()}
    heights = spread_apart([end[1] for end in ends.values()], gap=11 * figure.dpi / 72)
    for (name, end), height in zip(ends.items(), heights, strict=True):
        axes.annotate(name.replace("_", " "), xy=axes.transData.inverted().transform(end),
                      xytext=(6, (height - end[1]) * 72 / figure.dpi), textcoords="offset points",
                      va="center", ha="left", color=paint(name), fontsize=9, fontweight="bold",
                      annotation_clip=False)


def lines_by(results: Results, argument: str, metric: str,
             name: Callable[[Case], tuple[str, str]]) -> dict[str, dict[str, Line]]:
    """By panel and line, for cases that differ only in the argument."""
    panels: dict[str, dict[str, Line]] = {}
    for id_, metrics in results.items():
        case = parse_id(id_)
        value = case.argument(argument)
        if value is not None and len(case.arguments) == 1 and metric in metrics:
            panel, line = name(case)
            panels.setdefault(panel, {}).setdefault(line, []).append(
                (value, spread(metrics[metric].values())))
    for lines in panels.values():
        for points in lines.values():
            points.sort()
    return panels


def plot_waiters(results: Results, folder: pathlib.Path) -> str | None:
    found = lines_by(results, "n", "per_call",
                     lambda case: (f"{case.file}: {case.scenario.replace('_', ' ')}",
                                   case.contender))
    panels = {panel: lines for panel, lines in found.items()
              if max(len(line) for line in lines.values()) > 1}
    if not panels:
        return None
    rows = (len(panels) + 1) // 2
    figure, grid = pyplot.subplots(rows, 2, figsize=(WIDTH, 1.75 * rows + 0.3), squeeze=False)
    figure.subplots_adjust(left=0.09, right=0.84, wspace=0.8, hspace=0.55,
                           top=1 - 0.35 / (1.75 * rows), bottom=0.45 / (1.75 * rows))
    for axes, (panel, lines) in zip(grid.flat, panels.items(), strict=False):
        in_ns = {name: [(x, Spread(*(value * 1e9 for value in y))) for x, y in line]
                 for name, line in lines.items()}
        axes.set_title(panel, fontsize=9.5)
        axes.set_xscale("log")
        axes.set_yscale("log")
        draw_lines(axes, in_ns, colour_of)
        axes.set_ylim(*decades(value for line in in_ns.values() for _, y in line for value in y))
        plain_ticks(axes.xaxis, sorted({x for line in in_ns.values() for x, _ in line}))
        plain_ticks(axes.yaxis)
        name_lines(axes, in_ns, colour_of)
    for axes in list(grid.flat)[len(panels):]:
        axes.set_visible(False)
    figure.text(0.01, 0.008, "ns per call, by number of waiters; both axes are logarithmic",
                fontsize=9, color=colour("muted"))
    title = "Cost of a call against the number of waiters"
    svg.save(figure, folder / "waiters.svg", title, described(panels, lambda value:
                                                         f"{figures.nanoseconds(value)} ns"))
    pyplot.close(figure)
    return image("waiters", title)


def decades(values: Iterable[float]) -> tuple[float, float]:
    """The powers of ten around the values."""
    exponents = [math.log10(value) for value in values if value > 0]
    if not exponents:
        return 0.1, 1.0
    return 10.0 ** math.floor(min(exponents)), 10.0 ** math.ceil(max(exponents))


def plain_ticks(axis: Any, ticks: Sequence[int] = ()) -> None:
    axis.set_major_formatter(FuncFormatter(compact))
    axis.set_minor_locator(NullLocator())
    if ticks:
        axis.set_ticks(ticks)


def described(panels: dict[str, dict[str, Line]], show: Callable[[float], str]) -> str:
    return "; ".join(f"{panel}, {name.replace('_', ' ')}: " + ", ".join(
        f"{show(y.median)} at {x:,}" for x, y in line)
        for panel, lines in panels.items() for name, line in lines.items())


def plot_isolation(results: Results, folder: pathlib.Path) -> str | None:
    """The contender of a case names its line; without a contender, its scenario does."""
    wanted = {id_: metrics for id_, metrics in results.items()
              if parse_id(id_).file == "isolation"}
    panels: dict[tuple[str, str], dict[str, Line]] = {}
    for metric, title in (("p50", "Latency of the healthy service, half of its calls (p50)"),
                          ("p99", "Latency of the healthy service, 99 of 100 calls (p99)"),
                          ("ok", "Calls to the healthy service that succeed")):
        found = lines_by(wanted, "load", metric, lambda case: ("", case.contender or case.scenario))
        if found:
            panels[metric, title] = found[""]
    if not panels:
        return None

    def paint(name: str) -> str:
        return colour({"shared_pool": "naive", "no_fault": "floor"}.get(name, "ours"))

    latencies = decades(value for (metric, _), lines in panels.items() if metric != "ok"
                        for line in lines.values() for _, y in line for value in y)
    figure, grid = pyplot.subplots(len(panels), 1, figsize=(WIDTH, 1.9 * len(panels)),
                                   squeeze=False, sharex=True)
    figure.subplots_adjust(left=0.14, right=0.78, hspace=0.35, top=0.95,
                           bottom=0.5 / (1.9 * len(panels)))
    for axes, ((metric, title), lines) in zip(grid[:, 0], panels.items(), strict=True):
        axes.set_title(title)
        if metric == "ok":
            draw_lines(axes, lines, paint)
            axes.set_ylim(0, 1.1)
            axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:g} %"))
        else:
            axes.set_yscale("log")
            draw_lines(axes, lines, paint)
            axes.set_ylim(*latencies)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: figures.duration(value)))
            axes.yaxis.set_minor_locator(NullLocator())
        axes.set_xscale("log")
        plain_ticks(axes.xaxis, sorted({x for line in lines.values() for x, _ in line}))
        name_lines(axes, lines, paint)
    grid[-1, 0].set_xlabel("requests a second to each of the two services", loc="left", fontsize=9)
    title = "The healthy service while its neighbour hangs"
    svg.save(figure, folder / "isolation.svg", title, "; ".join(
        described({metric: lines}, figures.percent if metric == "ok" else figures.duration)
        for (metric, _), lines in panels.items()))
    pyplot.close(figure)
    return image("isolation", title)


def write_all(results: Results, checks: Sequence[Check], folder: pathlib.Path) -> dict[str, str]:
    """The blocks that show the plots, by name; none for a plot without measurements."""
    with matplotlib.rc_context(svg.SETTINGS):
        found = {"plot_ratios": plot_ratios(checks, folder),
                 "plot_waiters": plot_waiters(results, folder),
                 "plot_isolation": plot_isolation(results, folder)}
    return {name: block for name, block in found.items() if block}
