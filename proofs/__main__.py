"""`python -m proofs`: check the whole paper."""

import sys

from theorycheck.cli import main

raise SystemExit(main(["check", *sys.argv[1:]]))
