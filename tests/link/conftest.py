"""A stand-in for Wikidata that runs, shared by the tests of what asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from triplomacy.link.stand_in.server import StandIn, running


@pytest.fixture(scope="session")
def shared_stand_in() -> Iterator[StandIn]:
    with running() as it:
        yield it


@pytest.fixture
def stand_in(shared_stand_in: StandIn) -> Iterator[StandIn]:
    """A stand-in that has heard nothing yet, and answers well."""
    shared_stand_in.heard.clear()
    yield shared_stand_in
    shared_stand_in.faults.clear()
