"""The exact layer: normal forms on python-flint, checkers, inference rules, cited facts.

terms.py    scalars and matrix words as one normal form            form.py         powers, logarithms, substitution, text
words.py    letters, merging, traces                               letters.py      sizes, letters and traces as forms
context.py  signs that follow from hypotheses                      read.py         tree -> form
derive.py   derivations: the Leibniz rule                          derivatives.py  in time, in a direction, gradients
moments.py  expectations over Gaussian layers (Wick's theorem)
rewrite.py  equations used as rules                                cited.py        facts of the literature
session.py  a derivation as it is being checked

The ways to show a line: rules.py (algebra_rules, fact_rules, index_rules), basic_rules, matrix_rules, flow_rules,
homogeneous_rules, extremum_rules, and for limits and integrals limit_rules, leading_rules, integral_rules, separation_rules.
"""
