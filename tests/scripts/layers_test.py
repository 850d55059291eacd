"""Checks the layers of docs/design.md: an #include in include/ or src/ points to the layer of its own
file, or to one further down in the table."""

import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+["<](.+?)[">]', re.M)
GENERATED = {"build.hpp", "export.hpp", "json_export.hpp", "prometheus_export.hpp"}


def table(text):
    """Returns ({folder: rank}, {public header: rank}). The first row has the highest rank."""
    block = re.search(r"<!-- layers -->(.*?)<!-- /layers -->", text, re.S)
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in block.group(1).splitlines() if line.strip().startswith("|")][2:]
    folders, headers = {}, {}
    for rank, row in enumerate(reversed(rows)):
        folders[row[1].strip("`/")] = rank
        for header in re.findall(r"`([\w.]+)`", row[2]):
            headers[header] = rank
    return folders, headers


def layer_of(path, folders, headers):
    """The rank of a file. Files that no row names stand above all layers."""
    parts = path.parts
    if path.name in GENERATED and parts[:-1] == ("include", "bulwark"):
        return 0
    if parts[:3] == ("include", "bulwark", "detail"):
        if len(parts) != 5 or parts[3] not in folders:
            raise SystemExit(f"{path} lies in no layer")
        return folders[parts[3]]
    if parts[0] == "src" and len(parts) == 3:
        return folders.get(parts[1], len(folders))
    return headers.get(path.name, len(folders))


def target(text, root):
    """The file of the tree that an include names, or None."""
    if text.startswith("bulwark/"):
        return pathlib.Path("include") / text
    path = pathlib.Path("src") / text
    return path if (root / path).is_file() else None


def faults(root):
    folders, headers = table((root / "docs/design.md").read_text(encoding="utf-8"))
    found = []
    for folder in ("include", "src"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            path = file.relative_to(root)
            rank = layer_of(path, folders, headers)
            for text in INCLUDE.findall(file.read_text(encoding="utf-8")):
                other = target(text, root)
                if other is None:
                    if rank == folders["core"] and re.match(r"(boost/)?asio", text):
                        found.append(f"{path} includes {text}, and core must not know Asio")
                elif layer_of(other, folders, headers) > rank:
                    found.append(f"{path} includes {other}, which is in a higher layer")
    return found


class LayersTest(unittest.TestCase):
    def test_no_include_of_the_tree_points_up(self):
        self.assertEqual(faults(ROOT), [])

    def test_every_layer_has_files(self):
        folders, _ = table((ROOT / "docs/design.md").read_text(encoding="utf-8"))
        self.assertEqual({path.name for path in (ROOT / "include/bulwark/detail").iterdir()}, set(folders))

    def test_an_include_that_points_up_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for path, text in {
                "docs/design.md": "<!-- layers -->\n| layer | folder | headers |\n|---|---|---|\n"
                                  "| call | `call/` | `call.hpp` |\n| core | `core/` | |\n<!-- /layers -->\n",
                "include/bulwark/call.hpp": '#include "bulwark/detail/core/a.hpp"\n',
                "include/bulwark/detail/core/a.hpp": '#include "bulwark/detail/call/b.hpp"\n#include <asio/post.hpp>\n',
                "include/bulwark/detail/call/b.hpp": '#include "bulwark/detail/core/a.hpp"\n',
                "src/core/a.cpp": '#include "bulwark/call.hpp"\n',
            }.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            self.assertEqual(faults(root), [
                "include/bulwark/detail/core/a.hpp includes include/bulwark/detail/call/b.hpp, which is in a higher layer",
                "include/bulwark/detail/core/a.hpp includes asio/post.hpp, and core must not know Asio",
                "src/core/a.cpp includes include/bulwark/call.hpp, which is in a higher layer",
            ])


if __name__ == "__main__":
    unittest.main()
