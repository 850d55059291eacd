"""Tests what scripts/docs_check finds and what it accepts.

usage: docs_check_test.py [options of unittest: -v, or the name of a test]
"""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
sys.dont_write_bytecode = True

from docs_check import api, links  # noqa: E402


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, **files):
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


class Repository(Files):
    def faults(self):
        return links.check_repository(self.root)[1]

    def test_links_to_files_folders_and_headings_are_accepted(self):
        self.write(README_dot_md="# A\n[b](docs/b.md#two-words-1) ![c](docs/c.png) [d](docs/) [a](#a) <a href='docs'>x</a>\n",
                   docs__b_dot_md="## Two words\n## `Two` *words*!\n[a](../README.md) [w](https://nowhere.invalid/x)\n",
                   docs__c_dot_png="")
        self.assertEqual(self.faults(), [])

    def test_dead_links_are_named_with_their_lines(self):
        self.write(README_dot_md="# A\n\n[b](docs/b.md) [c](Docs/c.md#two)\n[c](docs/c.md#two) [e](../e.md)\n",
                   docs__c_dot_md="## One\n[x]: gone.md\n<img src=\"gone.png\">\n")
        self.assertEqual(self.faults(), [
            "README.md:3: docs/b.md: there is no such file in the repository",
            "README.md:3: Docs/c.md#two: there is no such file in the repository",
            "README.md:4: docs/c.md#two: there is no such heading",
            "README.md:4: ../e.md leads out of the repository",
            "docs/c.md:2: gone.md: there is no such file in the repository",
            "docs/c.md:3: gone.png: there is no such file in the repository"])

    def test_code_has_neither_links_nor_headings(self):
        self.write(README_dot_md="```cpp\n# no\nauto f = [a](int b) {};\n```\n`[b](c.md)`\n[x](#no)\n")
        self.assertEqual(self.faults(), ["README.md:6: #no: there is no such heading"])

    def test_a_line_of_a_file_is_not_a_target(self):
        self.write(README_dot_md="[x](LICENSE#L3)\n", LICENSE="")
        self.assertEqual(self.faults(), ["README.md:1: LICENSE#L3: only headings of Markdown files are linked to"])


class Site(Files):
    def faults(self):
        return links.check_site(self.root)[1]

    def test_a_whole_site_has_no_faults(self):
        self.write(index_dot_html="<a id='x'></a><a href='b.html#y'>b</a><a href='https://nowhere.invalid'>w</a>",
                   b_dot_html="<link href='s.css'><h1 id='y'></h1><a href='index.html#x'>x</a><img src='data:,'>",
                   s_dot_css="a { background: url('i.png') }", i_dot_png="",
                   n_dot_js='var N = [["x", "index.html#x", null]];')
        self.assertEqual(self.faults(), [])

    def test_dead_links_and_anchors_are_found_wherever_they_are(self):
        self.write(index_dot_html="<a href='gone.html'></a>\n<a href='#gone'></a><img src='gone.png'>",
                   s_dot_css="@import 'gone.css';", n_dot_js='[["x", "index.html#gone", null]]',
                   search__a_dot_js="['x',['../gone2.html#a',1]]")
        self.assertEqual(self.faults(), [
            "index.html:1: gone.html: there is no such file",
            "index.html:2: #gone: there is no such anchor",
            "index.html:2: gone.png: there is no such file",
            "s.css:1: gone.css: there is no such file",
            "n.js:1: index.html#gone: there is no such anchor",
            "search/a.js:1: gone2.html#a: there is no such file"])

    def test_markdown_is_left_only_in_code(self):
        self.write(index_dot_html="<p>a <b>b</b> **c**<br>\nd `e</p><code>`</code><div class='fragment x'><div>**f**</div></div>")
        self.assertEqual(self.faults(), [
            "index.html:1: Markdown is left in the text: **c**",
            "index.html:2: Markdown is left in the text: d `e"])

    def test_pages_may_not_load_anything_from_elsewhere(self):
        self.write(index_dot_html="<script src='https://cdn.invalid/x.js'></script>\n<style>@import '//f.invalid/f.css';</style>",
                   s_dot_css="@font-face { src: url(https://f.invalid/f.woff) }")
        self.assertEqual(self.faults(), [
            "index.html:1: https://cdn.invalid/x.js is fetched from elsewhere",
            "index.html:2: //f.invalid/f.css is fetched from elsewhere",
            "s.css: https://f.invalid/f.woff is fetched from elsewhere"])


def compound(kind, name, members="", prot="public", base="", line=1, inline="no"):
    return (f'<doxygen><compounddef kind="{kind}" prot="{prot}" inline="{inline}"><compoundname>{name}</compoundname>{base}'
            f'<location file="include/bulwark/a.hpp" line="{line}"/>{members}</compounddef></doxygen>')


def member(kind, line, name, parts, **attributes):
    given = "".join(f' {key}="{value}"' for key, value in {"prot": "public", **attributes}.items())
    return (f'<memberdef kind="{kind}"{given}><name>{name}</name>{parts}'
            f'<location file="x/include/bulwark/a.hpp" line="{line}"/></memberdef>')


class Api(Files):
    def setUp(self):
        super().setUp()
        self.show(compound("class", "bulwark::v1::A", member(
            "function", 3, "f", "<type>const <ref>bulwark::v1::B</ref> &amp;</type><argsstring>(std::vector&lt; int &gt; "
            "&amp;&amp;x=1) const noexcept</argsstring>") + member(
            "variable", 2, "hidden", "<type>int</type>", prot="private"),
            base='<basecompoundref prot="public">std::exception</basecompoundref>'
                 '<basecompoundref prot="private">bulwark::v1::detail::F</basecompoundref>'),
            compound("namespace", "bulwark::v1", member(
                "enum", 9, "E", "<type>int</type><enumvalue><name>z</name><initializer>= 1</initializer></enumvalue>"
                "<enumvalue><name>a</name></enumvalue>", strong="yes"), inline="yes"),
            compound("class", "bulwark::v1::detail::D"))

    def show(self, *compounds, version="1.9.4"):
        for number, text in enumerate(compounds):
            self.write(**{f"c{number}_dot_xml": text})
        kinds = [text.split('kind="')[1].split('"')[0] for text in compounds]
        self.write(index_dot_xml=f'<doxygenindex version="{version}">' + "".join(
            f'<compound kind="{kind}" refid="c{number}"/>' for number, kind in enumerate(kinds)) + "</doxygenindex>")

    def run_api(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            status = api.main([str(self.root), str(self.root / "api.txt"), *arguments])
        return status, out.getvalue()

    def test_public_names_are_listed_in_the_order_of_the_header(self):
        self.assertEqual(api.listing(self.root).removeprefix(api.HEAD), """
# bulwark/a.hpp
class A : std::exception
const B& A::f(std::vector<int>&& x = 1) const noexcept
enum class E : int
E::z = 1
E::a
""")

    def test_a_written_list_matches(self):
        self.assertEqual(self.run_api("--write")[0], 0)
        self.assertEqual(self.run_api()[0], 0)

    def test_a_change_is_shown_and_fails(self):
        self.run_api("--write")
        text = (self.root / "c1.xml").read_text(encoding="utf-8")
        self.write(c1_dot_xml=text.replace("= 1", "= 2"))
        status, out = self.run_api()
        self.assertEqual(status, 1)
        self.assertIn("\n-E::z = 1\n+E::z = 2\n", out)

    def test_another_version_of_doxygen_is_refused(self):
        self.run_api("--write")
        index = (self.root / "index.xml").read_text(encoding="utf-8")
        self.write(index_dot_xml=index.replace("1.9.4", "1.9.8"))
        status, out = self.run_api()
        self.assertEqual(status, 3)
        self.assertIn("1.9.8", out)


if __name__ == "__main__":
    unittest.main()
