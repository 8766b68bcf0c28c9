"""`theorycheck recheck`: what it says, what it writes, how it ends; the checker alone."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from theorycheck import cli
from theorycheck.certificate import checker, recheck

CHECKER = Path(checker.__file__).parent


@pytest.fixture
def copy(written, tmp_path):
    return Path(shutil.copytree(written.path, tmp_path / "certificates"))


def wrong(capsys, *args: str) -> str:
    assert cli.main(["recheck", *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    return captured.err


def test_what_it_says_and_writes(copy, capsys):
    assert cli.main(["recheck", str(copy)]) == 0
    out = capsys.readouterr().out
    assert "balancedness.ridge" in out
    assert "compared with" in out
    accepted = json.loads((copy / "recheck.json").read_text())
    bytes_ = (copy / "balancedness.ridge.json").read_bytes()
    assert accepted["confirmed"]["balancedness.ridge"] == {"verdict": "proved", "sha256": hashlib.sha256(bytes_).hexdigest()}
    assert accepted["counted"] == {}
    assert not [p for p in copy.iterdir() if p.name.startswith(".")]


def test_a_rule_that_the_checker_does_not_know(copy, capsys):
    file = copy / "balancedness.ridge.json"
    file.write_text(file.read_text().replace('"algebra_rules.identity"', '"algebra_rules.unheard_of"'))
    assert cli.main(["recheck", str(copy)]) == 0
    assert "what is not covered is not accepted" in capsys.readouterr().out
    assert "balancedness.ridge" not in json.loads((copy / "recheck.json").read_text())["confirmed"]


def test_a_second_time(copy, capsys):
    assert cli.main(["recheck", str(copy)]) == 0
    first = (copy / "recheck.json").read_bytes()
    assert cli.main(["recheck", str(copy)]) == 0
    assert (copy / "recheck.json").read_bytes() == first


def test_a_rejected_certificate(copy, capsys):
    file = copy / "balancedness.ridge.json"
    file.write_text(file.read_text().replace('"algebra_rules.identity"', '"algebra_rules.sign"'))
    assert cli.main(["recheck", str(copy)]) == 1
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("balancedness.ridge"))
    assert "rejected" in line
    assert "line 0" in line
    assert "balancedness.ridge" not in json.loads((copy / "recheck.json").read_text())["confirmed"]


def test_what_no_rule_covers(copy, capsys):
    file = copy / "balancedness.ridge.json"
    file.write_text(file.read_text().replace('"algebra_rules.identity"', '"algebra_rules.unheard_of"'))
    assert cli.main(["recheck", str(copy)]) == 0
    out = capsys.readouterr().out
    assert "1 not covered" in out
    assert "algebra_rules.unheard_of (1)" in out
    assert "what is not covered is not accepted" in out
    assert "balancedness.ridge" not in json.loads((copy / "recheck.json").read_text())["confirmed"]


def test_wrong_calls(copy, tmp_path, capsys):
    assert "no such folder" in wrong(capsys, str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    assert "holds no certificate" in wrong(capsys, str(tmp_path / "empty"))
    assert "DIR" in wrong(capsys)
    (copy / "x.y.json").write_text("{")
    assert "x.y.json: is no JSON" in wrong(capsys, str(copy))


def test_no_lock(copy, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(recheck, "PACKAGE", tmp_path / "package")
    monkeypatch.chdir(tmp_path)
    assert "python -m theorycheck.lock" in wrong(capsys, str(copy))
    (tmp_path / "claims.lock").write_text("{}")
    assert "no lock of version 2" in wrong(capsys, str(copy))
    (tmp_path / "claims.lock").write_text("{")
    assert "claims.lock" in wrong(capsys, str(copy))


# --- the checker alone ------------------------------------------------------------------------------------------------------
def test_it_imports_the_standard_library_and_flint_only():
    allowed = sys.stdlib_module_names | {"flint"}
    for file in CHECKER.rglob("*.py"):
        depth = len(file.relative_to(CHECKER).parts)
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= allowed, file
            if isinstance(node, ast.ImportFrom):
                inside = 0 < node.level <= depth
                assert inside or (node.level == 0 and (node.module or "").split(".")[0] in allowed), file
            if isinstance(node, ast.Name):
                assert node.id not in {"__import__", "eval", "exec", "compile", "import_module"}, file


def test_it_runs_where_nothing_else_is(written, lock, tmp_path):
    shutil.copytree(CHECKER, tmp_path / "checker", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "claims.lock").write_text(json.dumps(lock))
    alone = (
        "import runpy, sys\n"
        "class Nothing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] not in sys.stdlib_module_names | {'flint', 'checker'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Nothing())\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        f"sys.argv = ['checker', {str(written.path)!r}, {str(tmp_path / 'claims.lock')!r}]\n"
        "runpy.run_module('checker', run_name='__main__')\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", alone], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    assert "balancedness.ridge\tproved\tconfirmed\t" in ran.stdout.splitlines()
