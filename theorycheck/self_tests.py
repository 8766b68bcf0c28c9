"""One quick test of each layer, for `theorycheck doctor`: a thing that holds must be shown, and its false neighbour refused.

A test returns a short text of what it saw and raises `Broken` where the layer is wrong. Nothing is shared between the tests,
and each imports what it needs when it runs: a broken layer fails alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorycheck.statement import Statement
    from theorycheck.tree import Node


class Broken(Exception):
    """A layer gave a wrong answer; the text says which."""


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Broken(otherwise)


def tree() -> str:
    """A tree survives JSON; a product of unfitting sizes and an unknown head are refused."""
    from theorycheck.errors import InputError
    from theorycheck.tree import Eq, mat, norm, sym
    from theorycheck.tree.serial import from_json, to_json

    m, n = sym("m"), sym("n")
    a = mat("A", m, n)
    there = Eq(norm(a.T @ a), norm(a) ** 2)
    expect(from_json(to_json(there)) == there, "a tree came back from JSON as another one")
    try:
        a @ a
    except TypeError:
        pass
    else:
        raise Broken("a product of unfitting sizes was accepted")
    try:
        from_json(["nothing", [], []])
    except InputError:
        return "JSON and back; unfitting sizes and an unknown head refused"
    raise Broken("an unknown head was accepted")


def exact() -> str:
    """(a - b)^2 = a^2 - 2ab + b^2 in normal form, for numbers; |M|^2 = Tr M^T M for sizes m x n; not so with 3ab, or M M."""
    from theorycheck.exact.context import Context
    from theorycheck.exact.read import read
    from theorycheck.tree import mat, norm, sym, trace

    a, b, n = sym("a"), sym("b"), sym("n")
    m = mat("M", n, n)

    def same(left: Node, right: Node) -> bool:
        return (read(left, Context()) - read(right, Context())).is_zero

    expect(same((a - b) ** 2, a**2 - 2 * a * b + b**2), "(a - b)^2 was not expanded")
    expect(same(norm(m) ** 2, trace(m.T @ m)), "|M|^2 was not Tr M^T M")
    expect(not same((a - b) ** 2, a**2 - 3 * a * b + b**2), "a wrong binomial was accepted")
    expect(not same(norm(m) ** 2, trace(m @ m)), "|M|^2 = Tr M M was accepted")
    return "two identities shown, two false ones refused"


def balls() -> str:
    """exp 1 to 30 digits, and the singular values of a matrix with a repeated and a zero one."""
    from flint import arb, ctx, fmpq, fmpq_mat

    from theorycheck.enclose.spectrum import singular_values

    precision = ctx.prec
    try:
        ctx.prec = 128
        e = arb(1).exp()
        near = arb("2.71828182845904523536028747135266 +/- 1e-31")
        expect(bool(e.is_finite()) and near.contains(e), "the ball of exp 1 lies elsewhere, or is too wide")
        expect(
            not e.contains(fmpq(1359140914229522617680143735676, 5 * 10**29)), "the ball of exp 1 holds a number that is not e"
        )
        values = singular_values(fmpq_mat(3, 3, [0, 3, 0, -3, 0, 0, 0, 0, 0]))
    finally:
        ctx.prec = precision
    near_by = [s.is_finite() and s.rad() < 1e-15 and s.contains(w) for s, w in zip(values, (3, 3, 0), strict=True)]
    expect(all(near_by), f"singular values 3, 3, 0 were found as {', '.join(map(str, values))}")
    return "exp 1 to 30 digits; singular values 3, 3, 0"


def engine() -> str:
    """A network of widths 1, 1, 1 against the logistic function, and against it at another rate."""
    import numpy as np

    from theorycheck import flow
    from theorycheck.flow.exact_solutions import logistic_mode

    start = [np.full((1, 1, 1), 0.5)] * 2
    cost = flow.SquaredDistance(np.array([[2.0]]))
    done = flow.run(flow.Network((1, 1, 1)), cost, start, 1.0, reductions="none", method="dop853")
    found = float(done.A[0, 0, 0])
    right, wrong = (float(logistic_mode(0.5, k, 2.0, 1.0, np.array([1.0]))[0]) ** 2 for k in (2.0, 2.2))
    expect(abs(found - right) < 1e-7, f"A(1) = {found!r}, the closed solution is {right!r}")
    expect(abs(found - wrong) > 1e-3, "the engine cannot tell two rates apart")
    return f"A(1) = {found:.6f}, off the closed solution by {abs(found - right):.0e}"


def search() -> str:
    """A witness against x^2 >= x, and none against x^2 >= 0."""
    from theorycheck.search.witness import find_witness
    from theorycheck.tree import Le, sym

    claim = _square().claims[0]
    x = sym("x")
    found = find_witness(claim, Le(x, x**2), "doctor", 50)
    expect(found is not None, "no witness against x <= x^2 among 50 instances")
    expect(find_witness(claim, Le(0, x**2), "doctor", 50) is None, "a witness against 0 <= x^2")
    return f"x <= x^2 is false for x = {found.values['x'] if found else ''}"


def claim() -> str:
    """A small claim is proved; with its constant off by a tenth it is refuted."""
    from theorycheck.run import run
    from theorycheck.tree import num

    statement = _square()
    verdicts = [
        run([statement], overrides=o).statements[0].claims[0].verdict.value for o in (None, {"factor": num(Fraction(11, 5))})
    ]
    expect(verdicts == ["proved", "refuted"], f"proved and refuted were wanted, not {' and '.join(verdicts)}")
    return "proved; refuted with its constant off by a tenth"


def checker() -> str:
    """The checker accepts the certificate of a small claim, and rejects it for a larger constant, or a wrong square."""
    from theorycheck.certificate.checker import parts  # noqa: F401 (the parts enter themselves in the core's tables)
    from theorycheck.certificate.checker.core import Refused
    from theorycheck.certificate.checker.derivation import verify
    from theorycheck.certificate.checker.reading import read_certificate
    from theorycheck.certificate.write import certificate
    from theorycheck.run import run

    statement = _square()
    (square,) = statement.claims
    written = certificate(run([statement]).statements[0].claims[0], square, lambda _: square, "quick", 0)
    verify(read_certificate(written), {})
    changes = {"constant": (b'["num",["2"],[]]', b'["num",["5/2"],[]]'), "square": (b'["neg",', b'["abs",')}
    for name, (old, new) in changes.items():
        expect(old in written, f"the certificate has no {name}")
        try:
            verify(read_certificate(written.replace(old, new)), {})
        except Refused:
            continue
        raise Broken(f"a certificate with another {name} was accepted")
    return "a certificate accepted; rejected with another constant, and with another square"


def _square() -> Statement:
    """2 x y <= x^2 + y^2, with the constant as a parameter."""
    from theorycheck.domain import Domain, real
    from theorycheck.exact import rules as by
    from theorycheck.statement import Statement
    from theorycheck.tree import Le, sym

    x, y = sym("x"), sym("y")
    statement = Statement("doctor", "Two squares", "1", Domain("numbers x, y", (real("x"), real("y"))))

    def body(factor: Node):  # type: ignore[no-untyped-def]
        """Twice the product of two numbers is at most the sum of their squares"""
        goal = yield Le(factor * x * y, x**2 + y**2)
        yield goal, by.linear(squares=[(1, x - y)])

    statement.claim("square", line=1, main=True, expects="proved", near=_equal, factor=2)(body)
    return statement


def _equal(_: object, env: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**env, "y": env["x"]}


def kernel() -> str:
    """coqc accepts a true identity over the reals, and rejects a false one."""
    from theorycheck.certificate.coq.compiler import compile_file

    with tempfile.TemporaryDirectory(prefix="theorycheck-doctor-") as folder:
        good = compile_file(Path(folder) / "good.v", COQ % "2", 120)
        bad = compile_file(Path(folder) / "bad.v", COQ % "3", 120)
    expect(good.accepted is True, f"a true lemma was rejected: {good.reason}")
    expect(bad.accepted is False, "a false lemma was accepted")
    return "a true lemma accepted, a false one rejected"


COQ = """From Coq Require Import Reals.
Open Scope R_scope.
Lemma claim (a b : R) : (a - b) ^ 2 = a ^ 2 - %s * a * b + b ^ 2.
Proof. ring. Qed.
Print Assumptions claim.
"""

LAYERS: dict[str, Callable[[], str]] = {
    "tree": tree,
    "exact normal form": exact,
    "balls": balls,
    "engine": engine,
    "witness search": search,
    "a claim end to end": claim,
    "certificate checker": checker,
}


def optional() -> dict[str, Callable[[], str]]:
    """Tests of what need not be there."""
    return {"proof assistant": kernel} if shutil.which("coqc") else {}
