"""The exact layer: normal forms on python-flint, checkers, inference rules, cited facts.

form.py     scalars and matrix words as one normal form            words.py    letters, merging, traces
context.py  signs that follow from hypotheses                      read.py     tree -> form
derive.py   derivations: in time, in a direction, gradients        rewrite.py  equations used as rules
session.py  a derivation as it is being checked                    rules.py    the ways to show a line
"""
