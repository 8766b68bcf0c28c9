"""Running Coq's compiler: one file in, accepted or not out, and the axioms that the file's lemma rests on.

A file counts as accepted when coqc ends with 0 and every axiom that its `Print Assumptions` prints is one of the standard
library's about the real numbers, primitive integers and floats, and functional extensionality. A time limit is "gave up".
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from theorycheck.errors import InputError

PACKAGES = "coq libcoq-interval libcoq-mathcomp-algebra"
STANDARD = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)
PRIMITIVE = ("PrimInt63.", "PrimFloat.", "Uint63.", "FloatAxioms.")
CLOSED = "Closed under the global context"
SLOWEST = 20  # seconds of the clock for one of the processor, before a file is given up on a busy machine


@dataclass(frozen=True)
class Compiled:
    """What coqc said of one file: accepted; or rejected, with its message; or it gave up (`accepted` None)."""

    accepted: bool | None
    reason: str = ""
    axioms: tuple[str, ...] = ()


def coq_version() -> str:
    """The version of the coqc on the path, such as 8.16.1; raises InputError where there is none."""
    if not shutil.which("coqc"):
        raise InputError(f"--kernel coq: there is no coqc on the PATH; on Debian: apt-get install {PACKAGES}")
    said = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=False, timeout=60).stdout.split()
    if not said:
        raise InputError("--kernel coq: coqc does not say its version; is it installed whole?")
    return said[0]


def compile_file(path: Path, text: str, seconds: int, options: Sequence[str] = ()) -> Compiled:
    """Write `text` to `path` (a .v file), let coqc judge it within `seconds` of processor time, and remove its output files."""
    path.write_text(text, encoding="utf-8")
    call = ["coqc", "-q", "-w", "none", *options, "-o", str(path.with_suffix(".vo")), path.name]
    command = ["sh", "-c", f'ulimit -t {seconds}; exec "$@"', "sh", *call]
    with subprocess.Popen(
        command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            said = process.communicate(timeout=SLOWEST * seconds)[0]
        except BaseException as problem:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(problem, subprocess.TimeoutExpired):
                return Compiled(None, f"gave up after {SLOWEST * seconds} s")
            raise
        finally:
            for end in (".vo", ".vok", ".vos", ".glob"):
                path.with_suffix(end).unlink(missing_ok=True)
            path.with_name(f".{path.stem}.aux").unlink(missing_ok=True)
    if process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Compiled(None, f"gave up after {seconds} s of processor time")
    return judged(process.returncode, said)


def judged(code: int, said: str) -> Compiled:
    """The verdict on a file from coqc's exit code and output."""
    if code != 0:
        return Compiled(False, " ".join(said.split())[-400:] or f"coqc ended with {code}")
    axioms = assumptions(said)
    if axioms is None:
        return Compiled(False, "the file does not print the assumptions of exactly one lemma")
    if strange := [a for a in axioms if a not in STANDARD and not a.startswith(PRIMITIVE)]:
        return Compiled(False, f"it rests on {strange[0]}, which is no standard axiom", axioms)
    return Compiled(True, "", axioms)


def assumptions(said: str) -> tuple[str, ...] | None:
    """The names that one `Print Assumptions` printed, () for a closed lemma; None when the output holds none, or several."""
    reports = len(re.findall(r"^Axioms:$|^Section Variables:$", said, re.M)) + said.count(CLOSED)
    if reports != 1 or "Section Variables:" in said:
        return None
    if CLOSED in said:
        return ()
    listed = said.split("Axioms:\n", 1)[1]
    return tuple(re.findall(r"^([A-Za-z_][\w.']*)\s*(?::|$)", listed, re.M))
