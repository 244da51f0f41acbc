"""Pages that are made for people alone say so; they are never given for something else."""

from __future__ import annotations

import httpx
import pytest

LISTS = ("/events", "/actors", "/statements", "/stances", "/offices", "/sources", "/vocab")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_in_rdf_is_406_and_in_anything_html(path: str, client: httpx.Client) -> None:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 406
    assert "text/html" in answer.json()["detail"]
    for accept in ("text/html", "*/*", "text/*;q=0.5, image/png"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/n-triples"])
def test_who_wants_the_home_page_in_rdf_is_led_to_the_dataset(
    accept: str, client: httpx.Client
) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert answer.status_code == 303
    described = client.get(answer.headers["Location"], headers={"Accept": accept})
    assert described.headers["Content-Type"].startswith(accept)


@pytest.mark.parametrize("accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_everybody_else_gets_the_home_page(accept: str, client: httpx.Client) -> None:
    answer = client.get("/", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_an_image_of_the_home_page_there_is_not(client: httpx.Client) -> None:
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406
