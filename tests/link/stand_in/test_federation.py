"""Our endpoint's SERVICE joins with the stand-in's SPARQL endpoint, if that is on the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.conftest import REPOSITORY
from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.errors import Forbidden
from triplomacy.link.stand_in.server import StandIn
from triplomacy.web.negotiation import Accept

JOIN = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
SELECT ?who ?born {{
  ?who owl:sameAs ?item
  SERVICE <{root}/sparql> {{ ?item wdt:P27 wd:Q30 ; wdt:P569 ?born }}
}} ORDER BY ?born
"""


@pytest.fixture(scope="module")
def links() -> bytes:
    return (REPOSITORY / "data/links.ttl").read_bytes()


def test_a_query_of_ours_joins_with_it(stand_in: StandIn, links: bytes, tmp_path: Path) -> None:
    graph = NamedNode("https://w3id.org/triplomacy/graph/links")
    read = parse(links, format=RdfFormat.TURTLE)
    quads = [Quad(q.subject, q.predicate, q.object, graph) for q in read]
    OxigraphEngine.write(tmp_path / "store", quads)
    services = Services([f"{stand_in.root}/sparql"])
    engine = OxigraphEngine.open(tmp_path / "store", services)
    try:
        answer = engine.answer(Query(JOIN.format(root=stand_in.root)), Accept(None, "srj"))
        rows = json.loads(answer.body)["results"]["bindings"]
        assert [r["who"]["value"].rpartition("/")[2] for r in rows] == [
            "donald-trump", "pete-hegseth",
        ]  # fmt: skip
        with pytest.raises(Forbidden):
            engine.answer(Query(JOIN.format(root="http://127.0.0.1:1")), Accept(None, "srj"))
    finally:
        services.close()
