"""Tests what scripts/snippets accepts, refuses and writes.

usage: snippets_test.py [options of unittest: -v, or the name of a test]
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/snippets"

SOURCE = """// What it is for.
int main() {
  // [outer]
  int a = 1;

  // [inner]
  if (a == 1) {
    return 0;
  }
  // [inner]
  // [outer]
}
"""


def block(*code, source="<!-- snippet: examples/a.cpp [inner] -->", fence="```", indent=""):
    lines = [source, f"{fence}cpp", *code, fence] if source else [f"{fence}cpp", *code, fence]
    return "".join(indent + line + "\n" for line in lines)


INNER = ("if (a == 1) {", "  return 0;", "}")


class Snippets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        self.put("examples/a.cpp", SOURCE)

    def put(self, path, text):
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / path).write_text(text, encoding="utf-8")

    def page(self, path="README.md"):
        return (self.tree / path).read_text(encoding="utf-8")

    def run_it(self, *words):
        done = subprocess.run([sys.executable, SCRIPT, "--tree", self.tree, *words],
                              capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def assert_fine(self, text):
        self.put("README.md", text)
        status, said, errors = self.run_it()
        self.assertEqual((status, errors), (0, ""))
        return said

    def assert_fault(self, text, *expected):
        """Checks that a page is refused with these messages, and that --write does not mend it."""
        self.put("README.md", text)
        for words in ((), ("--write",)):
            status, _, errors = self.run_it(*words)
            self.assertEqual(status, 1, errors)
            for part in expected:
                self.assertIn(part, errors)
        self.assertEqual(self.page(), text)


class WhatIsShown(Snippets):
    def test_a_region_without_its_indentation(self):
        self.assertEqual(self.assert_fine("text\n\n" + block(*INNER)),
                         "1 blocks in 1 pages: as their sources\n")

    def test_lines_that_mark_regions_are_omitted(self):
        outer = "<!-- snippet: examples/a.cpp [outer] -->"
        self.assert_fine(block("int a = 1;", "", *INNER, source=outer))

    def test_the_whole_file_if_no_region_is_named(self):
        code = [line for line in SOURCE.split("\n")[:-1] if "// [" not in line]
        self.assert_fine(block(*code, source="<!-- snippet: examples/a.cpp -->"))

    def test_empty_lines_around_a_region_are_omitted(self):
        self.put("tests/b.cpp", "// [x]\n\nint b;\n\n// [x]\n")
        self.assert_fine(block("int b;", source="<!-- snippet: tests/b.cpp [x] -->"))

    def test_a_block_may_be_indented(self):
        self.assert_fine("- item\n\n" + block(*INNER, indent="  "))

    def test_a_block_may_have_any_fence(self):
        for fence in ("````", "~~~"):
            self.assert_fine(block(*INNER, fence=fence))

    def test_pages_in_folders_of_docs_are_read(self):
        self.put("README.md", "")
        self.put("docs/deep/page.md", "```cpp\n```\n")
        status, _, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("docs/deep/page.md:1: no source", errors)


class WhatIsIgnored(Snippets):
    def test_blocks_of_other_languages(self):
        self.assert_fine("```json\n{}\n```\n\n```\nplain\n```\n\n```sh\nls\n```\n")

    def test_the_contents_of_a_block_of_another_language(self):
        self.assert_fine("````md\n<!-- snippet: examples/a.cpp [inner] -->\n```cpp\nx\n```\n````\n")

    def test_code_in_a_line_of_prose(self):
        self.assert_fine("every ```cpp block``` and ```cpp``` too\n")


class WhatIsRefused(Snippets):
    def test_a_block_that_names_no_source(self):
        self.assert_fault("text\n\n" + block(*INNER, source=None), "README.md:3: no source")

    def test_a_block_whose_source_is_named_further_up(self):
        text = block(*INNER).replace(" -->\n", " -->\n\n")
        self.assert_fault(text, "README.md:1: no ```cpp block comes after", "README.md:3: no source")

    def test_a_source_without_a_block(self):
        marker = "<!-- snippet: examples/a.cpp [inner] -->\n"
        for text in (marker, marker + "```sh\nls\n```\n", marker + "prose\n"):
            self.assert_fault(text, "README.md:1: no ```cpp block comes after this line")

    def test_other_spellings_of_the_language(self):
        for language in ("c++", "CPP", "cc", "cpp {.line-numbers}"):
            self.assert_fault(f"```{language}\n```\n", "README.md:1: no source")

    def test_a_block_that_hides_in_a_quotation_or_behind_a_bullet(self):
        for text in ("> ```cpp\n> x\n> ```\n", "- ```cpp\n  x\n  ```\n", "1. ```cpp\n   x\n   ```\n"):
            self.assert_fault(text, "README.md:1: a ```cpp block begins on a line of its own")

    def test_a_line_that_is_not_of_the_form(self):
        for line in ("<!-- snippet: -->", "<!-- snippet examples/a.cpp -->",
                     "<!-- snippet: examples/a.cpp[inner] -->", "<!--snippet: examples/a.cpp [inner]-->",
                     "<!-- snippet: examples/a.cpp [] -->"):
            self.assert_fault(block(*INNER, source=line), "README.md:1: not of the form")

    def test_a_source_that_is_not_compiled_and_run(self):
        self.put("docs/a.cpp", SOURCE)
        for name in ("docs/a.cpp", "a.cpp", "examples/../docs/a.cpp", "/examples/a.cpp", "examples2/a.cpp"):
            self.assert_fault(block(*INNER, source=f"<!-- snippet: {name} [inner] -->"),
                              f"README.md:1: {name} is not below examples or tests")

    def test_a_file_that_does_not_exist(self):
        self.assert_fault(block(*INNER, source="<!-- snippet: examples/b.cpp [inner] -->"),
                          "README.md:1: examples/b.cpp does not exist")

    def test_a_folder(self):
        self.assert_fault(block(*INNER, source="<!-- snippet: examples [inner] -->"),
                          "README.md:1: examples cannot be read")

    def test_a_region_that_does_not_exist(self):
        self.assert_fault(block(*INNER, source="<!-- snippet: examples/a.cpp [other] -->"),
                          'README.md:1: examples/a.cpp has no lines "// [other]"; a region takes two')

    def test_a_region_that_does_not_end_or_ends_twice(self):
        for source, said in (("// [x]\nint b;\n", '1 line "// [x]" (1)'),
                             ("// [x]\n// [x]\n\n// [x]\n", '3 lines "// [x]" (1, 2, 4)')):
            self.put("examples/b.cpp", source)
            self.assert_fault(block("int b;", source="<!-- snippet: examples/b.cpp [x] -->"),
                              f"README.md:1: examples/b.cpp has {said}; a region takes two")

    def test_an_empty_region(self):
        self.put("examples/b.cpp", "// [x]\n\n// [x]\n")
        self.assert_fault(block("", source="<!-- snippet: examples/b.cpp [x] -->"),
                          "README.md:1: examples/b.cpp:1: there is nothing in [x]")

    def test_a_block_that_never_ends(self):
        self.assert_fault(block(*INNER)[:-len("```\n")], "README.md:2: this block never ends")

    def test_every_fault_is_reported(self):
        self.assert_fault(block(source=None) + "\n" + block(*INNER) + "\n" + block(source=None),
                          "README.md:1: ", "README.md:11: ")


class WhatDiffers(Snippets):
    def test_is_reported_with_its_place_and_the_lines(self):
        self.put("README.md", "text\n" + block(INNER[0], "  return 1;", INNER[2]))
        status, _, errors = self.run_it()
        self.assertEqual(status, 1)
        self.assertIn("README.md:3: differs from examples/a.cpp:7 [inner]; - is the page, + the source\n",
                      errors)
        self.assertIn("\n    -  return 1;\n    +  return 0;\n", errors)
        self.assertIn("scripts/snippets --write", errors)

    def test_indentation_within_a_block_counts(self):
        self.put("README.md", block("if (a == 1) {", "return 0;", "}"))
        self.assertEqual(self.run_it()[0], 1)

    def test_without_write_no_page_is_touched(self):
        text = block("old")
        self.put("README.md", text)
        self.run_it()
        self.assertEqual(self.page(), text)

    def test_is_written_and_nothing_else(self):
        before, after = "a\n\n" + block(*INNER), "\n\nb\n\n```sh\nls\n```\nc"
        self.put("README.md", before + block("old", "and older") + after)
        self.put("docs/b.md", block(*INNER))
        status, said, errors = self.run_it("--write")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("README.md: 1 of 2 blocks written\n", said)
        self.assertNotIn("docs/b.md", said)
        self.assertEqual(self.page(), before + block(*INNER) + after)
        self.assertEqual(self.run_it()[0], 0)

    def test_is_written_with_the_indentation_of_its_block(self):
        self.put("examples/a.cpp", "// [inner]\nint a;\n\nint b;\n// [inner]\n")
        self.put("README.md", "- item\n\n" + block("old", indent="  "))
        self.assertEqual(self.run_it("--write")[0], 0)
        self.assertEqual(self.page(), "- item\n\n" + block("int a;", "\n  int b;", indent="  ")
                         .replace("  \n", "\n"))

    def test_is_written_even_if_another_block_is_refused(self):
        self.put("README.md", block("old") + "\n" + block("mine", source=None))
        status, _, errors = self.run_it("--write")
        self.assertEqual(status, 1)
        self.assertIn("no source", errors)
        self.assertEqual(self.page(), block(*INNER) + "\n" + block("mine", source=None))


class CommandLine(Snippets):
    def test_a_usage_error_has_a_status_of_its_own(self):
        self.put("README.md", "")
        for words in (["--wirte"], ["README.md"], ["--tree", "nowhere"], ["--wri"]):
            self.assertEqual(self.run_it(*words)[0], 2, words)

    def test_help_shows_the_form_of_the_line(self):
        status, said, _ = self.run_it("--help")
        self.assertEqual(status, 0)
        self.assertIn("<!-- snippet: examples/", said)


if __name__ == "__main__":
    unittest.main()
