"""Versions of what a verdict rests on."""

import platform
from importlib.metadata import PackageNotFoundError, version

TRUSTED = ("theorycheck", "python-flint", "sympy", "numpy", "scipy", "mpmath")


def versions() -> dict[str, str]:
    """Python and the libraries that verdicts rest on; a package without metadata is "not installed"."""
    return {"python": platform.python_version(), **{name: _version(name) for name in TRUSTED}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
