"""Programs and libraries of other people read what we publish, over HTTP, without special care."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import warnings
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.conftest import Server
from tests.waiting import PATIENCE

BASE = "https://w3id.org/triplomacy/"
EAS = f"{BASE}ontology#"
SPEAKERS = f"""
PREFIX eas: <{EAS}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name WHERE {{
  ?statement eas:quote ?quote ; eas:speaker/rdfs:label ?name .
}} ORDER BY ?name
"""
QUOTED = ["Donald Trump", "Pete Hegseth", "Volodymyr Zelensky"]
RAPPER_FORMATS = {
    "ttl": "turtle",
    "nt": "ntriples",
    "nq": "nquads",
    "trig": "trig",
    "rdf": "rdfxml",
}


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skip where a program from outside pip is missing."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program} ({package})")


def run(*command: str, timeout: float = 5 * PATIENCE) -> str:
    """What a program prints; fails with what it complains about."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs("rapper", "Debian: raptor2-utils")
@pytest.mark.parametrize("suffix", RAPPER_FORMATS)
def test_rapper_fetches_and_parses_each_format(suffix: str, server: Server) -> None:
    url = f"{server.url}doc/event/trump-putin-call.{suffix}"
    output = run("rapper", "-q", "-i", RAPPER_FORMATS[suffix], "-o", "ntriples", url)
    call = f"<{BASE}id/event/trump-putin-call>"
    assert any(line.startswith(call) for line in output.splitlines())
    expected = httpx.get(f"{server.url}doc/event/trump-putin-call.nt").text
    assert len(set(output.splitlines())) == len(expected.splitlines())


@needs("rapper", "Debian: raptor2-utils")
def test_rapper_follows_the_303_of_a_thing_and_guesses_the_format(server: Server) -> None:
    output = run("rapper", "-q", "-g", "-o", "ntriples", f"{server.url}id/actor/boris-pistorius")
    assert f"<{BASE}id/actor/boris-pistorius>" in output


@needs("roqet", "Debian: rasqal-utils")
def test_roqet_queries_the_endpoint(server: Server, tmp_path: Path) -> None:
    query = tmp_path / "speakers.rq"
    query.write_text(SPEAKERS)
    output = run("roqet", "-q", "-p", f"{server.url}sparql", "-r", "csv", str(query))
    assert output.splitlines()[1:] == QUOTED


def test_rdflibs_sparqlstore_queries_the_endpoint(server: Server) -> None:
    graph = Graph(SPARQLStore(f"{server.url}sparql"))
    assert [str(row[0]) for row in graph.query(SPEAKERS)] == QUOTED  # type: ignore[index]
    call = URIRef(f"{BASE}id/event/trump-putin-call")
    assert (call, URIRef(f"{EAS}realization"), None) in graph


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_reads_each_result_format(format: str, method: str, server: Server) -> None:
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(f"{server.url}sparql")
    client.setMethod(method)
    client.setReturnFormat(format)
    client.setQuery(SPEAKERS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = client.query().convert()
    if format == "json":
        names = [row["name"]["value"] for row in answer["results"]["bindings"]]
    elif format == "xml":
        names = [e.firstChild.data for e in answer.getElementsByTagName("literal")]
    else:
        lines = answer.decode().splitlines()[1:]
        names = [line.removesuffix("@en").strip('"') for line in lines]
    assert names == QUOTED


@pytest.mark.parametrize("format", ["turtle", "xml", "json-ld"])
def test_sparqlwrapper_reads_a_constructed_graph(format: str, server: Server) -> None:
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(f"{server.url}sparql")
    client.setReturnFormat(format)
    client.setQuery(
        f"CONSTRUCT WHERE {{ <{BASE}id/statement/hegseth-options> <{EAS}speaker> ?speaker }}"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = client.query().convert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format=format)
    assert [str(o) for o in graph.objects()] == [f"{BASE}id/actor/pete-hegseth"]


@pytest.mark.parametrize("format", [None, "turtle", "xml", "json-ld", "nt"])
def test_rdflib_dereferences_a_thing_by_its_address(format: str | None, server: Server) -> None:
    """rdflib asks with the `Accept` of the format that it is told to expect, or with its own."""
    graph = Graph().parse(f"{server.url}id/statement/hegseth-options", format=format)
    speaker = graph.value(URIRef(f"{BASE}id/statement/hegseth-options"), URIRef(f"{EAS}speaker"))
    assert str(speaker) == f"{BASE}id/actor/pete-hegseth"


def comunica(*arguments: str) -> list[list[str]]:
    """The rows that comunica finds, as text; without any network but this machine's."""
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        ["comunica-sparql", *arguments, "-t", "text/csv"],
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return list(csv.reader(done.stdout.splitlines()))[1:]


@needs("comunica-sparql", "npm: @comunica/query-sparql")
def test_comunica_queries_the_endpoint(server: Server) -> None:
    rows = comunica(f"sparql@{server.url}sparql", SPEAKERS)
    assert [row[0] for row in rows] == QUOTED


@needs("comunica-sparql", "npm: @comunica/query-sparql")
def test_comunica_finds_the_endpoint_by_its_service_description(server: Server) -> None:
    rows = comunica(f"{server.url}sparql", SPEAKERS)
    assert [row[0] for row in rows] == QUOTED


@needs("comunica-sparql", "npm: @comunica/query-sparql")
def test_comunica_joins_dereferenced_documents(server: Server) -> None:
    query = f"""
    PREFIX eas: <{EAS}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT DISTINCT ?name ?office WHERE {{
      <{BASE}id/statement/pistorius-criticism> eas:speaker ?who .
      ?who rdfs:label ?name .
      ?holding eas:actor ?who ; eas:office/rdfs:label ?office .
    }}"""
    rows = comunica(
        f"{server.url}id/statement/pistorius-criticism",
        f"{server.url}id/holding/boris-pistorius--german-defense-minister",
        query,
    )
    assert rows == [["Boris Pistorius", "German Defense Minister"]]
