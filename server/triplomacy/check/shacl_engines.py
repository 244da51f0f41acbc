"""Two SHACL engines behind one function; fixtures prove that they agree.

`fast` is the Rust engine from the package `shacl`, which `build` and `serve` wait for. `pyshacl` is
the reference, and some hundred times slower on rules in SPARQL.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal as OneOf

import shacl
from pyoxigraph import Quad, RdfFormat, serialize

from triplomacy.engine.protocol import union
from triplomacy.errors import SiteError
from triplomacy.namespaces import SH

EngineName = OneOf["fast", "pyshacl"]
ENGINES: tuple[EngineName, ...] = ("fast", "pyshacl")


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """A validation result (SHACL §3.6).

    Attributes:
        severity: `Violation`, `Warning` or `Info`.
        shape: the IRI of the shape that was broken: the property shape where there is one.
        focus: the focus node: an IRI, or a blank node's label.
        value: the offending value's text, or empty.
        message: the shape's message.
    """

    severity: str
    shape: str
    focus: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """What an engine found, and its report as it wrote it.

    Attributes:
        results: sorted.
        report: the `sh:ValidationReport` in Turtle.
    """

    results: tuple[Result, ...]
    report: bytes


def validate(facts: Iterable[Quad], shapes: Iterable[Quad], engine: EngineName) -> Validation:
    """Validate the union of `facts` against the union of `shapes`.

    Raises:
        SiteError: the shapes themselves are broken.
    """
    data = _n_triples(facts)
    rules = _n_triples(shapes)
    return _fast(data, rules) if engine == "fast" else _pyshacl(data, rules)


def _n_triples(quads: Iterable[Quad]) -> bytes:
    body = serialize(union(quads), format=RdfFormat.N_TRIPLES)
    assert body is not None
    return body


def _fast(data: bytes, rules: bytes) -> Validation:
    try:
        compiled = shacl.Shapes.from_text(rules.decode(), format="ntriples")
    except ValueError as error:
        raise _broken_shapes(error) from error
    report = compiled.validate_text(data.decode(), format="ntriples")
    results = {
        Result(
            r.severity,
            _plain(r.source_shape),
            _plain(r.focus_node),
            r.value_plain or "",
            r.message or "",
        )
        for r in report.results
    }
    return Validation(tuple(sorted(results)), report.turtle.encode())


def _plain(term: str) -> str:
    """The IRI or the label of a term in N-Triples syntax."""
    return term.removeprefix("<").removesuffix(">")


def _pyshacl(data: bytes, rules: bytes) -> Validation:
    # Imported here: rdflib and pySHACL take half a second that no other command should wait for.
    import pyshacl
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals are findings
    facts = Graph().parse(data=data, format="nt")
    shapes = Graph().parse(data=rules, format="nt")
    try:
        _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inference="none", advanced=False)
    except pyshacl.errors.ShapeLoadError as error:
        raise _broken_shapes(error) from error
    if not isinstance(report, Graph):
        raise _broken_shapes(report)
    sh = SH

    def one(node: object, name: str) -> str:
        return str(report.value(node, URIRef(sh + name)) or "")

    results = {
        Result(
            one(node, "resultSeverity").removeprefix(sh),
            one(node, "sourceShape"),
            one(node, "focusNode"),
            one(node, "value"),
            one(node, "resultMessage"),
        )
        for node in report.subjects(RDF.type, URIRef(f"{sh}ValidationResult"))
    }
    return Validation(tuple(sorted(results)), report.serialize(format="turtle").encode())


def _broken_shapes(error: object) -> SiteError:
    return SiteError(f"shapes/: {error}", "correct the shapes; see https://www.w3.org/TR/shacl/")
