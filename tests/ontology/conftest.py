"""What the tests of the vocabulary share: its files, its graphs, its terms.

`data/`, `shapes/` and `queries/` are read as they are, so that a term that they use without a
declaration is found whoever wrote it.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, Graph, Namespace, URIRef

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/triplomacy/"
EAS = Namespace(f"{BASE}ontology#")

SCHEMES = [
    "event-type",
    "realization",
    "role",
    "speech-act",
    "stance",
    "reporting-mode",
    "topic",
]
FOLDERS = ["ontology", "data", "shapes", "queries"]

# An eas: name, as a prefixed name or in full. What follows it must not make it another name.
EAS_NAME = re.compile(r"(?:(?<![\w-])eas:|triplomacy/ontology#)([A-Za-z]\w*)")


def site_files(*suffixes: str, folders: list[str] = FOLDERS) -> list[Path]:
    found = (p for f in folders for s in suffixes for p in (ROOT / f).rglob(f"*{s}"))
    return sorted(found)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a file or scheme, found when the tests are collected."""
    for name, files in {
        "ontology_file": site_files(".ttl", ".jsonld", folders=["ontology"]),
        "turtle_file": site_files(".ttl"),
    }.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, files, ids=relative)
    if "scheme" in metafunc.fixturenames:
        metafunc.parametrize("scheme", SCHEMES)


@pytest.fixture(autouse=True, scope="session")
def _quiet_rdflib() -> None:
    """The inconsistent twins hold ill-typed literals on purpose; rdflib logs each."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology/eas.ttl")


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """The ontology, the schemes and the notation datatypes."""
    graph = Graph()
    for path in site_files(".ttl", folders=["ontology"]):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def data() -> Graph:
    graph = Graph()
    for path in site_files(".ttl", folders=["data"]):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def classes(ontology: Graph) -> set[URIRef]:
    return {c for c in ontology.subjects(RDF.type, OWL.Class) if c in EAS}


@pytest.fixture(scope="session")
def properties(ontology: Graph) -> set[URIRef]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return {p for kind in kinds for p in ontology.subjects(RDF.type, kind) if p in EAS}


@pytest.fixture(scope="session")
def terms(classes: set[URIRef], properties: set[URIRef]) -> set[URIRef]:
    return classes | properties


@pytest.fixture(scope="session")
def context() -> dict:
    return json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def canonical():
    """Quads with their blank nodes named by RDFC-1.0: equal sets are isomorphic datasets."""

    def quads(source, format=pyoxigraph.RdfFormat.N_QUADS) -> set[pyoxigraph.Quad]:
        if isinstance(source, Path):
            parsed = pyoxigraph.parse(path=str(source), format=format)
        else:
            parsed = pyoxigraph.parse(source, format=format)
        dataset = pyoxigraph.Dataset(parsed)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return set(dataset)

    return quads


@pytest.fixture(scope="session")
def eas_names_in_site() -> dict[str, set[str]]:
    """Every eas: name that a file of the site mentions → the files, the ontology's own apart.

    Read from the text, not from the parsed graph: SHACL keeps its SPARQL in strings.
    """
    found: dict[str, set[str]] = {}
    for path in site_files(".ttl", ".trig", ".rq"):
        if path.name == "eas.ttl":
            continue
        for name in EAS_NAME.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(relative(path))
    return found
