"""Search over HTTP: the page without scripts, JSON for programs, suggestions, OpenSearch."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import NO_KEEP_ALIVE, Server, copy_site, serving, triplomacy
from tests.search.made import write
from tests.web.small_release import BASE, make_site

PAGE = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SCRIPT = "<script>window.hurt = 1</script>"
WILD = f"""
@prefix eas: <{BASE}ontology#> .
@prefix graph: <{BASE}graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
graph:wild {{
  <{BASE}id/actor/mallory> a eas:Actor ; rdfs:label "Mallory {SCRIPT}"@en ;
    skos:altLabel "ملوري"@ar , "Mallory\\"><img src=x onerror=window.hurt=1>"@en ;
    dct:description "What Mallory says: {SCRIPT}"@en .
}}
"""


def found(client: httpx.Client, **parameters: str) -> dict[str, object]:
    answer = client.get("search", params=parameters, headers=JSON)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, object] = answer.json()
    return body


def labels(body: dict[str, object]) -> list[str]:
    results = body["results"]
    assert isinstance(results, list)
    return [r["label"] for r in results]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Zelensky", "Volodymyr Zelensky"),
        ("Zelenskyy", "Volodymyr Zelensky"),
        ("Zelenksy", "Volodymyr Zelensky"),
        ("Pres. Trump", "Donald Trump"),
        ("lecornu", "Sébastien Lecornu"),
        ("Hegsteh", "Pete Hegseth"),
        ("NATO membership", "Ukraine's NATO membership"),
        ("lengthy and highly productive", "Trump announces his call with Putin"),
    ],
)
def test_the_article_is_found_by_what_people_type(
    client: httpx.Client, query: str, first: str
) -> None:
    assert labels(found(client, q=query))[0] == first


def test_the_page_shows_kind_label_and_the_words_marked(client: httpx.Client) -> None:
    page = client.get("search", params={"q": "productive conversation"}, headers=PAGE)
    assert page.status_code == 200
    assert "<mark>productive</mark> phone <mark>conversation</mark>" in page.text
    assert 'class="kicker">statement' in page.text
    link = f'{client.base_url}id/statement/trump-announcement"'
    assert link in page.text
    assert '<meta name="robots" content="noindex' in page.text


def test_every_page_has_the_form_and_names_the_description(client: httpx.Client) -> None:
    for path in ("", "events", "doc/actor/donald-trump", "sparql", "search", "nowhere"):
        page = client.get(path, headers=PAGE).text
        assert f'<form class="search" role="search" action="{client.base_url}search"' in page
        assert '<input id="search" name="q" type="search"' in page
        assert 'rel="search" type="application/opensearchdescription+xml"' in page


def test_what_was_typed_stands_in_the_field_again(client: httpx.Client) -> None:
    page = client.get("search", params={"q": '"x" & <y>'}, headers=PAGE).text
    value = re.search(r'<input id="search"[^>]*value="([^"]*)"', page)
    assert value is not None
    assert html.unescape(value[1]) == '"x" & <y>'


def test_a_slip_is_told_with_a_link(client: httpx.Client) -> None:
    page = client.get("search", params={"q": "Zelenksy"}, headers=PAGE).text
    assert "Did you mean" in page
    assert f'<a href="{client.base_url}search?q=Zelensky">' in page
    assert found(client, q="Zelenksy")["didYouMean"] == "Zelensky"
    assert found(client, q="Zelensky")["didYouMean"] is None


def test_a_slip_is_told_beside_what_is_left_out(client: httpx.Client) -> None:
    body = found(client, q="Zelenksy unicorns")
    assert (body["didYouMean"], body["without"]) == ("Zelensky", ["unicorns"])
    page = client.get("search", params={"q": "Zelenksy unicorns"}, headers=PAGE).text
    assert "Did you mean" in page
    assert "<del>unicorns</del>" in page


@pytest.mark.parametrize("query", ["Q7747", "wd:Q7747", "https://www.wikidata.org/wiki/Q7747"])
def test_a_number_of_wikidata_finds_what_is_the_same(client: httpx.Client, query: str) -> None:
    body = found(client, q=query)
    assert labels(body) == ["Vladimir Putin"]
    page = client.get("search", params={"q": query}, headers=PAGE).text
    assert "Vladimir Putin</a>" in page
    suggested = client.get("search/suggest", params={"q": query}).json()["suggestions"]
    assert [s["label"] for s in suggested] == ["Vladimir Putin"]


def test_results_are_narrowed_to_a_kind(client: httpx.Client) -> None:
    all_ = found(client, q="trump")
    counts = all_["kinds"]
    assert isinstance(counts, dict)
    for kind, count in counts.items():
        narrowed = found(client, q="trump", kind=kind)
        assert narrowed["total"] == count > 0
        results = narrowed["results"]
        assert isinstance(results, list)
        assert all(kind in r["kinds"] for r in results)
    page = client.get("search", params={"q": "trump", "kind": "events"}, headers=PAGE).text
    assert re.search(r'kind=events" aria-current="true">Events', page)


def test_an_unknown_kind_is_a_bad_request_that_lists_them(client: httpx.Client) -> None:
    answer = client.get("search", params={"q": "x", "kind": "spies"}, headers=JSON)
    assert answer.status_code == 400
    assert "actors, events" in answer.json()["remedy"]


def test_pages_follow_one_another(client: httpx.Client) -> None:
    body = found(client, q="trump")
    seen = labels(body)
    while body["next"]:
        answer = client.get(str(body["next"]), headers=JSON)
        body = answer.json()
        seen += labels(body)
    assert body["page"] == body["pages"]
    assert len(seen) == body["total"]
    assert 'rel="next"' in client.get("search", params={"q": "trump"}, headers=PAGE).text
    for address in ("search?q=trump&format=json", "search?q=the&kind=vocabulary&format=json"):
        following = client.get(address, headers=PAGE).json()["next"]
        assert "format=json" in following
        back = client.get(following, headers=PAGE).json()["previous"]
        assert client.get(back, headers=PAGE).json()["page"] == 1
    assert "format" not in str(found(client, q="trump")["next"])
    for odd in ("0", "-1", "999999999999999999999", "x", ""):
        assert client.get("search", params={"q": "trump", "page": odd}).status_code == 200


def test_a_name_from_another_graph_tells_which(client: httpx.Client) -> None:
    body = found(client, q="Zelenskyy")
    results = body["results"]
    assert isinstance(results, list)
    assert results[0]["match"]["graph"] == f"{BASE}graph/enrichment"
    page = client.get("search", params={"q": "Zelenskyy"}, headers=PAGE).text
    assert f'<a href="{client.base_url}graph/enrichment">graph/enrichment</a>' in page


def test_a_paragraph_leads_to_its_place_in_the_source(client: httpx.Client, site: Path) -> None:
    results = found(client, q="productive conversation", kind="sources")["results"]
    assert isinstance(results, list)
    place = re.fullmatch(r".*id/source/article#char=(\d+),(\d+)", results[0]["url"])
    assert place is not None
    text = (site / "data/sources/article.txt").read_text(encoding="utf-8")
    assert "productive" in text[int(place[1]) : int(place[2])]


def test_json_html_and_what_is_neither(client: httpx.Client) -> None:
    page = client.get("search", params={"q": "trump"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Accept" in page.headers["Vary"]
    fixed = client.get("search", params={"q": "trump", "format": "json"}, headers=PAGE)
    assert fixed.headers["Content-Type"] == "application/json"
    refused = client.get("search", params={"q": "x"}, headers={"Accept": "text/turtle"})
    assert refused.status_code == 406
    again = client.get(
        "search", params={"q": "trump"}, headers={"If-None-Match": page.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.post("search", data={"q": "x"}).status_code == 405


def test_suggestions_for_our_pages_and_for_browsers(client: httpx.Client) -> None:
    ours = client.get("search/suggest", params={"q": "zel"})
    assert ours.headers["Content-Type"] == "application/json"
    first = ours.json()["suggestions"][0]
    assert (first["label"], first["kind"]) == ("Volodymyr Zelensky", "actor")
    assert first["url"] == f"{client.base_url}id/actor/volodymyr-zelensky"
    theirs = client.get(
        "search/suggest", params={"q": "zel", "format": "application/x-suggestions+json"}
    )
    assert theirs.headers["Content-Type"] == "application/x-suggestions+json"
    query, names, kinds, urls = theirs.json()
    assert query == "zel"
    assert (names[0], kinds[0], urls[0]) == (first["label"], first["kind"], first["url"])
    assert client.get("search/suggest").json()["suggestions"] == []


def test_browsers_can_add_the_search(client: httpx.Client) -> None:
    answer = client.get("opensearch.xml")
    assert answer.headers["Content-Type"] == "application/opensearchdescription+xml"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    urls = {u.get("type"): u.get("template") or "" for u in root.findall(f"{OPENSEARCH}Url")}
    assert set(urls) == {"text/html", "application/json", "application/x-suggestions+json"}
    for media_type, template in urls.items():
        filled = template.replace("{searchTerms}", "zel").replace("{startPage?}", "1")
        found = client.get(filled)
        assert found.status_code == 200
        assert found.headers["Content-Type"].startswith(media_type)


@pytest.mark.parametrize(
    "query",
    [
        '" OR 1=1 --',
        "NEAR(trump putin, 2) AND text:*",
        "%00",
        "trump%00putin",
        "%FF%FE",
        "%E2%80%AE%D8%B2",
        "%F0%9F%87%BA%F0%9F%87%A6",
        "()*^:{}",
        "x" * 10_000,
        "a+" * 5_000,
        "%22" * 3_000,
        "%2e" * 3_000 + "a",
    ],
)
@pytest.mark.parametrize("path", ["search", "search/suggest"])
def test_hostile_words_are_words(client: httpx.Client, path: str, query: str) -> None:
    answer = client.get(f"{path}?q={query}", headers=PAGE if path == "search" else JSON)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() < 5
    assert answer.headers["Content-Type"].startswith("text/html" if path == "search" else "appl")


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a release whose labels want to harm."""
    folder = tmp_path_factory.mktemp("wild")
    data = folder / "wild.trig"
    data.write_text(WILD)
    site = make_site(folder / "site", data=data)
    index = write(folder / "search", WILD.replace(BASE, "https://example.org/s/"))
    with sqlite3.connect(index / "index.sqlite") as database:
        for table in ("thing", "graph"):
            database.execute(
                f"UPDATE {table} SET iri = replace(iri, 'https://example.org/s/', ?)", (BASE,)
            )
    shutil.copytree(index, next((site / "releases").glob("2*")) / "search")
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


def test_markup_in_names_is_shown_and_runs_nothing(wild: Server) -> None:
    answer = httpx.get(f"{wild.url}search", params={"q": "mallory"}, headers=PAGE)
    assert "<script>window" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


def test_the_language_and_direction_of_a_name_are_marked(wild: Server) -> None:
    page = httpx.get(f"{wild.url}search", params={"q": "ملوري"}, headers=PAGE).text
    assert '<span dir="auto" lang="ar"><mark>ملوري</mark></span>' in page


def test_an_older_release_is_served_and_says_that_it_cannot_be_searched(
    small: httpx.Client,
) -> None:
    for path in ("search?q=x", "search/suggest?q=x", "opensearch.xml"):
        answer = small.get(path, headers=JSON if path.startswith("search") else {})
        assert answer.status_code == 503
        assert answer.json()["title"] == "This release cannot be searched"
        assert "triplomacy build" in answer.json()["remedy"]
    page = small.get("doc/actor/talleyrand", headers=PAGE)
    assert page.status_code == 200
    assert 'class="search"' not in page.text


def test_a_damaged_index_harms_no_other_page(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    folder = next((site / "releases").glob("2*")) / "search"
    folder.mkdir()
    (folder / "index.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5_000)
    with serving(site, "--no-build", "--workers", "1") as running:
        answer = httpx.get(f"{running.url}search?q=x", headers=JSON)
        assert answer.status_code == 503
        assert "index.sqlite" in answer.json()["detail"]
        assert httpx.get(f"{running.url}doc/actor/talleyrand", headers=PAGE).status_code == 200


def test_a_build_gives_an_older_release_its_index(tmp_path: Path) -> None:
    site = copy_site(tmp_path / "site")
    assert triplomacy("build", "--site", str(site)).returncode == 0
    current = site / "releases" / "current"
    shutil.rmtree(current / "search")
    assert "made" in triplomacy("build", "--site", str(site)).stdout
    assert (current / "search" / "index.sqlite").is_file()
    assert "is current already" in triplomacy("build", "--site", str(site)).stdout


@pytest.mark.parametrize(("published", "is_there"), [("full", True), ("excerpts", False)])
def test_what_a_site_does_not_publish_is_not_in_the_index(
    tmp_path: Path, published: str, is_there: bool
) -> None:
    site = copy_site(tmp_path / "site")
    config = site / "triplomacy.toml"
    settings = config.read_text(encoding="utf-8")
    config.write_text(settings.replace('source_text = "full"', f'source_text = "{published}"'))
    with (site / "data/sources/article.txt").open("a", encoding="utf-8") as text:
        text.write("\nThe xylophone is in no excerpt.\n")
    assert triplomacy("build", "--site", str(site)).returncode == 0
    index = site / "releases" / "current" / "search" / "index.sqlite"
    assert (b"xylophone" in index.read_bytes()) == is_there


def test_a_search_reads_the_release_that_is_current(tmp_path: Path) -> None:
    site = copy_site(tmp_path / "site")
    with (
        serving(site) as running,
        httpx.Client(base_url=running.url, limits=NO_KEEP_ALIVE) as session,
    ):
        assert found(session, q="Zyxwvut")["total"] == 0
        links = site / "data" / "names.ttl"
        links.write_text(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            f'<{BASE}id/actor/donald-trump> skos:altLabel "Zyxwvut"@en .\n'
        )
        built = triplomacy("build", "--site", str(site))
        assert built.returncode == 0, built.stdout
        assert labels(found(session, q="Zyxwvut")) == ["Donald Trump"]
