"""The exact layer: normal forms on python-flint, checkers, inference rules, cited facts.

terms.py    scalars and matrix words as one normal form            form.py         powers, logarithms, substitution, text
words.py    letters, merging, traces                               letters.py      sizes, letters and traces as forms
context.py  signs that follow from hypotheses                      read.py         tree -> form
derive.py   derivations: the Leibniz rule                          derivatives.py  in time, in a direction, gradients
rewrite.py  equations used as rules                                rules.py        the ways to show a line
session.py  a derivation as it is being checked                    introduced.py   symbols that leave others arbitrary
"""
