"""The ontology and the data of this repository keep the rules, in both engines."""

from __future__ import annotations

import pytest

from tests.waiting import is_done_within

# What the article leaves open, and the data therefore too: not mistakes, but readers should know.
KNOWN = {
    ("PublicationShape-issued", "Info"),
    ("PublicationShape-publisher", "Info"),
    ("UndatedEventShape", "Info"),
    ("WikidataShape-link", "Warning"),
}


@pytest.fixture(scope="module")
def found_by_fast(site, fast):
    return fast(site)


def test_the_site_has_known_warnings_only(found_by_fast):
    unknown = {
        finding: m for finding, m in found_by_fast.items() if (finding[0], finding[2]) not in KNOWN
    }
    assert unknown == {}


def test_the_fast_engine_is_fast(site, fast):
    assert is_done_within(1, lambda: fast(site))


def test_the_reference_engine_finds_the_same(site, reference, found_by_fast):
    found = reference(site)
    assert found.keys() == found_by_fast.keys()
