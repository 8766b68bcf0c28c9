"""Every test starts at 120 bits; what a test leaves behind is undone."""

from collections.abc import Iterator

import pytest

from theorycheck.enclose.precision import working


@pytest.fixture(autouse=True)
def _precision() -> Iterator[None]:
    with working(120):
        yield
