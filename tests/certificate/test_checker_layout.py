"""How the checker is laid out: what its files import, and how long they are."""

import ast
import sys
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


def test_the_core_is_short():
    lines = [line for p in sorted((HOME / "core").glob("[!_]*.py")) for line in p.read_text(encoding="utf-8").splitlines()]
    full = len([line for line in lines if line.strip()])
    assert full <= 441
    assert f"of {len(lines)} lines in all, {full} without the blank ones" in package.__doc__
