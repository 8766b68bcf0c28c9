"""The page of `threshold`, and its plot: the margin of a claim against one of its constants."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

from theorycheck.errors import InputError
from theorycheck.present.text import witness_line
from theorycheck.search.threshold import POINTS, Bracket, Threshold, Trial, margins

SUFFIXES = (".svg", ".png")


def page(found: Threshold, width: Fraction, seconds: float) -> str:
    """What is known of the value where the claim stops being true; rationals exact, decimals beside them."""
    printed = next(t for t in found.trials if t.value == found.printed)
    head = f"{found.claim.id}: {found.parameter} = {number(found.printed)} as printed is {printed.verdict.value}"
    low, high = found.trials[0].value, found.trials[-1].value
    tried = f"{len(found.trials)} values from {number(low)} to {number(high)} tried; {seconds:.1f} s"
    body = [line for b in found.brackets for line in _bracket(b, width)] or _without_bracket(found)
    return "\n".join([head, *(f"  {line}" for line in body), tried])


def _bracket(b: Bracket, width: Fraction) -> list[str]:
    lines = [f"{b.holds.verdict.value} at {number(b.holds.value)}, refuted at {number(b.fails.value)}"]
    if b.open is None:
        lines.append(f"  the claim stops being true between them, at a distance of {number(b.width)}")
    else:
        lines.append(f"  the gap of {number(b.width)} is not closed to {width}: {_open(b.open)}")
    if b.fails.report and b.fails.report.witness:
        lines.append(f"  witness at {number(b.fails.value)}: {witness_line(b.fails.report.witness)}")
    return lines


def _open(t: Trial) -> str:
    return f"{t.verdict.value} at {number(t.value)}" + (f" ({t.reason})" if t.reason else "")


def _without_bracket(found: Threshold) -> list[str]:
    decided = {t.holds for t in found.trials} - {None}
    if decided == {True}:
        return ["no value that was tried is refuted: nothing is known of where the claim would stop being true"]
    if decided == {False}:
        return ["no value that was tried is proved or certified: nothing is known of where the claim would begin to be true"]
    return ["no value that was tried is proved, certified or refuted", *dict.fromkeys(_open(t) for t in found.trials[:3])]


def number(x: Fraction) -> str:
    """`2`, `11/10 (1.1)`."""
    return str(x) if x.denominator == 1 else f"{x} ({float(x):.6g})"


# --- plot -----------------------------------------------------------------------------------------------------------------
def check_plot(path: Path) -> None:
    """Raise InputError where no plot could be written: an unknown suffix, or no matplotlib."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"--plot {path}: the suffix says the format; end the name in {' or '.join(SUFFIXES)}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise InputError("--plot: matplotlib is not installed; pip install 'theorycheck[plots]', or leave --plot out") from None


def plot(found: Threshold, suffix: str, seed: int = 0) -> bytes:
    """The least margin against the constant, in the format of the suffix; proved and refuted values marked on the axis."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    low, high = _span(found)
    values = [low + (high - low) * k / (POINTS - 1) for k in range(POINTS)]
    curve = [
        (float(v), m) for v, m in zip(values, margins(found.claim, found.parameter, values, seed), strict=True) if m is not None
    ]
    with rc_context({"svg.hashsalt": found.claim.id, "svg.fonttype": "none"}):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.add_subplot(
            title=found.claim.id,
            xlabel=f"{found.parameter} (printed: {found.printed})",
            ylabel="least margin, right minus left",
        )
        axes.axhline(0, color="0.7", linewidth=0.8)
        axes.plot([v for v, _ in curve], [m for _, m in curve], color="0.2", label="margin")
        for kind, colour, label in (
            (True, "tab:green", "proved or certified"),
            (False, "tab:red", "refuted"),
            (None, "tab:orange", "open"),
        ):
            at = [float(t.value) for t in found.trials if t.holds is kind and low <= t.value <= high]
            if at:
                axes.plot(at, [0.0] * len(at), linestyle="none", marker="o", color=colour, label=label)
        axes.set_yscale("symlog", linthresh=_scale([m for _, m in curve]))
        axes.legend()
        out = io.BytesIO()
        figure.savefig(out, format=suffix.lower().lstrip("."), metadata={"Date": None} if suffix.lower() == ".svg" else None)
    return out.getvalue()


def _span(found: Threshold) -> tuple[Fraction, Fraction]:
    """The printed value and what is next to the brackets, with room on both sides."""
    marks = [found.printed, *(t.value for b in found.brackets for t in (b.holds, b.fails))]
    room = (max(marks) - min(marks)) / 2 + (abs(found.printed) / 2 or Fraction(1, 2))
    return min(marks) - room, max(marks) + room


def _scale(margin: list[float]) -> float:
    """Where the axis turns from linear to logarithmic: the size of a typical margin."""
    sizes = sorted(abs(m) for m in margin if m)
    return sizes[len(sizes) // 2] if sizes else 1.0
