"""A store that does not answer takes no site down: what is remembered is shown, the rest is 503."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import stores
from tests.conftest import NO_KEEP_ALIVE, serving
from tests.waiting import until
from tests.web.small_release import make_site

TALLEYRAND = "doc/actor/talleyrand"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[stores.Store]:
    """A server of its own for the facts."""
    folder = tmp_path / "store"
    folder.mkdir()
    with stores.running("oxigraph", folder) as running:
        monkeypatch.setenv(stores.VARIABLE, running.url)
        yield running


@pytest.fixture
def client(store: stores.Store, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a site whose facts are there."""
    site = make_site(tmp_path / "site")
    with (
        serving(site, "--no-build", "--workers", "1") as running,
        httpx.Client(base_url=running.url, limits=NO_KEEP_ALIVE) as session,
    ):
        yield session


def assert_down(answer: httpx.Response, store: stores.Store) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in answer.text
    assert store.url.removeprefix("http://").partition("/")[0] not in answer.text  # whose it is


def test_the_site_stays_up_without_its_store(client: httpx.Client, store: stores.Store) -> None:
    before = client.get(TALLEYRAND, headers={"Accept": "text/turtle"})
    assert before.status_code == 200
    until(lambda: client.get("health").status_code == 200)
    store.process.kill()
    store.process.wait()
    again = client.get(TALLEYRAND, headers={"Accept": "text/turtle"})
    assert (again.status_code, again.content) == (200, before.content)  # remembered
    for path in ("health", "sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D", "doc/place/nowhere"):
        assert_down(client.get(path), store)
    page = client.get("sparql?query=ASK+%7B+%3Fs+%3Fp+1+%7D", headers={"Accept": "text/html"})
    assert_down(page, store)
    syntax = client.get("sparql?query=ASK")
    assert syntax.status_code == 400  # needs no store
    assert client.get("robots.txt").status_code == 200


def test_a_store_that_comes_back_is_used_again_and_one_that_is_empty_is_told(
    client: httpx.Client, store: stores.Store, tmp_path: Path
) -> None:
    assert client.post("sparql", data={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
    store.process.kill()
    store.process.wait()
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    assert_down(client.post("sparql", data=query), store)
    program, port = store.process.args[0], store.url.rpartition(":")[2].partition("/")[0]  # type: ignore[index]
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    again = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: "no longer holds" in client.post("sparql", data=query).text)
        answer = client.post("sparql", data=query)
        assert_down(answer, store)  # and not the number 0
        assert "no longer holds release" in answer.json()["detail"]
        assert client.get("doc/place/nowhere").status_code == 503  # and not 404
    finally:
        again.kill()
        again.wait()
