"""The statements of the paper, one module each. A module is also a script: `python -m proofs.<folder>.<module>`."""
