"""How the checker is laid out: what its files import, and how long they are."""

import ast
import io
import sys
import tokenize
from pathlib import Path

import pytest

import theorycheck.certificate.checker as package

HOME = Path(package.__file__).parent
FILES = sorted(HOME.rglob("*.py"))
FURTHER = [p for p in FILES if p.parent.name in {"parts", "rules"} and p.name != "__init__.py"]


def imports(path: Path) -> list[tuple[int, str]]:
    """(level, module) of each import."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOME)))
def test_the_checker_imports_the_standard_library_flint_and_itself(path):
    inside = len(path.relative_to(HOME).parts)
    for level, module in imports(path):
        assert level <= inside, f"an import from outside the checker: {'.' * level}{module}"
        assert level or module.split(".")[0] in {*sys.stdlib_module_names, "flint"}


@pytest.mark.parametrize("path", FURTHER, ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_a_further_file_imports_the_core_only_and_is_short(path):
    own = [module for level, module in imports(path) if level]
    allowed = {"core"} if path.stem != "refutations" else {"core", "witness.instance"}  # a limit refuted at an instance
    assert set(own) <= allowed
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def code(path: Path) -> int:
    """The lines that hold more than a docstring or a comment."""
    text = path.read_text(encoding="utf-8")
    documented = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef))
    docs = {k for n in documented if ast.get_docstring(n) for k in range(n.body[0].lineno, n.body[0].end_lineno + 1)}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    plain = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    full = {k for t in tokens if t.type not in plain for k in range(t.start[0], t.end[0] + 1)}
    return len(full - docs)


def test_the_core_is_short():
    files = sorted((HOME / "core").glob("[!_]*.py"))
    lines = [line for p in files for line in p.read_text(encoding="utf-8").splitlines()]
    full, written = len([line for line in lines if line.strip()]), sum(map(code, files))
    assert full <= 444
    assert written <= 400
    said = f"of {len(lines)} lines in all, {full} without the blank ones, {written} of code"
    assert said in package.__doc__
