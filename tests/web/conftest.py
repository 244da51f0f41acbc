"""What the tests of the web share beside `tests/conftest.py`: a server of the small release."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import NO_KEEP_ALIVE, Server, serving
from tests.waiting import PATIENCE
from tests.web.small_release import make_site

expect.set_options(timeout=1000 * PATIENCE)  # in a browser, too, what comes late has come


@pytest.fixture(scope="session")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server of the small release."""
    site = make_site(tmp_path_factory.mktemp("small") / "site")
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


@pytest.fixture(scope="session")
def small(small_server: Server) -> Iterator[httpx.Client]:
    """An HTTP client for `small_server` that sends no `Accept` header of its own."""
    with httpx.Client(base_url=small_server.url, limits=NO_KEEP_ALIVE) as session:
        del session.headers["Accept"]
        yield session
