"""Every test starts and ends with the same precision; Hypothesis draws the same examples on every machine."""

import signal

import flint
import mpmath
import pytest
from hypothesis import settings

from theorycheck.collect import PAPER, package

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it, and so would all children
package(PAPER)  # before a test imports it: the proofs installed with the library under test, not the checkout's

settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")


@pytest.fixture(autouse=True)
def _precision():
    saved = flint.ctx.prec, mpmath.mp.prec
    yield
    left = flint.ctx.prec, mpmath.mp.prec
    flint.ctx.prec, mpmath.mp.prec = saved
    assert left == saved, f"a test left the precision changed: {left} instead of {saved}"
