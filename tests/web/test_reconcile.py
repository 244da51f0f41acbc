"""The Reconciliation Service API 0.2 over HTTP, as OpenRefine and other clients use it."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import httpx
import pandas
import pytest
import reconciler
from pyoxigraph import RdfFormat, parse

from tests.conftest import NO_KEEP_ALIVE, REPOSITORY, Server, copy_site, serving, triplomacy
from tests.web.small_release import BASE, make_site
from triplomacy import __version__
from triplomacy.iris import Base
from triplomacy.reconcile.facts import MOST_VALUES
from triplomacy.reconcile.matching import SECONDS
from triplomacy.reconcile.requests import BATCH, CANDIDATES, MOST_CANDIDATES, MOST_PROPERTIES
from triplomacy.search.index import write_index
from triplomacy.web.reconcile import AT_ONCE, MAX_BODY

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PUTIN = "id/actor/vladimir-putin"
SCRIPT = "<script>window.hurt = 1</script>"
HOSTILE = f"""
@prefix eas: <{BASE}ontology#> .
@prefix graph: <{BASE}graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> .
@prefix wd: <http://www.wikidata.org/entity/> .
graph:wild {{
  <{BASE}id/actor/mallory> a eas:Actor ; rdfs:label "Mallory {SCRIPT}"@en ;
    skos:altLabel "Mal\\"><img src=x onerror=window.hurt=1>"@en ;
    dct:description "What Mallory says: {SCRIPT}"@en .
  <{BASE}id/place/Besan%C3%A7on> a eas:Place ; rdfs:label "Besançon"@fr .
  <{BASE}id/actor/elder> a eas:Actor ; rdfs:label "Pitt"@en ; owl:sameAs wd:Q5 .
  <{BASE}id/actor/younger> a eas:Actor ; rdfs:label "Pitt"@en ; owl:sameAs wd:Q5, wd:Q6 .
}}
graph:items {{ wd:Q6 schema:description "the younger {SCRIPT}"@en . }}
"""


def match(client: httpx.Client, queries: object) -> dict[str, list[dict[str, Any]]]:
    """What a batch is answered with."""
    answer = client.post("reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    return {key: result["result"] for key, result in answer.json().items()}


def extended(client: httpx.Client, ids: list[str], *properties: object) -> dict[str, Any]:
    asked = {"ids": ids, "properties": [{"id": p} if isinstance(p, str) else p for p in properties]}
    answer = client.post("reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def manifest(client: httpx.Client) -> dict[str, Any]:
    body: dict[str, Any] = client.get("reconcile").json()
    return body


# The manifest


def test_the_manifest_says_who_serves_what(client: httpx.Client, manifest: dict[str, Any]) -> None:
    assert manifest["versions"] == ["0.2"]
    assert manifest["name"] == "Triplomacy"
    assert manifest["identifierSpace"] == BASE
    assert manifest["schemaSpace"] == f"{BASE}ontology#"
    assert manifest["serviceVersion"] == __version__
    assert manifest["batchSize"] == BATCH == 1_000
    assert {"id": "eas:Person", "name": "Person"} in manifest["defaultTypes"]
    settings = manifest["extend"]["property_settings"]
    assert [(s["name"], s["type"]) for s in settings] == [("limit", "number"), ("language", "text")]


def test_every_address_of_the_manifest_answers(
    client: httpx.Client, manifest: dict[str, Any]
) -> None:
    for encode in (str, lambda id: quote(id, safe="")):
        for part in ("view", "preview"):
            url = manifest[part]["url"].replace("{{id}}", encode(PUTIN))
            answer = client.get(url, headers=PAGE, follow_redirects=True)
            assert answer.status_code == 200, url
            assert "Vladimir Putin" in answer.text
    for kind, id in (("entity", PUTIN), ("type", "eas:Person"), ("property", "eas:office")):
        service = manifest["suggest"][kind]
        assert client.get(service["service_url"] + service["service_path"]).status_code == 200
        path = service["flyout_service_path"].replace("${id}", quote(id, safe=""))
        flyout = client.get(service["flyout_service_url"] + path).json()
        assert flyout["id"] == id
        assert "<strong>" in flyout["html"]
    proposals = manifest["extend"]["propose_properties"]
    url = proposals["service_url"] + proposals["service_path"]
    assert client.get(url, params={"type": "eas:Person"}).json()["properties"]
    assert client.get(manifest["logo"]).headers["Content-Type"].startswith("image/")
    assert client.get(manifest["documentation"], headers=PAGE).status_code == 200


def test_a_browser_gets_a_page_with_the_address(client: httpx.Client) -> None:
    page = client.get("reconcile", headers=PAGE)
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"<code data-copy>{client.base_url}reconcile</code>" in page.text
    assert "Add standard service…" in page.text
    assert client.get("reconcile", headers={"Accept": "*/*"}).json()["versions"]
    jquery = {"Accept": "application/json, text/javascript, */*; q=0.01"}
    assert client.get("reconcile", headers=jquery).json()["versions"]


def test_the_dataset_page_and_robots_name_it(client: httpx.Client) -> None:
    assert f'href="{client.base_url}reconcile"' in client.get("dataset", headers=PAGE).text
    assert "Disallow: /reconcile" in client.get("robots.txt").text
    described = client.get("dataset.nt").text
    dcat = "http://www.w3.org/ns/dcat#"
    assert f"<{BASE}reconcile> <{dcat}servesDataset> <{BASE}dataset> ." in described


@pytest.mark.parametrize(
    "path", ["reconcile", "reconcile/suggest/entity?prefix=z", f"reconcile/preview?id={PUTIN}"]
)
def test_other_origins_may_read_it_and_keep_it(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://refine.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_browser_may_ask_beforehand(client: httpx.Client) -> None:
    answer = client.options("reconcile")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


# Batches


def test_a_batch_by_post_and_by_get(client: httpx.Client) -> None:
    queries = {"q0": {"query": "Vladimir Putin", "type": "eas:Person"}, "q1": {"query": "NATO"}}
    posted = match(client, queries)
    got = client.get("reconcile", params={"queries": json.dumps(queries)})
    assert {key: r["result"] for key, r in got.json().items()} == posted
    assert posted["q0"][0] == {
        "id": PUTIN,
        "name": "Vladimir Putin",
        "score": 100.0,
        "match": True,
        "type": [{"id": "eas:Person", "name": "Person"}, {"id": "eas:Actor", "name": "Actor"}],
        "features": [
            {"id": "name", "value": 100.0},
            {"id": "label", "value": True},
            {"id": "type", "value": True},
        ],
    }
    assert posted["q1"][0]["id"] == "id/actor/nato"
    assert got.headers["ETag"]
    assert client.post("reconcile", data={"queries": "{}"}).json() == {}


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("ZELENSKY", "id/actor/volodymyr-zelensky"),
        ("Volodymyr Zelenskyy", "id/actor/volodymyr-zelensky"),
        ("Lecornu, Sebastien", "id/actor/sebastien-lecornu"),
        ("Q7747", PUTIN),
        ("http://www.wikidata.org/entity/Q7747", PUTIN),
        (PUTIN, PUTIN),
        ("actor/vladimir-putin", PUTIN),
        (BASE + PUTIN, PUTIN),
    ],
)
def test_what_can_mean_one_thing_only_is_matched(client: httpx.Client, text: str, id: str) -> None:
    [first, *others] = match(client, {"q": {"query": text}})["q"]
    assert (first["id"], first["match"]) == (id, True)
    assert first["score"] >= 97
    assert not any(c["match"] for c in others)


def test_the_addresses_of_this_server_are_known(client: httpx.Client) -> None:
    [found] = match(client, {"q": {"query": urljoin(str(client.base_url), PUTIN)}})["q"]
    assert found["id"] == PUTIN


def test_a_broader_type_and_a_property_narrow_a_name(client: httpx.Client) -> None:
    found = match(
        client,
        {
            "actor": {"query": "Putin", "type": "eas:Actor"},
            "event": {"query": "Putin", "type": ["eas:Event"]},
            "none": {"query": "Putin", "type": "eas:Unicorn"},
            "same": {"query": "Putin", "properties": [{"pid": "owl:sameAs", "v": "Q7747"}]},
            "date": {
                "query": "Pistorius as minister",
                "properties": [
                    {"pid": "schema:startDate", "v": "2023-01"},
                    {"pid": "eas:actor", "v": {"id": "id/actor/boris-pistorius"}},
                    {"pid": "eas:office", "v": "German Defense Minister"},
                ],
            },
        },
    )
    assert found["actor"][0]["id"] == PUTIN
    assert all(c["id"].startswith("id/actor/") for c in found["actor"])
    assert all(c["id"].startswith("id/event/") for c in found["event"])
    assert found["none"] == []
    assert found["same"][0]["features"][-1] == {"id": "owl:sameAs", "value": 100.0}
    best = found["date"][0]
    assert best["id"] == "id/holding/boris-pistorius--german-defense-minister"
    values = {f["id"]: f["value"] for f in best["features"]}
    assert [values[p] for p in ("schema:startDate", "eas:actor", "eas:office")] == [100.0] * 3


def test_properties_alone_are_enough(client: httpx.Client) -> None:
    asked = [{"pid": "schema:startDate", "v": "2023-01-19"}]
    [found] = match(client, {"q": {"properties": asked}})["q"]
    assert found["id"] == "id/holding/boris-pistorius--german-defense-minister"
    assert found["score"] == 100.0
    assert not found["match"]  # somebody else may have begun on that day
    [found] = match(client, {"q": {"properties": [{"pid": "owl:sameAs", "v": "wd:Q7747"}]}})["q"]
    assert (found["id"], found["match"]) == (PUTIN, True)


def test_a_value_is_known_by_its_address_here(client: httpx.Client) -> None:
    office = "id/office/german-defense-minister"
    here = (urljoin(str(client.base_url), path) for path in (office, f"doc{office[2:]}"))
    for value in (office, BASE + office, *here):
        hints = [{"pid": "eas:office", "v": value}]
        [found] = match(client, {"q": {"properties": hints, "limit": 1}})["q"]
        assert found["features"] == [{"id": "eas:office", "value": 100.0}]


def test_a_thousand_names_can_be_asked_for_at_once(client: httpx.Client) -> None:
    names = ["Donald Trump", "Zelenksy", "Moscow", "nobody of that name", "U.S. team", "Macron"]
    queries = {str(n): {"query": f"{names[n % 6]} {n if n % 7 == 0 else ''}"} for n in range(1_000)}
    found = match(client, queries)
    assert len(found) == 1_000
    assert found["6"] == found["12"] != []


def test_a_single_query_of_older_clients(client: httpx.Client) -> None:
    by_name = client.get("reconcile", params={"query": "NATO"}).json()
    assert by_name["result"][0]["id"] == "id/actor/nato"
    by_object = client.get("reconcile", params={"query": '{"query": "NATO", "limit": 1}'}).json()
    assert by_object["result"] == by_name["result"][:1]


# Suggestions


def suggested(client: httpx.Client, kind: str, **parameters: str) -> list[dict[str, Any]]:
    answer = client.get(f"reconcile/suggest/{kind}", params=parameters)
    assert answer.status_code == 200
    result: list[dict[str, Any]] = answer.json()["result"]
    return result


def test_entities_are_suggested_by_name_and_identifier(client: httpx.Client) -> None:
    first = suggested(client, "entity", prefix="zel")[0]
    assert first["id"] == "id/actor/volodymyr-zelensky"
    assert first["notable"][0] == {"id": "eas:Person", "name": "Person"}
    for known in (PUTIN, "Q7747", BASE + PUTIN):
        assert suggested(client, "entity", prefix=known)[0]["id"] == PUTIN
    assert suggested(client, "entity", prefix="") == []


def test_a_cursor_skips_what_was_seen(client: httpx.Client) -> None:
    seen = suggested(client, "entity", prefix="trump")
    more = suggested(client, "entity", prefix="trump", cursor=str(len(seen)))
    assert more
    assert not {e["id"] for e in seen} & {e["id"] for e in more}


def test_types_and_properties_are_suggested(client: httpx.Client) -> None:
    [person, *_] = suggested(client, "type", prefix="per")
    assert person["id"] == "eas:Person"
    assert {"id": "eas:Actor", "name": "Actor"} in person["broader"]
    assert suggested(client, "property", prefix="schema:start")[0]["id"] == "schema:startDate"
    assert len(suggested(client, "property")) == 20
    assert suggested(client, "property", cursor="20")


# Previews


def test_a_preview_stands_in_a_frame_and_runs_nothing(client: httpx.Client) -> None:
    answer = client.get("reconcile/preview", params={"id": PUTIN})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert "President Putin" in answer.text
    elsewhere = client.get("reconcile", headers=PAGE).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in elsewhere


# Data extension


def test_values_are_fetched_for_matched_things(client: httpx.Client) -> None:
    holding = "id/holding/boris-pistorius--german-defense-minister"
    limited = {"id": "skos:altLabel", "settings": {"limit": "1"}}
    body = extended(
        client, [PUTIN, holding], "owl:sameAs", "schema:startDate", "eas:office", limited
    )
    assert [m["id"] for m in body["meta"]] == [
        *("owl:sameAs", "schema:startDate", "eas:office", "skos:altLabel")
    ]
    rows = body["rows"]
    assert rows[PUTIN]["owl:sameAs"] == [{"str": "http://www.wikidata.org/entity/Q7747"}]
    assert len(rows[PUTIN]["skos:altLabel"]) == 1
    assert rows[PUTIN]["schema:startDate"] == []
    assert rows[holding]["schema:startDate"] == [{"date": "2023-01-19T00:00:00Z"}]
    minister = {"id": "id/office/german-defense-minister", "name": "German Defense Minister"}
    assert rows[holding]["eas:office"] == [minister]


def test_what_is_proposed_can_be_fetched(client: httpx.Client) -> None:
    answer = client.get("reconcile/properties", params={"type": "eas:OfficeHolding", "limit": "6"})
    body = answer.json()
    assert (body["type"], body["limit"], len(body["properties"])) == ("eas:OfficeHolding", 6, 6)
    ids = [p["id"] for p in body["properties"]]
    assert "eas:office" in ids
    holding = "id/holding/boris-pistorius--german-defense-minister"
    assert all(extended(client, [holding], *ids)["rows"][holding].values())
    nothing = client.get("reconcile/properties", params={"type": "nope"}).json()
    assert nothing == {"properties": [], "type": "nope"}


# What is refused


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"queries": "{"}, 400, "no JSON"),
        ({"queries": "[" * 100_000}, 400, "too deep"),
        ({"queries": '{"q0": {"query": "\\udfff"}}'}, 400, "surrogate"),
        ({"queries": '{"q0": {}}'}, 400, "'q0'"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(1_001)})}, 413, "1,001"),
        ({"extend": "{}"}, 400, "ids"),
        ({"extend": "{}", "queries": "{}"}, 400, "extend and queries"),
        ({"queries": ["{}", "{}"]}, 400, "queries and queries"),
        ({"queries": '{"q": {"query": "x"}, "q": {"query": "y"}}'}, 400, "twice"),
        ({"extend": '{"ids": [], "properties": [{"id": "p", "settings": {"x": 1}}]}'}, 400, "'x'"),
        ({"queries": "{}", "callback": "jsonp1"}, 400, "JSONP"),
        ({"other": "x"}, 400, "no query"),
    ],
)
def test_a_request_that_is_wrong_is_told_why(
    client: httpx.Client, form: dict[str, Any], status: int, words: str
) -> None:
    answer = client.post("reconcile", data=form)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert words in answer.json()["detail"]
    assert answer.json()["remedy"]


def test_a_body_of_another_kind_or_length_is_refused(client: httpx.Client) -> None:
    assert client.post("reconcile", json={"queries": {}}).status_code == 415
    assert client.post("reconcile").status_code == 415
    assert client.put("reconcile").status_code == 405
    for path in ("reconcile", "reconcile/"):
        answer = client.post(path, data={"queries": "x" * MAX_BODY})
        assert answer.status_code == 413
        assert f"{MAX_BODY:,} bytes" in answer.json()["detail"]
        assert "fewer names" in answer.json()["remedy"]
    long = client.post("sparql", data={"query": "x" * 1_100_000})
    assert long.status_code == 413  # as before: names alone need more


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"queries={}", 415),
        ("application/x-www-form-urlencoded; charset=utf-8", b"queries={}", 200),
        ("application/x-www-form-urlencoded", b"queries=%7B%22q%22:%22%FC%22%7D", 400),
        ("application/x-www-form-urlencoded", b"&" * 2_000 + b"x=y&" * 1_001, 400),
    ],
)
def test_a_form_is_utf_8_to_the_letter(
    client: httpx.Client, content_type: str, body: bytes, status: int
) -> None:
    answer = client.post("reconcile", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == status


def test_a_full_batch_fits_however_it_is_escaped(client: httpx.Client) -> None:
    name = "Міністерство закордонних справ"
    hints = [
        {"pid": pid, "v": f"{name} України"}
        for pid in ("eas:office", "eas:actor", "dct:description", "skos:altLabel")
    ]
    queries = {f"q{n}": {"query": f"{name} {n}", "properties": hints} for n in range(BATCH)}
    form = urlencode({"queries": json.dumps(queries, ensure_ascii=True)})
    assert 1_048_576 < len(form) < MAX_BODY
    answer = client.post(
        "reconcile",
        content=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=60,
    )
    assert answer.status_code == 200
    assert len(answer.json()) == BATCH


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("reconcile/suggest/unicorn", 404),
        ("reconcile/flyout/unicorn?id=x", 404),
        ("reconcile/flyout/entity", 400),
        ("reconcile/flyout/entity?id=id/actor/nobody", 404),
        ("reconcile/flyout/type?id=eas:Unicorn", 404),
        ("reconcile/preview", 400),
        ("reconcile/preview?id=id/actor/nobody", 404),
        ("reconcile/preview?id=Vladimir Putin", 404),
        ("reconcile/preview?id=" + "x" * 5_000, 404),
        ("reconcile/suggest/entity?prefix=a&cursor=-1", 400),
        ("reconcile/suggest/entity?prefix=a&cursor=99999999999999999999", 400),
        ("reconcile/suggest/entity?prefix=a&cursor=²", 400),
        ("reconcile/properties?limit=0", 400),
        ("reconcile/properties?limit=many", 400),
        ("reconcile?queries={}&query=x", 400),
    ],
)
def test_an_address_that_is_wrong_is_told_why(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["remedy"]


@pytest.mark.parametrize("prefix", ['"', "*", "NEAR(", "'; --", "\x00", "\udcff", "x" * 9_000, "%"])
def test_nothing_that_is_typed_breaks_suggestions(client: httpx.Client, prefix: str) -> None:
    for kind in ("entity", "type", "property"):
        encoded = quote(prefix, errors="surrogatepass")
        assert client.get(f"reconcile/suggest/{kind}?prefix={encoded}").status_code == 200


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a site whose texts try to be markup."""
    folder = tmp_path_factory.mktemp("wild")
    data = folder / "wild.trig"
    data.write_text(HOSTILE, encoding="utf-8")
    site = make_site(folder / "site", data=data)
    release = next((site / "releases").glob("2*"))
    shutil.rmtree(release / "search", ignore_errors=True)
    _index(release / "search", folder)
    with (
        serving(site, "--no-build", "--workers", "1") as running,
        httpx.Client(base_url=running.url, limits=NO_KEEP_ALIVE) as session,
    ):
        yield session


def _index(folder: Path, scratch: Path) -> None:
    dump = scratch / "facts.nq.gz"
    quads = sorted(str(q) for q in parse(HOSTILE, RdfFormat.TRIG))
    with gzip.open(dump, "wt", encoding="utf-8") as file:
        file.writelines(f"{quad} .\n" for quad in quads)
    folder.mkdir()
    write_index(folder, dump, Base(BASE), ("en",))


def test_markup_in_texts_stays_text(wild: httpx.Client) -> None:
    for path in ("reconcile/preview", "reconcile/flyout/entity"):
        answer = wild.get(path, params={"id": "id/actor/mallory"})
        shown = answer.text if path.endswith("preview") else answer.json()["html"]
        assert "&lt;script&gt;" in shown
        assert "<script" not in shown
        assert "<img" not in shown


def test_an_identifier_of_two_things_offers_both(wild: httpx.Client) -> None:
    preview = wild.get("reconcile/preview", params={"id": "Q5"}).text
    assert "<code>Q5</code> means 2 things here" in preview
    flyout = wild.get("reconcile/flyout/entity", params={"id": "Q5"}).json()
    assert flyout["id"] == "Q5"
    assert "Q5 means 2 things here" in flyout["html"]
    for slug in ("elder", "younger"):
        assert f'href="{wild.base_url}id/actor/{slug}"' in preview
        assert f"id/actor/{slug}" in flyout["html"]
    assert "means" not in wild.get("reconcile/preview", params={"id": "Q6"}).text


def test_namesakes_are_told_apart_by_what_wikidata_says(wild: httpx.Client) -> None:
    described = f"the younger {SCRIPT} (Wikidata)"
    found = {e["id"]: e.get("description") for e in suggested(wild, "entity", prefix="pitt")}
    assert found == {"id/actor/elder": None, "id/actor/younger": described}
    matched = {c["id"]: c.get("description") for c in match(wild, {"q": {"query": "Pitt"}})["q"]}
    assert matched == found
    preview = wild.get("reconcile/preview", params={"id": "id/actor/younger"}).text
    assert "(Wikidata)" in preview
    assert "<script" not in preview


def test_an_identifier_with_escapes_leads_there_and_back(wild: httpx.Client) -> None:
    [found] = match(wild, {"q": {"query": "besancon"}})["q"]
    assert found["id"] == "id/place/Besan%C3%A7on"
    preview = wild.get("reconcile/preview", params={"id": found["id"]})
    assert "Besançon" in preview.text
    view = wild.get("reconcile").json()["view"]["url"]
    for encoded in (found["id"], quote(found["id"], safe=""), quote(found["id"])):
        answer = wild.get(view.replace("{{id}}", encoded), headers=PAGE, follow_redirects=True)
        assert "Besançon" in answer.text


def test_a_release_without_an_index_says_so(small: httpx.Client) -> None:
    for path in ("reconcile", "reconcile/suggest/entity?prefix=a"):
        answer = small.get(path)
        assert answer.status_code == 503
        assert "triplomacy build" in answer.json()["remedy"]


# Fair use


@pytest.mark.embedded
def test_who_has_had_the_budget_is_told_when_to_come_back(tmp_path: Path) -> None:
    site = copy_site(tmp_path / "site")
    assert triplomacy("build", "--site", str(site)).returncode == 0
    settings = site / "triplomacy.toml"
    settings.write_text(f'trusted_proxies = ["127.0.0.1"]\n{settings.read_text()}'
                        "[limits]\nclient_seconds = 1\n")  # fmt: skip
    one, other = ({"X-Forwarded-For": f"192.0.2.{n}"} for n in (1, 2))
    queries = {str(n): {"query": f"Zelenksy trmup putni {n}"} for n in range(200)}
    form = {"queries": json.dumps(queries)}
    with serving(site, "--no-build", "--workers", "1") as running:
        url = f"{running.url}reconcile"
        answer = httpx.post(url, data=form, headers=one)
        assert answer.status_code == 200
        for _ in range(10_000):  # a second of work, however fast the machine is
            answer = httpx.post(url, data=form, headers=one)
            if answer.status_code != 200:
                break
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        small = {"queries": '{"q": {"query": "NATO"}}'}
        assert httpx.post(url, data=small, headers=other).status_code == 200
        assert httpx.get(url, headers=one).status_code == 200  # the manifest costs nothing


@pytest.mark.embedded
def test_pages_are_served_while_batches_are_worked_on(server: Server) -> None:
    queries = {str(n): {"query": f"Zelenksy trmup putni {n}"} for n in range(30)}
    form = {"queries": json.dumps(queries)}
    statuses: list[int] = []

    def ask() -> None:
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.post(f"{server.url}reconcile", data=form)
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert httpx.get(f"{server.url}actors").status_code == 200
    for thread in threads:
        thread.join()
    assert {*statuses} <= {200, 503}
    assert 200 in statuses


# An independent client


@pytest.mark.filterwarnings("ignore")
def test_the_client_reconciler_links_a_column(client: httpx.Client) -> None:
    names = pandas.Series(["Vladimir Putin", "NATO", "Zelensky", "Hegsteh"])
    found = reconciler.reconcile(
        names, type_id="eas:Actor", reconciliation_endpoint=f"{client.base_url}reconcile"
    )
    ids = dict(zip(found["input_value"], found["id"], strict=True))
    assert ids["Vladimir Putin"] == PUTIN
    assert ids["NATO"] == "id/actor/nato"
    assert ids["Zelensky"] == "id/actor/volodymyr-zelensky"
    matched = dict(zip(found["input_value"], found["match"], strict=True))
    assert matched["Vladimir Putin"]
    assert not matched["Hegsteh"]
    assert found["type_id"][0] == "eas:Person"


# The documentation

DOCUMENTATION = (REPOSITORY / "docs" / "reconcile.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("parameter", ["queries", "extend"])
def test_the_documentation_shows_what_is_really_answered(
    client: httpx.Client, parameter: str
) -> None:
    shown = re.search(rf"^\$ curl .*'{parameter}=(.*)'\n((?:.*\n)*?)```", DOCUMENTATION, re.M)
    assert shown is not None
    answer = client.post("reconcile", data={parameter: shown[1]})
    assert answer.text == shown[2]


def test_the_documentation_tells_the_limits() -> None:
    table = DOCUMENTATION.partition("### Limits")[2]
    for limit in (BATCH, MOST_CANDIDATES, CANDIDATES, MOST_PROPERTIES, MOST_VALUES):
        assert f"{limit:,}" in table
    assert f"| {SECONDS:g}; then 503" in table
    assert f"| {AT_ONCE} for each process" in table
    assert f"| {MAX_BODY // 2**20} MiB; more is 413" in table
