"""The data of this site as graphs, and the names that the tests about it share."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from rdflib import Graph, Namespace, URIRef

SITE = Path(__file__).parents[2]
BASE = "https://w3id.org/triplomacy/"


@pytest.fixture(scope="session")
def site() -> Path:
    return SITE


@pytest.fixture(scope="session")
def article() -> str:
    """The article's text, character for character."""
    return (SITE / "data/sources/article.txt").read_bytes().decode("utf-8")


def graph_of(*patterns: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    for pattern in patterns:
        for path in sorted(SITE.glob(pattern)):
            graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="session")
def facts() -> Graph:
    """What the article says."""
    return graph_of("data/sources/article.ttl")


@pytest.fixture(scope="session")
def links() -> Graph:
    return graph_of("data/links.ttl")


@pytest.fixture(scope="session")
def enrichment() -> Graph:
    return graph_of("data/enrichment.ttl")


@pytest.fixture(scope="session")
def meta() -> Graph:
    return graph_of("data/meta.ttl")


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    return graph_of("ontology/**/*.ttl")


@pytest.fixture(scope="session")
def everything() -> Graph:
    return graph_of("ontology/**/*.ttl", "data/**/*.ttl")


@pytest.fixture(scope="session")
def inventory() -> dict:
    return json.loads((Path(__file__).parent / "inventory.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def name(inventory) -> SimpleNamespace:
    """IRIs: name.eas.Event, name.thing("event", slug), name.numbered("E1")."""
    numbered = {
        item["no"]: URIRef(f"{BASE}id/{kind}/{item['id']}")
        for kind, items in [
            ("actor", inventory["actors"]),
            ("office", inventory["offices"]),
            ("event", inventory["events"]),
            ("statement", inventory["statements"]),
        ]
        for item in items
    }

    def numbered_or_prefixed(text: str) -> URIRef:
        kind, _, slug = text.partition(":")
        if kind == "topic":
            return URIRef(f"{BASE}vocab/topic/{slug}")
        if kind == "actor":
            return URIRef(f"{BASE}id/actor/{slug}")
        return numbered[text]

    return SimpleNamespace(
        eas=Namespace(f"{BASE}ontology#"),
        thing=lambda kind, slug: URIRef(f"{BASE}id/{kind}/{slug}"),
        concept=lambda scheme, slug: URIRef(f"{BASE}vocab/{scheme}/{slug}"),
        graph=lambda path: URIRef(f"{BASE}graph/{path}"),
        numbered=numbered_or_prefixed,
        source=URIRef(f"{BASE}id/source/article"),
    )


@pytest.fixture(scope="session")
def words(facts, name):
    """The words that bear out a thing: the texts of its evidence and its quotations."""

    def words_of(thing: URIRef) -> set[str]:
        excerpts = {*facts.objects(thing, name.eas.evidence), *facts.objects(thing, name.eas.quote)}
        return {str(text) for x in excerpts for text in facts.objects(x, name.eas.exactText)}

    return words_of


@pytest.fixture(scope="session")
def sentences_of(facts, name, inventory):
    """The sentences (S1 … S23) in which the evidence of a thing lies."""

    def sentences(thing: URIRef) -> set[str]:
        excerpts = {*facts.objects(thing, name.eas.evidence), *facts.objects(thing, name.eas.quote)}
        starts = [facts.value(x, name.eas.startOffset).toPython() for x in excerpts]
        return {
            s["id"] for s in inventory["sentences"] for at in starts if s["start"] <= at < s["end"]
        }

    return sentences
