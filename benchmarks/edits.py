"""Edits of a certificate's record, for `benchmarks.corruptions`.

Each takes a record and a source of chance, changes the record in place, and returns it, or None where it does not apply. What
is left over in the tables is removed (`packed`), so that the checker cannot refuse it for that.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from theorycheck.certificate.checker.rules import TABLE
from theorycheck.certificate.interval import interval

Record = dict[str, Any]
Random = random.Random
Edit = Callable[[Record, Random], "Record | None"]
ORDERS = ["le", "lt", "ge", "gt", "eq"]
TWINS = {"sqrt": "exp", "exp": "log", "log": "sqrt", "norm": "rank", "sum": "prod", "prod": "sum", "add": "mul", "mul": "add"}


def flipped(text: bytes, rng: Random) -> bytes:
    """One to three bytes exchanged, dropped or doubled."""
    data = bytearray(text)
    for _ in range(rng.randint(1, 3)):
        k = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[k] ^= 1 << rng.randrange(8)
            case 1:
                data[k] = rng.choice(b"0123456789")
            case 2:
                del data[k]
            case _:
                data.insert(k, data[k])
    return bytes(data)


# --- trees of the proof -----------------------------------------------------------------------------------------------------
def references(x: Any) -> Iterator[tuple[Any, Any]]:
    """The places in a proof that hold a tree: container and key."""
    if isinstance(x, dict):
        for key, value in x.items():
            if key == "shows":
                yield x, key
            elif key == "given" and isinstance(value, list):
                yield from ((value, k) for k in range(len(value)))
            else:
                yield from references(value)
    elif isinstance(x, list):
        if len(x) == 2 and x[0] == "tree":
            yield x, 1
        else:
            for value in x:
                yield from references(value)


def tagged(x: Any, tag: str) -> Iterator[list[Any]]:
    """The references of one kind, [tag, content]."""
    if isinstance(x, list) and len(x) == 2 and x[0] == tag:
        yield x
    values = x.values() if isinstance(x, dict) else x if isinstance(x, list) else ()
    for v in values:
        yield from tagged(v, tag)


def enter(rows: list[Any], row: list[Any]) -> int:
    """The place of a row in the table, entered if it is not there."""
    if row not in rows:
        rows.append(row)
    return rows.index(row)


def with_change(rows: list[Any], root: int, change: Callable[[list[Any]], list[Any] | None], rng: Random) -> int | None:
    """The place of a tree in which one node was changed, chosen among those that can be; None where none can."""
    paths: list[tuple[int, ...]] = []

    def search(at: int, path: tuple[int, ...]) -> None:
        _head, args, _shape = rows[at]
        if change(json.loads(json.dumps(rows[at]))) is not None:
            paths.append(path)
        for k, a in enumerate(args):
            if type(a) is int and len(path) < 12:
                search(a, (*path, k))

    search(root, ())
    if not paths:
        return None

    def rebuilt(at: int, path: tuple[int, ...]) -> int:
        row = json.loads(json.dumps(rows[at]))
        if not path:
            return enter(rows, change(row) or row)
        row[1][path[0]] = rebuilt(row[1][path[0]], path[1:])
        return enter(rows, row)

    return rebuilt(root, rng.choice(paths))


def in_a_tree(change: Callable[[list[Any], list[Any], Random], list[Any] | None]) -> Edit:
    """The edit that changes one node of one tree of the proof."""

    def edit(record: Record, rng: Random) -> Record | None:
        places, rows = list(references(record["proof"])), record["nodes"]
        if not places:
            return None
        box, key = rng.choice(places)
        seed = rng.random()
        new = with_change(rows, box[key], lambda row: change(row, rows, random.Random(seed)), rng)
        if new is None or new == box[key]:
            return None
        box[key] = new
        return packed(record)

    return edit


def number(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    if row[0] != "num":
        return None
    top, _, bottom = row[1][0].partition("/")
    value = rng.choice([int(top) + 1, int(top) - 1, 2 * int(top), 10 * int(top) + 1])
    return ["num", [str(Fraction(value, int(bottom or 1)))], []]


def sign(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    if row[0] == "num" and row[1][0] != "0":
        return ["num", [row[1][0][1:] if row[1][0].startswith("-") else "-" + row[1][0]], []]
    if row[0] == "neg":
        return list(rows[row[1][0]])
    if row[0] in {"sym", "mul", "pow", "norm"} and row[2] == []:
        return ["neg", [enter(rows, row)], []]
    return None


def relation(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    return [rng.choice([h for h in ORDERS if h != row[0]]), *row[1:]] if row[0] in ORDERS else None


def name(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    """Another symbol of the same shape."""
    others = [r for r in rows if r[0] == row[0] == "sym" and r[2] == row[2] and r != row]
    return rng.choice(others) if others else None


def index(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    """The index of a member or the end of a product, a sum or a chain, by one."""
    places = {"item": [1], "chain": [1, 2], "sum": [1, 2], "prod": [1, 2]}.get(row[0])
    if places is None:
        return None
    k = rng.choice(places)
    row[1][k] = enter(rows, ["add", [row[1][k], enter(rows, ["num", [rng.choice(["1", "-1"])], []])], []])
    return row


def part(row: list[Any], rows: list[Any], rng: Random) -> list[Any] | None:
    """A part of a sum or a product dropped, or a function exchanged for another."""
    if row[0] in {"add", "mul", "and"} and len(row[1]) > 1 and rng.random() < 0.6:
        del row[1][rng.randrange(len(row[1]))]
        return row
    if row[0] in TWINS and row[2] == []:
        return [TWINS[row[0]], *row[1:]]
    if row[0] == "div":
        row[1][0], row[1][1] = (row[1][1], row[1][0]) if rows[row[1][0]][2] == [] else (row[1][0], row[1][1])
        return row
    return None


# --- the proof --------------------------------------------------------------------------------------------------------------
def drop_line(record: Record, rng: Random) -> Record | None:
    """One line less; references to later ones move with them."""
    lines = record["proof"].get("lines", [])
    if not lines:
        return None
    gone = rng.randrange(len(lines))
    del lines[gone]
    for ref in [*tagged(lines, "line"), *(g[1] for g in tagged(lines, "generic"))]:
        key: Any = 1 if isinstance(ref, list) else "line"
        ref[key] -= ref[key] > gone
    return packed(record)


def swap_lines(record: Record, rng: Random) -> Record | None:
    lines = record["proof"].get("lines", [])
    if len(lines) < 2:
        return None
    i, j = rng.sample(range(len(lines)), 2)
    lines[i], lines[j] = lines[j], lines[i]
    return packed(record)


def other_line(record: Record, rng: Random) -> Record | None:
    refs = [*tagged(record["proof"], "line"), *(g[1] for g in tagged(record["proof"], "generic"))]
    if not refs:
        return None
    ref = rng.choice(refs)
    ref[1 if isinstance(ref, list) else "line"] = rng.randrange(len(record["proof"]["lines"]))
    return packed(record)


def other_tree(record: Record, rng: Random) -> Record | None:
    """A tree of the proof exchanged for any other of the table."""
    places = list(references(record["proof"]))
    if not places:
        return None
    box, key = rng.choice(places)
    box[key] = rng.randrange(len(record["nodes"]))
    return packed(record)


def other_rule(record: Record, rng: Random) -> Record | None:
    lines = record["proof"].get("lines", [])
    if not lines:
        return None
    rng.choice(lines)["rule"] = rng.choice(sorted(TABLE))
    return packed(record)


def argument(record: Record, rng: Random) -> Record | None:
    """An argument dropped, or one entry of a list or of a binding."""
    calls = [line["args"] for line in record["proof"].get("lines", []) if line["args"]]
    calls += [ref[1]["args"] for ref in tagged(record["proof"], "rule") if ref[1]["args"]]
    if not calls:
        return None
    args = rng.choice(calls)
    key = rng.choice(sorted(args))
    value = args[key]
    inner = isinstance(value, dict | list) and value and not (isinstance(value, list) and isinstance(value[0], str))
    if inner and rng.random() < 0.8:
        del value[rng.choice(sorted(value)) if isinstance(value, dict) else rng.randrange(len(value))]
    else:
        del args[key]
    return packed(record)


def binding(record: Record, rng: Random) -> Record | None:
    """Two values of a binding exchanged, or one replaced by another tree of the proof."""
    found = [line["args"]["binding"] for line in record["proof"].get("lines", []) if line["args"].get("binding")]
    trees = [box[key] for box, key in references(record["proof"])]
    if not found:
        return None
    values = rng.choice(found)
    i, j = rng.choice(sorted(values)), rng.choice(sorted(values))
    if i != j and rng.random() < 0.5:
        values[i], values[j] = values[j], values[i]
    else:
        values[i] = ["tree", rng.choice(trees)]
    return packed(record)


# --- claim, domain, facts, counts -------------------------------------------------------------------------------------------
def drop_hypothesis(record: Record, rng: Random) -> Record | None:
    domain = rng.choice([record["domain"], *(f["domain"] for f in record["facts"].values() if f["kind"] == "claim")])
    if not domain["hypotheses"]:
        return None
    del domain["hypotheses"][rng.randrange(len(domain["hypotheses"]))]
    return packed(record)


def add_hypothesis(record: Record, rng: Random) -> Record | None:
    """A line of the proof, or the claim itself, assumed."""
    shown = [line["shows"] for line in record["proof"].get("lines", [])] + [record["tree"]]
    new = {"name": "more", "shows": rng.choice(shown), "given": [], "variables": [], "needs": []}
    record["domain"]["hypotheses"].append(new)
    return packed(record)


def flags(record: Record, rng: Random) -> Record | None:
    if not record["domain"]["variables"]:
        return None
    variable = rng.choice(record["domain"]["variables"])
    variable[rng.choice(["continuous", "integer", "positive", "symmetric"])] ^= True
    return record


def facts(record: Record, rng: Random) -> Record | None:
    """A condition of a fact dropped, its name or its kind changed, its relation exchanged."""
    if not record["facts"]:
        return None
    key = rng.choice(sorted(record["facts"]))
    fact = record["facts"][key]
    match rng.randrange(3):
        case 0 if fact.get("given"):
            del fact["given"][rng.randrange(len(fact["given"]))]
        case 1:
            fact["tree" if fact["kind"] == "claim" else "shows"] = record["tree"]
        case _:
            record["facts"]["more"] = record["facts"].pop(key)
    return packed(record)


def claimed(record: Record, rng: Random) -> Record | None:
    """The claim itself made easier: its tree, its verdict, a parameter."""
    match rng.randrange(3):
        case 0:
            shown = [line["shows"] for line in record["proof"].get("lines", [])] or [0]
            record["tree"] = rng.choice(shown)
        case 1:
            record["verdict"] = rng.choice(["proved", "refuted", "supported", "certified"])
        case _ if record["parameters"]:
            key = rng.choice(sorted(record["parameters"]))
            record["parameters"][key] = enter(record["nodes"], ["num", [str(rng.randint(-3, 9))], []])
    return packed(record)


def counts(record: Record, rng: Random) -> Record | None:
    """Another seed, other counts, another interval; a proof replaced by counts."""
    proof = record["proof"]
    if proof["kind"] != "sample":
        ends = [rng.choice([str(interval(24, 24)[0]), "9/10"]), "1"]
        sample = {"tries": 24, "holds": 24, "confidence": "19/20", "interval": ends}
        record["proof"] = {"kind": "sample", "seed": 0, "level": "quick", **sample}
        record["verdict"] = rng.choice(["proved", "supported", "refuted"])
        return packed(record)
    key = rng.choice(["tries", "holds", "interval", "confidence"])
    if key == "interval":
        end = rng.randrange(2)
        proof["interval"][end] = f"{rng.randrange(1, 10**6)}/1000000"
    else:
        proof[key] = "9/10" if key == "confidence" else proof[key] + rng.choice([-1, 1, 100])
    return record


def value(record: Record, rng: Random) -> Record | None:
    """A number in the values of a witness changed, two of them exchanged, or a value left out."""
    if record["proof"]["kind"] != "witness":
        return None
    values = record["proof"]["values"]
    places = [*numbers(values)]
    if rng.random() < 0.2 or not places:
        del values[rng.choice(sorted(values))]
        return packed(record)
    box, key = rng.choice(places)
    other, at = rng.choice(places)
    if rng.random() < 0.3:
        box[key], other[at] = other[at], box[key]
    else:
        x = Fraction(box[key])
        box[key] = str(rng.choice([x + 1, x - 1, -x, 2 * x, x + Fraction(1, 7), x * Fraction(9, 10)]))
    return packed(record)


def numbers(x: Any) -> Iterator[tuple[Any, Any]]:
    """The places of the numbers in the values of an instance."""
    for key, v in x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ():
        if isinstance(v, str) and v.lstrip("-").replace("/", "").isdigit():
            yield x, key
        else:
            yield from numbers(v)


# --- as the writer would write it -------------------------------------------------------------------------------------------
def packed(record: Record) -> Record:
    """The record with the trees that something refers to, in a table without gaps, and the facts that the proof names."""
    said = json.dumps(record["proof"])
    record["facts"] = {n: f for n, f in record["facts"].items() if json.dumps(n) in said}
    rows, places, new = record["nodes"], {}, []

    def place(at: int) -> int:
        if at not in places:
            head, args, shape = rows[at]
            own = [place(a) if type(a) is int else a for a in args]
            sizes = None if shape is None else [place(s) for s in shape]
            row = [head, own, sizes]
            places[at] = new.index(row) if row in new else len(new)
            if places[at] == len(new):
                new.append(row)
        return places[at]

    def moved(h: Record) -> Record:
        h["shows"] = place(h["shows"])
        h["given"] = [place(g) for g in h["given"]]
        for n in h["needs"]:
            moved(n)
        return h

    record["tree"] = place(record["tree"])
    record["parameters"] = {key: place(v) for key, v in record["parameters"].items()}
    for h in record["domain"]["hypotheses"]:
        moved(h)
    for f in record["facts"].values():
        if f["kind"] == "cited":
            moved(f)
        else:
            f["tree"] = place(f["tree"])
            for h in f["domain"]["hypotheses"]:
                moved(h)
    for box, key in list(references(record["proof"])):
        box[key] = place(box[key])
    return {**record, "nodes": new}


EDITS: dict[str, Edit] = {
    "number in a line": in_a_tree(number),
    "sign in a line": in_a_tree(sign),
    "relation in a line": in_a_tree(relation),
    "symbol in a line": in_a_tree(name),
    "index in a line": in_a_tree(index),
    "part of a line": in_a_tree(part),
    "line dropped": drop_line,
    "lines exchanged": swap_lines,
    "another premise": other_line,
    "another tree": other_tree,
    "another rule": other_rule,
    "argument dropped": argument,
    "binding": binding,
    "hypothesis dropped": drop_hypothesis,
    "hypothesis added": add_hypothesis,
    "flag of a variable": flags,
    "fact": facts,
    "claim": claimed,
    "counts": counts,
    "value of a witness": value,
}
