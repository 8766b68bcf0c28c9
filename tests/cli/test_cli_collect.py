"""Finding statements: users' files and folders, collections, and a folder `proofs` where the user stands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from theorycheck import cli, collect
from theorycheck.declares import declares_statement
from theorycheck.errors import InputError

PYTHON = [sys.executable]


def refused(*targets: object) -> str:
    with pytest.raises(InputError) as problem:
        collect.resolve([str(t) for t in targets])
    return str(problem.value)


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_file_and_a_folder(world, lemma):
    assert [s.statement.id for s in collect.resolve([str(lemma)])] == ["my-lemma"]
    assert [s.statement.id for s in collect.resolve([str(lemma.parent)])] == ["my-lemma"]
    assert lemma.stem not in sys.modules


def test_ids_aliases_and_claims(world):
    assert [s.statement.id for s in collect.resolve()] == ["square", "growth"]
    (found,) = collect.resolve(["prop-9.mended", "growth.charitable"])
    assert found.claims == {"growth.mended", "growth.charitable"}
    (found,) = collect.resolve(["growth.rate"])
    assert found.claims == {"growth.rate", "growth.charitable", "growth.mended"}
    assert collect.resolve(["paper:growth"])[0].statement.id == "growth"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import not_there_at_all\n", "line 1"),
        ("x = 1\nx.y\n", "line 2"),
        ("def f(:\n", "line 1"),
        ("raise SystemExit(0)\n", "SystemExit"),
        ("x = 1\n", "declares no statement"),
        ("from theorycheck.statement import Statement\n", "declares no statement"),
        ("\0", "does not import"),
    ],
)
def test_files_that_do_not_do(world, tmp_path, text, words):
    path = write(tmp_path / "bad.py", text)
    message = refused(path)
    assert message.startswith(str(path))
    assert words in message
    assert "\n" not in message


def test_a_failed_import_leaves_nothing_behind(world, tmp_path):
    before = set(sys.modules), list(sys.path)
    refused(write(tmp_path / "bad.py", "import not_there_at_all\n"))
    assert (set(sys.modules), list(sys.path)) == before


def test_a_statement_without_claims(world, tmp_path, lemma):
    text = lemma.read_text().split("@statement")[0]
    assert "no claims" in refused(write(tmp_path / "empty.py", text))


@pytest.mark.parametrize("body", ["pass", "yield x", "yield nothing_of_that_name", "if power == 'x':\n        yield x"])
def test_a_claim_that_cannot_be_written_down(world, tmp_path, lemma, body):
    path = write(tmp_path / "bad.py", lemma.read_text().replace("yield Le(0, x**power)", body))
    assert "my-lemma.square" in refused(path)


def test_a_folder_without_statements(world, tmp_path):
    write(tmp_path / "x.py", "x = 1\n")
    assert "no Python file" in refused(tmp_path)


def test_a_broken_file_in_a_folder_is_not_passed_over(world, tmp_path, lemma):
    write(tmp_path / "broken.py", "import theorycheck\nstatement = Statement(\n")
    assert "broken.py" in refused(tmp_path)


def test_one_id_twice(world, tmp_path, lemma):
    copy = write(tmp_path / "copy.py", lemma.read_text())
    assert "my-lemma" in refused(lemma, copy)
    assert "my-lemma" in refused(tmp_path)


def test_neighbours_can_be_imported_and_imported_statements_are_not_ours(world, tmp_path, lemma):
    text = lemma.read_text().replace("my-lemma", "other")
    write(tmp_path / "second.py", f"from my_lemma import statement as first\n{text}")
    assert [s.statement.id for s in collect.resolve([str(tmp_path / "second.py")])] == ["other"]
    sys.modules.pop("my_lemma")


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("import theorycheck as tc\ns = tc.Statement('a')\n", True),
        ("from theorycheck.statement import Statement\ns: Statement = Statement('a')\n", True),
        ("# theorycheck\nTEXT = 'Statement('\n", False),
        ("# theorycheck\ndef f():\n    s = Statement('a')\n", False),
        ("s = Statement('a')\n", False),
        ("# theorycheck\ns = Statement(\n", True),
    ],
)
def test_declaring_is_decided_from_the_text(tmp_path, text, declared):
    assert declares_statement(write(tmp_path / "x.py", text)) is declared


def test_a_collection_with_one_id_twice(monkeypatch, tmp_path, lemma):
    package = tmp_path / "otherpaper"
    package.mkdir()
    for name in ("__init__", "one", "two"):
        write(package / f"{name}.py", "" if name == "__init__" else lemma.read_text())
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="two statements are named 'my-lemma'"):
        collect.collection("otherpaper")
    (package / "two.py").write_text("import nowhere_at_all")
    sys.modules.pop("otherpaper.two")
    with pytest.raises(InputError, match=r"otherpaper.two: does not import"):
        collect.collection("otherpaper")


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    plain = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    return subprocess.run([*PYTHON, *args], cwd=cwd, env=plain, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("package", [True, False])
def test_a_folder_proofs_where_the_user_stands_hides_nothing(tmp_path, package):
    (tmp_path / "proofs").mkdir()
    (tmp_path / "click.py").write_text("raise SystemExit('theirs')")
    if package:
        (tmp_path / "proofs" / "__init__.py").write_text("raise SystemExit('theirs')")
    found = run("-m", "theorycheck", "list", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    inside = run("-c", "from theorycheck import collect; print(collect.package('proofs').__file__)", cwd=tmp_path)
    if not package:
        assert inside.stdout.strip() == str(collect.HOME / "proofs" / "__init__.py"), inside.stderr


def test_importing_is_light():
    code = "import theorycheck, sys; print(sorted(m for m in ('sympy', 'numpy', 'rich', 'click', 'flint') if m in sys.modules))"
    assert run("-c", code, cwd=Path.cwd()).stdout.strip() == "[]"
    code = "import theorycheck.pytest_plugin, sys; print([m for m in sys.modules if m.startswith('theorycheck')])"
    loaded = run("-c", code, cwd=Path.cwd()).stdout
    assert "statement" not in loaded
    assert "tree" not in loaded


def test_python_surface(world, lemma):
    import theorycheck as tc

    assert tc.load("growth.mended").claims[0].id == "growth.mended"
    assert tc.load(lemma).id == "my-lemma"
    report = tc.check("growth", set={"rate": 3})
    assert [c.expected for s in report.statements for c in s.claims] == [None] * 3
    assert tc.check(tc.load("square")).statements[0].claims[0].verdict is tc.Verdict.PROVED
    with pytest.raises(tc.InputError):
        tc.check("growth", level="deep")
    with pytest.raises(AttributeError):
        _ = tc.nothing_of_that_name


def test_a_module_run_as_a_script(world, capsys, monkeypatch, lemma):
    import __main__

    statement = collect.load_file(lemma)[0]
    monkeypatch.setattr(sys, "argv", [str(lemma), "--level", "full"])
    monkeypatch.setattr(__main__, "__file__", str(lemma), raising=False)
    assert cli.run_module(statement) == 0
    assert world.calls[0]["level"] == "full"
    assert "my-lemma.square" in capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m theorycheck list --json | true"
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert found.stderr == ""


def test_a_lemma_with_the_real_driver(tmp_path, lemma):
    """The whole way once: a true claim, a false what-if with its witness, the same under pytest in two processes."""
    assert run("-m", "theorycheck", "check", "my_lemma.py", cwd=tmp_path).returncode == 0
    found = run("-m", "theorycheck", "check", "my_lemma.py", "--set", "power=3", "--json", "r.json", cwd=tmp_path)
    assert found.returncode == 1, found.stderr
    assert "witness: x = -1" in found.stdout
    assert json.loads((tmp_path / "r.json").read_text())["statements"][0]["claims"][0]["verdict"] == "refuted"
    assert run("-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "my_lemma.py", cwd=tmp_path).returncode == 0


SLOW = """

@square.leg("sample")
def wait(check):
    import os, time
    open("started.new", "w").write(str(os.getpid()))
    os.rename("started.new", "started")
    time.sleep(60)


@statement.claim("quick", line=1)
def quick():
    yield Le(0, x**2)
"""


def started(tmp_path, lemma, jobs):
    """A check of a claim that waits, and the process that waits."""
    write(tmp_path / "slow.py", lemma.read_text() + SLOW)
    command = [*PYTHON, "-m", "theorycheck", "check", "slow.py", "--json", "r.json", "--jobs", jobs]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return child, int((tmp_path / "started").read_text())


def gone(pid):
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(("jobs", "what"), [("1", signal.SIGINT), ("2", signal.SIGINT), ("2", signal.SIGTERM)])
def test_an_interrupt_keeps_what_was_finished_and_leaves_no_process(tmp_path, lemma, jobs, what):
    child, worker = started(tmp_path, lemma, jobs)
    time.sleep(2 if jobs == "2" else 0)  # the other worker finishes the quick claim
    child.send_signal(what)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 130
    assert err.strip() == "theorycheck: interrupted; the claims above were finished"
    kept = [c["id"] for s in json.loads((tmp_path / "r.json").read_text())["statements"] for c in s["claims"]]
    assert [name.rpartition(".")[2] for name in kept] == (["quick"] if jobs == "2" else [])
    assert gone(worker)
    assert not list(tmp_path.glob(".r.json*"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_a_worker_that_is_killed_and_a_parent_that_is(tmp_path, lemma):
    child, worker = started(tmp_path, lemma, "2")
    os.kill(worker, signal.SIGKILL)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 2
    assert err.strip() == "theorycheck: --jobs 2: a worker was killed, or ran out of memory; try --jobs 1"
    (tmp_path / "started").unlink()
    child, worker = started(tmp_path, lemma, "2")
    child.kill()
    child.communicate(timeout=20)
    assert gone(worker)
