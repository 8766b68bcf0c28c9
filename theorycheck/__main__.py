"""`python -m theorycheck`: the command line.

Python puts the folder where the user stands first on the path. It goes to the end, so that a folder `proofs` or `click`
there hides nothing.
"""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()) and not sys.flags.safe_path:
    sys.path.append(sys.path.pop(0))

from theorycheck.cli import main

raise SystemExit(main())
