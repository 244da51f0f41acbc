"""Stand-ins that have forgotten something."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.link.export.story import bent
from triplomacy.link.stand_in.server import StandIn, running


@pytest.fixture(scope="session")
def shared_forgetful() -> Iterator[StandIn]:
    with running(items=bent()) as it:
        yield it


@pytest.fixture
def forgetful(shared_forgetful: StandIn) -> Iterator[StandIn]:
    """A stand-in that does not know who is minister of Germany, nor anything about a meeting."""
    shared_forgetful.heard.clear()
    yield shared_forgetful
    shared_forgetful.faults.clear()


@pytest.fixture(autouse=True)
def midday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where it is noon, here and in the processes that tests start: no day ends meanwhile."""
    monkeypatch.setenv("TZ", f"Noon{time.gmtime().tm_hour - 12:+d}")  # POSIX counts westward
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
