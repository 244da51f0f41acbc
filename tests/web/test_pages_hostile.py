"""Data that wants to harm or to overwhelm: labels with markup, links that run code, huge hubs."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server, serving
from tests.web.small_release import BASE, make_site

STATEMENTS = 750
EVENTS = 450
SCRIPT = "<script>window.hurt = 1</script>"
HOSTILE = f"""
@prefix eas: <{BASE}ontology#> .
@prefix id: <{BASE}id/> .
@prefix graph: <{BASE}graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

graph:hostile {{
  <{BASE}id/actor/mallory> a eas:Actor, eas:Person ;
    rdfs:label "{SCRIPT}"@en, "Mallory & Söhne"@de ;
    skos:altLabel "</script><img src=x onerror='window.hurt=1'>"@en ;
    owl:sameAs <javascript:window.hurt=1>, <data:text/html,hurt> ;
    owl:sameAs <http://www.wikidata.org/entity/Q66> ;
    eas:represents <javascript:window.hurt=2> .
  <http://www.wikidata.org/entity/Q66> rdfs:label "Mallory"@en, "\u202egnp.exe"@uk, "plain"@fr .
  <{BASE}id/event/trap> a eas:Event ;
    rdfs:label "Trap {SCRIPT}"@en ;
    eas:realization <javascript:window.hurt=3> ;
    eas:eventType <javascript:window.hurt=4> ;
    eas:latestDate "{SCRIPT}" ;
    eas:timeExpression "{SCRIPT}" ;
    eas:place <{BASE}id/actor/mallory> ;
    rdfs:comment "{SCRIPT}"@en .
  <{BASE}id/source/wild> a eas:Source ; rdfs:label "Wild"@en ; dct:language "fr" ;
    schema:text "Avant {SCRIPT} après" .
  <{BASE}id/source/wild#char=6,14> a eas:Excerpt ; eas:exactText "<script>" ;
    eas:startOffset 6 ; eas:endOffset 14 ; prov:wasQuotedFrom <{BASE}id/source/wild> .
  <{BASE}id/source/wild#char=90,99> a eas:Excerpt ; eas:exactText "beyond" ;
    eas:startOffset 90 ; eas:endOffset 99 ; prov:wasQuotedFrom <{BASE}id/source/wild> .
  <{BASE}id/event/trap> eas:evidence <{BASE}id/source/wild#char=6,14> .
  <{BASE}id/agent/plain> rdfs:label "Rien"@fr .
"""
MANY = "".join(
    f"""  <{BASE}id/statement/s{n}> a eas:Statement ; rdfs:label "Statement {n}"@en ;
    eas:speaker <{BASE}id/actor/mallory> ; eas:about <{BASE}id/actor/mallory> .
"""
    for n in range(STATEMENTS)
) + "".join(
    f'  <{BASE}id/event/e{n:04}> a eas:Event ; rdfs:label "Event {n:04}"@en .\n'
    for n in range(EVENTS)
)


@pytest.fixture(scope="session")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server of a release that nobody should trust."""
    folder = tmp_path_factory.mktemp("hostile")
    data = Path(folder / "hostile.trig")
    data.write_text(HOSTILE + MANY + "}\n", encoding="utf-8")
    site = make_site(folder / "site", data=data)
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


@pytest.fixture(scope="session")
def hostile(hostile_server: Server) -> Iterator[httpx.Client]:
    headers = {"Accept": "text/html"}
    with httpx.Client(base_url=hostile_server.url, headers=headers) as session:
        yield session


PAGES = ["doc/actor/mallory", "doc/event/trap", "doc/source/wild", "events", "", "graph/hostile"]


def without_data_blocks(page: str) -> str:
    return re.sub(r'<script type="application/ld\+json">.*?</script>', "", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES)
def test_markup_in_data_stays_text(hostile: httpx.Client, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code == 200
    page = without_data_blocks(answer.text)
    assert "<script>window" not in page
    assert "<img" not in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_only_web_addresses_are_linked(hostile: httpx.Client, path: str) -> None:
    page = html.unescape(hostile.get(path).text)
    targets = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert targets
    assert [t for t in targets if not t.startswith(("http://", "https://", "#"))] == []


@pytest.mark.parametrize("path", PAGES)
def test_the_embedded_data_is_json_and_nothing_else(hostile: httpx.Client, path: str) -> None:
    page = hostile.get(path).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block)["@context"] == "https://schema.org/"


def test_a_million_links_would_not_be_listed_but_counted(hostile: httpx.Client) -> None:
    page = html.unescape(hostile.get("doc/actor/mallory").text)
    assert page.count("Listed here: 500 of 750 statements") == 2  # said by, said about
    assert "/sparql?query=" in page


def test_a_long_list_comes_in_pages_that_cover_it(hostile: httpx.Client) -> None:
    found: list[str] = []
    url = "events"
    for _ in range(10):
        page = html.unescape(hostile.get(url).text)
        found += re.findall(r">Event (\d{4})</a>", page)
        following = re.search(r'<link rel="next" href="([^"]+)"', page)
        if following is None:
            break
        url = following[1]
    assert sorted(found) == [f"{n:04}" for n in range(EVENTS)]
    assert f"of {EVENTS + 1:,} events" in page


@pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "1e3", "9" * 40])
def test_a_strange_page_number_is_no_error(hostile: httpx.Client, number: str) -> None:
    assert hostile.get("events", params={"page": number}).status_code == 200


def test_a_filter_that_nothing_matches_says_so(hostile: httpx.Client) -> None:
    answer = hostile.get("events", params={"status": SCRIPT})
    assert answer.status_code == 200
    assert "There are none" in answer.text
    assert SCRIPT not in without_data_blocks(answer.text)


def test_words_in_another_language_say_so(hostile: httpx.Client) -> None:
    page = hostile.get("doc/agent/plain").text
    assert '<bdi lang="fr">Rien</bdi>' in page


def test_an_excerpt_beyond_the_text_is_listed_and_does_no_harm(hostile: httpx.Client) -> None:
    page = html.unescape(hostile.get("doc/source/wild").text)
    assert "Other passages" in page
    assert "“beyond”" in page


def test_without_a_release_the_error_page_still_comes(tmp_path: Path) -> None:
    from triplomacy.release.folder import Releases
    from triplomacy.web.app import create_app

    client = create_app(Releases(tmp_path)).test_client()
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "no release yet" in answer.get_data(as_text=True)


def test_a_large_sitemap_is_an_index_of_sitemaps_that_cover_it(tmp_path: Path) -> None:
    from triplomacy.release.folder import Releases
    from triplomacy.web import crawlers
    from triplomacy.web.app import create_app

    data = tmp_path / "hostile.trig"
    data.write_text(HOSTILE + MANY + "}\n", encoding="utf-8")
    site = make_site(tmp_path / "site", data=data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crawlers, "PER_SITEMAP", 500)
        client = create_app(Releases(site / "releases")).test_client()
        index = client.get("/sitemap.xml").get_data(as_text=True)
        parts = re.findall(r"<loc>http://localhost(/sitemap-\d+\.xml)</loc>", index)
        pages = [client.get(part).get_data(as_text=True) for part in parts]
        assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    found = [loc for page in pages for loc in re.findall("<loc>([^<]+)</loc>", page)]
    assert len(found) == len(set(found))
    expected = {f"http://localhost/doc/statement/s{n}" for n in range(STATEMENTS)}
    assert expected <= set(found)
