"""What Wikidata says of the linked items, kept in a file of the site: names without a network.

The subjects are Wikidata's items, never our things: what the sources say stays apart. Everything is
CC0 (https://www.wikidata.org/wiki/Wikidata:Licensing), and each item has its revision and the day
on which it was fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from triplomacy.formats import TURTLE
from triplomacy.iris import Base
from triplomacy.link.check.checking import look_up
from triplomacy.link.client import Client
from triplomacy.link.files import replace_file
from triplomacy.link.items import Item, Place
from triplomacy.link.linked import Link
from triplomacy.namespaces import (
    DCT,
    PAV,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    WIKIDATA_DIRECT,
    XSD,
    prefixes,
)
from triplomacy.qid import item_iri
from triplomacy.read.reading import Reading
from triplomacy.sameness import REPLACED
from triplomacy.site import Site
from triplomacy.writing import rdf_bytes, reading_order

GRAPH = "wikidata-items"
"""The name of the graph and of its file."""
FILE = f"data/{GRAPH}.ttl"
_HEAD = "# Written by: triplomacy link fetch. Every run writes it anew.\n\n"
_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_DATA = "https://www.wikidata.org/wiki/Special:EntityData/"
_FILES = "http://commons.wikimedia.org/wiki/Special:FilePath/"
_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_IMAGES = ("P18", "P41")  # image, flag image


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched.

    Attributes:
        items: those that were kept.
        missing: those that are no more.
        unfit: the links that lead to no item.
    """

    items: tuple[Item, ...]
    missing: tuple[Item, ...]
    unfit: tuple[Link, ...]


def fetch(
    site: Site,
    reading: Reading,
    client: Client | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Fetched:
    """Fetch what Wikidata says of the linked items, and write the file.

    Args:
        site, reading, client, fresh, progress: see `checking.check_links`.

    Raises:
        Unreachable, UnusableAnswer: Wikidata does not answer, or nonsense; the file stays as it is.
        SiteError: the file cannot be written.
    """
    found = look_up(site, reading, client, fresh, progress)
    items = sorted(found.items.values(), key=lambda i: int(i.asked[1:]))
    kept = tuple(i for i in items if not i.is_missing)
    before = _merged_before(reading, site.base)
    text = _HEAD.encode() + as_turtle(kept, languages_of(site), site.base, before)
    replace_file(site.folder / FILE, text)
    missing = tuple(i for i in items if i.is_missing)
    return Fetched(kept, missing, tuple(link for link in found.links if link.id is None))


def languages_of(site: Site) -> tuple[str, ...]:
    """The languages that the site wants to know items in, as Wikidata writes their codes.

    With that of a country comes the language: few items have names in `de-at`, and most in `de`.
    """
    named = site.settings.wikidata.languages or site.settings.languages
    codes = [code.lower() for code in named]
    return tuple(dict.fromkeys([*codes, *(code.partition("-")[0] for code in codes)]))


def as_turtle(
    items: Iterable[Item],
    languages: Sequence[str],
    base: Base,
    before: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The graph; the same items are the same bytes.

    Args:
        items: those to tell of.
        languages: of names.
        base: of the site.
        before: the IRIs of items that were merged into others, as far as that was known.
    """
    items = list(items)
    triples = {*_triples(items, languages, base), *_merged(items, before)}
    ordered = sorted(triples, key=reading_order)
    names = {p: iri for p, iri in prefixes(base.iri).items() if p != "graph"}
    return rdf_bytes(ordered, TURTLE, names | {"pav": PAV, "wdt": WIKIDATA_DIRECT})


def _triples(items: list[Item], languages: Sequence[str], base: Base) -> Iterator[Triple]:
    graph = NamedNode(base.under(f"graph/{GRAPH}"))
    title = Literal("What Wikidata says of the linked items", language="en")
    about = "Names, descriptions, places and images of the linked items; no source of ours says it."
    for predicate, value in (
        (f"{RDF}type", NamedNode(f"{PROV}Entity")),
        (f"{RDFS}label", title),
        (f"{DCT}title", title),
        (f"{DCT}description", Literal(about, language="en")),
        (f"{DCT}license", NamedNode(_CC0)),
        (f"{PROV}wasDerivedFrom", NamedNode("https://www.wikidata.org/")),
    ):
        yield Triple(graph, NamedNode(predicate), value)
    if items:
        newest = max(i.fetched for i in items).replace(microsecond=0)
        time = Literal(newest.isoformat(), datatype=NamedNode(f"{XSD}dateTime"))
        yield Triple(graph, NamedNode(f"{PROV}generatedAtTime"), time)
    for item in items:
        yield from _about(item, languages)


def _merged_before(reading: Reading, base: Base) -> dict[str, str]:
    """The items that were merged into others, as the last fetch has put it down."""
    graph = NamedNode(base.under(f"graph/{GRAPH}"))
    return {
        q.subject.value: q.object.value
        for q in reading.facts
        if q.graph_name == graph
        and q.predicate == REPLACED
        and isinstance(q.subject, NamedNode)
        and isinstance(q.object, NamedNode)
    }


def _merged(items: list[Item], before: Mapping[str, str]) -> Iterator[Triple]:
    """What the numbers of items were, so that whoever has an old one still finds the thing.

    A number that is replaced in a link is in no link any more; what is known of it stays as long
    as the item that it was merged into is linked.
    """
    now = {item_iri(i.asked): item_iri(i.id) for i in items if i.is_redirected}
    linked = {item_iri(n) for i in items for n in (i.asked, i.id)}
    for old, new in (dict(before) | now).items():
        end = now.get(new, new)
        if old != end and end in linked:
            yield Triple(NamedNode(old), REPLACED, NamedNode(end))


def _about(item: Item, languages: Sequence[str]) -> Iterator[Triple]:
    subject = NamedNode(item_iri(item.asked))
    for code in (*languages, "mul"):
        for property, texts in (
            (f"{RDFS}label", [t for t in (item.labels.get(code),) if t]),
            (f"{SCHEMA}description", [t for t in (item.descriptions.get(code),) if t]),
            (f"{SKOS}altLabel", item.aliases.get(code, ())),
        ):
            for text in dict.fromkeys(texts):
                yield Triple(subject, NamedNode(property), Literal(text, language=code))
    for place in dict.fromkeys(v for v in item.values("P625") if isinstance(v, Place)):
        point = Literal(f"Point({place.longitude} {place.latitude})", datatype=NamedNode(_WKT))
        yield Triple(subject, NamedNode(f"{WIKIDATA_DIRECT}P625"), point)
    named = ((p, v) for p in _IMAGES for v in item.values(p) if isinstance(v, str))
    for property, name in dict.fromkeys(named):
        image = NamedNode(_FILES + quote(name.replace(" ", "_")))
        yield Triple(subject, NamedNode(WIKIDATA_DIRECT + property), image)
    source = NamedNode(_DATA + item.id)
    yield Triple(subject, NamedNode(f"{SCHEMA}subjectOf"), source)
    revision = Literal(str(item.revision), datatype=NamedNode(f"{XSD}integer"))
    yield Triple(source, NamedNode(f"{SCHEMA}version"), revision)
    yield Triple(source, NamedNode(f"{DCT}license"), NamedNode(_CC0))
    day = Literal(item.fetched.date().isoformat(), datatype=NamedNode(f"{XSD}date"))
    yield Triple(source, NamedNode(f"{PAV}retrievedOn"), day)
