"""Search in a real browser: by keyboard, with what a screen reader is told, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Server
from tests.web.browsing import PHONE, needs_chromium, serious_faults
from tests.web.test_search import wild  # noqa: F401 - a fixture

pytestmark = needs_chromium


def typed(page: Page, server: Server, text: str) -> None:
    """Type into the field of the front page, and wait for suggestions."""
    page.goto(server.url, wait_until="networkidle")
    page.get_by_role("combobox", name="Search").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_field_is_a_combobox_that_arrows_and_escape_rule(
    page: Page,
    faults: list[str],
    server: Server,
) -> None:
    typed(page, server, "trum")
    field = page.get_by_role("combobox", name="Search")
    options = page.get_by_role("option")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options.first).to_contain_text("Donald Trump")
    count = options.count()
    assert serious_faults(page) == []

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", str(first))
    expect(field).to_be_focused()
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")

    field.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("trum")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    page.wait_for_url("**/doc/actor/donald-trump")
    assert faults == []


def test_enter_without_a_choice_searches(page: Page, server: Server) -> None:
    typed(page, server, "zelensky")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=zelensky")
    expect(page.locator(".hits > li").first).to_contain_text("Volodymyr Zelensky")
    expect(page.locator(".hits mark").first).to_have_text("Zelensky")


def test_a_suggestion_can_be_clicked(page: Page, server: Server) -> None:
    typed(page, server, "lecor")
    page.get_by_role("option", name="Sébastien Lecornu").first.click()
    page.wait_for_url("**/doc/actor/sebastien-lecornu")


def test_a_suggestion_tells_by_which_other_name_it_was_found(
    page: Page,
    server: Server,
) -> None:
    typed(page, server, "truc")
    option = page.get_by_role("option").first
    expect(option.locator(".name")).to_have_text("ceasefire agreement")
    expect(option.locator(".also")).to_have_text("truce")


def test_suggestions_wait_until_the_typing_pauses(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/suggest?" in r.url else None)
    typed(page, server, "zelensky")
    assert 1 <= len(asked) < len("zelensky")


def test_the_field_loses_its_list_with_the_focus(page: Page, server: Server) -> None:
    typed(page, server, "trum")
    page.keyboard.press("Tab")
    expect(page.locator("#suggestions")).to_be_hidden()


def test_search_works_without_scripts(plain: Page, server: Server) -> None:
    plain.goto(server.url)
    plain.get_by_role("searchbox", name="Search").fill("Hegsteh")
    plain.get_by_role("search").get_by_role("button", name="Search").click()
    expect(plain.get_by_role("searchbox", name="Search")).to_have_value("Hegsteh")
    expect(plain.locator("main")).to_contain_text("Did you mean Hegseth")
    plain.get_by_role("navigation", name="Filter by kind").get_by_role(
        "link", name="Statements"
    ).click()
    expect(plain.locator(".hits .kicker").first).to_have_text("statement")


@pytest.mark.parametrize(
    "path",
    [
        "search",
        "search?q=trump",
        "search?q=zelenksy",
        "search?q=putin+xyzzy",
        "search?q=nosuchname",
    ],
)
def test_the_page_is_accessible_and_fits_a_phone_in_light_and_dark(
    page: Page,
    faults: list[str],
    server: Server,
    path: str,
) -> None:
    page.goto(server.url + path, wait_until="networkidle")
    assert page.locator("h1").count() == 1
    assert serious_faults(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("combobox", name="Search").fill("")
    page.get_by_role("combobox", name="Search").press_sequentially("tru")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(color_scheme="dark")
    assert serious_faults(page, "color-contrast") == []
    assert faults == []


def test_names_that_hold_markup_run_nothing(page: Page, faults: list[str], wild: Server) -> None:  # noqa: F811
    page.goto(f"{wild.url}search?q=mallory", wait_until="networkidle")
    page.get_by_role("combobox", name="Search").press_sequentially(" s")
    expect(page.get_by_role("option").first).to_contain_text("<script>")
    assert page.evaluate("window.hurt") is None
    assert faults == []
