"""Plots of the rows, as SVG: error against time for each work, and time a sample against B."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Row

STYLE = {"theorycheck": ("tab:red", "-"), "diffrax": ("tab:blue", "--"), "SciPy": ("tab:green", "-."),
         "torchode": ("tab:purple", ":"), "heyoka": ("tab:orange", "--"), "mpmath": ("tab:brown", ":")}  # fmt: skip
MARKERS = "osD^v"
LOOK = {"svg.hashsalt": "theorycheck", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def draw(folder: Path, rows: Sequence[Row]) -> list[Path]:
    """One SVG a work with a curve, and one for growth; returns what was written."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with pyplot.rc_context(LOOK):
        for work in dict.fromkeys(r.work for r in rows if r.error is not None):
            mine = [r for r in rows if r.work == work]
            written.append(_save(pyplot, folder / f"work-precision-{work}.svg", lambda axes, m=mine: _precision(axes, m)))
        growth = [r for r in rows if r.work.startswith("growth-B")]
        if growth:
            written.append(_save(pyplot, folder / "growth-batch.svg", lambda axes: _growth(axes, growth)))
    return written


def _save(pyplot: Any, path: Path, fill: Any) -> Path:
    figure, axes = pyplot.subplots(figsize=(6.5, 3.6), layout="constrained")
    fill(axes)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _precision(axes: Any, rows: Sequence[Row]) -> None:
    by_method: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.error:
            by_method[row.method].append(row)
    seen: dict[str, int] = defaultdict(int)
    for method, points in by_method.items():
        family = method.split()[0]
        colour, line = STYLE.get(family, ("black", "-"))
        marker = MARKERS[seen[family] % len(MARKERS)]
        seen[family] += 1
        axes.loglog([r.seconds["median"] for r in points], [r.error for r in points], color=colour, linestyle=line,
                    marker=marker, markersize=4, label=method)  # fmt: skip
    for bound, line in (("bare products", "-"), ("large dgemm", ":")):
        for row in rows:
            if row.method == bound:
                axes.axvline(row.seconds["median"], color="gray", linestyle=line, linewidth=1, label=bound)
    axes.set_xlabel("seconds for the batch, one core")
    axes.set_ylabel("largest relative error of A")
    axes.set_title(f"{rows[0].work}, {rows[0].batch} samples")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _growth(axes: Any, rows: Sequence[Row]) -> None:
    axes.loglog([r.batch for r in rows], [r.seconds["median"] / r.batch for r in rows], color="tab:red", marker="o")
    axes.set_xlabel("samples in the batch")
    axes.set_ylabel("seconds a sample")
    axes.grid(True, which="major", alpha=0.3)
