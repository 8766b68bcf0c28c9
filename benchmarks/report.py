"""The table as text and the JSON; both are readers of the same rows and lines."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from benchmarks.goals import Line
from benchmarks.measure import Row

PACKAGES = ("numpy", "scipy", "jax", "diffrax", "torch", "torchode", "heyoka", "mpmath", "python-flint")


def table(rows: Sequence[Row]) -> str:
    """Markdown, one row each."""
    head = "| work | method | rtol | error | seconds (min, max) | right-hand sides | steps | compile s | note |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        s = r.seconds
        cells = (r.work, r.method, _number(r.rtol, ".0e"), _number(r.error, ".1e"),
                 f"{s['median']:.3g} ({s['min']:.3g}, {s['max']:.3g})", _number(r.right_hand_sides, ".0f"),
                 _number(r.steps, ".0f"), _number(r.compile_seconds or None, ".1f"), r.note)  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _number(x: float | None, how: str) -> str:
    return "" if x is None else format(x, how)


def machine() -> dict[str, str]:
    """What the numbers were taken on."""
    cpu = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {"cpu": cpu[0] if cpu else platform.processor(), "python": platform.python_version(), **versions}


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def write_json(path: Path, rows: Sequence[Row], lines: Sequence[Line]) -> None:
    data = {"machine": machine(), "rows": [asdict(r) for r in rows], "lines": [asdict(line) for line in lines]}
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(data, indent=1) + "\n")
    unfinished.replace(path)
