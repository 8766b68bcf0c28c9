"""Finding statements: the paper's package, other collections, a user's own files; and what a target means.

A collection is a package that an entry point of the group `theorycheck.collections` names. The paper is the collection
`proofs`, which lies beside this package; it is loaded from there, so that a folder `proofs` where the user stands is
not taken for it.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from theorycheck.declares import declares_statement, imported_names
from theorycheck.errors import InputError
from theorycheck.statement import Claim, Statement

GROUP = "theorycheck.collections"
PAPER = "proofs"
HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Selection:
    """A statement and the ids of those of its claims that a target admits."""

    statement: Statement
    claims: frozenset[str]


def resolve(targets: Sequence[str] = ()) -> tuple[Selection, ...]:
    """What the targets name: ids, aliases, `id.claim`, `collection:id`, files, folders; none is the whole paper.

    Raises InputError for an unknown id (with the nearest ones), a file that does not import or declares no statement, a
    statement without claims, and two different statements with one id.
    """
    found = [s for t in targets for s in _resolve_one(t)] or [whole(s) for s in paper()]
    if not found:
        raise InputError(f"the package {PAPER} holds no statement; name a file of your own instead")
    return _merged(found)


def whole(statement: Statement) -> Selection:
    """All claims of a statement; one without claims raises InputError."""
    if not statement.claims:
        raise InputError(f"statement {statement.id} has no claims, nothing to check; add @statement.claim(..)")
    return Selection(statement, frozenset(c.id for c in statement.claims))


def paper() -> tuple[Statement, ...]:
    """The paper's statements, in the order of its lines."""
    return collection(PAPER)


def everything() -> tuple[Statement, ...]:
    """The statements of the paper, then those of the other collections that are installed."""
    others = [s for package in collections().values() if package != PAPER for s in collection(package)]
    return (*paper(), *others)


def collections() -> dict[str, str]:
    """Collections by name: the package of each."""
    return {"paper": PAPER, **{e.name: e.value for e in entry_points(group=GROUP)}}


def collection(package: str) -> tuple[Statement, ...]:
    """The statements of a collection's package, in the order of the paper's lines; ids and aliases are unique in it."""
    found: dict[int, Statement] = {}
    for module in _modules(package):
        found.update((id(v), v) for v in vars(module).values() if isinstance(v, Statement))
    statements = tuple(sorted(found.values(), key=lambda s: (min((c.line for c in s.claims), default=0), s.id)))
    check_unique(statements)
    return statements


def check_unique(statements: Iterable[Statement]) -> None:
    """Raise InputError when two different statements share an id or an alias."""
    owner: dict[str, Statement] = {}
    for s in statements:
        for name in (s.id, *s.aliases):
            if owner.setdefault(name, s) is not s:
                titles = f"{owner[name].title!r} and {s.title!r}"
                raise InputError(f"two statements are named {name!r} ({titles}); rename one")


# --- targets --------------------------------------------------------------------------------------------------------
def _resolve_one(target: str) -> list[Selection]:
    known = _named(target, paper())
    if known:
        return [known]
    path = Path(target)
    if path.is_dir():
        return [whole(s) for s in load_folder(path)]
    if path.is_file():
        return [whole(s) for s in load_file(path)]
    if target.endswith(".py") or "/" in target or "\\" in target:
        raise InputError(f"{target}: no such file or folder; check the path")
    name, _, plain = target.rpartition(":")
    if name and name not in collections():
        raise InputError(f"{target}: no collection {name!r} is installed; installed: {', '.join(collections())}")
    package = collections().get(name)
    candidates = everything() if package is None else paper() if package == PAPER else collection(package)
    return [_named(plain, candidates) or _unknown(target, candidates)]


def _named(target: str, statements: Sequence[Statement]) -> Selection | None:
    for s in statements:
        if target in (s.id, *s.aliases):
            return whole(s)
    for s in statements:
        for name in (s.id, *s.aliases):
            wanted = f"{s.id}{target[len(name) :]}" if target.startswith(f"{name}.") else None
            if wanted and any(c.id == wanted for c in s.claims):
                return Selection(s, companions(s, wanted))
    return None


def companions(statement: Statement, claim: str) -> frozenset[str]:
    """The claim, its readings and its corrections: a printed error is judged together with what mends it."""
    admitted = {claim}
    for _ in statement.claims:
        admitted |= {c.id for c in statement.claims if admitted & {c.corrects, c.reads}}
    return frozenset(admitted)


def _unknown(target: str, statements: Sequence[Statement]) -> Selection:
    names = [n for s in statements for n in (s.id, *s.aliases, *(c.id for c in s.claims))]
    near = difflib.get_close_matches(target, names, n=3, cutoff=0.5)
    mend = f"did you mean {', '.join(near)}?" if near else "`theorycheck list` shows what there is"
    raise InputError(f"{target}: no statement, claim, file or folder of that name; {mend}")


def _merged(found: Sequence[Selection]) -> tuple[Selection, ...]:
    check_unique(s.statement for s in found)
    by_id: dict[str, Selection] = {}
    for s in found:
        old = by_id.get(s.statement.id)
        by_id[s.statement.id] = replace(s, claims=s.claims | old.claims) if old else s
    return tuple(by_id.values())


def claims_of(statements: Iterable[Statement]) -> dict[str, Claim]:
    """The claims of the statements by id."""
    return {c.id: c for s in statements for c in s.claims}


# --- loading --------------------------------------------------------------------------------------------------------
def load_folder(folder: Path) -> tuple[Statement, ...]:
    """The statements of every file below a folder that declares one; none at all raises InputError."""
    files = sorted(p for p in folder.rglob("*.py") if declares_statement(p))
    if not files:
        raise InputError(f"{folder}: no Python file in this folder declares a statement; write `statement = Statement(..)`")
    statements = tuple(s for p in files for s in load_file(p))
    check_unique(statements)
    return statements


def load_file(path: Path) -> tuple[Statement, ...]:
    """The statements that a file declares at its top level (not those that it imports).

    A file of a collection is imported under its own name, any other under a private one. Raises InputError when the
    file does not import, declares no statement, or holds a claim whose tree cannot be made.
    """
    module = _import_file(path.resolve(), str(path))
    foreign = imported_names(path)
    found = {id(v): v for name, v in vars(module).items() if isinstance(v, Statement) and name not in foreign}
    if not found:
        raise InputError(f"{path}: declares no statement; write `statement = Statement(..)` at its top level")
    for statement in found.values():
        _check_trees(statement, path)
    return tuple(found.values())


def _check_trees(statement: Statement, path: Path) -> None:
    """Every claim can say what it claims; a body that raises is a mistake in the file, not a failed check."""
    for claim in statement.claims:
        try:
            claim.tree()
        except InputError:
            raise
        except Exception as problem:
            reason = f"{type(problem).__name__}: {' '.join(str(problem).split())}"
            raise InputError(f"{path}: claim {claim.id} cannot be written down: {reason}; mend its first yield") from problem


def in_paper(path: Path) -> bool:
    """Whether a file is a module of the paper's package."""
    return path.resolve().is_relative_to(HOME / PAPER)


def _import_file(path: Path, shown: str) -> ModuleType:
    if in_paper(path):
        package(PAPER)
        return _imported(".".join(path.relative_to(HOME).with_suffix("").parts), shown)
    name = f"theorycheck_user_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{shown}: not a Python file; name a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _reachable(path.parent):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        del sys.modules[name]
        raise _does_not_import(shown, path, problem) from problem
    return module


@contextmanager
def _reachable(folder: Path) -> Iterator[None]:
    """Let a user's file import its neighbours; at the end of the path, so that they hide nothing."""
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _modules(name: str) -> list[ModuleType]:
    root = package(name)
    names = [m.name for m in pkgutil.walk_packages(root.__path__, f"{name}.", onerror=_imported)]
    return [root, *(_imported(n) for n in names if not n.endswith(".__main__"))]


def package(name: str) -> ModuleType:
    """A collection's package; the paper's is taken from beside this library, whatever else is on the path."""
    if name != PAPER:
        return _imported(name)
    loaded = sys.modules.get(PAPER)
    if loaded is None:
        spec = PathFinder.find_spec(PAPER, [str(HOME)])
        if spec is None or spec.loader is None:
            raise InputError(f"the package {PAPER} is not installed beside {HOME / 'theorycheck'}; install theorycheck again")
        loaded = sys.modules[PAPER] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
    if Path(loaded.__file__ or "").resolve().parent != HOME / PAPER:
        where = loaded.__file__ or "a folder without __init__.py"
        raise InputError(f"another package named {PAPER} is already imported ({where}); rename that one")
    return loaded


def _imported(name: str, shown: str | None = None) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as problem:
        raise _does_not_import(shown or f"module {name}", None, problem) from problem


def _does_not_import(shown: str, path: Path | None, problem: BaseException) -> InputError:
    where = f" (line {line})" if (line := _line_in(path, problem)) else ""
    reason = " ".join(str(problem).split()) or "no message"
    mend = "mend the file" if path else "mend that module"
    return InputError(f"{shown}: does not import{where}: {type(problem).__name__}: {reason}; {mend} and try again")


def _line_in(path: Path | None, problem: BaseException) -> int | None:
    """The last line of the file itself that the traceback passes through."""
    if isinstance(problem, SyntaxError):
        return problem.lineno
    line, trace = None, problem.__traceback__
    while path and trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
