"""What holds for the data as a whole.

Nothing dangles, nothing is guessed, and everything says where it comes from.
"""

import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, PROV, SKOS

SITE = Path(__file__).parents[2]
FILES = sorted(SITE.glob("data/**/*.ttl"))
BASE = "https://w3id.org/triplomacy/"
SCHEMA_START_DATE = URIRef("https://schema.org/startDate")
GRAPHS = ["enrichment", "links", "meta", "sources/article"]
NUMBERED = ["Event", "Actor", "Office", "OfficeHolding", "Statement", "Stance"]

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


# Form


@each_file
def test_turtle_round_trips(path):
    graph = Graph().parse(path, format="turtle")
    again = Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    assert isomorphic(graph, again)


@each_file
def test_file_has_no_blank_nodes(path):
    graph = Graph().parse(path, format="turtle")
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


@each_file
def test_file_declares_only_prefixes_that_it_uses(path):
    text = path.read_text("utf-8")
    body = re.sub(r"\"[^\"]*\"|<[^>]*>", "", re.sub(r"^(@.*|#.*)$", "", text, flags=re.M))
    for prefix in re.findall(r"@prefix ([\w-]+):", text):
        assert re.search(rf"(?<![\w-]){prefix}:", body), prefix


def test_there_is_one_file_for_each_named_graph():
    assert sorted(p.relative_to(SITE / "data").with_suffix("").as_posix() for p in FILES) == GRAPHS


def test_slugs_are_readable(facts):
    things = {s for s in facts.subjects() if s.startswith(f"{BASE}id/") and "#" not in s}
    for thing in things:
        assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-{1,2}[a-z0-9]+)*", thing.removeprefix(f"{BASE}id/"))


# Completeness of each description


def test_everything_described_has_one_english_label(facts):
    for thing in set(facts.subjects(RDF.type)):
        labels = list(facts.objects(thing, RDFS.label))
        assert [label.language for label in labels] == ["en"], thing
        assert labels[0].strip()


@pytest.mark.parametrize("kind", NUMBERED)
def test_everything_reported_points_to_the_words_that_bear_it_out(facts, name, kind):
    for thing in facts.subjects(RDF.type, name.eas[kind]):
        excerpts = list(facts.objects(thing, name.eas.evidence))
        assert excerpts, thing
        for excerpt in excerpts:
            assert (excerpt, RDF.type, name.eas.Excerpt) in facts


def test_every_statement_says_in_english_what_was_said(facts, name):
    for statement in facts.subjects(RDF.type, name.eas.Statement):
        [said] = facts.objects(statement, DCTERMS.description)
        assert said.language == "en"
        assert list(facts.objects(statement, name.eas.about)), statement


def test_no_label_is_given_to_two_things_of_a_kind(facts, name):
    for kind in [*NUMBERED, "Participation", "Source"]:
        labels = [facts.value(x, RDFS.label) for x in facts.subjects(RDF.type, name.eas[kind])]
        assert len(labels) == len(set(labels))


# Nothing dangles


def test_every_iri_of_ours_is_described(everything):
    described = set(everything.subjects())
    ours = {o for o in everything.objects() if isinstance(o, URIRef) and o.startswith(BASE)}
    documents = {URIRef(BASE), URIRef(f"{BASE}ontology#")}
    of_data = {o for path in FILES for o in Graph().parse(path, format="turtle").objects()}
    assert (ours & of_data) - described - documents == set()


def test_only_declared_terms_of_the_ontology_are_used(facts, vocabulary, name):
    used = {
        t for triple in facts for t in triple if isinstance(t, URIRef) and t.startswith(name.eas)
    }
    declared = set(vocabulary.subjects(RDF.type))
    assert used - declared == set()


# Nothing is guessed


def test_the_only_date_is_that_of_the_announcement(facts, name):
    temporal = {XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth}
    dates = {
        (s, p, str(o)) for s, p, o in facts if isinstance(o, Literal) and o.datatype in temporal
    }
    assert dates == {
        (name.thing("statement", "trump-announcement"), name.eas.date, "2025-02-12"),
        (name.thing("event", "trump-putin-call"), name.eas.latestDate, "2025-02-12"),
    }


@pytest.mark.parametrize("unknown", ["title", "creator", "publisher", "issued", "date", "source"])
def test_what_the_article_does_not_say_about_itself_is_left_out(facts, name, unknown):
    assert not list(facts.objects(name.source, DCTERMS[unknown]))


def test_source_says_what_is_not_known_about_it(facts, name):
    [comment] = facts.objects(name.source, RDFS.comment)
    assert "no title, author, publisher, publication date or address" in comment


def test_every_identifier_that_was_looked_up_is_linked_and_no_other(links, name, inventory):
    offices = {office["id"] for office in inventory["offices"]}
    properties = {"sameAs": OWL.sameAs, "closeMatch": SKOS.closeMatch}
    assert set(links) == {
        (
            name.thing("office" if link["id"] in offices else "actor", link["id"]),
            properties[link["link"]],
            URIRef(f"http://www.wikidata.org/entity/{link['qid']}"),
        )
        for link in inventory["wikidata"]
    }


@pytest.mark.parametrize("graph", ["facts", "enrichment", "meta"])
def test_links_stand_in_the_graph_of_links_only(request, graph):
    terms = {str(o) for o in request.getfixturevalue(graph).objects()}
    assert not [t for t in terms if t.startswith("http://www.wikidata.org/entity/")]


def test_linked_things_are_described(facts, links):
    assert set(links.subjects()) <= set(facts.subjects())


def test_unlinked_offices_are_named_as_unlinked(facts, links, name, inventory):
    comments = " ".join(re.findall(r"^# (.*)$", (SITE / "data/links.ttl").read_text("utf-8"), re.M))
    for office in inventory["unlinked"]:
        assert name.thing("office", office) not in set(links.subjects())
        assert str(facts.value(name.thing("office", office), RDFS.label)) in comments


# Everything says where it comes from


def test_background_is_about_what_the_article_mentions(facts, enrichment):
    assert set(enrichment.subjects()) <= set(facts.subjects())


def test_article_gives_no_dates_of_office(facts):
    assert not list(facts.subjects(SCHEMA_START_DATE))


def test_dates_of_office_come_with_their_source(enrichment, name):
    dated = set(enrichment.subjects(SCHEMA_START_DATE))
    assert dated == {
        name.thing("holding", "boris-pistorius--german-defense-minister"),
        name.thing("holding", "pete-hegseth--us-secretary-of-defense"),
    }
    for holding in dated:
        assert list(enrichment.objects(holding, DCTERMS.source))
        assert "not from the article" in enrichment.value(holding, RDFS.comment)


@pytest.mark.parametrize("path", GRAPHS)
def test_graph_has_a_provenance_and_a_licence(meta, name, path):
    graph = name.graph(path)
    assert [str(o) for o in meta.objects(graph, DCTERMS.license)] == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert list(meta.objects(graph, PROV.wasAttributedTo)) == [name.thing("agent", "maintainers")]
    assert list(meta.objects(graph, PROV.wasDerivedFrom))
    assert meta.value(graph, PROV.generatedAtTime).datatype == XSD.dateTime
    for text in (DCTERMS.title, DCTERMS.description, RDFS.label):
        assert [o.language for o in meta.objects(graph, text)] == ["en"]


def test_graph_of_the_article_is_derived_from_it_and_quotes_it(meta, name):
    graph = name.graph("sources/article")
    assert list(meta.objects(graph, PROV.wasDerivedFrom)) == [name.source]
    assert "remain with its holder" in meta.value(graph, DCTERMS.rights)
