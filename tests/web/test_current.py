"""The server shows the current release, switches when it changes, and never falls to nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.web.small_release import make_site
from triplomacy.errors import ReleaseError
from triplomacy.release.folder import Releases
from triplomacy.web.current import Bodies, Current

OLD, NEW = "20250212T180000Z-1a2b3c4d", "20250213T180000Z-1a2b3c4d"


def two_releases(folder: Path) -> Releases:
    """Two releases of the small site, the old one current."""
    make_site(folder, NEW)
    return Releases(make_site(folder, OLD) / "releases")


def test_the_current_release_is_opened_once(tmp_path: Path) -> None:
    current = Current(two_releases(tmp_path))
    assert current.publication().release.version == OLD
    assert current.publication() is current.publication()


def test_a_switch_shows_at_the_next_request(tmp_path: Path) -> None:
    releases = two_releases(tmp_path)
    current = Current(releases)
    before = current.publication()
    releases.switch(NEW)
    assert current.publication().release.version == NEW
    assert before.engine.graphs()  # whoever began with the old one can finish with it


@pytest.mark.embedded
def test_a_new_release_that_cannot_be_opened_leaves_the_old_one_in_service(tmp_path: Path) -> None:
    releases = two_releases(tmp_path)
    current = Current(releases)
    current.publication()
    releases.switch(NEW)
    shutil.rmtree(releases.get(NEW).store)
    assert current.publication().release.version == OLD
    assert current.publication().release.version == OLD
    releases.switch(OLD)
    assert current.publication().release.version == OLD


def test_without_any_release_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError) as caught:
        Current(Releases(tmp_path)).publication()
    assert caught.value.remedy == "triplomacy build"


def test_the_memory_keeps_what_was_used_last_within_its_limit() -> None:
    memory = Bodies(limit=80)
    for number in range(20):
        memory.get_or_make("first", lambda: b"0" * 10)
        memory.get_or_make(number, lambda: b"1" * 10)
    assert memory.get("first") is not None
    assert memory.get(19) is not None
    assert memory.get(0) is None


def test_the_memory_passes_over_what_would_push_out_too_much() -> None:
    memory = Bodies(limit=80)
    assert memory.get_or_make("big", lambda: b"0" * 11) == b"0" * 11
    assert memory.get("big") is None
