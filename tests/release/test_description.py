"""Every number in the description is counted; each is counted here again, in another way."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Variable, parse
from pyoxigraph import Literal as Lit

from tests.small import BASE, small_site
from triplomacy.namespaces import DCAT, DCT, OWL, RDF, RDFS, SCHEMA, SD, SKOS, SPDX, VOID
from triplomacy.release.build import build
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


LINKED = f"""
@prefix : <{BASE}id/thing/> .
@prefix dbr: <http://dbpedia.org/resource/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
:a owl:sameAs wd:Q1 , dbr:A , :b ; schema:sameAs wd:Q1 , "wd:Q1" , [] .
:b owl:sameAs wd:Q2 ; skos:closeMatch wd:Q3 , wd:Q4 , <https://example.org/t/b> ;
   rdfs:seeAlso <http://www.wikidata.org/wiki/Q2> , <urn:x:y> , <https://dbpedia.org> .
wd:Q5 owl:sameAs wd:Q2 .
"""
AT_WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The description of a release with links, of which one stands in two graphs."""
    files = {
        "data/linked.ttl": LINKED,
        "data/again.ttl": f"<{BASE}id/thing/a> <{OWL}sameAs> <{AT_WIKIDATA}Q1> .",
        "data/sources/a.txt": "A.",
    }
    release = build(small_site(tmp_path_factory.mktemp("linked"), files)).release
    assert release is not None
    store = Store()
    store.load(path=str(release.description), format=RdfFormat.TURTLE)
    return store


def linksets(description: Store) -> dict[tuple[str, str], int]:
    """The number of links by predicate and by the space of their target."""
    found = {}
    for quad in description.quads_for_pattern(None, None, NamedNode(f"{VOID}Linkset")):
        [predicate] = values(description, quad.subject, f"{VOID}linkPredicate")
        [target] = values(description, quad.subject, f"{VOID}objectsTarget")
        [space] = values(description, NamedNode(target), f"{VOID}uriSpace")
        [number] = values(description, quad.subject, f"{VOID}triples")
        found[predicate, space] = int(number)
    return found


def test_links_to_elsewhere_are_linksets_by_predicate_and_target(linked: Store) -> None:
    assert linksets(linked) == {
        (f"{OWL}sameAs", AT_WIKIDATA): 2,
        (f"{SCHEMA}sameAs", AT_WIKIDATA): 1,
        (f"{SKOS}closeMatch", AT_WIKIDATA): 2,
        (f"{RDFS}seeAlso", "http://www.wikidata.org/"): 1,
        (f"{OWL}sameAs", "http://dbpedia.org/"): 1,
        (f"{RDFS}seeAlso", "https://dbpedia.org/"): 1,
        (f"{SKOS}closeMatch", "https://example.org/"): 1,
    }


def test_a_linkset_leads_from_the_dataset_of_which_it_is_a_part(linked: Store) -> None:
    subsets = values(linked, DATASET, f"{VOID}subset")
    for quad in linked.quads_for_pattern(None, None, NamedNode(f"{VOID}Linkset")):
        assert quad.subject.value in subsets
        assert values(linked, quad.subject, f"{VOID}subjectsTarget") == [DATASET.value]
        [target] = values(linked, quad.subject, f"{VOID}objectsTarget")
        assert f"{VOID}Dataset" in values(linked, NamedNode(target), f"{RDF}type")
        assert values(linked, NamedNode(target), f"{DCT}title")


def test_the_links_of_a_release_are_those_of_its_dump(
    description: Store, facts: list[Quad]
) -> None:
    triples = {q.triple for q in facts}
    to_wikidata = [t for t in triples if t.object.value.startswith(AT_WIKIDATA)]
    assert linksets(description) == {(f"{OWL}sameAs", AT_WIKIDATA): len(to_wikidata)}


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
