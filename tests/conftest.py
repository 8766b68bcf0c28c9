"""Every test starts and ends with the same precision."""

import flint
import mpmath
import pytest


@pytest.fixture(autouse=True)
def _precision():
    saved = flint.ctx.prec, mpmath.mp.prec
    yield
    left = flint.ctx.prec, mpmath.mp.prec
    flint.ctx.prec, mpmath.mp.prec = saved
    assert left == saved, f"a test left the precision changed: {left} instead of {saved}"
