"""Runs the benchmarks, checks the limits of bench/gates.json and writes docs/benchmarks.md.

scripts/bench builds the benchmarks and calls this with python3 -m. Uses only the standard library, except
for the plots, which need matplotlib. compile_cost.py measures the compiler instead of a binary.
"""
