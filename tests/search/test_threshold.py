"""Thresholds: a sharp constant, a loose one, an equation, a gap that cannot be closed; the page, the plot, wrong calls."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import pytest

from theorycheck import cli
from theorycheck.collect import load_file
from theorycheck.derivation import Library
from theorycheck.errors import InputError
from theorycheck.search.threshold import between, margins, threshold

FILE = Path(__file__).parent / "squares.py"
(SQUARES,) = load_file(FILE)
CLAIMS = {c.id.removeprefix("squares."): c for c in SQUARES.claims}
WIDTH = Fraction(1, 10)


def found(name, parameter="factor", width=WIDTH):
    return threshold(CLAIMS[name], parameter, Library((SQUARES,)), width)


def test_of_a_loose_constant_the_sharp_one_is_found():
    (bracket,) = found("loose").brackets
    assert bracket.holds.value >= 2 > bracket.fails.value
    assert bracket.width <= WIDTH
    assert bracket.open is None
    assert bracket.fails.report.witness is not None


def test_a_sharp_constant_is_held_and_a_gap_is_reported_with_both_ends():
    below, above = found("sharp").brackets
    assert (above.holds.value, above.open) == (2, None)
    assert 2 < above.fails.value <= 2 + WIDTH
    # a^2 + b^2 >= c a b holds for -2 <= c <= 2, which the derivation does not show for c < 2
    assert (below.holds.value, below.open.holds) == (2, None)
    assert -2 - WIDTH <= below.fails.value < -2


def test_an_equation_fails_on_both_sides():
    below, above = found("equation", "two").brackets
    assert below.holds.value == above.holds.value == 2
    assert 2 - WIDTH <= below.fails.value < 2 < above.fails.value <= 2 + WIDTH


def test_what_is_true_everywhere_or_nowhere_has_no_bracket(tmp_path):
    file = tmp_path / "ends.py"
    text = FILE.read_text(encoding="utf-8").split("@statement.claim")[0].replace('"squares"', '"ends"')
    file.write_text(
        text
        + '@statement.claim("always", line=1, expects="proved", shift=0)\n'
        + 'def always(shift):\n    """a^2 + shift^2 >= 0"""\n    goal = yield Ge(a**2 + shift**2, 0)\n'
        + '    yield goal, by.sign()\n'
        + '@statement.claim("never", line=1, expects="refuted", shift=0)\n'
        + 'def never(shift):\n    """-1 - a^2 - shift^2 >= 0"""\n    yield Ge(-1 - a**2 - shift**2, 0)\n',
        encoding="utf-8",
    )
    (ends,) = load_file(file)
    for claim, holds in zip(ends.claims, (True, False), strict=True):
        result = threshold(claim, "shift", Library((ends,)), WIDTH)
        assert result.brackets == ()
        assert {t.holds for t in result.trials} == {holds}


def test_the_simplest_fraction_between_two():
    assert between(Fraction(2), Fraction(3)) == Fraction(5, 2)
    assert between(Fraction(1), Fraction(0)) == Fraction(1, 2)
    assert between(Fraction(-2), Fraction(2)) == -1


def test_margins_change_sign_at_the_sharp_constant():
    low, sharp, high = margins(CLAIMS["sharp"], "factor", [Fraction(1), Fraction(2), Fraction(3)])
    assert low >= 0
    assert sharp >= 0 > high


@pytest.mark.parametrize("width", ["0", "-1", "x", "1/0"])
def test_a_wrong_width_is_refused(width, capsys):
    assert cli.main(["threshold", "prop-10.pl", "factor", "--width", width]) == 2
    assert capsys.readouterr().err.startswith(f"theorycheck: --width {width}: ")


def test_wrong_names_name_the_known_ones(capsys):
    with pytest.raises(InputError, match=r"facto: no numeric parameter of squares.loose; it has: factor = 3"):
        found("loose", "facto")
    calls = {("prop-10.pll", "factor"): "did you mean prop-10.pl", ("prop-10", "factor"): "name one of prop-10.pl,"}
    for call, mend in calls.items():
        assert cli.main(["threshold", *call]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert mend in err
        assert err.count("\n") == 1


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_the_page_and_the_plot(suffix, start, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    file = tmp_path / f"margin{suffix}"
    assert cli.main(["threshold", "prop-10.pl", "factor", "--width", "1/4", "--plot", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "prop-10.pl: factor = 1 as printed is proved"
    assert lines[1].startswith("  proved at 1, refuted at ")
    assert "  witness at " in lines[3]
    assert file.read_bytes().startswith(start)


def test_a_plot_that_cannot_be_made_is_refused_before_the_work(monkeypatch, tmp_path, capsys):
    assert cli.main(["threshold", "prop-10.pl", "factor", "--plot", str(tmp_path / "x.gif")]) == 2
    assert "end the name in .svg or .png" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert cli.main(["threshold", "prop-10.pl", "factor", "--plot", str(tmp_path / "x.svg")]) == 2
    assert "matplotlib is not installed; pip install" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
