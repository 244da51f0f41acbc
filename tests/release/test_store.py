"""A release on a server: loaded whole or not at all, in graphs of its own, removed in the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from tests import stores
from tests.conftest import triplomacy
from tests.small import FACTS, small_site, write_site
from triplomacy.engine.protocol import Query
from triplomacy.engine.remote.dialects import DIALECTS
from triplomacy.engine.remote.http import Client, credentials_of_environment
from triplomacy.engine.remote.place import read_place
from triplomacy.errors import ReleaseError, StoreError
from triplomacy.release.build import Built, build
from triplomacy.release.folder import Releases
from triplomacy.release.store import is_held, open_engine
from triplomacy.site import Site
from triplomacy.web.negotiation import Accept

EVERYTHING = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
TYPED = (
    FACTS
    + """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
event:call v:open true , false ; v:long "hello"@pt-BR ; v:size 1 , 1.5 , 2.5e0 , "7"^^xsd:int ;
    v:when "2025-02-12T18:00:00Z"^^xsd:dateTime , "2025-02"^^xsd:gYearMonth ;
    v:part [ v:label "inside" ; v:part [ v:open true ] ] ; v:text "a\\tb\\n\\"c\\" é 漢 😀 \\\\" .
"""
)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stores.Store]:
    """A server of each kind."""
    folder = tmp_path_factory.mktemp(request.param)
    with stores.running(request.param, folder) as store:
        yield store


def site_on(server: stores.Store, folder: Path, facts: str = TYPED) -> Site:
    site = small_site(folder, {"data/facts.ttl": facts})
    return replace(site, settings=replace(site.settings, store=server.url))


def graphs_of(server: stores.Store, prefix: str = "https://example.org/s/") -> set[str]:
    """The graphs that begin so on the server itself."""
    # With DISTINCT in the place of GROUP BY it takes Virtuoso seconds.
    query = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    headers = {"Accept": "application/sparql-results+json"}
    found = httpx.get(server.url, params={"query": query}, headers=headers).json()
    names = {row["g"]["value"] for row in found["results"]["bindings"]}
    return {name for name in names if name.startswith(prefix)}


def prefix_of(built: Built) -> str:
    return read_place(built.release.place).prefix


def all_quads(site: Site) -> set[Quad]:
    return set(open_engine(Releases(site.releases).existing()).quads())


def test_a_release_on_a_server_is_the_same_as_one_in_a_folder(
    server: stores.Store, tmp_path: Path
) -> None:
    here = small_site(tmp_path / "here", {"data/facts.ttl": TYPED})
    there = site_on(server, tmp_path / "there")
    embedded, remote = build(here).release, build(there).release
    assert all_quads(there) == all_quads(here)
    assert len(all_quads(here)) > 20
    assert remote.manifest.facts == embedded.manifest.facts
    numbers = r"void:(\w+) (\d+) "
    described = [re.findall(numbers, r.description.read_text()) for r in (embedded, remote)]
    assert described[0] == described[1] != []
    assert not remote.store.exists()


def test_the_site_does_not_see_what_others_keep_there_and_leaves_it_alone(
    server: stores.Store, tmp_path: Path
) -> None:
    foreign = NamedNode("https://example.org/s/graph/facts")  # our own name, even
    triple = Triple(NamedNode("urn:x:s"), NamedNode("urn:x:p"), Literal("not ours"))
    dialect = next(d for d in DIALECTS.values() if d.name in str(server.process.args))
    client = Client(credentials_of_environment())
    line = " ".join(map(str, triple)) + " .\n"
    dialect.add(client, server.url, foreign, [line])
    one, two = (site_on(server, tmp_path / name) for name in ("one", "two"))
    build(one)
    before = all_quads(one)
    built = build(two)
    assert all_quads(two) == before
    engine = open_engine(built.release)
    for query in (
        "SELECT * { ?s ?p 'not ours' }",
        "SELECT * { GRAPH ?g { ?s ?p 'not ours' } }",
        f"SELECT * {{ GRAPH {foreign} {{ ?s ?p 'not ours' }} }}",
        f"SELECT * FROM {foreign} {{ ?s ?p 'not ours' }}",
        f"SELECT * FROM NAMED {foreign} {{ GRAPH ?g {{ ?s ?p 'not ours' }} }}",
    ):
        assert b"not ours" not in engine.answer(Query(query), Accept("text/csv")).body
    build(two, force=True)
    assert all_quads(one) == before
    assert foreign.value in graphs_of(server)
    dialect.drop(client, server.url, foreign)


def test_an_old_release_stays_until_its_folder_is_gone(
    server: stores.Store, tmp_path: Path
) -> None:
    site = site_on(server, tmp_path / "site")
    old = build(site)
    reader = open_engine(old.release)
    new = build(site, force=True)
    assert new.release.version != old.release.version
    assert len(reader.select(EVERYTHING)) == 1  # who began with the old one can finish with it
    old_prefix = prefix_of(old)
    assert graphs_of(server, old_prefix)
    for path in sorted(old.release.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    old.release.folder.rmdir()
    newest = build(site, force=True)
    assert not graphs_of(server, old_prefix)
    assert graphs_of(server, prefix_of(new))
    assert graphs_of(server, prefix_of(newest))
    with pytest.raises(StoreError, match="no longer holds"):
        reader.select("SELECT ?s WHERE { ?s ?p ?o }")


def test_nothing_is_loaded_again_when_nothing_changed(server: stores.Store, tmp_path: Path) -> None:
    site = site_on(server, tmp_path / "site")
    first = build(site)
    before = graphs_of(server, prefix_of(first))
    again = build(site)
    assert not again.fresh
    assert graphs_of(server) >= before


def test_a_release_that_the_server_lost_is_loaded_again(
    server: stores.Store, tmp_path: Path
) -> None:
    site = site_on(server, tmp_path / "site")
    built = build(site)
    place = read_place(built.release.place)
    client = Client(credentials_of_environment())
    for graph in place.all_graphs:
        DIALECTS[place.dialect].drop(client, place.url, graph)
    assert not is_held(built.release)
    with pytest.raises(StoreError, match="no longer holds release"):
        open_engine(built.release).answer(Query("ASK { ?s ?p ?o }"), Accept(None))
    again = build(site)
    assert again.fresh
    assert is_held(again.release)


def test_a_build_that_is_killed_while_it_loads_leaves_nothing_for_long(
    server: stores.Store, tmp_path: Path
) -> None:
    many = "".join(f"event:e{n} a v:Event ; v:label 'Event {n}' .\n" for n in range(600))
    site = site_on(server, tmp_path / "site", FACTS + many)
    settings = site.folder / "triplomacy.toml"
    settings.write_text(settings.read_text() + f'store = "{server.url}"\n')
    before = graphs_of(server)
    command = [sys.executable, "-m", "triplomacy", "build", "--site", str(site.folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list((site.releases / ".stores").glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)  # some of it is there now
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    left = graphs_of(server) - before  # a server may have rolled back the little that there was
    assert len(list((site.releases / ".stores").glob("*.json"))) == 1
    assert Releases(site.releases).current_version() is None
    built = build(site)
    assert not left & graphs_of(server)
    assert graphs_of(server) - before == graphs_of(server, prefix_of(built))
    assert len(list((site.releases / ".stores").glob("*.json"))) == 1


def test_the_switch_is_one_rename_and_needs_no_server(server: stores.Store, tmp_path: Path) -> None:
    site = site_on(server, tmp_path / "site")
    first, second = build(site), build(site, force=True)
    releases = Releases(site.releases)
    releases.switch(first.release.version)
    assert is_held(first.release)
    assert is_held(second.release)


on_virtuoso = pytest.mark.parametrize("server", ["virtuoso"], indirect=True)


@on_virtuoso
def test_literals_that_the_server_spells_in_its_own_way_read_as_they_are_written(
    server: stores.Store, tmp_path: Path
) -> None:
    fine = '"1815-04-01T00:00:00.1234567Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    length = '"P1Y2M"^^<http://www.w3.org/2001/XMLSchema#duration>'
    facts = FACTS + f"event:call v:when {fine} ; v:length {length} .\n"
    built = build(site_on(server, tmp_path / "site", facts))
    assert set(built.respelt) == {fine, length}
    engine = open_engine(built.release)
    body = engine.answer(Query("SELECT ?o { ?s ?p ?o }"), Accept("text/csv")).body
    assert b"1815-04-01T00:00:00.1234567Z" in body
    assert b"P1Y2M" in body

    finer = fine.replace("67Z", "68Z")
    with pytest.raises(ReleaseError, match="makes one of") as caught:
        build(site_on(server, tmp_path / "site", facts + f"event:call v:when {finer} .\n"))
    assert "00.1234567Z" in caught.value.detail
    assert "00.1234568Z" in caught.value.detail
    assert Releases(built.release.folder.parent).existing().version == built.release.version


@on_virtuoso
def test_values_that_the_server_takes_for_one_are_told(
    server: stores.Store, tmp_path: Path
) -> None:
    facts = FACTS + "event:call v:size 1 , 1.0 .\n"
    with pytest.raises(ReleaseError, match="1 triples are missing") as caught:
        build(site_on(server, tmp_path / "site", facts))
    assert "<https://vocab.example/size>" in caught.value.detail


def test_the_store_can_be_named_on_the_command_line(tmp_path: Path) -> None:
    with stores.running("oxigraph", tmp_path) as server:
        site = write_site(tmp_path / "site")
        done = triplomacy("build", "--site", str(site), "--store", server.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert graphs_of(server)
        query = "ASK { GRAPH ?g { ?s <https://vocab.example/label> 'A call' } }"
        asked = triplomacy("query", "-", "--site", str(site), "--format", "srj", input=query)
        assert '"boolean":true' in asked.stdout
    wrong = triplomacy("build", "--site", str(site), "--store", "http://ann:pw@127.0.0.1/sparql")
    assert wrong.returncode == 2
    assert "without a user" in wrong.stderr


def test_a_server_that_is_not_there_is_told_before_anything_is_written(tmp_path: Path) -> None:
    site = small_site(tmp_path / "site")
    nowhere = replace(site, settings=replace(site.settings, store="http://127.0.0.1:9/sparql"))
    with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9/sparql cannot be read") as caught:
        build(nowhere)
    assert caught.value.exit_code == 3
    assert Releases(site.releases).current_version() is None
    assert not list(site.releases.glob(".building-*"))


def test_a_running_site_starts_though_its_store_does_not_answer(tmp_path: Path) -> None:
    with stores.running("oxigraph", tmp_path) as server:
        site = site_on(server, tmp_path / "site")
        built = build(site)
    assert build(site).release.version == built.release.version


def test_the_password_is_in_no_file_of_a_release(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with stores.running("virtuoso", tmp_path_factory.mktemp("virtuoso")) as server:
        built = build(site_on(server, tmp_path / "site"))
        client = Client(credentials_of_environment())
        assert "dba" not in repr(client._credentials).partition("user='dba'")[2]
    word = re.compile(rb"(?<![0-9a-f])dba(?![0-9a-f])")  # in a checksum it may well stand
    for path in built.release.folder.parent.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert not word.search(path.read_bytes()), path


def test_without_credentials_a_server_that_wants_them_says_which_variables(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stores.running("virtuoso", tmp_path_factory.mktemp("virtuoso")) as server:
        for user, password in ((None, None), ("dba", "wrong")):
            if user is None:
                monkeypatch.delenv("TRIPLOMACY_STORE_USER")
            else:
                monkeypatch.setenv("TRIPLOMACY_STORE_USER", user)
                monkeypatch.setenv("TRIPLOMACY_STORE_PASSWORD", str(password))
            with pytest.raises(StoreError, match="answers 401") as caught:
                build(site_on(server, tmp_path / "site"))
            assert "TRIPLOMACY_STORE_USER" in caught.value.remedy
            assert "wrong" not in caught.value.detail
