"""Everything that this repository's site names is found by its names, and by most slips in them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from tests.conftest import copy_site
from triplomacy.namespaces import RDFS, SKOS
from triplomacy.release.build import build
from triplomacy.release.dumps import FACTS
from triplomacy.release.folder import Release
from triplomacy.search.finding import SearchIndex
from triplomacy.search.slips import is_forgiven
from triplomacy.search.words import words
from triplomacy.site import open_site

NAMES = {f"{RDFS}label", f"{SKOS}altLabel"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(open_site(copy_site(tmp_path_factory.mktemp("whole") / "site"))).release


@pytest.fixture(scope="module")
def names(release: Release) -> set[tuple[str, str]]:
    """Each thing that has a page of its own, with each of its names."""
    dump = gzip.decompress((release.dumps / FACTS).read_bytes())
    quads = parse(dump, RdfFormat.N_QUADS)
    base = f"{release.manifest.base}id/"
    return {
        (q.subject.value, q.object.value)
        for q in quads
        if q.predicate.value in NAMES
        and isinstance(q.subject, NamedNode)
        and isinstance(q.object, Literal)
        and q.subject.value.startswith(base)
    }


def everything(index: SearchIndex, query: str) -> list[str]:
    """The IRIs of all results, from the first page to the last."""
    iris: list[str] = []
    number = 1
    while True:
        found = index.find(query, None, number)
        iris += [hit.iri for hit in found.hits]
        number += 1
        if len(iris) >= found.total:
            return iris


def test_each_thing_is_found_by_each_of_its_names(
    release: Release, names: set[tuple[str, str]]
) -> None:
    index = SearchIndex(release.search)
    assert len(names) > 300
    missing = [(iri, name) for iri, name in names if iri not in everything(index, name)]
    assert missing == []


def test_a_person_comes_first_for_each_of_the_own_names(
    release: Release, names: set[tuple[str, str]]
) -> None:
    index = SearchIndex(release.search)
    for slug in ("donald-trump", "vladimir-putin", "volodymyr-zelensky", "pete-hegseth"):
        iri = f"{release.manifest.base}id/actor/{slug}"
        for name in (name for thing, name in names if thing == iri):
            assert index.find(name).hits[0].iri == iri, name


@pytest.mark.parametrize(
    ("query", "first", "without"),
    [
        ("call between Trump and Putin", "Trump–Putin call", ("between", "and")),
        ("What did Hegseth say about NATO", "Pete Hegseth", ...),
        ("Trump said peace", "Peace negotiations between Ukraine and Russia led by Trump", ...),
        ("saudi arabia summit", "Saudi Arabia", ("summit",)),
        ("visit Putin America", "Visit of Putin to the United States", ("america",)),
        ("cease-fire", "Ceasefire agreement", ()),
        ("US unicorns", "United States", ("unicorns",)),
    ],
)
def test_where_nothing_has_all_words_those_of_names_are_kept(
    release: Release, query: str, first: str, without: object
) -> None:
    found = SearchIndex(release.search).find(query)
    assert found.hits[0].label.value == first
    if without is not ...:
        assert found.without == without


def test_less_than_a_page_goes_on_with_what_has_other_words(release: Release) -> None:
    hits = SearchIndex(release.search).find("visit Putin troops").hits
    assert hits[0].label.value == "Visit of Putin to the United States"
    assert "U.S. troops in Europe" in [hit.label.value for hit in hits]
    assert {p.text.lower() for hit in hits for p in hit.pieces if p.marked} >= {"visit", "troops"}


def test_what_has_all_words_comes_before_what_lacks_the_least(release: Release) -> None:
    found = SearchIndex(release.search).find("Trump and Zelensky")
    assert [hit.label.value for hit in found.hits[:2]] == [
        "Article on the talks of February 2025",
        "Trump–Zelensky call",
    ]
    assert not found.without


def test_a_swap_of_two_letters_in_any_word_of_a_name_finds_something(
    release: Release, names: set[tuple[str, str]]
) -> None:
    index = SearchIndex(release.search)
    known = {word.folded for _, name in names for word in words(name)}
    for word in sorted(filter(is_forgiven, known)):
        swapped = word[0] + word[2] + word[1] + word[3:]
        assert index.find(swapped).total > 0, (word, swapped)


def test_the_index_of_this_site_is_small(release: Release) -> None:
    sizes = [p.stat().st_size for p in Path(release.search).iterdir()]
    assert len(sizes) == 1
    assert sum(sizes) < 1_000_000
