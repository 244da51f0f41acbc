"""Every IRI under the base leads to a description, the same in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conftest import REPOSITORY, Server
from triplomacy.formats import BY_SUFFIX, DOCUMENT_FORMATS, JSON_LD, RDF_FORMATS, Format
from triplomacy.iris import Base
from triplomacy.read.reading import read_site
from triplomacy.site import open_site
from triplomacy.web import documents

BASE = "https://w3id.org/triplomacy/"
CALL = "id/event/trump-putin-call"


def mentioned_iris() -> list[str]:
    """Every IRI under the base in any position of the site's data."""
    found: set[str] = set()
    for quad in read_site(open_site(REPOSITORY)).quads:
        for term in quad:
            iri = term.datatype if isinstance(term, Literal) else term
            if isinstance(iri, NamedNode) and iri.value.startswith(BASE):
                found.add(iri.value)
    return sorted(found)


MENTIONED = mentioned_iris()
DOCUMENTS = sorted({iri.partition("#")[0] for iri in MENTIONED} - {BASE})
THINGS = [iri for iri in DOCUMENTS if iri.startswith((f"{BASE}id/", f"{BASE}vocab/"))]


def triples(body: bytes, format: RdfFormat) -> set[Triple]:
    """The triples of a document without JSON-LD context, graph names left out."""
    return {q.triple for q in parse(input=body, format=format)}


def canonical(found: Iterable[Triple]) -> Dataset:
    """Triples as a dataset that compares equal whatever the blank nodes are called."""
    dataset = Dataset(Quad(*t) for t in found)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.fixture(scope="module")
def context(client: httpx.Client) -> dict[str, Any]:
    """The JSON-LD context as it is served."""
    found: dict[str, Any] = client.get("/ontology/context.jsonld").json()
    return found


def test_the_data_mentions_many_iris() -> None:
    assert len(DOCUMENTS) > 250
    assert len(THINGS) > 200


@pytest.mark.parametrize("iri", DOCUMENTS, ids=lambda iri: iri.removeprefix(BASE))
def test_every_mentioned_iri_dereferences_to_the_same_graph_in_every_format(
    iri: str, server: Server, client: httpx.Client, context: dict[str, Any]
) -> None:
    first = client.get(server.local(iri), headers={"Accept": "text/turtle"})
    if iri in THINGS:
        assert first.status_code == 303, first.text
        first = client.get(first.headers["Location"], headers={"Accept": "text/turtle"})
    assert first.status_code == 200, first.text
    turtle = triples(first.content, RdfFormat.TURTLE)
    if not iri.startswith(f"{BASE}graph/"):  # which is a graph, and need not speak of itself
        assert any(NamedNode(iri) in (t.subject, t.object) or iri.endswith("1.0.0") for t in turtle)
    expected = canonical(turtle)
    url = str(first.url)
    for format in RDF_FORMATS:
        answer = client.get(url, headers={"Accept": format.media_type})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == format.content_type
        assert format.rdf is not None
        body = answer.content
        if format is JSON_LD:  # its context lies on the server, and this parser fetches nothing
            document = answer.json()
            assert document["@context"] == f"{server.url}ontology/context.jsonld"
            body = json.dumps(document | {"@context": context["@context"]}).encode()
        assert canonical(triples(body, format.rdf)) == expected, format.name
    page = client.get(url, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Traceback" not in page.text


@pytest.mark.parametrize(
    "path", [CALL, "id/source/article", "vocab/role/host", "id/actor/china", "ontology", "shapes"]
)
def test_json_ld_with_our_context_is_the_same_graph_as_turtle(path: str, server: Server) -> None:
    url = server.url + path
    follow = {"follow_redirects": True, "timeout": 60}
    compact = httpx.get(url, headers={"Accept": "application/ld+json"}, **follow)  # type: ignore[arg-type]
    assert compact.json()["@context"] == f"{server.url}ontology/context.jsonld"
    turtle = httpx.get(url, headers={"Accept": "text/turtle"}, **follow)  # type: ignore[arg-type]
    left = Graph().parse(data=compact.text, format="json-ld", publicID=url)
    right = Graph().parse(data=turtle.text, format="turtle", publicID=url)
    assert isomorphic(left, right)


def test_a_description_is_its_triples_links_to_it_and_labels_of_what_it_mentions(
    server: Server, client: httpx.Client
) -> None:
    body = client.get(f"/doc/{CALL.removeprefix('id/')}.nt").content
    found = triples(body, RdfFormat.N_TRIPLES)
    facts = {q.triple for q in read_site(open_site(REPOSITORY)).quads}
    call = NamedNode(BASE + CALL)
    own = {t for t in facts if t.subject == call or t.object == call}
    mentioned = {x for t in own for x in t if isinstance(x, NamedNode)}
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    preferred = "http://www.w3.org/2004/02/skos/core#prefLabel"
    labels = {
        t for t in facts if t.subject in mentioned and t.predicate.value in (label, preferred)
    }
    assert found == own | labels


LINKS = Path(REPOSITORY, "data/links.ttl")


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.suffix)
def test_a_graph_is_directly_identified_by_its_iri_and_holds_just_what_it_holds(
    format: Format, client: httpx.Client
) -> None:
    answer = client.get("/graph/links", headers={"Accept": format.media_type})
    assert format.rdf is not None
    body = answer.content
    if format is JSON_LD:
        answer = client.get("/graph-store", params={"graph": f"{BASE}graph/links"})
        body, format = answer.content, BY_SUFFIX["ttl"]
    quads = list(parse(input=body, format=format.rdf))
    assert {q.triple for q in quads} == triples(LINKS.read_bytes(), RdfFormat.TURTLE)
    if format.has_graphs:
        assert {str(q.graph_name) for q in quads} == {"DEFAULT", f"<{BASE}graph/links>"}


def test_what_is_said_about_a_graph_has_a_document_that_its_own_links_to(
    client: httpx.Client,
) -> None:
    described = client.get("/graph/links.ttl").links["describedby"]["url"]
    assert described.endswith("/about/graph/links")
    body = client.get(described, headers={"Accept": "application/n-quads"}).content
    quads = list(parse(input=body, format=RdfFormat.N_QUADS))
    graph = NamedNode(f"{BASE}graph/links")
    held = {q.triple for q in quads if q.graph_name == graph}
    assert held == triples(LINKS.read_bytes(), RdfFormat.TURTLE)
    derived = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    assert any(q.subject == graph and q.predicate == derived for q in quads)
    assert client.get(described, headers={"Accept": "text/html"}).status_code == 200


def test_the_document_of_a_source_describes_all_its_excerpts(client: httpx.Client) -> None:
    found = triples(client.get("/doc/source/article.nt").content, RdfFormat.N_TRIPLES)
    exact = NamedNode(f"{BASE}ontology#exactText")
    excerpts = [t for t in found if t.predicate == exact]
    all_excerpts = [q for q in read_site(open_site(REPOSITORY)).quads if q.predicate == exact]
    assert len(excerpts) == len(all_excerpts) > 100


def test_the_version_iri_of_the_ontology_leads_to_the_ontology(client: httpx.Client) -> None:
    version = client.get("/ontology/1.0.0", headers={"Accept": "text/turtle"})
    plain = client.get("/ontology", headers={"Accept": "text/turtle"})
    assert triples(version.content, RdfFormat.TURTLE) == triples(plain.content, RdfFormat.TURTLE)


def test_terms_keep_the_base_iri_and_only_links_are_mapped(
    server: Server, client: httpx.Client
) -> None:
    answer = client.get(f"/doc/{CALL.removeprefix('id/')}.ttl")
    assert server.url.rstrip("/") not in answer.text
    assert BASE in answer.text
    redirect = client.get(f"/{CALL}")
    assert redirect.headers["Location"].startswith(server.url)


@pytest.mark.parametrize("format", DOCUMENT_FORMATS, ids=lambda f: f.suffix)
def test_a_suffix_fixes_the_format_whatever_is_accepted(format, client: httpx.Client) -> None:  # type: ignore[no-untyped-def]
    answer = client.get(f"/doc/event/trump-putin-call.{format.suffix}", headers={"Accept": "x/y"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == format.content_type
    assert "Accept" not in answer.headers.get("Vary", "")
    redirect = client.get(f"/{CALL}.{format.suffix}")
    assert redirect.status_code == 303
    assert redirect.headers["Location"].endswith(f"/doc/event/trump-putin-call.{format.suffix}")


@pytest.mark.parametrize("format", DOCUMENT_FORMATS, ids=lambda f: f.suffix)
def test_each_representation_has_its_own_strong_etag_and_answers_304(
    format,
    client: httpx.Client,  # type: ignore[no-untyped-def]
) -> None:
    url, accept = "/doc/event/trump-putin-call", {"Accept": format.media_type}
    answer = client.get(url, headers=accept)
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert "Accept" in answer.headers["Vary"]
    again = client.get(url, headers=accept | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Accept" in again.headers["Vary"]
    other = next(f for f in DOCUMENT_FORMATS if f is not format)
    assert client.get(url, headers={"Accept": other.media_type}).headers["ETag"] != tag
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert client.get(url, headers=accept | since).status_code == 304


@pytest.mark.parametrize(
    "path", ["/doc/event/trump-putin-call", "/ontology", f"/{CALL}", "/sparql"]
)
def test_head_is_get_without_the_body(path: str, client: httpx.Client) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("Content-Type", "ETag", "Vary", "Link", "Location", "Last-Modified"):
        assert head.headers.get(name) == get.headers.get(name), name


def test_links_lead_to_every_other_format_with_its_type(
    server: Server, client: httpx.Client
) -> None:
    answer = client.get("/doc/event/trump-putin-call", headers={"Accept": "text/turtle"})
    links = answer.headers.get_list("Link", split_commas=False)
    text = ", ".join(links)
    assert f'<{BASE}{CALL}>; rel="describes"' in text
    assert f'<{BASE}doc/event/trump-putin-call>; rel="canonical"' in text
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in text
    for format in DOCUMENT_FORMATS:
        target = f"<{server.url}doc/event/trump-putin-call.{format.suffix}>"
        alternate = f'{target}; rel="alternate"; type="{format.media_type}"'
        assert (alternate in text) == (format.suffix != "ttl"), format.name


def test_an_unknown_thing_is_404_with_near_matches(client: httpx.Client) -> None:
    for path in ("/id/event/trump-putin-cal", "/doc/event/trump-putin-cal.ttl"):
        answer = client.get(path, headers={"Accept": "text/turtle"})
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == 404
        assert f"{BASE}{CALL}" in problem["remedy"]


def test_near_matches_are_alike_where_the_iris_differ(client: httpx.Client) -> None:
    """A long base in common makes nothing alike."""
    remedy = client.get(f"{CALL[:-1]}").json()["remedy"]
    assert "trump-putin-call" in remedy
    assert "lasting-peace" not in remedy


def test_near_matches_cost_little_among_many_things() -> None:
    compared: list[str] = []

    class Noted(str):
        """A name that notes when its end is looked at."""

        def removeprefix(self, prefix: str, /) -> str:
            compared.append(self)
            return super().removeprefix(prefix)

    ends = [*(f"call-{n:06}" for n in range(50_000)), "envoys-visit"]
    names = [Noted(f"{BASE}id/event/{end}") for end in ends]
    published = SimpleNamespace(base=Base(BASE), names=names)
    near = documents._near(published, "id/event/envoy-visit")  # type: ignore[arg-type]
    assert near == [f"{BASE}id/event/envoys-visit"]
    assert len(compared) <= 500


def test_an_unknown_thing_is_a_404_page_for_a_browser(client: httpx.Client) -> None:
    answer = client.get("/id/event/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_nothing_acceptable_is_406_with_what_there_is(client: httpx.Client) -> None:
    answer = client.get("/doc/event/trump-putin-call", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    for format in DOCUMENT_FORMATS:
        assert format.media_type in answer.json()["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_and_change_nothing(method: str, client: httpx.Client) -> None:
    answer = client.request(method, "/doc/event/trump-putin-call")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_everybody_may_read_from_anywhere_without_credentials(client: httpx.Client) -> None:
    answer = client.get("/doc/event/trump-putin-call", headers={"Origin": "https://evil.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    options = client.options("/doc/event/trump-putin-call")
    assert options.status_code in (200, 204)
    assert "GET" in options.headers["Access-Control-Allow-Methods"]


def test_a_trailing_slash_is_tolerated(client: httpx.Client) -> None:
    answer = client.get(f"/{CALL}/")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/doc/event/trump-putin-call")


@pytest.mark.parametrize(
    "path",
    [
        "/id/..%2f..%2fetc/passwd",
        "/doc/%00",
        "/id/event/%FF%FE",
        "/id/event/<script>alert(1)</script>",
        "/graph/%0d%0aX-Injected:%20yes",
        "/id/" + "a" * 5000,
        "/doc/event/" + "%25" * 100,
        "/ontology.exe",
        "//evil.example/id/x",
    ],
)
def test_a_hostile_path_is_a_quiet_4xx(path: str, client: httpx.Client) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert 400 <= answer.status_code < 500
    assert "X-Injected" not in answer.headers
    assert "<script>alert" not in answer.text


def test_suffixes_are_unambiguous() -> None:
    assert len(BY_SUFFIX) == len({f.name + f.suffix for f in BY_SUFFIX.values()})
