"""The closed grammar of `--set NAME=VALUE`: what it reads, and that it refuses everything else with one clear line."""

from __future__ import annotations

import random
import string
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from theorycheck.errors import InputError
from theorycheck.formula import parse
from theorycheck.tree import exp, log, mat, num, sqrt, sym
from theorycheck.tree.heads import validate
from theorycheck.tree.node import Node, add, div, mul, neg, power

beta, lam, L = sym("beta"), sym("lambda"), sym("L")
SYMBOLS = {"beta": beta, "lambda": lam, "L": L, "A": mat("A", 2, 2)}

READ = {
    "2": num(2),
    "-2": num(-2),
    "11/10": num(Fraction(11, 10)),
    "0.1": num(Fraction(1, 10)),
    ".5": num(Fraction(1, 2)),
    "1e-3": num(Fraction(1, 1000)),
    "1 + 1": num(2),
    "-2**2": num(-4),
    "2^3+1": num(9),
    "2**-1": num(Fraction(1, 2)),
    "2**3**2": num(512),
    "8/4/2": num(1),
    "8 - 4 - 2": num(2),
    "(1/2)**2": num(Fraction(1, 4)),
    "2*lambda": mul(2, lam),
    "lambda": lam,
    "beta - L": add(beta, neg(L)),
    "-beta": neg(beta),
    "-beta**2": neg(power(beta, 2)),
    "beta**-L": power(beta, neg(L)),
    "beta/(2*L)": div(beta, mul(2, L)),
    "beta/2*L": mul(div(beta, 2), L),
    "2**(1/L)": power(2, div(1, L)),
    "sqrt(2/beta)": sqrt(div(2, beta)),
    "exp(-2*beta) + log(L)": add(exp(mul(-2, beta)), log(L)),
    "2**(1/2)": power(2, num(Fraction(1, 2))),
    "\tbeta ": beta,
}

REFUSED = {
    "": "a value is needed",
    "2+": "a value is needed",
    "beta(2)": "not a function",
    "sqrt": "not declared",
    "sqrt 2": "not declared",
    "(2": "not closed",
    "2)": "operator",
    "2 beta": "operator",
    "2(3)": "operator",
    "1_000": "operator",
    "0x10": "operator",
    "1j": "operator",
    "A": "not a scalar",
    "gamma": "declared: L, beta, lambda",
    "beta.real": "character",
    "beta.__class__": "character",
    "__import__('os').system('true')": "character",
    "__import__(2)": "not declared",
    "().__class__": "character",
    "()": "a value is needed",
    "lambda x: x": "character",
    "lambda x": "operator",
    "1 if 2 else 3": "operator",
    "'2'": "character",
    "[1]": "character",
    "beta == 2": "character",
    "1,2": "character",
    "2\n+3": "character",
    "nan": "finite",
    "-inf": "finite",
    "zoo": "finite",
    "oo": "finite",
    "1/0": "zero",
    "1/(2-2)": "zero",
    "0**-1": "zero",
    "sqrt(-1)": "real",
    "log(0)": "real",
    "(-8)**(1/3)": "integer exponent",
    "(-1)**L": "integer exponent",
    "9**9**9**9": "bits",
    "((9**99)**99)**99": "bits",
    "beta**9**9": "bits",
    "2**2**L": "bits",
    "1e99999": "operator",
    "9" * 61: "characters",
    "1+" * 200 + "1": "characters",
    "1" + "+1" * 80: "characters",
    "(" * 30 + "1" + ")" * 30: "nested",
    "-" * 30 + "1": "nested",
    "β": "character",
    "２": "character",
    "bеta": "character",
    "2×3": "character",
    "\x00": "character",
    "\ud800": "character",
}


@pytest.mark.parametrize("text", READ)
def test_reads(text: str) -> None:
    assert parse(text, SYMBOLS) == READ[text]


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_refuses_with_one_line(text: str) -> None:
    with pytest.raises(InputError, match=REFUSED[text]) as caught:
        parse(text, SYMBOLS)
    message = str(caught.value)
    assert message.startswith("formula ")
    assert ascii(text)[1:20].rstrip("'") in message
    assert ";" in message
    assert message.isascii()
    assert "\n" not in message
    assert len(message) < 250


def refuses_or_reads(text: str) -> bool:
    try:
        return isinstance(parse(text, SYMBOLS), Node)
    except InputError:
        return False


NEAR = st.text(alphabet="0123456789.eE+-*/^() beLtaAsqrtxplog_")


@given(st.one_of(st.text(), st.binary().map(lambda b: b.decode("latin-1")), NEAR))
def test_never_raises_anything_else(text: str) -> None:
    refuses_or_reads(text)


def test_ten_thousand_random_inputs() -> None:
    rng = random.Random(1)
    near = ["beta", "lambda", "L", "A", "sqrt(", "exp(", "log(", "nan", "9", "0", "1.5", "1e9", *"()+-*/^. ", "**"]
    pieces = [*near, *string.punctuation, "\n", "\0", "\u0435"]
    texts = ["".join(rng.choices(near, k=rng.randint(1, 12))) for _ in range(7000)]
    texts += ["".join(rng.choices(pieces, k=rng.randint(1, 40))) for _ in range(3000)]
    read = sum(refuses_or_reads(t) for t in texts)
    assert 300 < read < 9000


def test_the_deepest_tree_is_one_that_the_other_readers_take() -> None:
    validate(parse("-" * 18 + "L/" * 70 + "L", SYMBOLS))


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6).filter(bool))
def test_rational_arithmetic_is_exact(a: Fraction, b: Fraction) -> None:
    assert parse(f"({a}) / ({b}) - ({a}) * 2", {}) == num(a / b - a * 2)
