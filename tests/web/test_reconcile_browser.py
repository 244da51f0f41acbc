"""Previews in a real browser, in a frame of somebody else's page, as OpenRefine shows them."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Server
from tests.web.browsing import needs_chromium, serious_faults

pytestmark = needs_chromium
PUTIN = "id%2Factor%2Fvladimir-putin"


class Framing(BaseHTTPRequestHandler):
    """Answers with a page that has what follows the `?` in a frame."""

    def do_GET(self) -> None:
        url = html.escape(self.path.partition("?")[2])
        shown = f'<!doctype html><title>x</title><iframe src="{url}" width="400" height="180">'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(shown.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a server of another origin, as OpenRefine is."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Framing) as framing:
        threading.Thread(target=framing.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{framing.server_port}/page?"
        framing.shutdown()


def test_a_preview_is_shown_within_its_frame(
    page: Page,
    faults: list[str],
    server: Server,
    elsewhere: str,
) -> None:
    page.goto(f"{elsewhere}{server.url}reconcile/preview?id={PUTIN}", wait_until="networkidle")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="Vladimir Putin")).to_be_visible()
    expect(frame.get_by_text("id/actor/vladimir-putin")).to_be_visible()
    inside = page.frames[1].evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert inside[0] <= 400
    assert inside[1] <= 180
    assert page.frames[1].evaluate("getComputedStyle(document.body).fontSize") == "13px"
    assert faults == []


def test_no_other_page_is_shown_in_a_frame(
    page: Page,
    faults: list[str],
    server: Server,
    elsewhere: str,
) -> None:
    page.goto(f"{elsewhere}{server.url}reconcile?format=html", wait_until="networkidle")
    expect(page.frame_locator("iframe").get_by_text("OpenRefine")).to_have_count(0)
    assert any("frame-ancestors" in fault for fault in faults)


def test_the_page_about_the_service_has_no_faults(
    page: Page, faults: list[str], server: Server
) -> None:
    page.goto(f"{server.url}reconcile?format=html", wait_until="networkidle")
    expect(page.get_by_role("heading", name="In OpenRefine")).to_be_visible()
    assert serious_faults(page) == []
    page.goto(f"{server.url}reconcile/preview?id={PUTIN}", wait_until="networkidle")
    assert serious_faults(page) == []
    assert faults == []
