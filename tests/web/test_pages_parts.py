"""The small pure parts of pages: names, links, paging, numbers, embedded JSON-LD."""

from __future__ import annotations

import json

import pytest

from triplomacy.iris import Base
from triplomacy.web import schema_org
from triplomacy.web.pages.names import name_of
from triplomacy.web.pages.paging import Page
from triplomacy.web.pages.template_helpers import grouped, is_web, size, with_iris

BASE = Base("https://w3id.org/triplomacy/")


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "https:",
        "//example.org/x",
        "http://[",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(iri: object) -> None:
    assert not is_web(iri)


@pytest.mark.parametrize("iri", ["https://example.org/x", "http://www.wikidata.org/entity/Q30"])
def test_web_addresses_become_links(iri: str) -> None:
    assert is_web(iri)


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://www.w3.org/2002/07/owl#sameAs", "owl:sameAs"),
        ("http://www.wikidata.org/entity/Q30", "Q30"),
        ("https://creativecommons.org/licenses/by/4.0/", "creativecommons.org/licenses/by/4.0"),
        ("https://w3id.org/triplomacy/id/event/call", "call"),
        ("urn:x:y", "urn:x:y"),
        ("http://[", "http://["),
    ],
)
def test_a_term_without_a_label_still_has_a_name(iri: str, name: str) -> None:
    assert name_of(iri, BASE) == name


def test_pages_cover_a_list_without_gap_or_overlap() -> None:
    pages = [Page(n, 200, 450) for n in (1, 2, 3)]
    assert [(p.first, p.last) for p in pages] == [(1, 200), (201, 400), (401, 450)]
    assert [(p.previous, p.next) for p in pages] == [(None, 2), (1, 3), (2, None)]


@pytest.mark.parametrize(("asked", "current"), [(0, 1), (-5, 1), (99, 3)])
def test_a_page_out_of_range_is_the_nearest_one(asked: int, current: int) -> None:
    assert Page(asked, 200, 450).current == current


def test_an_empty_list_has_one_empty_page() -> None:
    page = Page(1, 200, 0)
    assert (page.count, page.first, page.last, page.next) == (1, 0, 0, None)


def test_numbers_and_sizes_are_for_people() -> None:
    assert grouped(1234567) == "1,234,567"
    assert [size(n) for n in (999, 1000, 81_600, 5_000_000)] == [
        "999 bytes",
        "1.0 kB",
        "81.6 kB",
        "5.0 MB",
    ]


def test_addresses_in_a_message_are_found_without_the_punctuation_after_them() -> None:
    assert with_iris("did you mean https://e.org/a or https://e.org/b?") == [
        ("did you mean ", False),
        ("https://e.org/a", True),
        (" or ", False),
        ("https://e.org/b", True),
        ("?", False),
    ]


def test_embedded_json_cannot_leave_its_script_element() -> None:
    trap = "</script><script>alert(1)</script><!-- & \u2028"
    text = str(schema_org.write([schema_org.node("Thing", "https://e.org/x", name=trap)]))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["@graph"][0]["name"] == trap


def test_nodes_leave_out_what_is_empty() -> None:
    node = schema_org.node("Event", "https://e.org/x", name="X", startDate=None, actor=[], text="")
    assert node == {"@type": "Event", "@id": "https://e.org/x", "name": "X"}
