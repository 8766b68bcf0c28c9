"""The command line: `theorycheck list | check | explain | axioms | errata | mutate | threshold | recheck | doctor`.

Exit codes: 0 everything came out as expected, 1 something did not, 2 the call or the input is wrong (one line on
stderr), 130 interrupted. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from theorycheck.errors import InputError

if TYPE_CHECKING:
    from theorycheck.certificate.folder import Folder
    from theorycheck.collect import Selection
    from theorycheck.statement import Statement
    from theorycheck.verdict import ClaimReport, Report

INTERRUPTED = 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        code = commands.main(args=args, prog_name="theorycheck", standalone_mode=False)
    except InputError as problem:
        return _wrong(str(problem))
    except click.UsageError as problem:
        command = problem.ctx.command_path if problem.ctx else "theorycheck"
        return _wrong(f"{problem.format_message().rstrip('.')}; `{command} -h` shows the call")
    except click.ClickException as problem:
        return _wrong(problem.format_message())
    except (click.Abort, KeyboardInterrupt):
        click.echo("theorycheck: interrupted", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _wrong(message: str) -> int:
    click.echo(f"theorycheck: {' '.join(message.split())}", err=True)
    return 2


def run_module(statement: Statement) -> int:
    """A module run as a script: `theorycheck check` of its statement, verbose, with the rest of the call."""
    from theorycheck.collect import in_paper

    file = Path(getattr(sys.modules["__main__"], "__file__", None) or "")
    target = statement.id if not file.is_file() or in_paper(file) else str(file)
    return main(["check", target, "-v", *sys.argv[1:]])


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"theorycheck {version('theorycheck')}")
        context.exit(0)


@click.group(context_settings=CONTEXT, no_args_is_help=False, invoke_without_command=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
@click.pass_context
def commands(context: click.Context) -> None:
    """Checks the claims of a paper: derivations, exact witnesses, enclosures and gradient-flow runs."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(0)


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def list_(as_json: bool) -> int:
    """The statements: id, aliases, title, section, claims, parameters."""
    from theorycheck.collect import everything
    from theorycheck.present.listing import listing
    from theorycheck.present.output import emit
    from theorycheck.present.records import dumps, list_record

    statements = everything()
    emit(dumps(list_record(statements)) if as_json else listing(statements))
    return 0


def _pairs(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise InputError(f"--set {text}: write it as NAME=VALUE, such as --set rate=3")
        if name in values:
            raise InputError(f"--set {name}: given twice; give it once")
        values[name] = value
    return values


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


FILE = click.Path(path_type=Path)


@commands.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--level", type=click.Choice(["quick", "full"]), default="quick", show_default=True, help="How far checks go.")
@click.option("--set", "values", multiple=True, callback=_pairs, metavar="NAME=VALUE", help="What if a constant were VALUE?")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the report as JSON.")
@click.option("--junit", "junit_file", type=FILE, metavar="FILE", help="Write the report as JUnit XML.")
@click.option("--certificates", "folder", type=FILE, metavar="DIR", help="Write a certificate of each verdict; see recheck.")
@click.option("--fresh", is_flag=True, help="Run claims again, too, whose certificates in DIR still hold.")
@click.option("--against", type=FILE, metavar="FILE", help="Fail when a verdict is worse than in this earlier JSON.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, metavar="N", help="Processes (default: one per core).")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Seed of random instances.")
@click.option("-v", "--verbose", is_flag=True, help="Show each claim with its evidence, witness and reason.")
def check(
    targets: tuple[str, ...],
    level: str,
    values: dict[str, str],
    json_file: Path | None,
    junit_file: Path | None,
    folder: Path | None,
    fresh: bool,
    against: Path | None,
    jobs: int | None,
    seed: int,
    verbose: bool,
) -> int:
    """Check claims. TARGET: a statement's id or alias, id.claim, a file or a folder of your own; none is the paper."""
    from theorycheck.certificate.folder import opened
    from theorycheck.collect import claims_of, resolve
    from theorycheck.present.judge import judge_all, worse
    from theorycheck.present.junit import junit
    from theorycheck.present.output import emit, reserved
    from theorycheck.present.records import dumps, read_earlier, report_record

    selections = resolve(targets)
    claims = claims_of(s.statement for s in selections)
    earlier = read_earlier(against) if against else {}
    if folder and values:
        raise InputError("--certificates with --set: certificates are of the printed constants; leave one of the two out")
    if fresh and not folder:
        raise InputError("--fresh: goes with --certificates DIR; leave it out, or name a folder")
    certificates = opened(folder, selections, level, seed, fresh) if folder else None
    with ExitStack() as files:
        put_json = files.enter_context(reserved(json_file, "--json"))
        put_junit = files.enter_context(reserved(junit_file, "--junit"))
        started = time.perf_counter()
        report, whole = _examine(selections, certificates, level=level, values=values, seed=seed, jobs=jobs or _cores())
        judged = judge_all(report, claims, whole)
        put_json(dumps(report_record(report)))
        put_junit(junit(report, judged))
    fallen = worse(earlier, report, claims)
    _show(report, claims, judged, verbose, time.perf_counter() - started, fallen)
    if certificates:
        emit(certificates.completed() if whole else certificates.summary())
    if not whole:
        click.echo("theorycheck: interrupted; the claims above were finished", err=True)
        return INTERRUPTED
    return int(bool(fallen) or not all(j.good for j in judged.values()))


def _examine(selections: Sequence[Selection], certificates: Folder | None = None, **settings: Any) -> tuple[Report, bool]:
    """The report, and whether it is whole: an interrupt, or a request to end, keeps the claims that were finished.

    Claims with a certificate that holds are not run; each finished one gets its certificate at once.
    """
    from theorycheck.present.progress import interruptible, progress
    from theorycheck.session import affected, examine, partial, without

    chosen = affected(selections, settings["values"]) if settings.get("values") else selections
    with interruptible(), progress(sum(len(s.claims) for s in chosen)) as shown:

        def finished(claim: ClaimReport) -> None:
            if certificates:
                certificates.keep(claim)
            shown.finished(claim)

        level, seed = settings.get("level", "quick"), settings.get("seed", 0)
        try:
            for claim in certificates.resume(selections) if certificates else ():
                shown.finished(claim)
            resumed = frozenset(c.id for c in shown.claims)
            report = examine(without(selections, resumed), progress=finished, **settings)
            return partial(selections, shown.claims, level, seed) if resumed else report, True
        except KeyboardInterrupt:
            return partial(selections, shown.claims, level, seed), False


def _show(report: Report, claims: Any, judged: Any, verbose: bool, seconds: float, fallen: Sequence[str]) -> None:
    from theorycheck.present.output import emit, show
    from theorycheck.present.table import coloured, plain, rows
    from theorycheck.present.text import summary

    table = rows(report, claims, judged, verbose)
    show(plain(table), lambda: coloured(table))
    emit("\n".join(["", *(f"worse: {line}" for line in fallen), summary(report, judged, seconds)]))


def _checked(targets: Sequence[str]) -> tuple[tuple[Selection, ...], Report]:
    """Resolve and run at quick level, for the commands that read a report."""
    from theorycheck.collect import resolve

    selections = resolve(targets)
    report, whole = _examine(selections, jobs=_cores())
    if not whole:
        raise KeyboardInterrupt
    return selections, report


@commands.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--kernel", type=click.Choice(["coq"]), default=None, help="Let a proof assistant accept or reject them, too.")
def recheck(folder: Path, kernel: str | None) -> int:
    """Verify the certificates in DIR without the code that found them, and write there what was accepted."""
    from theorycheck.certificate.checker.driver import certificates
    from theorycheck.certificate.recheck import rechecked
    from theorycheck.present import recheck as page
    from theorycheck.present.output import emit, show
    from theorycheck.present.progress import bar

    if kernel:
        from theorycheck.certificate.coq.compiler import coq_version

        coq_version()
    started = time.perf_counter()
    with bar(len(certificates(folder))) as word:
        found = rechecked(folder, lambda result: word(result.claim))
    show(page.plain(found), lambda: page.coloured(found))
    emit(page.summary(found, time.perf_counter() - started))
    wrong = any(r.outcome == "rejected" for r in found.results)
    return (
        int(_judged_by_coq(folder, [r.claim for r in found.results if r.outcome != "rejected"]) or wrong)
        if kernel
        else int(wrong)
    )


def _judged_by_coq(folder: Path, claims: Sequence[str]) -> bool:
    """Show and write down what Coq says of certificates; whether it rejects one."""
    from theorycheck.certificate.coq.kernel import judge, write
    from theorycheck.present import kernel as page
    from theorycheck.present.output import emit
    from theorycheck.present.progress import bar

    started = time.perf_counter()
    with bar(len(claims)) as word:
        found = judge(folder, claims, lambda r: word(r.claim))
    write(folder, found)
    emit(f"\n{page.plain(found)}\n{page.summary(found, time.perf_counter() - started)}")
    return any(r.outcome == "rejected" for r in found.results)


@commands.command()
@click.argument("target")
@click.option("--format", "form", type=click.Choice(["text", "latex", "html"]), default="text", show_default=True)
@click.option("--certificates", "folder", type=FILE, metavar="DIR", help="Say what `recheck DIR --kernel coq` accepted.")
def explain(target: str, form: str, folder: Path | None) -> int:
    """A statement: what is printed beside the tree that is checked, and its derivation step by step."""
    from theorycheck.present import explain as page
    from theorycheck.present.output import emit

    selections, report = _checked([target])
    if folder:
        from theorycheck.certificate.resume import told_by_kernel

        report = told_by_kernel(report, folder, [s.statement for s in selections])
    lines = [line for s in selections for line in page.explained(s.statement, report)]
    emit({"text": page.as_text, "latex": page.as_latex, "html": page.as_html}[form](lines))
    return 0


@commands.command()
@click.argument("target")
def axioms(target: str) -> int:
    """Everything the verdict rests on: conventions, cited facts, assumptions, statements used, libraries."""
    from theorycheck.present.axioms import rests_on, used
    from theorycheck.present.output import emit

    targets = [target]
    selections, report = _checked(targets)
    while True:
        seen = {c for s in selections for c in (s.statement.id, *s.claims)}
        more = [u for u in used(c for s in report.statements for c in s.claims) if u not in seen and u not in targets]
        if not more:
            break
        targets += more
        selections, report = _checked(targets)
    emit(rests_on([s.statement for s in selections], report))
    return 0


@commands.command()
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def errata(form: str) -> int:
    """The printed claims that are refuted: where, kind, witness, corrected form, what falls and what stands."""
    from theorycheck.collect import claims_of
    from theorycheck.present import errata as page
    from theorycheck.present.output import emit

    selections, report = _checked([])
    found = page.entries(report, claims_of(s.statement for s in selections))
    emit({"text": page.as_text, "markdown": page.as_markdown, "json": page.as_json}[form](found))
    return 0


@commands.command()
def doctor() -> int:
    """Versions, BLAS and its threads, a quick test of each layer, what is missing and what that costs."""
    from theorycheck.doctor import examine, report
    from theorycheck.present.output import emit

    health = examine()
    emit(report(health))
    return 0 if health.well else 1


@commands.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write every mutant as JSON.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, metavar="N", help="Processes (default: one per core).")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Seed of random instances.")
def mutate(targets: tuple[str, ...], json_file: Path | None, jobs: int | None, seed: int) -> int:
    """Change each number, sign, relation, index and hypothesis: is the changed claim refuted, weaker, proved, or none?"""
    from theorycheck.present import mutation as page
    from theorycheck.present.output import reserved, show
    from theorycheck.present.records import dumps
    from theorycheck.search.command import mutated

    started = time.perf_counter()
    with reserved(json_file, "--json") as put_json:
        found, whole = mutated(targets, seed, jobs or _cores())
        seconds = time.perf_counter() - started
        put_json(dumps(page.record(found, seed, seconds)))
    show(page.plain(found, seconds), lambda: page.coloured(found, seconds))
    if not whole:
        click.echo("theorycheck: interrupted; the mutants above were settled", err=True)
        return INTERRUPTED
    return int(page.failed(found))


@commands.command()
@click.argument("claim")
@click.argument("parameter")
@click.option("--width", default="1/100", show_default=True, metavar="W", help="How near the two ends shall come.")
@click.option("--plot", "plot_file", type=FILE, metavar="FILE", help="Plot the margin against the constant (.svg, .png).")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Seed of random instances.")
def threshold(claim: str, parameter: str, width: str, plot_file: Path | None, seed: int) -> int:
    """Up to which value of a constant is a claim true? Between the best proved and the best refuted."""
    from theorycheck.present import bracket as page
    from theorycheck.present.output import emit, reserved
    from theorycheck.search.command import bracketed, read_width
    from theorycheck.verdict import Verdict

    started = time.perf_counter()
    if plot_file:
        page.check_plot(plot_file)
    with reserved(plot_file, "--plot") as put_plot:
        found = bracketed(claim, parameter, read_width(width), seed)
        if plot_file:
            put_plot(page.plot(found, plot_file.suffix, seed))
    emit(page.page(found, read_width(width), time.perf_counter() - started))
    return int(any(t.verdict is Verdict.ERROR for t in found.trials))
