"""Measurements: `python -m benchmarks` against the peers; `python -m benchmarks.rhs_profile`. README.md has what they gave."""
