"""What the headers of an answer tell of the query: its id, what it cost, and what is left."""

from __future__ import annotations

import httpx


def test_every_answer_to_a_query_carries_its_id(small: httpx.Client) -> None:
    answers = [
        small.get("sparql", params={"query": "ASK {}"}),
        small.get("sparql", params={"query": "ASK {}"}),  # remembered
        small.get("sparql", params={"query": "ASK {"}),
        small.get("sparql", params={"query": "ASK {}"}, headers={"Accept": "text/html"}),
    ]
    ids = [answer.headers["Query-Id"] for answer in answers]
    assert all(len(id) == 16 and int(id, 16) >= 0 for id in ids)
    assert len(set(ids)) == len(ids)
    assert "Query-Id" in answers[0].headers["Access-Control-Expose-Headers"]
    assert "Query-Id" not in small.get("dataset").headers


def test_server_timing_tells_where_the_time_went(small: httpx.Client) -> None:
    text = "SELECT ?timed WHERE { ?timed ?by ?us }"
    first = small.get("sparql", params={"query": text})
    known = dict(span.split(";", 1) for span in first.headers["Server-Timing"].split(", "))
    assert known["cache"] == "desc=miss"
    assert {"queue", "evaluation", "total"} < set(known)
    spans = {k: float(v.removeprefix("dur=")) for k, v in known.items() if k != "cache"}
    assert spans["total"] >= spans["evaluation"] > 0
    again = small.get("sparql", params={"query": text}).headers["Server-Timing"]
    assert again.startswith("cache;desc=hit, total;dur=")
    assert "Server-Timing" in first.headers["Access-Control-Expose-Headers"]
    assert first.headers["Timing-Allow-Origin"] == "*"
    assert "Server-Timing" in small.get("sparql", params={"query": "ASK {"}).headers
