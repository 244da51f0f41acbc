"""Every number in the description is counted; each is counted here again, in another way."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Variable, parse
from pyoxigraph import Literal as Lit

from tests.small import BASE
from triplomacy.namespaces import DCAT, DCT, OWL, SCHEMA, SD, SPDX, VOID
from triplomacy.release.folder import Release

DATASET = NamedNode(BASE + "dataset")
STATISTICS = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }",
    "distinctSubjects": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } } }",
    "distinctObjects": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?o { GRAPH ?g { ?s ?p ?o } } }",
    "properties": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } } }",
    "classes": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?c { GRAPH ?g { ?s a ?c } } }",
    "entities": "SELECT (COUNT(*) AS ?n) "
    "{ SELECT DISTINCT ?s { GRAPH ?g { ?s a ?c } FILTER(!isBlank(?s)) } }",
}


@pytest.fixture(scope="module")
def description(hard: Release) -> Store:
    """The description of the hard release."""
    store = Store()
    store.load(path=str(hard.description), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def facts(hard: Release) -> list[Quad]:
    """The facts, read from the dump and not from the store."""
    import gzip

    lines = gzip.decompress((hard.dumps / "dataset.nq.gz").read_bytes())
    return list(parse(input=lines, format=RdfFormat.N_QUADS))


def values(store: Store, subject: object, predicate: str) -> list[str]:
    """The values of a property."""
    found = store.quads_for_pattern(subject, NamedNode(predicate), None)  # type: ignore[arg-type]
    return [q.object.value for q in found]


def counted(facts: list[Quad], query: str) -> int:
    """The number that a query counts."""
    store = Store()
    store.extend(facts)
    [row] = store.query(query)  # type: ignore[misc]
    return int(row[Variable("n")].value)


@pytest.mark.parametrize("name", list(STATISTICS))
def test_a_statistic_is_what_a_count_finds(
    description: Store, facts: list[Quad], name: str
) -> None:
    assert values(description, DATASET, VOID + name) == [str(counted(facts, STATISTICS[name]))]


def test_no_number_is_left_uncounted(description: Store) -> None:
    counted_here = {VOID + n for n in STATISTICS} | {DCAT + "byteSize"}
    for quad in description:
        if isinstance(quad.object, Lit) and quad.object.datatype.value.endswith(
            ("#integer", "#nonNegativeInteger")
        ):
            assert quad.predicate.value in counted_here


def test_partitions_by_class_count_entities(description: Store, facts: list[Quad]) -> None:
    expected: dict[str, set[object]] = {}
    for quad in facts:
        if quad.predicate.value.endswith("22-rdf-syntax-ns#type"):
            expected.setdefault(quad.object.value, set()).add(quad.subject)
    found = {}
    for quad in description.quads_for_pattern(DATASET, NamedNode(f"{VOID}classPartition"), None):
        [class_] = values(description, quad.object, f"{VOID}class")
        [number] = values(description, quad.object, f"{VOID}entities")
        found[class_] = int(number)
    assert found == {c: len(s) for c, s in expected.items()}


def test_partitions_by_property_count_triples(description: Store, facts: list[Quad]) -> None:
    expected = Counter(p for _, p, _ in {(q.subject, q.predicate.value, q.object) for q in facts})
    found = {}
    for quad in description.quads_for_pattern(DATASET, NamedNode(f"{VOID}propertyPartition"), None):
        [name] = values(description, quad.object, f"{VOID}property")
        [number] = values(description, quad.object, f"{VOID}triples")
        found[name] = int(number)
    assert found == expected


def test_each_graph_is_a_subset_with_its_triples(description: Store, facts: list[Quad]) -> None:
    expected = Counter(q.graph_name for q in facts)
    assert {g: [int(n) for n in values(description, g, f"{VOID}triples")] for g in expected} == {
        g: [n] for g, n in expected.items()
    }
    subsets = values(description, DATASET, f"{VOID}subset")
    assert {g.value for g in expected if not isinstance(g, DefaultGraph)} <= set(subsets)
    named = description.quads_for_pattern(DATASET, NamedNode(f"{SD}namedGraph"), None)
    names = {values(description, q.object, f"{SD}name")[0] for q in named}
    assert names == {g.value for g in expected if not isinstance(g, DefaultGraph)}


def test_links_to_wikidata_are_a_linkset(description: Store, facts: list[Quad]) -> None:
    expected = {
        q.triple for q in facts if q.object.value.startswith("http://www.wikidata.org/entity/")
    }
    [linkset] = [
        q.subject
        for q in description.quads_for_pattern(None, NamedNode(f"{VOID}linkPredicate"), None)
    ]
    assert values(description, linkset, f"{VOID}linkPredicate") == [f"{OWL}sameAs"]
    assert values(description, linkset, f"{VOID}triples") == [str(len(expected))] == ["2"]


def test_each_distribution_has_the_size_and_the_checksum_of_its_file(
    description: Store, hard: Release
) -> None:
    urls = values(description, DATASET, f"{DCAT}distribution")
    assert len(urls) == len(hard.manifest.files) == len(set(urls))
    for url in urls:
        head = f"{BASE}dumps/{hard.version}/"
        assert url.startswith(head)
        content = (hard.dumps / url.removeprefix(head)).read_bytes()
        node = NamedNode(url)
        assert values(description, node, f"{DCAT}byteSize") == [str(len(content))]
        [checksum] = [
            q.object
            for q in description.quads_for_pattern(node, NamedNode(f"{SPDX}checksum"), None)
        ]
        assert values(description, checksum, f"{SPDX}checksumValue") == [
            hashlib.sha256(content).hexdigest()
        ]


def test_different_terms_have_different_partitions() -> None:
    from triplomacy.release.description import _slug

    terms = [
        "http://e.example/a-b", "http://e.example/a/b", "http://e.example/a#b",
        "https://e.example/a-b", "http://e.example/a%23b", "http://e.example/é",
    ]  # fmt: skip
    assert len({_slug(t) for t in terms}) == len(terms)
    for term in terms:
        assert set(_slug(term)) <= set("abehttpsxml/:.-%0123456789ABCDEF"), term


def test_what_the_settings_say_is_described(description: Store, hard: Release) -> None:
    assert values(description, DATASET, f"{DCT}title") == ["T “é”"]
    assert values(description, DATASET, f"{DCT}license") == [hard.manifest.licence]
    assert values(description, DATASET, f"{DCAT}version") == [hard.version]
    [published] = values(description, DATASET, f"{SCHEMA}datePublished")
    assert datetime.fromisoformat(published) == hard.manifest.created_at
    [publisher] = values(description, DATASET, f"{DCT}publisher")
    assert values(description, NamedNode(publisher), f"{SCHEMA}name") == ["P"]
