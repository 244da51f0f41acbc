"""The description of a release in VoID, DCAT and schema.org; every number is a COUNT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal as OneOf
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from triplomacy.engine.protocol import Engine, Term
from triplomacy.errors import ReleaseError
from triplomacy.formats import TURTLE
from triplomacy.iris import Base, is_iri
from triplomacy.namespaces import (
    DCAT,
    DCT,
    FOAF,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SKOS,
    SPDX,
    VOID,
    WIKIDATA,
    XSD,
    prefixes,
)
from triplomacy.release.manifest import File, Manifest
from triplomacy.writing import rdf_bytes, reading_order

DATASET_PATH = "dataset"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LINKS = (
    *(f"{OWL}sameAs", f"{SCHEMA}sameAs", f"{RDFS}seeAlso"),
    *(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")),
)
_COUNTED = {"class": "entities", "property": "triples"}  # what a partition of either counts
_RECONCILIATION = "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"
_EXAMPLES_OF = ("Event", "Statement", "Person", "Source")

COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c FILTER(isIRI(?s)) }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }",
}
CLASSES = (
    "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?term } GROUP BY ?term ORDER BY ?term"
)
PROPERTIES = "SELECT ?term (COUNT(*) AS ?n) WHERE { ?s ?term ?o } GROUP BY ?term ORDER BY ?term"
GRAPHS = (
    "SELECT ?term (COUNT(*) AS ?n) WHERE { GRAPH ?term { ?s ?p ?o } } GROUP BY ?term ORDER BY ?term"
)
# To the namespace of Wikidata's entities, or to what begins an IRI up to its path. What is not ours
# and stays where it is, as an item that another item is linked to, is no link of ours.
LINKS = f"""
SELECT ?link ?space (COUNT(*) AS ?n) WHERE {{
  VALUES ?link {{ {" ".join(f"<{link}>" for link in _LINKS)} }}
  ?s ?link ?o
  FILTER(isIRI(?s) && isIRI(?o) && CONTAINS(STR(?o), "://"))
  BIND(STRBEFORE(CONCAT(STRAFTER(STR(?o), "://"), "/"), "/") AS ?host)
  BIND(IF(STRSTARTS(STR(?o), "{WIKIDATA}"), "{WIKIDATA}",
          CONCAT(STRBEFORE(STR(?o), "://"), "://", ?host, "/")) AS ?space)
  FILTER(!STRSTARTS(STR(?o), "%(base)s"))
  FILTER(STRSTARTS(STR(?s), "%(base)s") || !STRSTARTS(STR(?s), ?space))
}} GROUP BY ?link ?space ORDER BY ?space ?link
"""
EXAMPLE = "SELECT ?class ?s WHERE { ?s a ?class FILTER(isIRI(?s)) } ORDER BY ?s LIMIT 1"


def describe_release(engine: Engine, manifest: Manifest) -> bytes:
    """The description in Turtle.

    Args:
        engine: reads the release's store.
        manifest: with the files that were written.
    """
    dataset = _iri(Base(manifest.base).under(DATASET_PATH))
    triples = sorted(set(_triples(engine, manifest)), key=lambda t: reading_order(t, dataset))
    names = prefixes(manifest.base) | {"sd": SD, "spdx": SPDX}
    return rdf_bytes(triples, TURTLE, names)


def used(description: Path, kind: OneOf["class", "property"]) -> dict[str, int]:
    """The classes that a description counts with their entities, or the properties with triples.

    Args:
        description: the file that `describe_release` gave.
        kind: which of them.

    Returns:
        The number of each, by IRI, the most used first.

    Raises:
        ReleaseError: the file cannot be read.
    """
    try:
        quads = list(parse(path=str(description), format=RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{description}: {error}", "build the release anew") from error
    count = _COUNTED[kind]
    named = {q.subject: q.object for q in quads if q.predicate.value == VOID + kind}
    numbers = {q.subject: q.object for q in quads if q.predicate.value == VOID + count}
    found = (
        (iri.value, int(number.value))
        for part, iri in named.items()
        if isinstance(iri, NamedNode) and isinstance(number := numbers.get(part), Literal)
    )
    return dict(sorted(found, key=lambda term: (-term[1], term[0])))


def _triples(engine: Engine, manifest: Manifest) -> Iterator[Triple]:
    base = Base(manifest.base)
    dataset = _iri(base.under(DATASET_PATH))
    yield from _about(dataset, manifest, base)
    yield from _counted(dataset, engine, base)
    yield from _vocabularies(dataset, engine)
    yield from _reconciliation(dataset, manifest, base)
    for file in manifest.files:
        yield from _distribution(dataset, file, manifest, base)
    yield from _linksets(dataset, engine, base)


def _about(dataset: NamedNode, manifest: Manifest, base: Base) -> Iterator[Triple]:
    """Who publishes what under which licence, in the words of three vocabularies."""
    language = manifest.languages[0]
    title, text = (Literal(t, language=language) for t in (manifest.title, manifest.description))
    licence = _iri(manifest.licence)
    # The time of the release, as a time and as a day.
    issued = Literal(manifest.created, datatype=_iri(f"{XSD}dateTime"))
    for class_ in (f"{VOID}Dataset", f"{DCAT}Dataset", f"{SCHEMA}Dataset", f"{SD}Dataset"):
        yield Triple(dataset, _iri(f"{RDF}type"), _iri(class_))
    yield from _all(dataset, (f"{DCT}title", f"{SCHEMA}name", f"{RDFS}label"), title)
    if manifest.description:
        yield from _all(dataset, (f"{DCT}description", f"{SCHEMA}description"), text)
    yield from _all(dataset, (f"{DCT}license", f"{SCHEMA}license"), licence)
    yield from _all(dataset, (f"{DCT}issued", f"{SCHEMA}datePublished"), issued)
    version = Literal(manifest.version)
    yield from _all(dataset, (f"{DCAT}version", f"{SCHEMA}version", f"{OWL}versionInfo"), version)
    identifier = Literal(dataset.value)
    yield from _all(dataset, (f"{DCT}identifier", f"{SCHEMA}identifier"), identifier)
    for tag in manifest.languages:
        yield from _all(dataset, (f"{DCT}language", f"{SCHEMA}inLanguage"), Literal(tag))
    yield Triple(dataset, _iri(f"{DCT}conformsTo"), _iri(base.under("shapes")))
    yield Triple(dataset, _iri(f"{SCHEMA}url"), dataset)
    yield Triple(dataset, _iri(f"{DCAT}landingPage"), _iri(base.iri))
    if manifest.publisher:
        publisher = _iri(base.under(f"{DATASET_PATH}#publisher"))
        yield from _all(dataset, (f"{DCT}publisher", f"{SCHEMA}publisher"), publisher)
        yield Triple(publisher, _iri(f"{RDF}type"), _iri(f"{FOAF}Agent"))
        yield Triple(publisher, _iri(f"{RDF}type"), _iri(f"{SCHEMA}Organization"))
        yield from _all(publisher, (f"{FOAF}name", f"{SCHEMA}name"), Literal(manifest.publisher))
        if manifest.publisher_url:
            home = _iri(manifest.publisher_url)
            yield from _all(publisher, (f"{FOAF}homepage", f"{SCHEMA}url"), home)


def _counted(dataset: NamedNode, engine: Engine, base: Base) -> Iterator[Triple]:
    """Statistics (VoID §4.6) and partitions (§4.5), each from a COUNT."""
    yield Triple(dataset, _iri(f"{VOID}uriSpace"), Literal(base.iri))
    yield Triple(dataset, _iri(f"{VOID}sparqlEndpoint"), _iri(base.under("sparql")))
    yield Triple(dataset, _iri(f"{DCAT}endpointURL"), _iri(base.under("sparql")))
    for name, query in COUNTS.items():
        yield Triple(dataset, _iri(VOID + name), engine.select(query)[0]["n"])
    for kind, query in (("class", CLASSES), ("property", PROPERTIES)):
        count = _COUNTED[kind]
        for row in engine.select(query):
            part = _iri(base.under(f"{DATASET_PATH}#{kind}-{_slug(row['term'].value)}"))
            yield Triple(dataset, _iri(f"{VOID}{kind}Partition"), part)
            yield Triple(part, _iri(VOID + kind), row["term"])
            yield Triple(part, _iri(VOID + count), row["n"])
    for row in engine.select(GRAPHS):
        graph = _iri(row["term"].value)
        part = _iri(base.under(f"{DATASET_PATH}#graph-{_slug(graph.value)}"))
        yield Triple(dataset, _iri(f"{SD}namedGraph"), part)
        yield Triple(part, _iri(f"{RDF}type"), _iri(f"{SD}NamedGraph"))
        yield Triple(part, _iri(f"{SD}name"), graph)
        yield Triple(part, _iri(f"{SD}graph"), graph)
        yield Triple(dataset, _iri(f"{VOID}subset"), graph)
        yield Triple(graph, _iri(f"{RDF}type"), _iri(f"{VOID}Dataset"))
        yield Triple(graph, _iri(f"{VOID}triples"), row["n"])
    for name in _EXAMPLES_OF:
        for row in engine.select(EXAMPLE, {"class": _iri(base.under(f"ontology#{name}"))}):
            yield Triple(dataset, _iri(f"{VOID}exampleResource"), row["s"])


def _reconciliation(dataset: NamedNode, manifest: Manifest, base: Base) -> Iterator[Triple]:
    """The service that links tables to the dataset (DCAT §6.8)."""
    service = _iri(base.under("reconcile"))
    title = Literal(f"{manifest.title}: reconciliation service", language="en")
    yield Triple(service, _iri(f"{RDF}type"), _iri(f"{DCAT}DataService"))
    yield Triple(service, _iri(f"{DCT}title"), title)
    yield Triple(service, _iri(f"{DCT}conformsTo"), _iri(_RECONCILIATION))
    yield Triple(service, _iri(f"{DCAT}endpointURL"), service)
    yield Triple(service, _iri(f"{DCAT}servesDataset"), dataset)


def _vocabularies(dataset: NamedNode, engine: Engine) -> Iterator[Triple]:
    """The vocabularies of which the data uses a class or a property (VoID §4.3)."""
    for query in (CLASSES, PROPERTIES):
        for row in engine.select(query):
            namespace = re.sub(r"[^/#]*$", "", row["term"].value)
            yield Triple(dataset, _iri(f"{VOID}vocabulary"), _iri(namespace))


def _distribution(
    dataset: NamedNode, file: File, manifest: Manifest, base: Base
) -> Iterator[Triple]:
    """A file to download, with size and checksum (DCAT 3 §6.8)."""
    url = _iri(base.under(f"dumps/{manifest.version}/{quote(file.name)}"))
    of_dataset = file.name.startswith(("dataset", "union"))
    if of_dataset:
        yield Triple(dataset, _iri(f"{VOID}dataDump"), url)
    yield from _all(dataset, (f"{DCAT}distribution", f"{SCHEMA}distribution"), url)
    for class_ in (f"{DCAT}Distribution", f"{SCHEMA}DataDownload"):
        yield Triple(url, _iri(f"{RDF}type"), _iri(class_))
    title = Literal(f"{file.title} ({file.name})", language="en")
    yield from _all(url, (f"{DCT}title", f"{SCHEMA}name"), title)
    yield from _all(url, (f"{DCAT}downloadURL", f"{SCHEMA}contentUrl"), url)
    yield Triple(url, _iri(f"{DCAT}accessURL"), _iri(base.under("dumps/")))
    yield Triple(url, _iri(f"{DCT}license"), _iri(manifest.licence))
    yield Triple(url, _iri(f"{DCAT}mediaType"), _iri(_MEDIA_TYPES + file.media_type))
    yield Triple(url, _iri(f"{SCHEMA}encodingFormat"), Literal(file.media_type))
    if file.compression:
        yield Triple(url, _iri(f"{DCAT}compressFormat"), _iri(_MEDIA_TYPES + file.compression))
    size = Literal(str(file.bytes), datatype=_iri(f"{XSD}nonNegativeInteger"))
    yield Triple(url, _iri(f"{DCAT}byteSize"), size)
    yield Triple(url, _iri(f"{SCHEMA}contentSize"), Literal(f"{file.bytes} B"))
    checksum = _iri(base.under(f"{DATASET_PATH}#sha256-{quote(file.name)}"))
    yield Triple(url, _iri(f"{SPDX}checksum"), checksum)
    yield Triple(checksum, _iri(f"{RDF}type"), _iri(f"{SPDX}Checksum"))
    yield Triple(checksum, _iri(f"{SPDX}algorithm"), _iri(f"{SPDX}checksumAlgorithm_sha256"))
    value = Literal(file.sha256, datatype=_iri(f"{XSD}hexBinary"))
    yield Triple(checksum, _iri(f"{SPDX}checksumValue"), value)


def _linksets(dataset: NamedNode, engine: Engine, base: Base) -> Iterator[Triple]:
    """Links to elsewhere, one linkset a predicate and a target (VoID §5)."""
    for row in engine.select(LINKS % {"base": base.iri}):
        predicate, space, count = row["link"], row["space"].value, row["n"]
        if not isinstance(predicate, NamedNode):
            continue
        name = "wikidata" if space == WIKIDATA else _slug(space)
        target = _iri(base.under(f"{DATASET_PATH}#at-{name}"))
        linkset = _iri(base.under(f"{DATASET_PATH}#links-{name}-{_slug(predicate.value)}"))
        yield Triple(linkset, _iri(f"{RDF}type"), _iri(f"{VOID}Linkset"))
        yield Triple(dataset, _iri(f"{VOID}subset"), linkset)
        yield Triple(linkset, _iri(f"{VOID}subjectsTarget"), dataset)
        yield Triple(linkset, _iri(f"{VOID}objectsTarget"), target)
        yield Triple(linkset, _iri(f"{VOID}linkPredicate"), predicate)
        yield Triple(linkset, _iri(f"{VOID}triples"), count)
        yield Triple(target, _iri(f"{RDF}type"), _iri(f"{VOID}Dataset"))
        yield Triple(target, _iri(f"{VOID}uriSpace"), Literal(space))
        title = "Wikidata" if space == WIKIDATA else space.split("://")[1].rstrip("/")
        yield Triple(target, _iri(f"{DCT}title"), Literal(title, language="en"))
        home = "https://www.wikidata.org/" if space == WIKIDATA else space
        if is_iri(home):
            yield Triple(target, _iri(f"{FOAF}homepage"), _iri(home))


def _all(subject: NamedNode, predicates: tuple[str, ...], value: Term) -> Iterator[Triple]:
    for predicate in predicates:
        yield Triple(subject, _iri(predicate), value)


def _iri(iri: str) -> NamedNode:
    return NamedNode(iri)


def _slug(iri: str) -> str:
    """A name for a fragment, different for different IRIs (RFC 3986 §3.5 allows `:` and `/`)."""
    return quote(iri, safe="/:")
