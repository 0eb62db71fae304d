"""Measurements: run `python -m tests.benchmarks`. Nothing here is asserted."""
