"""Checks that the version and the options in CMake match those everywhere else."""

import json
import pathlib
import re
import unittest

root = pathlib.Path(__file__).resolve().parents[2]


def text(path):
    return (root / path).read_text(encoding="utf-8")


class Packaging(unittest.TestCase):
    def setUp(self):
        project = re.search(r"project\((.*?)\)", text("CMakeLists.txt"), re.DOTALL).group(1)
        self.version = re.search(r"VERSION (\S+)", project).group(1)
        self.minor = self.version.rpartition(".")[0]

    def test_vcpkg_has_the_version(self):
        self.assertEqual(json.loads(text("packaging/vcpkg/vcpkg.json"))["version"], self.version)

    def test_conan_reads_the_version(self):
        pattern = re.search(r're\.search\(r"(.+?)", text\)', text("packaging/conan/conanfile.py")).group(1)
        self.assertEqual(re.search(pattern, text("CMakeLists.txt")).group(1), self.version)

    def test_the_changelog_begins_with_the_version(self):
        first = re.search(r"^## \[(.+?)\](.*)$", text("CHANGELOG.md"), re.MULTILINE)
        if first.group(1) != "Unreleased":
            self.assertEqual(first.group(1), self.version)
            self.assertRegex(first.group(2), r"^ - \d{4}-\d\d-\d\d$")

    def test_the_pages_have_the_version(self):
        for page in ("docs/install.md", "docs/abi.md", "tests/consumer/CMakeLists.txt"):
            said = re.findall(r"find_package\(bulwark ([\d.]+)|libbulwark(?:-\w+)?(\d+\.\d+)"
                              r"|lib\w+\.so\.(\d+\.\d+)", text(page))
            self.assertTrue(said, page)
            self.assertEqual({version for versions in said for version in versions if version},
                             {self.minor}, page)

    def test_every_option_is_in_the_table(self):
        options = set(re.findall(r"^(?:option|set|bulwark_choice)\(\s*(BULWARK_\w+)", text("cmake/options.cmake"),
                                 re.MULTILINE))
        table = re.findall(r"^\| `(BULWARK_\w+)`", text("docs/install.md"), re.MULTILINE)
        self.assertGreaterEqual(len(options), 10)
        self.assertEqual(set(table), options)

    def test_vcpkg_and_conan_know_every_component(self):
        components = set(re.findall(r"include\(cmake/(json|prometheus)\.cmake\)", text("CMakeLists.txt")))
        self.assertEqual(components, {"json", "prometheus"})
        features = json.loads(text("packaging/vcpkg/vcpkg.json"))["features"]
        self.assertEqual(set(features), components | {"boost"})
        for component in components:
            self.assertIn(f'"{component}": [True, False]', text("packaging/conan/conanfile.py"))


if __name__ == "__main__":
    unittest.main()
