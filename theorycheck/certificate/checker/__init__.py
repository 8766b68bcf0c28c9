"""The checker of certificates: it re-verifies what the prover wrote, and shares no code with it.

What a certificate is believed for rests on `core` and on those files around it that its lines call, and no others (a result
names them). Each imports the core only; files reach each other by the tables of the core.

- `core`: forms (polynomials and words in normal form), trees (heads, shapes), steps (lines, facts, how a rule shows a line).
  Three files of 600 lines in all, 444 without the blank ones, 387 of code (no docstrings, no comments).
- `parts`: what a form knows beyond that, one file for each kind of quantity. `plain`, `traces`, `sums`, `signs` and
  `substitution` are behind nearly every line: who reads the core reads them next. `laws` binds the names of random layers,
  and `wick`, `pairings` and `remaining` take expectations over them.
- `rules`: how lines follow from lines, one family a file.
- `witness`: refutations, by evaluation at an instance in rationals and balls. `boxes`: claims between numbers, piece by
  piece on a box. `sample`: intervals from counts.
- `table`, `reading`, `locked`, `derivation`, `driver`: the bytes, the form of every part, the comparison with the lock, the
  lines, the folder.
"""
