"""The W3C's tests of query evaluation, asked of any engine.

    python -m bench.differential.w3c FOLDER oxigraph sparq=/other/venv/bin/python maplib

`FOLDER` holds the suite as the W3C publishes it, with `manifest-sparql11-query.ttl`
(https://github.com/w3c/rdf-tests, sparql/sparql11). Prints how many tests each engine passes, and
each that it fails, and how: by an error, or silently, by another answer.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pyoxigraph as ox

from bench.differential.answers import difference
from bench.differential.engines import Engine, Outcome
from bench.differential.worker import Oxigraph

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Test:
    """One test.

    Attributes:
        name: its group and name.
        data: the dataset, as N-Quads.
        query: with its base.
        expected: the answer.
        ordered: whether its order counts.
    """

    name: str
    data: str
    query: str
    expected: Outcome
    ordered: bool


def main() -> None:
    """Run all tests on all engines."""
    parser = argparse.ArgumentParser(
        "bench.differential.w3c", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("engines", nargs="+", metavar="engine", help="NAME or NAME=PYTHON")
    given = parser.parse_args()
    tests = list(read_tests(given.folder / "manifest-sparql11-query.ttl"))
    for spec in given.engines:
        engine = Engine(spec)
        kinds: Counter[str] = Counter()
        for test in tests:
            outcome = engine.ask(test.data, test.query)
            kind = difference(test.expected, outcome, test.ordered)
            if kind == "spelling":
                kind = None  # the same values
            kinds[kind or "passed"] += 1
            if kind is not None:
                print(f"  {engine.name}: {test.name}: {kind} {outcome.error[:100]}")
        engine.close()
        passed = kinds.pop("passed", 0)
        how = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
        print(
            f"{engine.name}: {passed} of {len(tests)} passed{': ' if how else ''}{how}", flush=True
        )


def read_tests(manifest: Path) -> Iterator[Test]:
    """The tests of a manifest and of those that it includes, in their order."""
    store = _load(manifest)
    here = manifest.as_uri()
    for include in _list(store, _one(store, ox.NamedNode(here), f"{_MF}include")):
        yield from read_tests(_path(include))
    for entry in _list(store, _one(store, ox.NamedNode(here), f"{_MF}entries")):
        kind = _one(store, entry, f"{_RDF}type")
        if kind is not None and kind.value == f"{_MF}QueryEvaluationTest":
            yield _test(store, entry, manifest)


def _test(store: ox.Store, entry: Any, manifest: Path) -> Test:
    action = _one(store, entry, f"{_MF}action")
    query = _path(_one(store, action, f"{_QT}query"))
    data = [
        ox.Quad(*q.triple)
        for file in _all(store, action, f"{_QT}data")
        for q in _parse(_path(file))
    ]
    data += [
        ox.Quad(q.subject, q.predicate, q.object, file)
        for file in _all(store, action, f"{_QT}graphData")
        for q in _parse(_path(file))
    ]
    name = _one(store, entry, f"{_MF}name")
    text = query.read_text(encoding="utf-8")
    expected = _expected(_path(_one(store, entry, f"{_MF}result")))
    return Test(
        f"{manifest.parent.name}: {name.value if name else entry.value}",
        (ox.serialize(data, format=ox.RdfFormat.N_QUADS) or b"").decode(),
        f"BASE <{query.as_uri()}>\n{text}",
        expected,
        "order by" in text.lower(),
    )


def _expected(path: Path) -> Outcome:
    if path.suffix in _RESULTS:
        found = ox.parse_query_results(path.read_bytes(), format=_RESULTS[path.suffix])
        if isinstance(found, ox.QueryBoolean):
            return Outcome({"boolean": bool(found)})
        rows = [[_term(t) for t in row] for row in found]
        return Outcome({"vars": [v.value for v in found.variables], "rows": rows})
    store = _load(path)
    if not any(store.quads_for_pattern(None, None, ox.NamedNode(f"{_RS}ResultSet"))):
        triples = [[_term(t) for t in q.triple] for q in store]
        return Outcome({"triples": triples})
    (result,) = (
        q.subject for q in store.quads_for_pattern(None, None, ox.NamedNode(f"{_RS}ResultSet"))
    )
    names = [v.value for v in _all(store, result, f"{_RS}resultVariable")]
    rows = []
    for solution in _all(store, result, f"{_RS}solution"):
        bound = {
            _one(store, b, f"{_RS}variable").value: _term(_one(store, b, f"{_RS}value"))
            for b in _all(store, solution, f"{_RS}binding")
        }
        rows.append([bound.get(n) for n in names])
    return Outcome({"vars": names, "rows": rows})


def _term(term: Any) -> Any:
    return Oxigraph.term(term)


def _load(path: Path) -> ox.Store:
    store = ox.Store()
    store.extend(_parse(path))
    return store


def _parse(path: Path) -> Iterator[ox.Quad]:
    suffix = {".rdf": ox.RdfFormat.RDF_XML}.get(path.suffix, ox.RdfFormat.TURTLE)
    return ox.parse(path=str(path), format=suffix, base_iri=path.as_uri(), rename_blank_nodes=True)


def _path(iri: Any) -> Path:
    return Path(unquote(urlparse(iri.value).path))


def _all(store: ox.Store, subject: Any, predicate: str) -> list[Any]:
    return [q.object for q in store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]


def _one(store: ox.Store, subject: Any, predicate: str) -> Any:
    return next(iter(_all(store, subject, predicate)), None)


def _list(store: ox.Store, node: Any) -> Iterator[Any]:
    while node is not None and node.value != f"{_RDF}nil":
        yield _one(store, node, f"{_RDF}first")
        node = _one(store, node, f"{_RDF}rest")


if __name__ == "__main__":
    main()
