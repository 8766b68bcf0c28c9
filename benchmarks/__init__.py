"""Measurements, run by hand: `python -m benchmarks.NAME`. What they gave is in README.md beside them."""
