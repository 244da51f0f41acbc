"""The example queries that join with Wikidata: one asked here, and one that is asked there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Quad, QuerySolutions, Store

from tests.conftest import NO_KEEP_ALIVE, REPOSITORY, Server, copy_site, serving
from tests.queries.test_example_queries import EXPECTED, as_set_of_rows, table
from triplomacy.link.stand_in.items import shipped
from triplomacy.link.stand_in.server import StandIn, running
from triplomacy.link.stand_in.sparql import PATH, triples_of

pytestmark = pytest.mark.embedded  # on a server SERVICE is refused

QUERY_SERVICE = "https://query.wikidata.org/sparql"
HERE = REPOSITORY / "queries/born-when-by-wikidata.rq"
THERE = REPOSITORY / "queries/said-by-whom-asked-at-wikidata.rq"
OURS = "https://w3id.org/triplomacy/sparql"
PAGE = {"Accept": "text/html"}


def expected(query: Path) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = json.loads((EXPECTED / f"{query.stem}.json").read_text())
    return found


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with running() as it:
        yield it


@pytest.fixture(scope="module")
def allowing(stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this repository's site that may call the stand-in."""
    folder = copy_site(tmp_path_factory.mktemp("allowing") / "site")
    settings = folder / "triplomacy.toml"
    settings.write_text(f'services = ["{stand_in.root}{PATH}"]\n' + settings.read_text())
    query = folder / "queries" / HERE.name
    query.write_text(query.read_text().replace(QUERY_SERVICE, f"{stand_in.root}{PATH}"))
    with serving(folder) as server:
        yield server


@pytest.fixture
def asking(allowing: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=allowing.url, limits=NO_KEEP_ALIVE) as client:
        yield client


def test_the_query_that_is_asked_here_joins_with_wikidata(
    allowing: Server, asking: httpx.Client
) -> None:
    text = (allowing.site / "queries" / HERE.name).read_text(encoding="utf-8")
    answer = asking.post("sparql", data={"query": text}).json()
    columns = answer["head"]["vars"]
    rows = [[row[c]["value"] for c in columns] for row in answer["results"]["bindings"]]
    assert (columns, rows) == (expected(HERE)["columns"], expected(HERE)["rows"])


def test_every_linked_person_is_asked_for() -> None:
    """What is in the braces goes out as it stands, so it must keep step with the links."""
    asked = "SELECT ?item { ?person a eas:Person ; owl:sameAs ?item }"
    store = Store()
    for name in ("data/links.ttl", "data/sources/article.ttl"):
        store.load(path=REPOSITORY / name)
    found = store.query(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        f"PREFIX eas: <https://w3id.org/triplomacy/ontology#> {asked}"
    )
    numbers = {row[0].value.rpartition("/")[2] for row in found}  # type: ignore[union-attr]
    words = HERE.read_text(encoding="utf-8").split()
    assert numbers == {w.removeprefix("wd:") for w in words if w.startswith("wd:Q")}


def test_the_query_that_is_asked_at_wikidata_joins_with_this_site(server: Server) -> None:
    """Run over Wikidata's side by another engine, which calls a real server of ours."""
    wikidata = Store()
    for entity in shipped().entities.values():
        wikidata.extend(Quad(*triple) for triple in triples_of(entity))
    text = THERE.read_text(encoding="utf-8")
    assert text.count(f"SERVICE <{OURS}>") == 1
    answer = wikidata.query(text.replace(f"<{OURS}>", f"<{server.url}sparql>"))
    assert isinstance(answer, QuerySolutions)
    columns, rows = table(answer)
    assert columns == expected(THERE)["columns"]
    assert as_set_of_rows(rows) == as_set_of_rows(expected(THERE)["rows"])


def test_a_service_that_is_not_allowed_is_a_clear_error(client: httpx.Client) -> None:
    answer = client.get("sparql", params={"query": HERE.read_text()}, headers=PAGE)
    assert answer.status_code == 403
    assert "SERVICE would make this server call another one" in answer.text
    assert "by services in triplomacy.toml" in answer.text


def test_the_page_says_that_an_example_calls_what_is_not_allowed(
    client: httpx.Client, asking: httpx.Client
) -> None:
    shown = client.get("sparql", params={"example": HERE.stem}, headers=PAGE).text
    assert f"It calls <code>{QUERY_SERVICE}</code>, which this server does not allow." in shown
    assert shown.count("calls a service that is not allowed here") == 1
    allowed = asking.get("sparql", params={"example": HERE.stem}, headers=PAGE).text
    assert "does not allow" not in allowed
    assert "not allowed here" not in allowed


def test_the_page_leads_to_where_an_example_is_meant_to_be_asked(client: httpx.Client) -> None:
    shown = client.get("sparql", params={"example": THERE.stem}, headers=PAGE).text
    assert "It is meant for <code>https://query.wikidata.org/</code>" in shown
    assert 'href="https://query.wikidata.org/#PREFIX%20eas%3A%20%3Chttps' in shown
    assert "does not allow" not in shown
