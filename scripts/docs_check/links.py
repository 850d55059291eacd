"""Checks that every link has a target.

usage: links.py repository <its folder>      relative links of the Markdown files, with their anchors
       links.py site <the folder of index.html>   every href and src of the built site; no script, style,
                                                  font or picture from elsewhere (it works offline); and
                                                  no Markdown left in the text

Prints a line for each that has none, exit status 1. Nothing is fetched: of a web address, only its use
is checked.
"""

import html.parser
import pathlib
import re
import sys
import urllib.parse

MARKDOWN = ["*.md", "docs/**/*.md", "examples/**/*.md", "ops/**/*.md", "bench/**/*.md", "tests/**/*.md"]
PLAIN_LINKS = {("a", "href"), ("area", "href")}
LINKS = PLAIN_LINKS | {
    ("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"),
    ("object", "data"), ("embed", "src"), ("image", "href"), ("use", "href"), ("form", "action")}


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
CODE = {"code", "pre", "script", "style", "title"}


def is_external(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE) is not None


class Page(html.parser.HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[int, str, str, str]] = []  # line, tag, attribute, target
        self.anchors: set[str] = set()
        self.markdown: list[tuple[int, str]] = []  # line, text that contains it
        self.open: list[tuple[str, bool]] = []  # the enclosing elements, and whether they contain code
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            code = tag in CODE or "fragment" in (dict(attributes).get("class") or "").split()
            self.open.append((tag, code or bool(self.open and self.open[-1][1])))
        for name, value in attributes:
            name = name.removeprefix("xlink:")
            if value is None:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value)
            elif (tag, name) in LINKS:
                self.links.append((self.getpos()[0], tag, name, value))
            elif name == "style":
                self.of_style(value)
            elif name == "srcset":
                for part in value.split(","):
                    self.links.append((self.getpos()[0], tag, name, part.split()[0]))

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            self.of_style(data)
        elif not (self.open and self.open[-1][1]) and (found := re.search(r"\*\*|`|\]\(", data)):
            line = self.getpos()[0] + data.count("\n", 0, found.start())
            self.markdown.append((line, " ".join(data[max(0, found.start() - 30):found.end() + 30].split())))

    def of_style(self, text: str) -> None:
        self.links += [(self.getpos()[0], "style", "url", target) for target in of_css(text)]


def of_css(text: str) -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.findall(r"""url\(\s*['"]?([^'")]+)""", text) + re.findall(r"""@import\s+['"]([^'"]+)""", text)


def of_script(path: pathlib.Path, text: str) -> list[str]:
    """The links that Doxygen's scripts create: the navigation, and the search results."""
    if path.parent.name == "search":
        return [re.sub(r"^\.\./", "", target) for target in re.findall(r"'(\.\./[^']+\.html[^']*)'", text)]
    return re.findall(r'"([^"\s/]+\.html(?:#[^"]*)?)"', text)


def check_site(folder: pathlib.Path) -> tuple[int, list[str]]:
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    checked, faults = 0, []

    def look(source: pathlib.Path, line: int, base: pathlib.Path, target: str) -> None:
        nonlocal checked
        checked += 1
        name, _, anchor = target.partition("#")
        path = (base.parent / urllib.parse.unquote(name.partition("?")[0])).resolve() if name else base
        where = f"{source.relative_to(folder)}:{line}"
        if not path.is_relative_to(folder):
            faults.append(f"{where}: {target} leads out of the site")
        elif not path.is_file():
            faults.append(f"{where}: {target}: there is no such file")
        elif anchor and path in pages and urllib.parse.unquote(anchor) not in pages[path].anchors:
            faults.append(f"{where}: {target}: there is no such anchor")

    for path, page in pages.items():
        for line, text in page.markdown:
            faults.append(f"{path.relative_to(folder)}:{line}: Markdown is left in the text: {text}")
        for line, tag, attribute, target in page.links:
            if target.startswith(("javascript:", "data:")) or target in ("", "#"):
                continue
            if not is_external(target):
                look(path, line, path, target)
            elif (tag, attribute) not in PLAIN_LINKS:
                faults.append(f"{path.relative_to(folder)}:{line}: {target} is fetched from elsewhere")
    for path in sorted(folder.rglob("*.css")) + sorted(folder.rglob("*.svg")):
        text = path.read_text(encoding="utf-8")
        for target in of_css(text) if path.suffix == ".css" else re.findall(r'href="([^"#][^"]*)"', text):
            if is_external(target) and not target.startswith("data:"):
                faults.append(f"{path.relative_to(folder)}: {target} is fetched from elsewhere")
            elif not is_external(target):
                look(path, 1, path, target)
    for path in sorted(folder.rglob("*.js")):
        for target in of_script(path, path.read_text(encoding="utf-8")):
            look(path, 1, folder / "index.html", target)
    if folder / "index.html" not in pages:
        faults.append("there is no index.html")
    return checked, faults


def slugs(headings: list[str]) -> set[str]:
    """The anchors that GitHub creates for headings."""
    result: set[str] = set()
    for heading in headings:
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        unique, number = slug, 0
        while unique in result:
            number += 1
            unique = f"{slug}-{number}"
        result.add(unique)
    return result


class Markdown:
    """The links and anchors of a Markdown file. Code has neither."""

    def __init__(self, text: str) -> None:
        self.links: list[tuple[int, str]] = []
        headings, anchors, fence = [], set(), ""
        for number, line in enumerate(text.splitlines(), 1):
            if found := re.match(r" {0,3}(`{3,}|~{3,})", line):
                if not fence:
                    fence = found[1]
                elif found[1].startswith(fence):
                    fence = ""
                continue
            if fence:
                continue
            if found := re.match(r" {0,3}#{1,6} +(.*?)(?: +#+)? *$", line):
                headings.append(found[1])
            prose = re.sub(r"(`+).*?\1", "", line)
            targets = re.findall(r"""\]\(<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)""", prose)
            targets += re.findall(r"^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)", prose)
            targets += re.findall(r"""<[a-z][^>]*\b(?:href|src|srcset)=["']([^"'\s]+)""", prose)
            anchors.update(re.findall(r"""<[a-z][^>]*\b(?:id|name)=["']([^"']+)""", prose))
            self.links += [(number, target) for target in targets]
        self.anchors = slugs(headings) | anchors


def exists(root: pathlib.Path, path: pathlib.Path) -> bool:
    """Checks the exact spelling, on any file system."""
    here = root
    for part in path.relative_to(root).parts:
        if not here.is_dir() or part not in {entry.name for entry in here.iterdir()}:
            return False
        here /= part
    return True


def check_repository(root: pathlib.Path) -> tuple[int, list[str]]:
    files = sorted({path for pattern in MARKDOWN for path in root.glob(pattern)})
    texts = {path: Markdown(path.read_text(encoding="utf-8")) for path in files}
    checked, faults = 0, []
    for source, text in texts.items():
        for line, target in text.links:
            if is_external(target):
                continue
            checked += 1
            name, _, anchor = target.partition("#")
            path = (source.parent / urllib.parse.unquote(name)).resolve() if name else source
            where = f"{source.relative_to(root)}:{line}"
            if not path.is_relative_to(root):
                faults.append(f"{where}: {target} leads out of the repository")
            elif path.is_relative_to(root / "build") or not exists(root, path):
                faults.append(f"{where}: {target}: there is no such file in the repository")
            elif anchor and path in texts:
                if anchor not in texts[path].anchors:
                    faults.append(f"{where}: {target}: there is no such heading")
            elif anchor:
                # Line numbers change, and the site has none.
                faults.append(f"{where}: {target}: only headings of Markdown files are linked to")
    return checked, faults


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in ("site", "repository"):
        print(__doc__, file=sys.stderr)
        return 2
    check = {"site": check_site, "repository": check_repository}[arguments[0]]
    checked, faults = check(pathlib.Path(arguments[1]).resolve())
    for fault in faults:
        print(fault)
    print(f"{arguments[0]}: {checked} links, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
