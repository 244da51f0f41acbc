"""What the tests of the web share: a server of the small release, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import NO_KEEP_ALIVE, Server, serving
from tests.waiting import PATIENCE
from tests.web.browsing import CHROMIUM, FLAGS, SIZE, watchers
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that asks nobody but our server."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that many tests use in turn: to open one costs as much as all that is done in it."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """A page in light colours, of whose past nothing is left."""
    tab.set_viewport_size(SIZE)
    tab.emulate_media(color_scheme="light")
    yield tab
    tab.unroute_all()
    tab.goto("about:blank")  # so that nothing stores anything any more
    storage = tab.context.new_cdp_session(tab)
    storage.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    storage.detach()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What goes wrong in the page: console, requests, scripts, other hosts."""
    seen: list[str] = []
    heard = watchers(seen)
    for event, handler in heard.items():
        page.on(event, handler)  # type: ignore[call-overload]
    yield seen
    for event, handler in heard.items():
        page.remove_listener(event, handler)
