"""Tests the mutations that scripts/mutate makes, and its report about the tests.

usage: mutation_test.py [options of unittest: -v, or the name of a test]
"""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from mutation.points import points_of  # noqa: E402


def changes(code, kind=None):
    """The mutations of the line under test; those of other lines are ignored."""
    text = "void f() {\n" + textwrap.dedent(code) + "\n}\n"
    return [point.after for point in points_of("a.cpp", text) if kind in (None, point.kind)]


class Points(unittest.TestCase):
    def test_each_operator_is_mutated(self):
        pairs = "< <=  <= <  > >=  >= >  == !=  != ==  + -  - +  * /  / *  & |  | &  && ||  || &&"
        for before, after in (pair.split() for pair in pairs.split("  ")):
            self.assertEqual(changes(f"g = a {before} b;", "operator"), [f"g = a {after} b;"])
        self.assertEqual(changes("g += b;", "operator"), ["g -= b;"])
        self.assertEqual(changes("++g;", "operator"), ["--g;"])

    def test_tokens_of_a_type_are_not_operators(self):
        for line in ("std::vector<int> g;", "int& g = b;", "int* g = b;", "auto&& g = b;", "a->g(*b, &c, -d);"):
            self.assertEqual(changes(line, "operator"), [], line)

    def test_words_in_strings_comments_and_directives_are_left_alone(self):
        self.assertEqual(changes('// a < b; true'), [])
        self.assertEqual(changes('/* a < b\n true */'), [])
        self.assertEqual(changes('#if 1 < 2'), [])
        self.assertEqual(changes('x = "a < 1 true";'), [""])
        self.assertEqual(changes("x = '1';"), [""])
        self.assertEqual(changes('static_assert(1 < 2);'), [])

    def test_a_constant_becomes_its_neighbours(self):
        self.assertEqual(changes("g = 7;", "constant"), ["g = 6;", "g = 8;"])
        self.assertEqual(changes("g = 0;", "constant"), ["g = 1;"])
        self.assertEqual(changes("g = 1'000;", "constant"), ["g = 1001;", "g = 999;"])
        self.assertEqual(changes("g = 5ms;", "constant"), ["g = 4ms;", "g = 6ms;"])
        self.assertEqual(changes("g = true;", "constant"), ["g = false;"])
        self.assertEqual(changes("g1 = a_2;", "constant"), [])
        self.assertEqual(changes("virtual void g() = 0;", "constant"), [])

    def test_a_condition_is_negated_unless_another_mutation_does_the_same(self):
        self.assertEqual(changes("if (g(a)) return;", "negated condition"), ["if (!(g(a))) return;"])
        self.assertEqual(changes("while (a && b) g();", "negated condition"), ["while (!(a && b)) g();"])
        self.assertEqual(changes("if (a == b) return;", "negated condition"), [])
        self.assertEqual(changes("if (!a) return;", "negated condition"), [])
        self.assertEqual(changes("if (!a) return;", "negation"), ["if (a) return;"])
        self.assertEqual(changes("if (Thing* t = find()) g();", "negated condition"), [])

    def test_a_statement_is_removed(self):
        for statement in ("g();", "a.g(b, c(d));", "a->g[1] = b;", "g += b;", "++g;", "x->y().z(1);", "*a = b;"):
            self.assertEqual(changes(statement, "dropped statement"), [""], statement)
        self.assertEqual(changes("if (a) g();", "dropped statement"), ["if (a) ;"])
        self.assertEqual(changes("if (a) return;", "dropped statement"), ["if (a) ;"])
        loop = "for (int i = 0; i < 3; ++i) "
        self.assertEqual(changes(loop + "g(i);", "dropped statement"), [loop + ";"])
        self.assertEqual(changes("case A: g();", "dropped statement"), ["case A: ;"])

    def test_declarations_and_returns_are_kept(self):
        kept = "int a = 1; return a; auto b = c(); const Ref keep(this); T(T&&) = default; throw A();"
        for line in (statement.rstrip(";") + ";" for statement in kept.split("; ")):
            self.assertEqual(changes(line, "dropped statement"), [], line)

    def test_a_fault_says_where_it_is_and_changes_nothing_else(self):
        text = "int a;\n  b = c +\n      1;\n"
        (point,) = [point for point in points_of("a.cpp", text) if point.kind == "operator"]
        self.assertEqual((point.line, point.before, point.after), (2, "b = c +", "b = c -"))
        self.assertEqual(point.apply(text), "int a;\n  b = c -\n      1;\n")


class Run(unittest.TestCase):
    """Tests with a project whose ninja and tests are shell scripts that check the source."""

    SOURCE = "void f() {\n  g(a < b);\n}\n"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.project, self.copy = self.root / "project", self.root / "copy"
        self.write(self.project / "src/a.cpp", self.SOURCE)
        self.write(self.project / "tests/mutants/equivalent.txt", "# none\n")
        self.write(self.copy / "src/a.cpp", self.SOURCE)
        self.compiles("true")

    def write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def script(self, path, command):
        self.write(path, f"#!/bin/sh\ncd '{self.copy}' || exit 9\n{command}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def compiles(self, command):
        listed = 'case "$*" in *"-t targets"*) echo "test_unit_a: phony"; exit;; esac'
        self.script(self.root / "bin/ninja", f"{listed}\n{command}")

    def passes(self, command):
        self.script(self.root / "build/tests/test_unit_a", command)

    def mutate(self, *options):
        environment = dict(os.environ, PYTHONPATH=str(SCRIPTS), PYTHONDONTWRITEBYTECODE="1")
        environment["PATH"] = f"{self.root / 'bin'}:{environment['PATH']}"
        command = [sys.executable, "-m", "mutation", "--project", self.project, "--copy", self.copy]
        done = subprocess.run(
            [*command, "--build", self.root / "build", *options, "src/a.cpp"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def test_a_mutation_that_fails_a_test_is_caught(self):
        self.passes("grep -q 'g(a < b);' src/a.cpp")
        status, said = self.mutate()
        self.assertIn("2 caught, 0 survived", said)
        self.assertIn("caught: 100.0 %", said)
        self.assertEqual(status, 0)
        self.assertEqual((self.copy / "src/a.cpp").read_text(), self.SOURCE)

    def test_a_mutation_that_passes_the_tests_survives_and_is_named(self):
        self.passes("grep -q 'g(' src/a.cpp")  # detects only a removed call
        status, said = self.mutate()
        self.assertIn("1 caught, 1 survived", said)
        self.assertIn("survived: src/a.cpp:2: operator\n    - g(a < b);\n    + g(a <= b);", said)
        self.assertEqual(status, 1)
        self.assertEqual(self.mutate("--least", "50")[0], 0)

    def test_a_crash_is_caught(self):
        self.passes("grep -q 'g(a < b);' src/a.cpp || kill -SEGV $$")
        self.assertIn("test_unit_a crashes", self.mutate()[1])

    def test_a_mutation_that_does_not_compile_is_not_counted(self):
        self.compiles("grep -q 'g(' src/a.cpp")
        self.passes("grep -q ' < ' src/a.cpp")
        said = self.mutate()[1]
        self.assertIn("1 caught, 0 survived", said)
        self.assertIn("1 do not compile", said)

    def test_a_mutation_that_is_argued_away_is_not_made(self):
        self.passes("grep -q 'g(' src/a.cpp")
        self.write(
            self.project / "tests/mutants/equivalent.txt",
            "# for a test\n\nfile: src/a.cpp\nline: g(a < b);\nbecomes: g(a <= b);\nwhy: they are never equal\n",
        )
        status, said = self.mutate()
        self.assertIn("1 caught, 0 survived, 1 change nothing", said)
        self.assertIn("argued: they are never equal", said)
        self.assertEqual(status, 0)

    def test_an_argument_about_a_line_that_is_gone_is_reported(self):
        self.assertEqual(self.mutate("--check"), (0, ""))
        self.write(
            self.project / "tests/mutants/equivalent.txt",
            "file: src/a.cpp\nline: g(a > b);\nbecomes: g(a >= b);\nwhy: they are never equal\n",
        )
        status, said = self.mutate("--check")
        self.assertEqual(status, 1)
        self.assertIn("no such fault in src/a.cpp any more", said)

    def test_tests_that_fail_without_a_mutation_end_the_run(self):
        self.passes("false")
        status, said = self.mutate()
        self.assertNotEqual(status, 0)
        self.assertIn("test_unit_a fails without a fault", said)

    def test_a_run_goes_on_where_it_ended_unless_a_source_has_changed(self):
        self.passes("grep -q 'g(' src/a.cpp")
        self.assertIn("1 caught, 1 survived", self.mutate()[1])
        self.passes("grep -q 'g(a < b);' src/a.cpp")  # would catch both
        self.assertIn("1 caught, 1 survived", self.mutate()[1])
        self.write(self.project / "tests/a_test.cpp", "int test;\n")
        self.assertIn("2 caught, 0 survived", self.mutate()[1])

    def test_the_same_seed_gives_the_same_mutations(self):
        self.write(self.project / "src/a.cpp", "void f() {\n" + "  g(a < b);\n" * 50 + "}\n")
        one, again, other = (self.mutate("--list", "--count", "5", "--seed", seed)[1] for seed in "112")
        self.assertEqual(one, again)
        self.assertNotEqual(one, other)

    def test_the_copy_follows_the_project_and_keeps_the_times_of_unchanged_files(self):
        self.write(self.copy / "src/gone.cpp", "")
        before = (self.copy / "src/a.cpp").stat().st_mtime_ns
        self.write(self.project / "src/b.cpp", "int b;\n")
        self.mutate("--mirror")
        self.assertFalse((self.copy / "src/gone.cpp").exists())
        self.assertEqual((self.copy / "src/b.cpp").read_text(), "int b;\n")
        self.assertEqual((self.copy / "src/a.cpp").stat().st_mtime_ns, before)
        self.write(self.copy / "src/a.cpp", "a fault that was left\n")
        self.mutate("--mirror")
        self.assertEqual((self.copy / "src/a.cpp").read_text(), self.SOURCE)


if __name__ == "__main__":
    unittest.main()
