"""The two SHACL engines behind one function each, and the graphs that the tests share.

An engine takes RDF and returns what it found: {(shape, focus node, severity): [messages]}. Shapes
are written without their namespace, nodes below the base without the base, blank nodes as `_:`.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pyshacl
import pyshacl.shape
import pytest
import rdflib.plugins.sparql.processor as sparql_processor
import shacl
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from rdflib import RDF, SH, XSD, Graph, Literal, Namespace
from rdflib.term import Node

REPOSITORY = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/triplomacy/"
EAS = Namespace(BASE + "ontology#")
SCHEMA = Namespace("https://schema.org/")

Finding = tuple[str, str, str]
Findings = dict[Finding, list[str]]
Engine = Callable[[Graph], Findings]


def _short(n3: str) -> str:
    if n3.startswith("_:"):
        return "_:"
    iri = n3.removeprefix("<").removesuffix(">")
    return iri.removeprefix(BASE + "shapes#").removeprefix(BASE)


@pytest.fixture(scope="session", autouse=True)
def _quiet_about_ill_typed_literals() -> None:
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # "2031-02-30" is meant to be wrong


@pytest.fixture(scope="session")
def shape_files() -> list[Path]:
    return sorted((REPOSITORY / "shapes").glob("*.ttl"))


@pytest.fixture(scope="session")
def shapes(shape_files: list[Path]) -> Graph:
    graph = Graph()
    for file in shape_files:
        graph.parse(file)
    return graph


@pytest.fixture(scope="session")
def fast(shapes: Graph) -> Engine:
    """The `shacl` package, which `build` and `serve` wait for."""
    compiled = shacl.Shapes.from_text(shapes.serialize(format="nt"), format="ntriples")

    def validate(data: Graph) -> Findings:
        found: Findings = {}
        report = compiled.validate_text(data.serialize(format="nt"), format="ntriples")
        for result in report.results:
            key = (_short(result.root_shape), _short(result.focus_node), result.severity)
            found.setdefault(key, []).extend(result.messages)
        return found

    return validate


@pytest.fixture(scope="session")
def _less_to_do_again() -> Iterator[None]:
    """Saves pySHACL most of its time, without a change to what it finds.

    It parses the SPARQL of a rule again for every focus node, and looks for the parameters of
    constraints in a list.
    """
    parse, translate = sparql_processor.parseQuery, sparql_processor.translateQuery
    known: dict[str, object] = {}

    def translate_once(text: str, base: str | None = None, prefixes: object = None) -> object:
        if text not in known:
            known[text] = translate(parse(text), base, prefixes)
        return known[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparql_processor, "parseQuery", lambda text: text)
        patch.setattr(sparql_processor, "translateQuery", translate_once)
        parameters = (frozenset(ALL_CONSTRAINT_PARAMETERS), CONSTRAINT_PARAMETERS_MAP)
        patch.setattr(pyshacl.shape, "CONSTRAINT_PARAMS", parameters, raising=False)
        yield


@contextlib.contextmanager
def _only(nodes: Set[Node]) -> Iterator[None]:
    """Of the nodes that a shape has for targets, pySHACL looks at these."""
    targets = pyshacl.shape.Shape.focus_nodes

    def chosen(shape: pyshacl.shape.Shape, data: object, debug: bool = False) -> Set[Node]:
        return targets(shape, data, debug) & nodes

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyshacl.shape.Shape, "focus_nodes", chosen)
        yield


def _near(added: Graph, data: Graph) -> set[Node]:
    """What some triples speak of, and what that has to do with."""
    said = {term for s, _, o in added for term in (s, o) if not isinstance(term, Literal)}
    before = {s for term in said for s in data.subjects(None, term)}
    return said | before | {o for term in said for o in data.objects(term)}


@pytest.fixture(scope="session")
def reference(shapes: Graph, _less_to_do_again: None) -> Engine:
    """pySHACL, the reference."""

    def validate(data: Graph) -> Findings:
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            advanced=False,
            inference="none",
            meta_shacl=False,
            inplace=True,
        )
        found: Findings = {}
        for result in report.objects(None, SH.result):  # not what is told inside them (sh:detail)
            shape, focus, severity = (
                report.value(result, p) for p in (SH.sourceShape, SH.focusNode, SH.resultSeverity)
            )
            key = (_short(shape.n3()), _short(focus.n3()), severity.removeprefix(str(SH)))
            found.setdefault(key, []).extend(map(str, report.objects(result, SH.resultMessage)))
        return found

    return validate


@pytest.fixture(scope="session")
def engines(fast: Engine, reference: Engine, world: Graph) -> dict[str, Engine]:
    """Both, for the world and what is added to it.

    pySHACL takes a second for the world, which it finds valid; with an addition it judges what is
    near to that. The fast engine judges all.
    """

    def near(data: Graph) -> Findings:
        added = data - world
        with _only(_near(added, data)) if added else contextlib.nullcontext():
            return reference(data)

    return {"fast": fast, "reference": near}


@pytest.fixture(scope="session")
def world() -> Graph:
    return Graph().parse(Path(__file__).with_name("world.ttl"))


@pytest.fixture(scope="session")
def ontology() -> Graph:
    graph = Graph()
    for file in (REPOSITORY / "ontology").glob("*.ttl"):
        graph.parse(file)
    return graph


@pytest.fixture(scope="session")
def site(ontology: Graph) -> Graph:
    """The ontology and the data of this repository, with the texts that the reader adds."""
    graph = Graph()
    graph += ontology
    for file in (REPOSITORY / "data").rglob("*.ttl"):
        graph.parse(file)
    for source in list(graph.subjects(RDF.type, EAS.Source)):
        slug = str(source).rpartition("/")[2]
        text = (REPOSITORY / "data" / "sources" / f"{slug}.txt").read_bytes()
        digest = hashlib.sha256(text).hexdigest()
        graph.set((source, SCHEMA.text, Literal(text.decode("utf-8"))))
        graph.set((source, EAS.textSha256, Literal(digest, datatype=XSD.hexBinary)))
    return graph


@pytest.fixture(scope="session")
def reporting_shapes(shapes: Graph) -> set[str]:
    """The shapes that results can name: what targets lead to, except groups of others."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targeted = {shape for target in targets for shape in shapes.subjects(target)}
    says_nothing = {
        RDF.type,
        SH.name,
        SH.description,
        SH.message,
        SH.severity,
        SH.property,
        SH.path,
        *targets,
    }
    reached = targeted | {p for shape in targeted for p in shapes.objects(shape, SH.property)}
    return {_short(shape.n3()) for shape in reached if set(shapes.predicates(shape)) - says_nothing}
