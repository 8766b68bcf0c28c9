"""The README shows what is there: its example and its two commands; its table of errata is tested in test_conformance."""

import re
from pathlib import Path

from docs import refresh

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_is_short_and_its_verdicts_are_as_the_readme_says():
    import theorycheck as tc

    text = refresh.EXAMPLE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    (claim,) = tc.check(refresh.EXAMPLE).statements[0].claims
    assert claim.verdict is tc.Verdict.PROVED
    (wrong,) = tc.check(refresh.EXAMPLE, set={"constant": "5"}).statements[0].claims
    assert wrong.verdict is tc.Verdict.REFUTED
    assert "left = 1/2, right = 9/20" in wrong.witness.violation


def test_it_opens_with_two_commands():
    blocks = re.findall(r"```bash\n(.*?)```", README, re.S)
    commands = [line for block in blocks for line in block.splitlines() if line.strip()]
    assert commands[0].endswith("theorycheck check")
    assert "pytest" in commands[1]


def test_the_engine_example_runs_and_is_reduced(capsys):
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", README, re.S) if "flow.run" in block]
    exec(compile(code, "README.md", "exec"), {})  # our own text
    printed = capsys.readouterr().out
    assert "50 -> 20" in printed
    assert "64 of 64 reached the end time" in printed
