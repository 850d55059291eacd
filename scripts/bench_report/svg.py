"""A matplotlib figure as one SVG that follows the reader's light or dark theme."""

import io
import pathlib
import re
from typing import Any
from xml.sax.saxutils import escape

# The colours by purpose: in the light theme, in the dark one. Distinguishable for the colour-blind
# (Okabe and Ito), and readable on both backgrounds.
COLOURS = {
    "ink": ("#1f2328", "#f0f6fc"),
    "muted": ("#59636e", "#9198a1"),
    "grid": ("#d8dee4", "#30363d"),
    "ours": ("#0072b2", "#56b4e9"),
    "naive": ("#d55e00", "#f0903c"),
    "floor": ("#6e7781", "#a0a8b0"),
    "channel": ("#00805f", "#2ec49b"),
    "broken": ("#b5179e", "#f77fd0"),
}

# Placeholders for the colours inside matplotlib.
SENTINELS = {name: f"#fe00{number:02x}" for number, name in enumerate(COLOURS)}

FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"

SETTINGS = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "bulwark",  # the same ids every time, so that a diff shows what changed
    "font.size": 10,
    "text.color": SENTINELS["ink"],
    "axes.edgecolor": SENTINELS["grid"],
    "axes.labelcolor": SENTINELS["muted"],
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": SENTINELS["grid"],
    "grid.linewidth": 0.6,
    "xtick.color": SENTINELS["grid"],
    "ytick.color": SENTINELS["grid"],
    "xtick.labelcolor": SENTINELS["muted"],
    "ytick.labelcolor": SENTINELS["muted"],
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
}


def style() -> str:
    def variables(theme: int) -> str:
        return " ".join(f"--{name}: {colours[theme]};" for name, colours in COLOURS.items())

    return (f"<style>\nsvg {{ {variables(0)} }}\n"
            f"@media (prefers-color-scheme: dark) {{ svg {{ {variables(1)} }} }}\n</style>")


def themed(svg: str, title: str, description: str) -> str:
    """The output of matplotlib with the reader's colours and fonts, and with a description."""
    svg = re.sub(r" <metadata>.*?</metadata>\n", "", svg, flags=re.DOTALL)
    for name, sentinel in SENTINELS.items():
        svg = svg.replace(sentinel, f"var(--{name})")
    svg = re.sub(r"'DejaVu Sans',[^;\"]*", FONT, svg)
    head = re.search(r"<svg [^>]*>", svg)
    assert head
    labelled = head[0][:-1] + ' role="img" aria-labelledby="title desc">'
    return svg.replace(head[0], f'{labelled}\n<title id="title">{escape(title)}</title>\n'
                                f'<desc id="desc">{escape(description)}</desc>\n{style()}', 1)


def save(figure: Any, path: pathlib.Path, title: str, description: str) -> None:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(themed(buffer.getvalue(), title, description), encoding="utf-8")
