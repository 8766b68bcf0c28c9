"""Whether a Python file declares a statement, decided from its text: nothing is imported. Standard library only."""

from __future__ import annotations

import ast
from pathlib import Path


def declares_statement(path: Path) -> bool:
    """Whether a file assigns a `Statement(..)` at its top level.

    One that mentions theorycheck and does not parse counts: it is reported instead of passed over.
    """
    text = _text(path)
    if "theorycheck" not in text or "Statement(" not in text:
        return False
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return True
    return any(isinstance(n, ast.Assign | ast.AnnAssign) and _makes_statement(n.value) for n in body)


def imported_names(path: Path) -> frozenset[str]:
    """The names that a file's top level imports from elsewhere."""
    imports = [n for n in ast.parse(path.read_bytes()).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return frozenset(alias.asname or alias.name for n in imports for alias in n.names)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _makes_statement(value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Call):
        return False
    name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    return name == "Statement"
