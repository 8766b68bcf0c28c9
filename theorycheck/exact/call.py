"""Calls of rules as data: which rule a line's author called, and with what, so that a certificate can say it.

`recorded` decorates every function that makes a rule. A call holds what was passed, by the names of the function's parameters;
`call_as_data` replaces earlier lines, facts and rules by references, so that it holds no function and can leave the process.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ParamSpec

from flint import arb, fmpq

from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, num

if TYPE_CHECKING:
    from theorycheck.exact.session import Rule

P = ParamSpec("P")


@dataclass(frozen=True)
class Call:
    """A rule's name, `<module>.<function>`, and the arguments that were passed, by parameter."""

    rule: str
    args: Mapping[str, Any]


@dataclass(frozen=True)
class Tagged:
    """A reference (line, hypothesis, fact), a rule inside a rule, or a value of an instance; written as [tag, content]."""

    tag: str
    content: Any


class NoData(Exception):
    """A value that cannot be written down, such as a function of Python; the text names it."""


def recorded(make: Callable[P, Rule]) -> Callable[P, Rule]:
    """The same function; the rules that it makes know how they were made."""
    signature, name = inspect.signature(make), f"{make.__module__.rpartition('.')[2]}.{make.__name__}"

    @functools.wraps(make)
    def called(*args: P.args, **kwargs: P.kwargs) -> Rule:
        return replace(make(*args, **kwargs), call=Call(name, signature.bind(*args, **kwargs).arguments))

    return called


def call_as_data(call: Call | None) -> Call | None:
    """The call with references in the place of lines, facts and rules; None where there is no call, or it cannot be written."""
    try:
        return _as_data(call) if call else None
    except NoData:
        return None


def _as_data(call: Call) -> Call:
    return Call(call.rule, {name: _argument(value) for name, value in call.args.items()})


def _argument(x: Any) -> Any:
    match x:
        case None | str() | Node():
            return x
        case Proven():
            return Tagged("line", line_number(x.label))
        case Fact():
            return _fact(x)
        case int() | Fraction():
            return num(x)
        case list() | tuple():
            return tuple(_argument(v) for v in x)
        case Mapping():
            return _mapping(x)
    call = getattr(x, "call", None)
    if isinstance(call, Call):
        return Tagged("rule", _as_data(call))
    raise NoData(f"an argument of the type {type(x).__name__} cannot be written")


def _mapping(x: Mapping[str, Any]) -> Any:
    """A binding of symbols to trees and names, or the values of an instance."""
    if all(isinstance(v, Node | str) for v in x.values()):
        return dict(x)
    return Tagged("instance", {name: value_as_data(v) for name, v in x.items()})


def line_number(label: str) -> int:
    """The place, from 0, of a line with the label "(k)"."""
    return int(label.strip("()")) - 1


def _fact(x: Fact) -> Tagged:
    if x.kind == "line":
        return Tagged("generic", {"line": line_number(x.source), "given": tuple(x.given), "variables": tuple(x.variables)})
    return Tagged("hypothesis" if x.kind == "hypothesis" else "fact", x.name)


# --- values of an instance ------------------------------------------------------------------------------------------------
def value_as_data(x: Any) -> Any:
    """A value as data: a number "p/q", ["ball", [middle, radius]], ["matrix", rows], ["family", {index: value}], or
    [kind, {field: value}] for the functions and paths of `theorycheck.models`. Raises NoData for anything else."""
    match x:
        case bool():
            return x
        case int() | Fraction() | fmpq():
            return str(x)
        case arb():
            return Tagged("ball", (_dyadic(x.mid()), _dyadic(x.rad())))
        case tuple() if all(isinstance(row, tuple) for row in x):
            return Tagged("matrix", tuple(tuple(value_as_data(v) for v in row) for row in x))
        case tuple() | list():
            return tuple(value_as_data(v) for v in x)
        case Mapping():
            return Tagged("family", {str(k): value_as_data(v) for k, v in x.items()})
    if is_dataclass(x) and not isinstance(x, type):
        return Tagged(type(x).__name__, {f.name: value_as_data(getattr(x, f.name)) for f in fields(x)})
    raise NoData(f"a value of the type {type(x).__name__} cannot be written")


def _dyadic(x: arb) -> str:
    man, exp = x.man_exp()
    return str(fmpq(man) * fmpq(2) ** int(exp))
