"""`python -m tests.corpus [THEME | ID ...]`: the score of the corpus; 1 if anything came out wrong."""

import sys

from tests.corpus.scoring import score

found = score(names=sys.argv[1:])
print(found)
raise SystemExit(1 if found.false_proofs or found.false_refutations or found.errors else 0)
