"""Tables for a terminal and for a page, and the generated blocks of a page."""

import re
from collections.abc import Sequence

Rows = Sequence[Sequence[str]]

BEGIN = re.compile(r"^<!-- begin: ([a-z_]+)(?: \([^)\n]*\))? -->$", re.MULTILINE)


# right: one character for each column, '>' if it holds numbers.


def text_table(heads: Sequence[str], rows: Rows, right: str) -> str:
    """For a terminal and for commit messages."""
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def padded(line: Sequence[str]) -> str:
        cells = zip(line, widths, right, strict=True)
        return "  ".join(cell.rjust(size) if side == ">" else cell.ljust(size)
                         for cell, size, side in cells).rstrip()

    return "\n".join(map(padded, lines))


def table(heads: Sequence[str], rows: Rows, right: str) -> str:
    """For a page. Not padded, so that a figure of another length changes only one line."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in line) for line in (heads, *rows)]
    rule = "|".join("--:" if side == ">" else "---" for side in right)
    return "\n".join([f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])])


def block_names(page: str) -> list[str]:
    return BEGIN.findall(page)


def replace_blocks(page: str, blocks: dict[str, str]) -> str:
    """The page with the given blocks between their markers. Everything else stays exactly the same, and
    so does a block that is not given."""
    parts, position = [], 0
    for begin in BEGIN.finditer(page):
        name = begin[1]
        if begin.start() < position:
            raise ValueError(f"the block '{name}' begins within another")
        end = re.compile(rf"^<!-- end: {name} -->$", re.MULTILINE).search(page, begin.end())
        if not end:
            raise ValueError(f"the block '{name}' has no end")
        if name in blocks:
            parts += [page[position:begin.end()], "\n\n", blocks[name].strip("\n"), "\n\n"]
        else:
            parts.append(page[position:end.start()])
        parts.append(end[0])
        position = end.end()
    parts.append(page[position:])
    return "".join(parts)
