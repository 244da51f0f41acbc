"""Loading: the graphs and their union are one dataset, whatever stands in the file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from triplomacy.engine import loading
from triplomacy.engine.loading import load
from triplomacy.engine.protocol import union

TRIG = r"""
@prefix : <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:g1 { :a :p :b , "x <http://e/y> ." , "no _:blank"@en , "line\nfeed <http://e/g2> .\n" , "" .
      :a :q 1 , 1.5 , "1815-04-01"^^xsd:date , "odd"^^:type .
      :a :r _:x . _:x :p _:y . _:y :p _:x . }
:g2 { :a :p :b . _:x :p "in two graphs" . <http://e/_:z> :p :b . }
_:g { :a :p :c }
"""


def written(folder: Path, trig: str, name: str = "facts.nq") -> tuple[Path, set[Quad]]:
    """A file of canonical N-Quads, and its quads."""
    quads = set(parse(trig, RdfFormat.TRIG))
    path = folder / name
    text = serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS) or b""
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path, quads


@pytest.mark.parametrize("name", ["facts.nq", "facts.nq.gz"])
@pytest.mark.parametrize("chunk", [1, 64, 1024 * 1024])
def test_the_store_holds_the_quads_and_their_union_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, chunk: int
) -> None:
    monkeypatch.setattr(loading, "_CHUNK", chunk)
    path, quads = written(tmp_path, TRIG, name)
    store = Store(str(tmp_path / "store"))
    load(store, path)
    # Blank nodes with their labels: a release names them by their canonical ones.
    assert set(store) == quads | {Quad(*triple) for triple in union(quads)}


def test_a_blank_node_is_the_same_thing_in_its_graph_and_in_the_union(tmp_path: Path) -> None:
    path, _ = written(tmp_path, TRIG)
    store = Store(str(tmp_path / "store"))
    load(store, path)
    assert store.query(
        "ASK { ?x <http://e/p> ?y GRAPH ?g { ?y <http://e/p> ?x } FILTER isBlank(?x) }"
    )


def test_nothing_is_loaded_from_nothing(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "")
    store = Store(str(tmp_path / "store"))
    load(store, path)
    assert len(store) == 0


def test_more_than_a_batch_is_loaded_whole(tmp_path: Path) -> None:
    lines = [f'<http://e/{n}> <http://e/p> "{n}" <http://e/g{n % 3}> .\n' for n in range(50_000)]
    path = tmp_path / "facts.nq"
    path.write_text("".join(lines))
    store = Store(str(tmp_path / "store"))
    load(store, path)
    assert len(store) == 2 * len(lines)


def test_what_is_no_n_quads_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "facts.nq"
    path.write_text("<http://e/a> <http://e/p> .\n")
    with pytest.raises(SyntaxError):
        load(Store(str(tmp_path / "store")), path)
