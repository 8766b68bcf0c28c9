"""Rewrites what README.md takes from elsewhere: the example, the table of errata, the picture of a run.

    python docs/refresh.py
"""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "tests/data/my_lemma.py"
PICTURED = ("prop-11", "mse-pl", "lemma-22", "escape-times")


def refreshed(readme: str, errata: str) -> str:
    """The README with its example as it is now, and this table of errata."""
    example = f"```python\n{EXAMPLE.read_text(encoding='utf-8')}```\n"
    table = errata.strip() + "\n"
    readme = between(readme, "tests/data/my_lemma.py", example)
    readme = between(readme, "escape times", escape_times())
    return between(readme, "theorycheck errata --format markdown", table)


def escape_times() -> str:
    """Which printed escape time is right under which convention: the true leading constant over the printed one."""
    from proofs.saddle_to_saddle.escape_times import TABLE

    formulas = list(dict.fromkeys(f for f, _, _ in TABLE))
    heads = {"shallow": "shallow, 152 and 1003", "deep-main-text": "deep, 152", "deep-appendix": "deep, 1007 (erratum)"}
    starts = {"signs": "every weight starts at alpha", "sphere": "rho on the unit sphere"}
    rows = [f"| cost | start | {' | '.join(heads[f] for f in formulas)} |", "|---|---|" + "---|" * len(formulas)]
    for cost, start in dict.fromkeys((c, s) for _, c, s in TABLE):
        cells = [TABLE[f, cost, start] for f in formulas]
        shown = " | ".join("right" if x == "1" else f"off by `{x}`" for x in cells)
        rows.append(f"| {cost} \\|AX - Y\\|^2 | {starts[start]} | {shown} |")
    return "\n".join(rows) + "\n"


def between(text: str, marker: str, new: str) -> str:
    pattern = re.compile(rf"(<!-- {re.escape(marker)} -->\n).*?(<!-- end -->)", re.S)
    if not pattern.search(text):
        raise ValueError(f"README.md has no part between '<!-- {marker} -->' and '<!-- end -->'")
    return pattern.sub(lambda m: m[1] + new + m[2], text)


def output(*args: str) -> str:
    """What `theorycheck ARGS` prints in a pipe."""
    from theorycheck.cli import main

    caught = io.StringIO()
    with redirect_stdout(caught):
        main(args)
    return caught.getvalue()


def picture(path: Path) -> None:
    """An SVG of `theorycheck check` on a few statements, in colour as on a terminal."""
    from rich.console import Console

    from theorycheck import collect
    from theorycheck.present import judge, table
    from theorycheck.session import examine

    report = examine(collect.resolve(PICTURED))
    claims = collect.claims_of(collect.paper())
    judged = judge.judge_all(report, claims)
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    console.print(f"[bold]$ theorycheck check {' '.join(PICTURED)}[/bold]")
    console.print(table.coloured(table.rows(report, claims, judged, False)))
    path.write_text(console.export_svg(title="theorycheck"), encoding="utf-8")


if __name__ == "__main__":
    readme = ROOT / "README.md"
    errata = output("errata", "--format", "markdown")
    readme.write_text(refreshed(readme.read_text(encoding="utf-8"), errata), encoding="utf-8")
    picture(ROOT / "docs/run.svg")
