"""The Graph Store Protocol for reading: exactly the graph that was asked for, and nothing else."""

from __future__ import annotations

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from tests.conftest import REPOSITORY
from triplomacy.formats import RDF_FORMATS
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

LINKS = "https://w3id.org/triplomacy/graph/links"
TRIPLE_FORMATS = [f for f in RDF_FORMATS if not f.has_graphs]


def triples(body: bytes, format: RdfFormat) -> set[Triple]:
    return {q.triple for q in parse(input=body, format=format)}


@pytest.mark.parametrize("format", TRIPLE_FORMATS, ids=lambda f: f.suffix)
def test_a_named_graph_is_what_its_file_holds_in_every_format(format, client: httpx.Client) -> None:  # type: ignore[no-untyped-def]
    answer = client.get(
        "/graph-store", params={"graph": LINKS}, headers={"Accept": format.media_type}
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == format.content_type
    file = (REPOSITORY / "data/links.ttl").read_bytes()
    assert triples(answer.content, format.rdf) == triples(file, RdfFormat.TURTLE)


def test_the_default_graph_is_the_union_of_the_named_ones(client: httpx.Client) -> None:
    answer = client.get("/graph-store?default", headers={"Accept": "application/n-triples"})
    found = triples(answer.content, RdfFormat.N_TRIPLES)
    expected = {q.triple for q in read_site(open_site(REPOSITORY)).quads}
    ground = {t for t in expected if all(isinstance(x, NamedNode) for x in t)}
    assert len(found) == len(expected)
    assert ground <= found


def test_an_unknown_graph_is_404(client: httpx.Client) -> None:
    answer = client.get("/graph-store", params={"graph": f"{LINKS}-nowhere"})
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["", "?default&graph=http://x/", "?graph=http://a/&graph=http://b/", "?graph=no iri"]
)
def test_a_request_that_identifies_no_single_graph_is_400(query: str, client: httpx.Client) -> None:
    answer = client.get(f"/graph-store{query}")
    assert answer.status_code == 400
    assert answer.json()["remedy"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_405(method: str, client: httpx.Client) -> None:
    answer = client.request(method, "/graph-store?default")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_head_and_conditional_requests_work_as_for_every_resource(client: httpx.Client) -> None:
    url = "/graph-store?graph=" + LINKS
    get, head = client.get(url), client.head(url)
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.content == b""
    assert client.get(url, headers={"If-None-Match": get.headers["ETag"]}).status_code == 304
