"""What the editor offers is read from the release, small, and cached like every other answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import NO_KEEP_ALIVE, serving
from tests.web.small_release import BASE, make_site
from triplomacy.web.query_terms import NAMES, THINGS

EAS = f"{BASE}ontology#"


def test_classes_and_properties_come_with_label_comment_and_count(client: httpx.Client) -> None:
    answer = client.get("sparql/terms")
    assert answer.headers["Content-Type"] == "application/json"
    offered = answer.json()
    event = next(c for c in offered["classes"] if c["iri"] == f"{EAS}Event")
    assert event["label"] == "Event"
    assert event["comment"]
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{EAS}Event> }}"
    counted = client.get("sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert event["count"] == int(counted.text.split()[1])
    assert {p["iri"] for p in offered["properties"]} > {f"{EAS}speaker", f"{EAS}about"}


def test_the_most_used_come_first(client: httpx.Client) -> None:
    offered = client.get("sparql/terms").json()
    for kind in ("classes", "properties"):
        counts = [term["count"] for term in offered[kind]]
        assert counts == sorted(counts, reverse=True)


def test_the_prefixes_are_those_of_the_site(client: httpx.Client) -> None:
    prefixes = client.get("sparql/terms").json()["prefixes"]
    assert prefixes["eas"] == EAS
    assert prefixes["skos"] == "http://www.w3.org/2004/02/skos/core#"


def test_what_is_offered_has_validators(client: httpx.Client) -> None:
    for path in ("sparql/terms", f"sparql/things?starts={BASE}id/actor/"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert first.headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_what_is_offered_is_small(client: httpx.Client) -> None:
    assert len(client.get("sparql/terms").content) < 40_000


def test_a_release_without_a_description_offers_its_prefixes(small: httpx.Client) -> None:
    offered = small.get("sparql/terms").json()
    assert (offered["classes"], offered["properties"]) == ([], [])
    assert offered["prefixes"]["eas"] == EAS


def test_a_description_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    next(site.glob("releases/2*/description.ttl")).write_text("<broken")
    with serving(site, "--no-build", "--workers", "1") as running:
        answer = httpx.get(running.url + "sparql/terms")
        assert answer.status_code == 503
        assert answer.json()["remedy"] == "build the release anew"


def test_things_are_found_by_the_beginning_of_their_iri(client: httpx.Client) -> None:
    found = client.get("sparql/things", params={"starts": f"{BASE}id/actor/donald"}).json()
    assert found == [{"iri": f"{BASE}id/actor/donald-trump", "label": "Donald Trump"}]


@pytest.mark.parametrize("starts", ["http://elsewhere.example/", "\x00", "é", BASE + "id/zzz"])
def test_a_beginning_that_nothing_has_gives_nothing(client: httpx.Client, starts: str) -> None:
    assert client.get("sparql/things", params={"starts": starts}).json() == []


def test_never_more_things_than_a_list_can_show(client: httpx.Client) -> None:
    assert len(client.get("sparql/things").json()) == THINGS


@pytest.fixture
def named(small: httpx.Client) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=small.base_url, limits=NO_KEEP_ALIVE) as session:
        yield session


def test_iris_are_named_in_their_order_and_linked_where_that_is_safe(named: httpx.Client) -> None:
    iris = [f"{BASE}id/actor/talleyrand", "javascript:alert(1)", "http://example.com/x", "no iri"]
    answer = named.post("sparql/names", json=iris)
    assert answer.json() == [
        {"label": "Talleyrand", "href": f"{named.base_url}id/actor/talleyrand"},
        {"label": "javascript:alert(1)"},
        {"label": "example.com/x", "href": "http://example.com/x"},
        {"label": "no iri"},
    ]


def test_characters_that_no_iri_has_do_no_harm(named: httpx.Client) -> None:
    answer = named.post("sparql/names", content=b'["\\ud800", "http://e/\\ud800", "\\u0000", ""]')
    assert answer.status_code == 200
    assert [set(each) for each in answer.json()] == [{"label"}] * 4


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{}", b"7", b"[7]", b"\xff", b"[" * 100_000],
    ids=lambda b: b[:6].decode("latin-1"),
)
def test_a_body_that_is_no_list_of_iris_is_refused(named: httpx.Client, body: bytes) -> None:
    answer = named.post("sparql/names", content=body)
    assert answer.status_code == 400
    assert answer.json()["remedy"]


def test_too_many_iris_are_refused(named: httpx.Client) -> None:
    answer = named.post("sparql/names", json=["http://e/"] * (NAMES + 1))
    assert answer.status_code == 400
    assert named.post("sparql/names", json=["http://e/"] * NAMES).status_code == 200


def test_names_are_asked_for_by_post_alone(named: httpx.Client) -> None:
    answer = named.get("sparql/names")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
