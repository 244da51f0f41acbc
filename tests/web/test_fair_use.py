"""A client has its share of the endpoint, is told what is left of it, and cannot take more."""

from __future__ import annotations

import concurrent.futures
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Server, serving
from tests.test_operating import ENDLESS, site_with_many
from tests.web.sending import of_one_that_ran

SETTINGS = (
    'trusted_proxies = ["127.0.0.1"]\n[limits]\nseconds = 120\nclient_seconds = 2\nprocesses = 2\n'
)


@pytest.fixture(scope="module")
def fair_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two workers behind a trusted proxy, which is us."""
    site = site_with_many(tmp_path_factory.mktemp("fair"))
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write(SETTINGS)
    with serving(site, "--no-build", "--workers", "2") as running:
        yield running


TOO_LONG = {"query": ENDLESS, "timeout": "3"}
"""A query that takes more than the budget of a minute."""


def ask(server: Server, client: str, query: dict[str, str] | None = None) -> httpx.Response:
    """A query of `client`, by default an easy one, on a new connection: any worker may get it."""
    headers = {"X-Forwarded-For": client} if client else {}
    form = query or {"query": "SELECT (RAND() AS ?x) {}"}
    url = f"{server.url}sparql"
    return of_one_that_ran(lambda: httpx.post(url, data=form, headers=headers))


def test_every_answer_tells_the_budget_and_what_is_left(fair_server: Server) -> None:
    answer = ask(fair_server, "192.0.2.1")
    assert answer.headers["RateLimit-Policy"] == '"processing-seconds";q=2;w=60'
    assert re.fullmatch(r'"processing-seconds";r=[01];t=\d+', answer.headers["RateLimit"])
    assert "RateLimit-Policy" in answer.headers["Access-Control-Expose-Headers"]


def test_a_client_over_its_budget_is_429_in_every_worker_and_others_are_served(
    fair_server: Server,
) -> None:
    assert ask(fair_server, "192.0.2.2", TOO_LONG).status_code == 503  # killed, and counted
    for _ in range(10):
        answer = ask(fair_server, "192.0.2.2")
        assert answer.status_code == 429
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "2 seconds of processing a minute" in answer.json()["detail"]
        assert 1 <= int(answer.headers["Retry-After"]) <= 600
        assert answer.headers["RateLimit"].startswith('"processing-seconds";r=0;t=')
    assert ask(fair_server, "192.0.2.3").status_code == 200


def test_a_remembered_answer_costs_nothing(fair_server: Server) -> None:
    text = "ASK { ?any ?thing ?here }"
    url = f"{fair_server.url}sparql"
    with httpx.Client(headers={"X-Forwarded-For": "192.0.2.4"}) as same:
        assert same.post(url, data={"query": text}).status_code == 200
        assert of_one_that_ran(lambda: same.post(url, data=TOO_LONG)).status_code == 503
        assert same.post(url, data={"query": text + " "}).status_code == 429
        assert same.post(url, data={"query": text}).status_code == 200


def test_many_queries_at_once_get_no_more_than_one_after_another(fair_server: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(ask, fair_server, "192.0.2.5", TOO_LONG) for _ in range(12)]
        answers = [a.result() for a in asked]
    # Two run; when the others' turn comes, there is nothing left, or they have waited enough.
    assert sum("took longer" in a.json()["detail"] for a in answers) <= 4
    assert ask(fair_server, "192.0.2.5").status_code == 429


def test_without_a_proxy_this_machine_has_no_budget(fair_server: Server) -> None:
    assert ask(fair_server, "", TOO_LONG).status_code == 503
    answer = ask(fair_server, "")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_links_lead_to_the_address_that_the_proxy_was_asked_for(fair_server: Server) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example.org"}
    text = httpx.get(f"{fair_server.url}robots.txt", headers=headers).text
    assert "Sitemap: https://data.example.org/sitemap.xml" in text
    assert "Each address has 2 seconds of processing a minute" in text


def test_who_is_not_trusted_is_not_believed(small: httpx.Client) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example"}
    assert "evil" not in small.get("robots.txt", headers=headers).text
    answer = small.get("sparql", params={"query": "ASK {}"}, headers=headers)
    assert "RateLimit" not in answer.headers
