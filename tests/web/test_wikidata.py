"""From a number of Wikidata to our thing, and on every page what is known about its links."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from tests.conftest import NO_KEEP_ALIVE, REPOSITORY, Server, serving
from tests.web.small_release import BASE, make_site
from triplomacy.namespaces import VOID
from triplomacy.release.folder import Releases
from triplomacy.web.app import create_app

WD = "http://www.wikidata.org/entity/"
SCRIPT = "<script>window.hurt=1</script>"
HELD = 130
"""Things that point at the treaty, more than one page lists."""
LINKED = f"""
@prefix eas: <{BASE}ontology#> .
@prefix id: <{BASE}id/> .
@prefix graph: <{BASE}graph/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pav: <http://purl.org/pav/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix wd: <{WD}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

graph:facts {{
  <{BASE}id/actor/talleyrand> a eas:Actor, eas:Person ; rdfs:label "Talleyrand"@en .
  <{BASE}id/event/congress> a eas:Event ; rdfs:label "Congress of Vienna"@en .
  <{BASE}id/office/minister> a eas:Office ; rdfs:label "Foreign minister"@en .
  <{BASE}vocab/topic/peace> a skos:Concept ; skos:prefLabel "peace"@en .
  <{BASE}id/treaty/paris> rdfs:label "Treaty of Paris"@en .
  <{BASE}ontology#Office> rdfs:label "Office"@en .
  <{BASE}id/statement/one> a eas:Statement .
  <{BASE}id/stance/one> a eas:Stance .
  <{BASE}id/holding/one> a eas:OfficeHolding .
  <{BASE}id/participation/one> a eas:Participation .
  <{BASE}id/source/one> a eas:Source .
  <{BASE}vocab/topic> a skos:ConceptScheme .
}}
graph:links {{
  <{BASE}id/actor/talleyrand> owl:sameAs wd:Q1 ; skos:closeMatch wd:Q2 .
  <{BASE}id/event/congress> skos:exactMatch wd:Q3 ; skos:closeMatch wd:Q1 .
  <{BASE}id/office/minister> schema:sameAs wd:Q4 , wd:Q5 .
  <{BASE}id/actor/double> owl:sameAs wd:Q5 .
  <{BASE}vocab/topic/peace> skos:exactMatch wd:Q6 , <http://example.org/peace> .
  <{BASE}id/treaty/paris> owl:sameAs wd:Q7 ; skos:exactMatch wd:Q7 .
  <{BASE}ontology#Office> skos:exactMatch wd:P39 .
  <http://elsewhere.example/x> owl:sameAs wd:Q8 .
  <{BASE}id/place/Besançon> owl:sameAs wd:Q9 .
  <{BASE}id/statement/one> owl:sameAs wd:Q10 . <{BASE}id/stance/one> owl:sameAs wd:Q11 .
  <{BASE}id/holding/one> owl:sameAs wd:Q12 . <{BASE}id/participation/one> owl:sameAs wd:Q13 .
  <{BASE}id/source/one> owl:sameAs wd:Q14 . <{BASE}vocab/topic> owl:sameAs wd:Q15 .
  graph:links owl:sameAs wd:Q16 .
}}
graph:records {{
  <{BASE}graph/records#1> a owl:Axiom ; owl:annotatedSource <{BASE}id/actor/talleyrand> ;
    owl:annotatedProperty owl:sameAs ; owl:annotatedTarget wd:Q1 ;
    pav:authoredOn "2025-02-11"^^xsd:date ; sssom:author_label "Ada <b>Lovelace</b>" .
  <{BASE}graph/records#2> a owl:Axiom ; owl:annotatedSource <{BASE}id/actor/talleyrand> ;
    owl:annotatedProperty owl:differentFrom ; owl:annotatedTarget wd:Q2 ;
    pav:authoredOn "2025-02-11"^^xsd:date ; sssom:author_label "Nobody" .
  <{BASE}graph/records#3> a owl:Axiom ; owl:annotatedSource <{BASE}id/event/congress> ;
    owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget wd:Q3 ;
    pav:authoredBy <https://orcid.org/0000-0002-1825-0097> .
}}
graph:wikidata-items {{
  wd:Q1 rdfs:label "Charles-Maurice de Talleyrand"@en , "Талейран"@uk , "Talleyrand"@fr ;
    schema:description "French {SCRIPT}"@en ;
    schema:subjectOf <https://www.wikidata.org/wiki/Special:EntityData/Q1> .
  <https://www.wikidata.org/wiki/Special:EntityData/Q1>
    dct:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    pav:retrievedOn "2025-02-12"^^xsd:date .
  wd:Q2 rdfs:label "diplomat {SCRIPT}"@en .
  wd:Q21 dct:isReplacedBy wd:Q1 . wd:Q3 dct:isReplacedBy wd:Q23 . wd:Q22 dct:isReplacedBy wd:Q23 .
  <http://elsewhere.example/y> owl:sameAs wd:Q88 . <{BASE}id/office/second> owl:sameAs wd:Q88 .
  wd:Q24 dct:isReplacedBy wd:Q2 . wd:Q25 dct:isReplacedBy wd:Q5 .
}}
graph:near {{
""" + "".join(f"  id:near\\/{n} skos:closeMatch wd:Q18 .\n" for n in range(7)) + """}
graph:many {
""" + "".join(
    f"  id:clause\\/{n:03} {'ex:about' if n < 3 else 'ex:partOf'} <{BASE}id/treaty/paris> .\n"
    for n in range(HELD)
) + "}\n"  # fmt: skip


@pytest.fixture(scope="module")
def linked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a release with links of every sort."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "linked.trig").write_text(LINKED, encoding="utf-8")
    site = make_site(folder / "site", data=folder / "linked.trig")
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def linked(linked_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=linked_server.url, limits=NO_KEEP_ALIVE) as client:
        del client.headers["Accept"]
        yield client


def page(client: httpx.Client, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


# From the number to the thing


@pytest.mark.parametrize(
    ("number", "path"),
    [
        ("Q1", "id/actor/talleyrand"),
        ("Q3", "id/event/congress"),
        ("Q4", "id/office/minister"),
        ("Q6", "vocab/topic/peace"),
        ("Q7", "id/treaty/paris"),
        ("Q9", "id/place/Besan%C3%A7on"),
        ("P39", "ontology#Office"),
        ("Q1.ttl", "doc/actor/talleyrand.ttl"),
        ("Q6.html", "doc/vocab/topic/peace.html"),
        ("P39.nt", "ontology.nt#Office"),
        ("Q88", "id/office/second"),  # beside a stranger's thing
        ("Q21", "id/actor/talleyrand"),  # was merged into what is linked
        ("Q23", "id/event/congress"),  # what is linked was merged into it
        ("Q22.ttl", "doc/event/congress.ttl"),  # both were merged
    ],
)
def test_what_is_the_same_is_where_the_number_leads(
    linked: httpx.Client, number: str, path: str
) -> None:
    answer = linked.get(f"wikidata/{number}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{linked.base_url}{path}"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_client_that_follows_gets_the_description_in_its_format(linked: httpx.Client) -> None:
    turtle = {"Accept": "text/turtle"}
    answer = linked.get("wikidata/Q1", headers=turtle, follow_redirects=True)
    assert answer.headers["Content-Type"].startswith("text/turtle")
    assert "Talleyrand" in answer.text


@pytest.mark.parametrize(
    "written",
    [
        *("q1", "Q01", "q0001", "Q1/", "wd:Q1"),
        "http://www.wikidata.org/entity/Q1",
        "https://www.wikidata.org/wiki/Q1",
        "https:/m.wikidata.org/wiki/Special:EntityData/Q1",
        "www.wikidata.org/wiki/Item:Q1",
    ],
)
def test_another_spelling_leads_to_the_right_one(linked: httpx.Client, written: str) -> None:
    answer = linked.get(f"wikidata/{written}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{linked.base_url}wikidata/Q1"


def test_the_suffix_outlives_the_spelling(linked: httpx.Client) -> None:
    answer = linked.get("wikidata/q1.ttl")
    assert answer.headers["Location"] == f"{linked.base_url}wikidata/Q1.ttl"


def test_two_that_are_the_same_are_a_choice(linked: httpx.Client) -> None:
    answer = linked.get("wikidata/Q5")
    assert answer.status_code == 300
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Content-Type"] == "application/json"
    assert [each["iri"] for each in answer.json()["same"]] == [
        f"{BASE}id/actor/double",
        f"{BASE}id/office/minister",
    ]
    shown = page(linked, "wikidata/Q5")
    assert "2 things are the same as Q5" in words(shown)
    assert f'href="{linked.base_url}id/office/minister"' in shown


def test_what_is_only_close_is_named_and_not_followed(linked: httpx.Client) -> None:
    answer = linked.get("wikidata/Q2")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["same"] == []
    assert problem["close"] == [
        {
            "iri": f"{BASE}id/actor/talleyrand",
            "label": "Talleyrand",
            "href": f"{linked.base_url}id/actor/talleyrand",
        }
    ]
    assert problem["page"] == "https://www.wikidata.org/wiki/Q2"
    assert f"{BASE}id/actor/talleyrand is close to it, and not the same" in problem["remedy"]
    shown = page(linked, "wikidata/Q2")
    assert "Close to it, and not the same Talleyrand actor" in words(shown)
    assert 'href="https://www.wikidata.org/wiki/Q2"' in shown


def test_what_was_merged_with_an_item_has_its_choices_and_what_is_close(
    linked: httpx.Client,
) -> None:
    two = linked.get("wikidata/Q25")
    assert (two.status_code, len(two.json()["same"])) == (300, 2)
    close = linked.get("wikidata/Q24")
    assert close.status_code == 404
    assert [each["label"] for each in close.json()["close"]] == ["Talleyrand"]


def test_of_much_that_is_close_the_remedy_names_some_and_the_list_all(linked: httpx.Client) -> None:
    problem = linked.get("wikidata/Q18").json()
    assert len(problem["close"]) == 7
    assert problem["remedy"].count("is close to it, and not the same") == 5


def test_what_the_number_means_is_said_in_wikidatas_words_and_does_no_harm(
    linked: httpx.Client,
) -> None:
    shown = page(linked, "wikidata/Q2")
    assert "“diplomat &lt;script&gt;" in shown
    assert "<script>window" not in shown


@pytest.mark.parametrize(
    ("number", "said", "at"),
    [
        ("Q8", "the same as Q8.", "wiki/Q8"),  # a stranger's thing, which is not ours to lead to
        ("Q999999999999999999", "the same as Q999999999999999999.", "wiki/Q999999999999999999"),
        ("P40", "P40 is the number of a property", "wiki/Property:P40"),
        ("L7", "L7 is the number of a lexeme", "wiki/Lexeme:L7"),
        ("E10", "E10 is the number of an entity schema", "wiki/EntitySchema:E10"),
    ],
)
def test_a_number_that_leads_nowhere_is_explained(
    linked: httpx.Client, number: str, said: str, at: str
) -> None:
    answer = linked.get(f"wikidata/{number}")
    assert answer.status_code == 404
    assert said in answer.json()["detail"]
    assert f"https://www.wikidata.org/{at}" in answer.json()["remedy"]
    assert said in words(page(linked, f"wikidata/{number}"))


@pytest.mark.parametrize(
    "asked",
    [
        *("", "Talleyrand", "Q", "Q0", "Q-1", "Q1234567890123456789", "X1", "Q1 Q2", "Ｑ1"),
        *("Q1.json", "Q1.foo", "Q%00", "%3Cscript%3E", "http://evil.example/Q1", "Q1" * 999),
    ],
)
def test_what_is_no_number_is_404_with_what_to_write(linked: httpx.Client, asked: str) -> None:
    answer = linked.get(f"wikidata/{asked}")
    assert answer.status_code == 404
    assert answer.json()["remedy"].endswith("as in /wikidata/Q7747")
    assert len(answer.content) < 1000
    assert "<script>" not in page(linked, f"wikidata/{asked}")


def test_every_link_of_the_first_dataset_is_followed(client: httpx.Client, server: Server) -> None:
    text = (REPOSITORY / "data/links.ttl").read_text(encoding="utf-8")
    links = re.findall(r"^(actor|office):(\S+) (\S+) wd:(\w+) \.", text, re.M)
    assert len(links) == 17
    for kind, slug, predicate, number in links:
        answer = client.get(f"wikidata/{number}")
        if predicate == "owl:sameAs":
            assert answer.headers["Location"] == f"{server.url}id/{kind}/{slug}"
        else:
            assert answer.json()["close"][0]["iri"] == f"{BASE}id/{kind}/{slug}"
            assert answer.json()["search"] == f"{server.url}search"


def test_other_methods_are_as_elsewhere(linked: httpx.Client) -> None:
    head = linked.head("wikidata/Q1")
    assert head.status_code == 303
    assert head.headers["Location"].endswith("id/actor/talleyrand")
    assert head.content == b""
    options = linked.options("wikidata/Q1")
    assert "GET" in options.headers["Access-Control-Allow-Methods"]
    assert linked.post("wikidata/Q1").status_code == 405


def test_below_a_prefix_everything_stays_below_it(linked_server: Server) -> None:
    app = create_app(Releases(linked_server.site / "releases")).test_client()
    root = "https://example.org/below/"
    found = app.get("/wikidata/Q1", base_url=root)
    assert found.headers["Location"] == f"{root}id/actor/talleyrand"
    assert app.get("/wikidata/q1", base_url=root).headers["Location"] == f"{root}wikidata/Q1"
    [close] = app.get("/wikidata/Q2", base_url=root).get_json()["close"]
    assert close["href"] == f"{root}id/actor/talleyrand"


# What pages say


def elsewhere(client: httpx.Client, path: str) -> str:
    shown = page(client, path)
    assert shown.count("<dt>Elsewhere</dt>") == 1
    return shown.partition("<dt>Elsewhere</dt>")[2].partition("</dl>")[0]


def test_a_page_shows_what_stands_at_wikidata_as_wikidatas(linked: httpx.Client) -> None:
    shown = elsewhere(linked, "doc/actor/talleyrand")
    said = words(shown)
    assert "The same as Charles-Maurice de Talleyrand at Wikidata, Q1" in said
    assert "described there as “French <script>" in said
    assert "called there Talleyrand fr, Талейран uk" in said
    assert "Wikidata’s words, CC0 1.0, fetched 12 February 2025 from its data" in said
    assert 'href="http://www.wikidata.org/entity/Q1"' in shown
    assert 'href="https://creativecommons.org/publicdomain/zero/1.0/"' in shown
    assert "<script>" not in shown
    assert "Close to, but not the same as, diplomat" in said


def test_a_page_names_what_else_here_leads_there(linked: httpx.Client) -> None:
    said = words(elsewhere(linked, "doc/actor/talleyrand"))
    assert "Here also close to it: Congress of Vienna" in said
    said = words(elsewhere(linked, "doc/event/congress"))
    assert "Here also the same: Talleyrand" in said
    assert "Here also the same: double" in words(elsewhere(linked, "doc/office/minister"))


def test_a_page_tells_who_decided_a_link_and_when(linked: httpx.Client) -> None:
    said = words(elsewhere(linked, "doc/actor/talleyrand"))
    assert "Linked by Ada <b>Lovelace</b>, 11 February 2025" in said
    assert "Nobody" not in said
    congress = elsewhere(linked, "doc/event/congress")
    assert "Linked by orcid.org/0000-0002-1825-0097" in words(congress)
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in congress


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("doc/actor/talleyrand", "Q1"),
        ("doc/office/minister", "Q4"),
        ("doc/event/congress", "Q3"),
        ("doc/vocab/topic/peace", "Q6"),
        ("doc/treaty/paris", "Q7"),
        ("doc/place/Besan%C3%A7on", "Q9"),
        ("doc/statement/one", "Q10"),
        ("doc/stance/one", "Q11"),
        ("doc/holding/one", "Q12"),
        ("doc/participation/one", "Q13"),
        ("doc/source/one", "Q14"),
        ("doc/vocab/topic", "Q15"),
        ("about/graph/links", "Q16"),
    ],
)
def test_pages_of_every_kind_lead_to_wikidata(linked: httpx.Client, path: str, name: str) -> None:
    assert f'href="{WD}{name}"' in elsewhere(linked, path)


def test_a_page_without_links_says_nothing_of_elsewhere(linked: httpx.Client) -> None:
    assert "<dt>Elsewhere</dt>" not in page(linked, "doc/clause/001")


def test_search_engines_hear_of_what_is_the_same_and_not_of_what_is_close(
    linked: httpx.Client,
) -> None:
    def same(path: str) -> object:
        script = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', page(linked, path), re.S
        )
        assert script is not None
        return json.loads(script[1])["@graph"][0].get("sameAs")

    assert same("doc/actor/talleyrand") == [f"{WD}Q1"]
    assert same("doc/event/congress") == [f"{WD}Q3"]
    assert same("doc/office/minister") == [f"{WD}Q4", f"{WD}Q5"]
    assert same("doc/clause/001") is None


# What points at a thing


def pointing(client: httpx.Client, path: str) -> list[str]:
    shown = page(client, path)
    return re.findall(r'href="[^"]*/id/clause/(\d+)"', shown.partition('id="incoming"')[2])


def test_what_points_at_a_thing_is_counted_by_property(linked: httpx.Client) -> None:
    said = words(page(linked, "doc/treaty/paris"))
    assert f"example.org/partOf {HELD - 3} example.org/about 3" in said


def test_all_pages_of_what_points_at_a_thing_list_it_once(linked: httpx.Client) -> None:
    found = [n for p in (1, 2) for n in pointing(linked, f"doc/treaty/paris?incoming={p}")]
    assert sorted(found) == [f"{n:03}" for n in range(HELD)]
    assert pointing(linked, "doc/treaty/paris") == pointing(linked, "doc/treaty/paris?incoming=0")


def test_one_property_can_be_asked_for(linked: httpx.Client) -> None:
    about, part_of = "http://example.org/about", "http://example.org/partOf"
    assert sorted(pointing(linked, f"doc/treaty/paris?by={about}")) == ["000", "001", "002"]
    pages = [pointing(linked, f"doc/treaty/paris?by={part_of}&incoming={n}") for n in (1, 2)]
    assert [len(p) for p in pages] == [100, HELD - 103]
    assert len({*pages[0], *pages[1]}) == HELD - 3


@pytest.mark.parametrize("asked", ["by=", "incoming=-3", "incoming=x", "incoming=9999999999999"])
def test_a_page_that_is_not_there_is_the_nearest_one(linked: httpx.Client, asked: str) -> None:
    assert pointing(linked, f"doc/treaty/paris?{asked}")


def test_a_property_that_nothing_uses_is_no_error(linked: httpx.Client) -> None:
    assert pointing(linked, "doc/treaty/paris?by=http://example.org/none") == []


def test_a_property_that_is_no_iri_is_refused(linked: httpx.Client) -> None:
    answer = linked.get("doc/treaty/paris?by=%3Cscript%3E", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


# The query page


def test_an_entity_in_an_answer_leads_to_wikidata_and_to_our_thing(linked: httpx.Client) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ <{WD}Q1> <{WD}Q5> <{WD}Q8> }} }}"
    answer = linked.get("sparql", params={"query": query}, headers={"Accept": "text/html"})
    cells = re.findall(r"<td.*?</td>", answer.text, re.S)
    assert words(cells[0]) == "Charles-Maurice de Talleyrand here"
    assert f'href="{WD}Q1"' in cells[0]
    assert f'href="{linked.base_url}id/actor/talleyrand"' in cells[0]
    assert [words(c) for c in cells[1:]] == ["Q5", "Q8"]
    named = linked.post("sparql/names", json=[f"{WD}Q1", f"{WD}Q5", f"{BASE}id/actor/talleyrand"])
    assert [each.get("ours") for each in named.json()] == [
        *(f"{linked.base_url}id/actor/talleyrand", None, None)
    ]


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        (WD, ["Q3", "Q4", "Q5", "P39", "Q6", "Q1", "Q7"]),
        (f"{WD}Q1", ["Q1"]),
        (f"{WD}tal", ["Q1"]),
        (f"{WD}Vienn", ["Q3"]),
        (f"{WD}zzz", []),
    ],
)
def test_linked_entities_are_offered_by_number_and_by_name(
    linked: httpx.Client, starts: str, found: list[str]
) -> None:
    offered = linked.get("sparql/things", params={"starts": starts}).json()
    assert sorted(each["iri"].removeprefix(WD) for each in offered) == sorted(found)
    assert all(each["label"] for each in offered)


def test_the_prefixes_of_wikidata_are_those_of_the_site(linked: httpx.Client) -> None:
    prefixes = linked.get("sparql/terms").json()["prefixes"]
    assert prefixes["wd"] == WD
    assert prefixes["wdt"] == "http://www.wikidata.org/prop/direct/"
    problem = linked.get("sparql", params={"query": "SELECT * { ?x ?same wd:Q1 }"}).json()
    assert f"PREFIX wd: <{WD}>" in problem["remedy"]


# The description


def test_the_dataset_says_how_many_links_lead_where(client: httpx.Client) -> None:
    """Counted in the file that is downloaded, whatever store counted them for the description."""
    packed = client.get("dumps/latest/union.nt.gz", follow_redirects=True).content
    triples = list(parse(input=gzip.decompress(packed), format=RdfFormat.N_TRIPLES))
    expected = Counter(
        q.predicate.value
        for q in triples
        if q.predicate.value.endswith(("sameAs", "Match")) and q.object.value.startswith(WD)
    )
    store = Store()
    store.load(input=client.get("dataset.ttl").content, format=RdfFormat.TURTLE)
    found = {}
    for quad in store.quads_for_pattern(None, NamedNode(f"{VOID}linkPredicate"), None):
        [target] = store.quads_for_pattern(quad.subject, NamedNode(f"{VOID}objectsTarget"), None)
        [space] = store.quads_for_pattern(target.object, NamedNode(f"{VOID}uriSpace"), None)
        [number] = store.quads_for_pattern(quad.subject, NamedNode(f"{VOID}triples"), None)
        if space.object.value == WD:
            found[quad.object.value] = int(number.object.value)
    assert found == expected
    assert sum(expected.values()) > 16
    shown = page(client, "dataset")
    for count in expected.values():
        assert re.search(rf">Wikidata</td>.*>{count}</td>", shown)
