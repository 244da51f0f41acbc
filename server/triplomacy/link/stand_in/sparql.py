"""The query service: the items as triples, asked in SPARQL 1.1.

Of what Wikidata's own holds: labels, aliases, descriptions and the direct ("truthy") statements.
https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from triplomacy.engine.service_guard import refuse_service
from triplomacy.errors import TriplomacyError
from triplomacy.link.stand_in.items import Items, Json
from triplomacy.link.stand_in.reply import Asked, Reply
from triplomacy.namespaces import OWL, RDF, RDFS, SKOS, WIKIDATA, WIKIDATA_DIRECT, XSD

PATH = "/sparql"
_WIKIBASE = "http://wikiba.se/ontology#"
_COMMONS = "http://commons.wikimedia.org/wiki/Special:FilePath/"
_SCHEMA = "http://schema.org/"  # as Wikidata writes it, without TLS
_RANKS = {"preferred": 2, "normal": 1}


def answer(asked: Asked, items: Items) -> Reply:
    """Run the query (SPARQL 1.1 Protocol §2.1); results in JSON, triples in Turtle."""
    query = asked.fields.get("query")
    if not query:
        return Reply(b"the parameter query is missing\n", "text/plain", 400)
    try:
        refuse_service(query)
        found = _store(items).query(query)
    except (TriplomacyError, SyntaxError, ValueError, OSError, RuntimeError) as error:
        return Reply(f"{error}\n".encode(), "text/plain", 400)
    if isinstance(found, QueryTriples):
        return Reply(found.serialize(None, RdfFormat.TURTLE) or b"", "text/turtle")
    body = found.serialize(None, QueryResultsFormat.JSON) or b""
    return Reply(body, "application/sparql-results+json")


def turtle(entity: Json, target_of: str | None = None) -> bytes:
    """An item in Turtle; with a redirect that leads to it, if one does."""
    triples = [*triples_of(entity)]
    if target_of:
        triples.append(
            Triple(NamedNode(WIKIDATA + target_of), NamedNode(f"{OWL}sameAs"),
                   NamedNode(WIKIDATA + entity["id"]))
        )  # fmt: skip
    prefixes = {
        "wd": WIKIDATA,
        "wdt": WIKIDATA_DIRECT,
        "rdfs": RDFS,
        "skos": SKOS,
        "schema": _SCHEMA,
    }
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def triples_of(entity: Json) -> Iterator[Triple]:
    """The triples about an item."""
    item = NamedNode(WIKIDATA + entity["id"])
    yield Triple(item, NamedNode(f"{RDF}type"), NamedNode(f"{_WIKIBASE}Item"))
    revision = Literal(str(entity["lastrevid"]), datatype=NamedNode(f"{XSD}integer"))
    yield Triple(item, NamedNode(f"{_SCHEMA}version"), revision)
    modified = Literal(entity["modified"], datatype=NamedNode(f"{XSD}dateTime"))
    yield Triple(item, NamedNode(f"{_SCHEMA}dateModified"), modified)
    for code, label in entity["labels"].items():
        for property in (f"{RDFS}label", f"{SKOS}prefLabel", f"{_SCHEMA}name"):
            yield Triple(item, NamedNode(property), Literal(label["value"], language=code))
    for code, described in entity["descriptions"].items():
        text = Literal(described["value"], language=code)
        yield Triple(item, NamedNode(f"{_SCHEMA}description"), text)
    for code, aliases in entity["aliases"].items():
        for alias in aliases:
            text = Literal(alias["value"], language=code)
            yield Triple(item, NamedNode(f"{SKOS}altLabel"), text)
    for property, statements in entity["claims"].items():
        best = max((_RANKS.get(s["rank"], 0) for s in statements), default=0)
        for statement in statements:
            if best and _RANKS.get(statement["rank"], 0) == best:
                value = _value(statement["mainsnak"])
                yield Triple(item, NamedNode(WIKIDATA_DIRECT + property), value)


def _value(snak: Json) -> NamedNode | Literal:
    value, kind = snak["datavalue"]["value"], snak["datatype"]
    if kind == "wikibase-item":
        return NamedNode(WIKIDATA + value["id"])
    if kind == "time":
        time = value["time"].removeprefix("+").replace("-00", "-01")
        return Literal(time, datatype=NamedNode(f"{XSD}dateTime"))
    if kind == "globe-coordinate":
        point = f"Point({value['longitude']} {value['latitude']})"
        wkt = "http://www.opengis.net/ont/geosparql#wktLiteral"
        return Literal(point, datatype=NamedNode(wkt))
    if kind == "commonsMedia":
        return NamedNode(_COMMONS + value.replace(" ", "%20"))
    return NamedNode(value) if kind == "url" else Literal(value)


@functools.cache
def _store(items: Items) -> Store:
    store = Store()
    for entity in items.entities.values():
        store.extend(Quad(*t) for t in triples_of(entity))
    for old, new in items.redirects.items():
        same = NamedNode(f"{OWL}sameAs")
        store.add(Quad(NamedNode(WIKIDATA + old), same, NamedNode(WIKIDATA + new)))
    return store
