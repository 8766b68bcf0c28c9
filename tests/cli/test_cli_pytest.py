"""The pytest plugin: items `statement::claim`, and what it leaves alone."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture
def here(pytester, world, lemma):
    pytester.makepyfile(my_lemma=lemma.read_text())
    return pytester


def test_a_file_and_a_folder_give_items(here):
    for target in ("my_lemma.py", "."):
        result = here.runpytest_inprocess("--collect-only", "-q", target)
        result.stdout.fnmatch_lines(["my_lemma.py::my-lemma::square", "1 test collected*"])


def test_passed(here):
    here.runpytest_inprocess("my_lemma.py").assert_outcomes(passed=1)


def test_failed_shows_verdict_reason_witness(here, world):
    world.verdicts["my-lemma.square"] = "refuted"
    result = here.runpytest_inprocess("my_lemma.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["my-lemma.square: expected proved, came out refuted", "*witness: x = 7/2*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_level_and_seed(here, world):
    world.verdicts["my-lemma.square"] = "undecided"
    here.runpytest_inprocess("my_lemma.py", "--theory-seed", "7").assert_outcomes(passed=1)
    assert world.calls[-1]["seed"] == 7
    here.runpytest_inprocess("my_lemma.py", "--theory-level", "full").assert_outcomes(failed=1)
    here.makeini("[pytest]\ntheory_level = full\n")
    here.runpytest_inprocess("my_lemma.py").assert_outcomes(failed=1)
    here.makeini("[pytest]\ntheory_level = deep\n")
    assert here.runpytest_inprocess("my_lemma.py").ret != 0


def test_inapplicable_is_skipped_where_nothing_else_is_expected(here, world, lemma):
    here.makepyfile(my_lemma=lemma.read_text().replace(', expects="proved"', ""))
    world.verdicts["my-lemma.square"] = "inapplicable"
    here.runpytest_inprocess("my_lemma.py").assert_outcomes(skipped=1)


def test_a_file_that_does_not_import_is_one_clear_error(here):
    here.makepyfile(bad="import theorycheck\nimport nowhere_at_all\nstatement = Statement('x')\n")
    result = here.runpytest_inprocess("bad.py")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*bad.py: does not import (line 2): ModuleNotFoundError*"])


def test_ordinary_tests_are_not_disturbed(here):
    here.makepyfile(test_plain="def test_one():\n    pass\n", helper="import nowhere_at_all\nStatement = 3\n")
    here.runpytest_inprocess(".").assert_outcomes(passed=2)


def test_a_file_may_hold_both(here, lemma):
    text = lemma.read_text().replace("my-lemma", "both")
    here.makepyfile(test_both=f"{text}\n\ndef test_one():\n    pass\n")
    here.runpytest_inprocess("test_both.py").assert_outcomes(passed=2)


def test_xdist_collects_the_same_in_every_process(here):
    result = here.runpytest_subprocess("-n", "2", "--collect-only", "-q", ".")
    assert result.ret == 0
