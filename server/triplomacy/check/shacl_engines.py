"""Two SHACL engines behind one function; fixtures prove that they agree.

`fast` is the Rust engine from the package `shacl`, which `build` and `serve` wait for. `pyshacl` is
the reference, and some hundred times slower on rules in SPARQL.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass

import shacl
from pyoxigraph import BlankNode, Quad, RdfFormat, serialize

from triplomacy.check.engine_names import EngineName
from triplomacy.check.owners import Owners
from triplomacy.engine.protocol import union
from triplomacy.errors import SiteError
from triplomacy.iris import local_name
from triplomacy.namespaces import SH

_BLANK_NODES = re.compile(r"^(?:(_:\S+)|<\S*>) <\S*> (_:\S+)?", re.MULTILINE)
_ENGINES_BLANK_NODE = re.compile(r"_:\d+_b(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """A validation result (SHACL §3.6).

    Attributes:
        severity: `Violation`, `Warning` or `Info`.
        shape: the IRI of the shape that was broken: the property shape where there is one.
        focus: the IRI of the focus node.
        value: the offending value's text; empty for a blank node, and where there is none.
        message: the shape's message, in English where there are several, or which rule it breaks.

    A shape or focus without an IRI is named by the nearest node that has one and leads to it, or by
    nothing: labels of blank nodes mean nothing to people, and differ each time.
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
    facts, shapes = list(facts), list(shapes)
    data = _n_triples(facts)
    rules = _n_triples(shapes)
    found, report = _fast(data, rules) if engine == "fast" else _pyshacl(data, rules)
    owned_shapes, owned_facts = Owners(shapes), Owners(facts)
    results = {
        dataclasses.replace(
            r, shape=_named(r.shape, owned_shapes), focus=_named(r.focus, owned_facts)
        )
        for r in found
    }
    return Validation(tuple(sorted(results)), report)


def _named(term: str, owners: Owners) -> str:
    """The IRI `term`, or that of the node that leads to the blank node `term`."""
    if not term.startswith("_:"):
        return term
    owner = owners.of(BlankNode(term.removeprefix("_:")))
    return owner.value if owner else ""


def _n_triples(quads: Iterable[Quad]) -> bytes:
    return serialize(union(quads), format=RdfFormat.N_TRIPLES) or b""


def _labels(*documents: bytes) -> list[str]:
    """The blank nodes of N-Triples documents in order of appearance, each with its `_:`."""
    labels: dict[str, None] = {}
    for document in documents:
        for subject, object in _BLANK_NODES.findall(document.decode()):
            labels.update(dict.fromkeys(label for label in (subject, object) if label))
    return list(labels)


def _fast(data: bytes, rules: bytes) -> tuple[list[Result], bytes]:
    try:
        compiled = shacl.Shapes.from_text(rules.decode(), format="ntriples")
        report = compiled.validate_text(data.decode(), format="ntriples")
    except ValueError as error:
        raise _broken_shapes(error) from error
    # The engine calls blank nodes `_:0_b7`: graph, and place among those of both documents.
    labels: list[str] = []

    def plain(term: str | None) -> str:
        nonlocal labels
        if term is None:
            return ""
        found = _ENGINES_BLANK_NODE.fullmatch(term)
        if found is None:
            return term.removeprefix("<").removesuffix(">")
        labels = labels or _labels(rules, data)
        place = int(found[1])
        return labels[place] if place < len(labels) else "_:unknown"

    results = [
        Result(
            r.severity,
            plain(r.source_shape),
            plain(r.focus_node),
            "" if (r.value or "").startswith("_:") else r.value_plain or "",
            r.message or _fallback(r.component_iri),
        )
        for r in report.results
    ]
    return results, report.turtle.encode()


def _pyshacl(data: bytes, rules: bytes) -> tuple[list[Result], bytes]:
    # Imported here: rdflib and pySHACL take half a second that no other command should wait for.
    import pyshacl
    from rdflib import BNode, Graph, Literal, URIRef
    from rdflib.term import Node

    def graph(document: bytes) -> Graph:
        same = {label[2:]: label[2:] for label in _labels(document)}  # or rdflib invents others
        return Graph().parse(data=document, format="nt", bnode_context=same)

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals are findings
    facts, shapes = graph(data), graph(rules)
    try:
        _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inference="none", advanced=False)
    except (pyshacl.errors.ReportableRuntimeError, re.error) as error:
        raise _broken_shapes(error) from error
    if not isinstance(report, Graph):
        raise _broken_shapes(report)

    def one(node: Node, name: str) -> Node | None:
        return report.value(node, URIRef(SH + name))

    def term(node: Node, name: str) -> str:
        found = one(node, name)
        return f"_:{found}" if isinstance(found, BNode) else str(found or "")

    def text(node: Node) -> str:
        said = URIRef(f"{SH}message")
        sources = (one(node, "sourceShape"), one(node, "sourceConstraint"))
        if not any(s is not None and any(shapes.objects(s, said)) for s in sources):
            return _fallback(str(one(node, "sourceConstraintComponent")))  # not pySHACL's own words
        messages = report.objects(node, URIRef(f"{SH}resultMessage"))
        chosen = sorted(
            (m for m in messages if isinstance(m, Literal)),
            key=lambda m: ((m.language or "en") != "en", m.language or "", str(m)),
        )
        return str(chosen[0])

    def value(node: Node) -> str:
        found = one(node, "value")
        return "" if found is None or isinstance(found, BNode) else str(found)

    results = [
        Result(
            str(one(node, "resultSeverity")).removeprefix(SH),
            term(node, "sourceShape"),
            term(node, "focusNode"),
            value(node),
            text(node),
        )
        # Not every sh:ValidationResult: those of sh:detail explain another one (§3.6.2.7).
        for node in report.objects(None, URIRef(f"{SH}result"))
    ]
    return results, report.serialize(format="turtle").encode()


def _fallback(component: str) -> str:
    """What to say for a shape without a message, such as that this breaks sh:minCount."""
    name = local_name(component).removesuffix("ConstraintComponent")
    return f"this breaks sh:{name[:1].lower()}{name[1:]}: see the shape, and give it a sh:message"


def _broken_shapes(error: object) -> SiteError:
    return SiteError(f"shapes/: {error}", "correct the shapes; see https://www.w3.org/TR/shacl/")
