"""The stand-in speaks the protocols of Wikidata over HTTP, bad days included."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from tests.conftest import triplomacy
from tests.ports import reserved_port
from triplomacy.link.stand_in.faults import FAULTS
from triplomacy.link.stand_in.server import StandIn, running


def api(stand_in: StandIn, **fields: str) -> Any:
    return httpx.get(f"{stand_in.root}/w/api.php", params=fields).json()


def get(stand_in: StandIn, ids: str, **fields: str) -> Any:
    return api(stand_in, action="wbgetentities", format="json", ids=ids, **fields)


# The action API


def test_entities_come_by_their_numbers_with_what_is_asked_for(stand_in: StandIn) -> None:
    found = get(stand_in, "Q7747", props="info|labels", languages="en|uk")
    entity = found["entities"]["Q7747"]
    assert found["success"] == 1
    assert {c: t["value"] for c, t in entity["labels"].items()} == {
        "en": "Vladimir Putin",
        "uk": "Володимир Путін",
    }
    assert entity["lastrevid"] and entity["modified"].endswith("Z")
    assert "claims" not in entity


def test_a_language_that_is_missing_falls_back_where_that_is_asked_for(stand_in: StandIn) -> None:
    asked = {"props": "labels", "languages": "zh|en"}
    assert "zh" not in get(stand_in, "Q7172014", **asked)["entities"]["Q7172014"]["labels"]
    labels = get(stand_in, "Q7172014", languagefallback="1", **asked)["entities"]["Q7172014"]
    assert labels["labels"]["zh"] == {
        "language": "en", "value": "Pete Hegseth", "for-language": "zh",
    }  # fmt: skip


def test_a_merged_item_is_told_under_the_number_that_was_asked_for(stand_in: StandIn) -> None:
    [(key, entity)] = get(stand_in, "Q900000031")["entities"].items()
    assert (key, entity["id"]) == ("Q900000031", "Q3874799")
    assert entity["redirects"] == {"from": "Q900000031", "to": "Q3874799"}
    unfollowed = get(stand_in, "Q900000031", redirects="no")["entities"]["Q900000031"]
    assert unfollowed == {"id": "Q900000031", "missing": ""}


def test_a_deleted_item_is_missing(stand_in: StandIn) -> None:
    [deleted] = stand_in.items.deleted
    assert get(stand_in, deleted)["entities"] == {deleted: {"id": deleted, "missing": ""}}


def test_entities_come_by_their_pages(stand_in: StandIn) -> None:
    pages = {"titles": "Vladimir Putin|Nobody", "sites": "enwiki", "props": "info"}
    found = api(stand_in, action="wbgetentities", **pages)["entities"]
    assert list(found) == ["Q7747", "-1"]
    assert found["-1"] == {"site": "enwiki", "title": "Nobody", "missing": ""}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ids": "|".join(f"Q{n}" for n in range(900_001_001, 900_001_052))}, "toomanyvalues"),
        ({"ids": "q7747x"}, "no-such-entity"),
        ({}, "param-missing"),
    ],
)
def test_an_error_is_told_as_mediawiki_tells_it(
    stand_in: StandIn, fields: dict[str, str], code: str
) -> None:
    params = {"action": "wbgetentities", **fields}
    answer = httpx.post(f"{stand_in.root}/w/api.php", data=params)
    assert answer.status_code == 200
    assert answer.headers["MediaWiki-API-Error"] == code
    assert answer.json()["error"]["code"] == code


def test_search_finds_by_the_beginning_of_a_name(stand_in: StandIn) -> None:
    found = api(stand_in, action="wbsearchentities", search="zelenskyy", language="en")["search"]
    assert found[0]["id"] == "Q3874799"
    assert found[0]["match"] == {"type": "alias", "language": "en", "text": "Zelenskyy"}
    cyrillic = api(stand_in, action="wbsearchentities", search="Зел", language="uk")["search"]
    assert cyrillic[0]["label"] == "Volodymyr Zelenskyy" or cyrillic[0]["id"] == "Q3874799"


def test_the_site_says_what_it_is(stand_in: StandIn) -> None:
    assert "stand-in" in api(stand_in, action="query", meta="siteinfo")["query"]["general"][
        "sitename"
    ]  # fmt: skip


def test_who_says_nothing_about_itself_is_turned_away(stand_in: StandIn) -> None:
    url = f"{stand_in.root}/w/api.php?action=query&meta=siteinfo"
    assert httpx.get(url, headers={"User-Agent": ""}).status_code == 403


def test_everybody_lags_behind_less_than_nothing(stand_in: StandIn) -> None:
    assert get(stand_in, "Q30", maxlag="-1")["error"]["code"] == "maxlag"
    assert "entities" in get(stand_in, "Q30", maxlag="5")


# Linked data


def test_the_iri_of_an_item_leads_to_its_data(stand_in: StandIn) -> None:
    thing = httpx.get(f"{stand_in.root}/entity/Q7747")
    assert thing.status_code == 303
    data = httpx.get(thing.headers["Location"]).json()
    assert data["entities"]["Q7747"]["claims"]["P569"]


def test_the_data_of_an_item_come_in_turtle(stand_in: StandIn) -> None:
    answer = httpx.get(f"{stand_in.root}/wiki/Special:EntityData/Q900000031.ttl")
    assert answer.headers["Content-Type"] == "text/turtle"
    assert "wd:Q900000031 owl:sameAs" in answer.text or "owl#sameAs> wd:Q3874799" in answer.text
    assert '"Володимир Зеленський"@uk' in answer.text


@pytest.mark.parametrize(("id", "status"), [("q7747.json", 301), ("Q900000041.json", 404),
                                            ("x", 400)])  # fmt: skip
def test_what_is_no_item_is_told(stand_in: StandIn, id: str, status: int) -> None:
    assert httpx.get(f"{stand_in.root}/wiki/Special:EntityData/{id}").status_code == status


# SPARQL

QUERY = """
PREFIX wd: <http://www.wikidata.org/entity/> PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name { ?x wdt:P39 wd:Q735015 ; rdfs:label ?name FILTER(LANG(?name) = 'uk') }
"""


def test_the_items_can_be_asked_in_sparql(stand_in: StandIn) -> None:
    found = httpx.post(f"{stand_in.root}/sparql", data={"query": QUERY}).json()
    assert [b["name"]["value"] for b in found["results"]["bindings"]] == ["Піт Гегсет"]


@pytest.mark.parametrize("query", ["SELECT", "", "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"])
def test_a_query_that_cannot_be_run_is_refused(stand_in: StandIn, query: str) -> None:
    assert httpx.post(f"{stand_in.root}/sparql", data={"query": query}).status_code == 400


# Reconciliation


def reconciled(stand_in: StandIn, **queries: Any) -> Any:
    data = {"queries": json.dumps(queries)}
    return httpx.post(f"{stand_in.root}/en/api", data=data).json()


def test_the_service_describes_itself(stand_in: StandIn) -> None:
    manifest = httpx.get(f"{stand_in.root}/en/api").json()
    assert manifest["versions"] == ["0.1", "0.2"]
    assert manifest["identifierSpace"] == "http://www.wikidata.org/entity/"
    flyout = manifest["suggest"]["entity"]["flyout_service_path"].replace("${id}", "Q30")
    assert "United States" in httpx.get(stand_in.root + flyout).json()["html"]


def test_candidates_come_with_a_score_and_the_reasons_for_it(stand_in: StandIn) -> None:
    hint = {"pid": "P1001", "v": {"id": "Q159"}}
    query = {"query": "Russian President", "type": "Q900000003", "properties": [hint]}
    best, second, *_ = reconciled(stand_in, q0=query)["q0"]["result"]
    assert (best["name"], best["score"], best["match"]) == ("President of Russia", 100, True)
    assert {f["id"]: f["value"] for f in best["features"]} == {"all_labels": 100, "P1001": 100}
    assert second["score"] < best["score"] and not second["match"]


def test_a_namesake_is_told_apart_by_a_date(stand_in: StandIn) -> None:
    def first(day: str) -> Any:
        hint = {"pid": "P569", "v": day}
        return reconciled(stand_in, q={"query": "Donald Trump", "properties": [hint]})["q"][
            "result"
        ][0]  # fmt: skip

    assert first("1946-06-14")["id"] == "Q22686"
    assert first("1977-12-31")["name"] == "Donald Trump Jr."


def test_two_that_fit_as_well_are_no_match(stand_in: StandIn) -> None:
    candidates = reconciled(stand_in, q={"query": "Donald Trump"})["q"]["result"][:2]
    assert [c["score"] for c in candidates] == [100, 100]
    assert not any(c["match"] for c in candidates)


def test_a_page_that_tells_names_apart_is_no_candidate(stand_in: StandIn) -> None:
    found = reconciled(stand_in, q={"query": "Zelensky"})["q"]["result"]
    assert found[0]["id"] == "Q3874799"
    assert "Wikimedia disambiguation page" not in {c["description"] for c in found}


@pytest.mark.parametrize("queries", ["{", "[]", '{"q": {}}', '{"q": 7}'])
def test_a_query_that_is_none_is_refused(stand_in: StandIn, queries: str) -> None:
    answer = httpx.post(f"{stand_in.root}/en/api", data={"queries": queries})
    assert (answer.status_code, answer.json()["status"]) == (400, "error")


def test_tables_are_extended(stand_in: StandIn) -> None:
    wanted = {"ids": ["Q7747"], "properties": [{"id": "P27"}, {"id": "P569"}]}
    found = httpx.get(f"{stand_in.root}/en/api", params={"extend": json.dumps(wanted)}).json()
    assert found["rows"]["Q7747"]["P27"] == [{"id": "Q159", "name": "Russia"}]
    assert found["rows"]["Q7747"]["P569"][0]["date"].startswith("1952-10-07")
    assert found["meta"][0] == {"id": "P27", "name": "country of citizenship"}


@pytest.mark.parametrize(
    ("kind", "prefix", "first"),
    [("entity", "presid", "Q11696"), ("type", "hum", "Q900000001"), ("property", "date", "P569")],
)
def test_what_begins_so_is_suggested(stand_in: StandIn, kind: str, prefix: str, first: str) -> None:
    url = f"{stand_in.root}/en/suggest/{kind}"
    assert httpx.get(url, params={"prefix": prefix}).json()["result"][0]["id"] == first


def test_a_preview_shows_words_and_never_runs_them(stand_in: StandIn) -> None:
    shown = httpx.get(f"{stand_in.root}/en/preview?id=Q900000051").text
    assert "&lt;script&gt;" in shown and "<script>" not in shown


# Bad days


QUICK = [f for f in FAULTS if f not in ("slow", "drip", "endless", "bomb")]


@pytest.mark.parametrize("fault", QUICK)
def test_a_fault_comes_when_it_is_asked_for_and_then_no_more(stand_in: StandIn, fault: str) -> None:
    url = f"{stand_in.root}/w/api.php?action=wbgetentities&ids=Q7747|Q30"
    good = httpx.get(url).content
    stand_in.faults.append(fault)
    try:
        bad: bytes | None = httpx.get(url).content
    except httpx.HTTPError:
        bad = None
    assert bad != good
    assert httpx.get(url).content == good
    try:
        assert httpx.get(url, headers={"X-Fault": fault}).content == bad
    except httpx.HTTPError:
        assert bad is None


def test_429_says_when_to_come_back(stand_in: StandIn) -> None:
    answer = httpx.get(f"{stand_in.root}/w/api.php?fault=429")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def test_lag_is_an_error_with_status_200(stand_in: StandIn) -> None:
    answer = httpx.get(f"{stand_in.root}/w/api.php?fault=maxlag")
    assert (answer.status_code, answer.headers["Retry-After"]) == (200, "1")
    assert answer.json()["error"]["code"] == "maxlag"


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_slowness_is_slow(stand_in: StandIn, fault: str) -> None:
    start = time.monotonic()
    url = f"{stand_in.root}/w/api.php?fault={fault}"
    with pytest.raises(httpx.ReadTimeout), httpx.stream("GET", url, timeout=0.4) as answer:
        for _ in answer.iter_raw():
            if time.monotonic() - start > 0.6:
                raise httpx.ReadTimeout("it drips")


def test_an_endless_answer_goes_on(stand_in: StandIn) -> None:
    size = 0
    with httpx.stream("GET", f"{stand_in.root}/w/api.php?fault=endless") as answer:
        for piece in answer.iter_raw():
            size += len(piece)
            if size > 8 * 1024 * 1024:
                break
    assert size > 8 * 1024 * 1024


# The command


def test_a_port_that_is_taken_is_told(stand_in: StandIn) -> None:
    port = stand_in.root.rpartition(":")[2]
    done = triplomacy("link", "stand-in", "--port", port)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_the_command_lists_the_faults() -> None:
    assert triplomacy("link", "stand-in", "--faults").stdout.split() == list(FAULTS)


def test_a_fault_that_is_none_is_told() -> None:
    done = triplomacy("link", "stand-in", "--fault", "flood")
    assert done.returncode == 2
    assert "use one of: 429" in done.stderr


def test_two_run_side_by_side() -> None:
    with reserved_port() as port, running(port, faults=["500"]) as one, running() as other:
        assert httpx.get(f"{one.root}/entity/Q30").status_code == 500
        assert httpx.get(f"{other.root}/entity/Q30").status_code == 303
