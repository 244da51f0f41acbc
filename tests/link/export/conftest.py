"""Stand-ins that have forgotten something."""

from __future__ import annotations

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
