"""A site with things that have no link, and what was read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.link.site import linked_site
from tests.link.suggest.case import FACTS, LINKS, Case
from triplomacy.link.stand_in.server import StandIn


@pytest.fixture
def case(tmp_path: Path, stand_in: StandIn) -> Case:
    """The site, its folder, and the stand-in that it asks."""
    return Case(linked_site(tmp_path, stand_in, FACTS, LINKS), stand_in)
