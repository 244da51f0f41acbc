"""Every kind of page in a real browser: nothing missing, nothing broken, usable by everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Server
from tests.web.browsing import PHONE, SIZE, needs_chromium, serious_faults
from tests.web.test_pages_hostile import hostile_server  # noqa: F401 - a fixture

pytestmark = needs_chromium

PAGES = [
    "",
    "events",
    "actors",
    "statements",
    "offices",
    "sources",
    "vocab",
    "id/event/trump-putin-call",
    "id/event/china-hosted-summit",
    "id/statement/trump-announcement",
    "id/actor/donald-trump",
    "id/office/us-president",
    "id/holding/pete-hegseth--us-secretary-of-defense",
    "id/stance/trump-on-putin-call",
    "id/participation/trump-putin-call--donald-trump",
    "id/source/article",
    "id/agent/maintainers",
    "vocab/realization/proposed",
    "vocab/role",
    "ontology",
    "shapes",
    "graph/links",
    "dataset",
    "dumps/",
    "validation",
    "sparql",
    "sparql?query=SELECT+*+%7B+%3Fs+a+%3Ftype+%7D+LIMIT+50",
    "sparql?query=CONSTRUCT+%7B+%3Fs+a+%3Ftype+%7D+WHERE+%7B+%3Fs+a+%3Ftype+%7D+LIMIT+5",
]
# Leaves of many siblings that are alike the first five.
THIN_OUT = """
for (const parent of document.querySelectorAll('main, main *')) {
  const seen = {};
  for (const child of [...parent.children]) {
    const look = child.tagName + ' ' + child.className;
    seen[look] = (seen[look] || 0) + 1;
    if (seen[look] > 5) child.remove();
  }
}
"""


SAME_IDS = """
[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) < i)
"""


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_accessible_and_fits_a_phone_in_light_and_dark(
    page: Page, faults: list[str], server: Server, path: str
) -> None:
    # The editor comes by and by; elsewhere to wait for silence is half a second for nothing.
    until = "networkidle" if path.startswith("sparql") else "load"
    answer = page.goto(server.url + path, wait_until=until)
    assert answer is not None
    assert answer.status == 200
    assert faults == []
    assert_metadata(page, server, path)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate(SAME_IDS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(SIZE)
    # On a long page axe would take a minute to find in everything what it finds in five of a kind.
    page.evaluate(THIN_OUT)
    assert serious_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert serious_faults(page, "color-contrast") == []
    assert faults == []


def assert_metadata(page: Page, server: Server, path: str) -> None:
    """Language, title, description, canonical address, embedded data and links to the RDF."""
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title()
    assert page.locator("h1").count() == 1
    if path.startswith("sparql"):
        return
    assert page.locator('meta[name="description"]').get_attribute("content")
    canonical = page.locator('link[rel="canonical"]').get_attribute("href") or ""
    assert canonical.startswith(server.base)
    assert page.locator('script[type="application/ld+json"]').count() == 1
    if re.match(r"(id|vocab|graph)/|ontology|shapes|dataset", path):
        assert page.locator('link[rel="alternate"][type="text/turtle"]').count() == 1


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_passage_is_marked_in_the_words_of_the_source(page: Page, server: Server) -> None:
    page.goto(server.url + "id/statement/hegseth-options")
    marked = page.locator("mark.quoted").all_inner_texts()
    assert "all options are being considered" in "".join(marked)
    source = page.locator(".passage figcaption a").first
    assert (source.get_attribute("href") or "").startswith(server.url + "id/source/")


def test_the_source_shows_its_whole_text_and_each_mark_leads_to_its_passage(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "id/source/article")
    text = (server.site / "data/sources/article.txt").read_text(encoding="utf-8")
    shown = page.locator(".article-text").evaluate("e => e.textContent")
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", text)
    broken = page.evaluate(
        "[...document.querySelectorAll('a.seg')].filter("
        "a => !document.getElementById(a.hash.slice(1))).map(a => a.hash)"
    )
    assert broken == []


def test_an_excerpt_is_reached_by_its_own_address(page: Page, server: Server) -> None:
    page.goto(server.url + "id/source/article#char=1717,1749")
    assert page.url.endswith("doc/source/article#char=1717,1749")
    lit = page.locator(".seg.lit").all_inner_texts()
    assert "".join(lit) == "all options are being considered"
    expect(page.locator(".seg.lit").first).to_be_in_viewport()
    expect(page.locator(".passages > li.lit")).to_have_count(1)


def test_the_source_can_be_read_without_scripts(plain: Page, server: Server) -> None:
    plain.goto(server.url + "doc/source/article")
    plain.locator(".seg", has_text="lengthy and highly productive").first.click()
    expect(plain.locator(".passages > li:target")).to_contain_text("Trump is positive")


def test_the_timeline_tells_a_bound_from_a_day_and_leaves_the_undated_off(
    page: Page, server: Server
) -> None:
    page.goto(server.url)
    entries = page.locator(".timeline > li")
    expect(entries).to_have_count(2)
    expect(entries.nth(0)).to_contain_text("not later than 12 February 2025")
    expect(entries.nth(0)).to_contain_text("after it Trump–Zelensky call occurred")
    expect(entries.nth(1)).to_contain_text("on 12 February 2025")
    expect(page.locator(".undated")).to_contain_text("Summit between Trump and Putin")
    expect(page.locator(".undated")).to_contain_text("proposed")


def test_what_is_copied_is_the_iri(browser: Browser, server: Server) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.goto(server.url + "id/event/trump-putin-call")
    opened.locator("button.copy").first.click()
    copied = opened.evaluate("navigator.clipboard.readText()")
    assert copied == server.base + "id/event/trump-putin-call"
    context.close()


def test_an_error_page_is_a_page(page: Page, server: Server) -> None:
    page.goto(server.url + "id/event/trump-putin-cal")
    expect(page.locator("h1")).to_have_text("Nothing is published here")
    near = page.get_by_role("link", name=server.base + "id/event/trump-putin-call", exact=True)
    assert near.get_attribute("href") == server.url + "id/event/trump-putin-call"


def test_a_name_that_turns_its_direction_moves_no_other(
    page: Page,
    hostile_server: Server,  # noqa: F811
) -> None:
    page.goto(hostile_server.url + "doc/actor/mallory")
    names = page.locator(".elsewhere bdi")
    expect(names).to_have_text(["plain", "\u202egnp.exe"])
    left = names.evaluate_all("all => all.map(each => each.getBoundingClientRect().left)")
    assert left == sorted(left)
    tags = page.locator(".elsewhere bdi + .tag")
    assert tags.all_inner_texts() == ["fr", "uk"]
    beside = tags.evaluate_all("all => all.map(each => each.getBoundingClientRect().left)")
    assert left[0] < beside[0] < left[1] < beside[1]


@pytest.mark.parametrize("path", ["id/actor/mallory", "id/event/trap", "id/source/wild", "events"])
def test_hostile_data_runs_nothing(
    page: Page,
    faults: list[str],
    hostile_server: Server,  # noqa: F811
    path: str,
) -> None:
    page.goto(hostile_server.url + path, wait_until="networkidle")
    assert page.evaluate("window.hurt") is None
    assert faults == []
