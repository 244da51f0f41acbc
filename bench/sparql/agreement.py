"""Whether engines give the same answer: compared before anything is timed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from pyoxigraph import Literal, RdfFormat, parse

from bench.sparql.queries import RESULTS, Kind

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NUMBERS = ("integer", "int", "long", "decimal", "double", "float")


def same(kind: Kind, first: bytes, second: bytes) -> bool:
    """Whether two answers to one query of this kind are the same.

    DESCRIBE is each engine's own affair (SPARQL 1.1 Query §16.4): the first must be within the
    second.
    """
    if kind.accept == RESULTS:
        one, other = _rows(first), _rows(second)
        return one == other if kind.ordered else Counter(one) == Counter(other)
    triples, more = _triples(first), _triples(second)
    return triples <= more if kind.name == "describe" else triples == more


def is_empty(kind: Kind, answer: bytes) -> bool:
    """Whether there is nothing in an answer, so that agreeing on it says little."""
    return not (_rows(answer) if kind.accept == RESULTS else _triples(answer))


def _rows(answer: bytes) -> list[tuple[tuple[str, str], ...]]:
    bindings: list[dict[str, Any]] = json.loads(answer)["results"]["bindings"]
    return [tuple(sorted((v, _term(t)) for v, t in row.items())) for row in bindings]


def _term(term: dict[str, str]) -> str:
    """A term in one spelling: Virtuoso writes `typed-literal`, and its own kinds of numbers."""
    value, datatype = term["value"], term.get("datatype", _STRING)
    if term["type"] == "uri":
        return f"<{value}>"
    if datatype.rpartition("#")[2] in _NUMBERS:
        return f"number {float(value):g}"
    return (
        f"{value!r}@{term['xml:lang'].lower()}" if "xml:lang" in term else f"{value!r} {datatype}"
    )


def _triples(answer: bytes) -> set[str]:
    found = set()
    # rdflib-endpoint writes DESCRIBE as RDF/XML, whatever it is asked for.
    is_xml = answer.startswith(b"<?xml")
    format = RdfFormat.RDF_XML if is_xml else RdfFormat.N_TRIPLES
    for quad in parse(input=answer, format=format):
        term = quad.object
        if isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in _NUMBERS:
            found.add(f"{quad.subject} {quad.predicate} {float(term.value):g}")
        else:
            found.add(str(quad.triple))
    return found
