"""The HTTP method QUERY asks what POST asks, and says that it changes nothing."""

from __future__ import annotations

import httpx

ASK = "ASK { ?s ?p ?o }"


def test_query_with_a_query_as_its_body_is_answered(small: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = small.request("QUERY", "/sparql", content=ASK, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["boolean"] is True


def test_query_with_a_form_is_answered(small: httpx.Client) -> None:
    assert small.request("QUERY", "/sparql", data={"query": ASK}).json()["boolean"] is True


def test_options_name_it(small: httpx.Client) -> None:
    assert "QUERY" in small.options("/sparql").headers["Allow"]


def test_elsewhere_it_is_not_allowed(small: httpx.Client) -> None:
    assert small.request("QUERY", "/health", content=ASK).status_code == 405
