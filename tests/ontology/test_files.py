"""Every file can be read by everybody, and by everybody alike."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata

import pyoxigraph
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic


def count_with_rapper(path) -> int:
    run = subprocess.run(
        ["rapper", "-c", "-i", "turtle", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return int(re.search(r"returned (\d+) triple", run.stderr).group(1))


def isomorphic_to_oxigraph(graph: Graph, path) -> bool:
    """Both through rdflib's literals: it writes 00:00:00Z as 00:00:00+00:00."""
    triples = pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    nt = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return isomorphic(graph, Graph().parse(data=nt, format="nt"))


def test_rdflib_and_oxigraph_read_the_same_triples(turtle_file):
    assert isomorphic_to_oxigraph(Graph().parse(turtle_file), turtle_file)


@pytest.mark.skipif(shutil.which("rapper") is None, reason="needs rapper (Debian: raptor2-utils)")
def test_rapper_reads_as_many_triples_as_the_others_and_none_twice(turtle_file):
    assert count_with_rapper(turtle_file) == len(Graph().parse(turtle_file))


def test_turtle_written_by_rdflib_reads_back_to_the_same_graph(turtle_file):
    written = Graph().parse(turtle_file).serialize(format="turtle")
    assert isomorphic_to_oxigraph(Graph().parse(data=written), turtle_file)


def test_file_is_utf8_in_nfc_with_lf_and_a_final_newline(ontology_file):
    raw = ontology_file.read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf"), "byte order mark"
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_there_are_no_example_iris(ontology_file):
    assert not re.search(r"//(www\.)?example\.", ontology_file.read_text(encoding="utf-8"))
