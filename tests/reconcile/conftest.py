"""No batch of a test ends by its time where the machine is busy, unless a test wants it to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.waiting import PATIENCE
from triplomacy.reconcile import matching


@pytest.fixture(scope="session", autouse=True)
def no_hurry() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "SECONDS", PATIENCE)
        yield
