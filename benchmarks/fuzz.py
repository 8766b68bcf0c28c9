"""Fuzzed inputs for every parser and reader: `python -m benchmarks.fuzz [--count N] [--jobs N] [--certificates DIR]`.

Each input is a valid one (of the paper, where there is one) changed at random: bytes flipped, cut and doubled, words of the
grammar exchanged, values of a JSON text exchanged for others. A reader may read it or refuse it with its own error; any other
exception is a crash. The inputs follow from the seed alone; they are tried in processes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHUNK = 1000
WORDS = [
    *"0123456789.+-*/^() =,;[]{}'\"\\_%",
    "**",
    "beta",
    "L",
    "rate",
    "exp",
    "sqrt(",
    "log(",
    "1e9",
    "1e-99",
    "__class__",
    "nan",
]
ATTACKS = [
    "__import__('os')",
    "9**9**9**9",
    "(" * 50,
    "-" * 60,
    "1/0",
    "2**-L",
    "\x00",
    "\ud800",
    "β",
    "1" * 70,
    "()",
    "sqrt(-1)",
]
PIECES = [b"[", b"]", b"{", b"}", b'"', b",", b"null", b"1e999", b"NaN", b"\\ud800", b"\xff", b"0" * 50, b'"a":1,', b"-"]
VALUES = [None, True, 0, -1, 10**30, 1.5, "", "L", "1/0", "-0", "1/2", "x" * 70, [], {}, [[]], "num", "sym", ["num", ["1"], []]]


@dataclass(frozen=True)
class Reader:
    """A reader under test: valid inputs, what it does with one, its own errors; whether it takes text, or bytes too."""

    seeds: Sequence[Any]
    read: Callable[[Any], object]
    errors: tuple[type[BaseException], ...]
    text: bool = False
    raw: bool = False


# --- the readers ----------------------------------------------------------------------------------------------------------
def formula() -> Reader:
    from theorycheck.errors import InputError
    from theorycheck.formula import parse
    from theorycheck.tree import mat, sym

    names = {"beta": sym("beta"), "L": sym("L"), "rate": sym("rate"), "A": mat("A", 2, 2)}
    seeds = [
        "2*beta",
        "sqrt(2/beta)",
        "exp(-2*beta) + log(L)",
        "2**(1/L)",
        "(beta - L)^2/3",
        "1e-3 + .5",
        "-beta**-L",
        *ATTACKS,
    ]
    return Reader(seeds, lambda text: parse(text, names), (InputError,), text=True)


def set_values() -> Reader:
    from theorycheck.cli import _pairs
    from theorycheck.errors import InputError
    from theorycheck.formula import parse
    from theorycheck.tree import sym

    names = {"beta": sym("beta"), "L": sym("L")}

    def read(text: str) -> object:
        return [parse(value, names) for value in _pairs(None, None, (text,)).values()]  # type: ignore[arg-type]

    seeds = ["rate=11/10", "rate = 2*beta + sqrt(L)", "power=L-1", "c=1e-3", "a==2", "=", "rate=", *(f"x={a}" for a in ATTACKS)]
    return Reader(seeds, read, (InputError,), text=True)


def trees() -> Reader:
    from theorycheck.collect import paper
    from theorycheck.errors import InputError
    from theorycheck.tree.serial import from_json, to_json

    claims = [c.tree() for s in paper() for c in s.claims]
    return Reader([to_json(t) for t in claims], from_json, (InputError,))


def earlier() -> Reader:
    from theorycheck.collect import paper
    from theorycheck.errors import InputError
    from theorycheck.present.records import list_record, read_earlier

    record = list_record(paper())
    record["level"] = "quick"
    for s in record["statements"]:
        for c in s["claims"]:
            c["verdict"] = "proved"
    seeds = [{**record, "statements": [{**s, "claims": s["claims"][:2]}]} for s in record["statements"]]
    path = Path(tempfile.mkdtemp(prefix="fuzz")) / "earlier.json"

    def read(data: Any) -> object:
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return read_earlier(path)

    return Reader(seeds, read, (InputError,), raw=True)


def certificates(folder: Path | None) -> Reader | None:
    """The checker's own reader, and the lines that it shows; of the smallest certificates of the folder."""
    if folder is None or not folder.is_dir():
        return None
    from theorycheck.certificate.checker.core import NotCovered, Refused
    from theorycheck.certificate.checker.derivation import verify
    from theorycheck.certificate.checker.reading import read_certificate, read_fact

    files = sorted(folder.glob("*.json"), key=lambda p: (p.stat().st_size, p.name))[:60]
    seeds = [json.loads(p.read_bytes()) for p in files]

    def read(data: Any) -> object:
        if not isinstance(data, bytes):
            data = (json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n").encode()
        cert = read_certificate(data)
        return verify(cert, {n: read_fact(cert, n, f) for n, f in cert.record["facts"].items()})

    return Reader(seeds, read, (Refused, NotCovered, RecursionError), raw=True) if seeds else None


def readers(folder: Path | None) -> dict[str, Callable[[], Reader | None]]:
    return {
        "formula": formula,
        "set": set_values,
        "tree": trees,
        "against": earlier,
        "certificate": lambda: certificates(folder),
    }


# --- changes --------------------------------------------------------------------------------------------------------------
def changed_text(text: str, rng: random.Random) -> str:
    """Words exchanged, put in, doubled or left out, characters of all kinds."""
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(text))
        end = min(len(text), at + rng.randint(0, 3))
        letter = chr(rng.choice([rng.randrange(128), rng.randrange(0x11000)]))
        new = rng.choice([rng.choice(WORDS), rng.choice(ATTACKS), letter, text[at:]])
        text = (text[:at] + new + text[end:])[:400]
    return text


def changed_bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(4):
            case 0:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del out[at : at + rng.randint(1, 20)]
            case 2:
                out[at:at] = out[at : at + rng.randint(1, 20)]
            case _:
                out[at:at] = rng.choice(
                    [b"[", b"]", b"{", b"}", b'"', b",", b"null", b"1e999", b"NaN", b"\\ud800", b"\xff", b"0" * 50]
                )
    return bytes(out)


def changed_json(value: Any, others: Sequence[Any], rng: random.Random) -> Any:
    """One to three values inside exchanged, doubled or left out."""
    value = json.loads(json.dumps(value))
    for _ in range(rng.randint(1, 3)):
        holder, key = _place(value, rng)
        if holder is None:
            return another(rng)
        match rng.randrange(4):
            case 0:
                holder[key] = another(rng)
            case 1:
                inner, at = _place(rng.choice(others), rng)
                holder[key] = json.loads(json.dumps(inner[at])) if inner is not None else None
            case 2:
                del holder[key]
            case _ if isinstance(holder, list):
                holder.insert(key, holder[key])
            case _:
                holder[str(rng.choice(VALUES))] = holder.pop(key)
    return value


def another(rng: random.Random) -> Any:
    """A value of its own: what it becomes inside of one input is in no other."""
    return json.loads(json.dumps(rng.choice(VALUES)))


def _place(value: Any, rng: random.Random) -> tuple[Any, Any]:
    """A random place inside: a list or table, and an index or key of it."""
    found, holder, key = [(None, None)], None, None
    while isinstance(value, list | dict) and value:
        holder, key = value, rng.randrange(len(value)) if isinstance(value, list) else rng.choice(list(value))
        found.append((holder, key))
        value = value[key]
    return rng.choice(found[1:] or found)


def an_input(reader: Reader, rng: random.Random) -> Any:
    seed = rng.choice(reader.seeds)
    if reader.text:
        return changed_text(str(seed), rng)
    if rng.random() < 0.3 and reader.raw:
        return changed_bytes(json.dumps(seed, sort_keys=True, separators=(",", ":")).encode() + b"\n", rng)
    return changed_json(seed, reader.seeds, rng)


# --- running --------------------------------------------------------------------------------------------------------------
def chunk(task: tuple[str, int, int, Path | None]) -> tuple[str, Counter[str], list[str], float]:
    """The outcomes of one chunk of inputs, what crashed, and the slowest input in seconds."""
    name, seed, count, folder = task
    if (name, folder) not in MADE:
        MADE[name, folder] = readers(folder)[name]()
    reader = MADE[name, folder]
    assert reader is not None
    rng, outcomes, crashes, slowest = random.Random(f"{name}:{seed}"), Counter[str](), [], 0.0
    for _ in range(count):
        data, start = an_input(reader, rng), time.perf_counter()
        try:
            reader.read(data)
            outcomes["read"] += 1
        except reader.errors:
            outcomes["refused"] += 1
        except Exception as e:  # what the fuzz looks for
            outcomes["crashed"] += 1
            crashes.append(f"{type(e).__name__}: {e} on {ascii(data)[:300]}")
        slowest = max(slowest, time.perf_counter() - start)
    return name, outcomes, crashes[:3], slowest


MADE: dict[Any, Reader | None] = {}


def run(count: int, jobs: int, folder: Path | None, only: Sequence[str] = ()) -> dict[str, Any]:
    """Tries `count` inputs for each reader; a reader without samples is left out."""
    names = [n for n, make in readers(folder).items() if (not only or n in only) and make() is not None]
    tasks = [(n, k, min(CHUNK, count - k * CHUNK), folder) for n in names for k in range(-(-count // CHUNK))]
    totals: dict[str, Any] = {
        n: {"tried": 0, "read": 0, "refused": 0, "crashed": 0, "slowest_s": 0.0, "crashes": []} for n in names
    }
    with multiprocessing.Pool(jobs) as pool:
        for name, outcomes, crashes, slowest in pool.imap_unordered(chunk, tasks):
            total = totals[name]
            total["tried"] += sum(outcomes.values())
            for word, n in outcomes.items():
                total[word] += n
            total["crashes"] = (total["crashes"] + crashes)[:10]
            total["slowest_s"] = round(max(total["slowest_s"], slowest), 3)
    return totals


def table(totals: dict[str, Any]) -> str:
    lines = ["| reader | inputs | read | refused | crashes | slowest |", "|---|---|---|---|---|---|"]
    for name, t in totals.items():
        lines.append(f"| {name} | {t['tried']} | {t['read']} | {t['refused']} | {t['crashed']} | {t['slowest_s']:.2f} s |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--certificates", type=Path, help="a folder that `check --certificates` wrote")
    parser.add_argument("--json", type=Path, default=HERE / "fuzz.json")
    args = parser.parse_args()
    totals = run(args.count, args.jobs, args.certificates, args.only)
    args.json.write_text(json.dumps(totals, indent=1) + "\n")
    print(table(totals))
    for name, t in totals.items():
        for crash in t["crashes"]:
            print(f"{name}: {crash}")
    return 1 if any(t["crashed"] for t in totals.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
