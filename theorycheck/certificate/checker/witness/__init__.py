"""Refutations by an instance: its values read, all hypotheses and the claim evaluated at it. Imports the core only."""
