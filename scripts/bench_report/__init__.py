"""Runs the benchmarks, judges them by bench/gates.json and writes docs/benchmarks.md.

scripts/bench builds what is run and calls this with python3 -m. Standard library only, but for the
plots, which take matplotlib.
"""
