"""A site of one short source, whose facts, links and neighbours in Wikidata a test can bend."""

from __future__ import annotations

import copy
import dataclasses
import textwrap
from pathlib import Path
from typing import Any

from tests.small import write_site
from tests.waiting import PATIENCE
from triplomacy.link.check.checking import check_links
from triplomacy.link.client import Client, Manners
from triplomacy.link.export.offers import Offers, offers_of
from triplomacy.link.stand_in.items import Items, shipped
from triplomacy.link.stand_in.server import StandIn
from triplomacy.read.reading import read_site
from triplomacy.site import open_site

BASE = "https://data.wikimedia.org/s/"  # a public name: nobody asks it
TEXT = (
    "German Defense Minister Boris Pistorius met Vladimir Putin in Russia. "
    "“I saw Donald Trump there,” said Pistorius. They will meet in Ukraine."
)
MET = "German Defense Minister Boris Pistorius met Vladimir Putin in Russia."
PISTORIUS, MINISTER, PUTIN, MEETING = "Q893758", "Q900000013", "Q7747", "Q900000901"
HEAD = f"""\
@base <{BASE}id/source/s> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eas: <{BASE}ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix a: <{BASE}id/actor/> .
@prefix e: <{BASE}id/event/> .
@prefix h: <{BASE}id/holding/> .
@prefix o: <{BASE}id/office/> .
@prefix p: <{BASE}id/participation/> .
@prefix s: <{BASE}id/statement/> .
@prefix realization: <{BASE}vocab/realization/> .
@prefix role: <{BASE}vocab/role/> .

"""


def at(words: str, text: str = TEXT) -> str:
    """The excerpt of those words."""
    start = text.index(words)
    return f"<#char={start},{start + len(words)}>"


def excerpts(text: str, *words: str) -> str:
    """Turtle that describes these excerpts of a text."""
    return "".join(
        f'{at(w, text)} a eas:Excerpt ; eas:exactText """{_escaped(w)}""" ; '
        f"eas:startOffset {text.index(w)} ; eas:endOffset {text.index(w) + len(w)} ; "
        "prov:wasQuotedFrom <> .\n"
        for w in words
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


SOURCE = '<> a eas:Source ; rdfs:label "The source"@en ; dct:language "en" .\n'
QUOTE = "I saw Donald Trump there,"
NAMES = ("Boris Pistorius", "German Defense Minister", "Vladimir Putin", "Russia", "Donald Trump",
         "Ukraine")  # fmt: skip
HOLDER = "German Defense Minister Boris Pistorius"
PLANNED = "They will meet in Ukraine."
ACTORS = f"""\
{SOURCE}{excerpts(TEXT, MET, QUOTE, HOLDER, PLANNED, *NAMES)}
a:pistorius a eas:Person ; rdfs:label "Boris Pistorius"@en ; eas:evidence {at("Boris Pistorius")} .
a:putin a eas:Person ; rdfs:label "Vladimir Putin"@en ; eas:evidence {at("Vladimir Putin")} .
a:trump a eas:Person ; rdfs:label "Donald Trump"@en ; eas:evidence {at("Donald Trump")} .
a:russia a eas:GeopoliticalEntity ; rdfs:label "Russia"@en ; eas:evidence {at("Russia")} .
a:ukraine a eas:GeopoliticalEntity ; rdfs:label "Ukraine"@en ; eas:evidence {at("Ukraine")} .
o:minister a eas:Office ; rdfs:label "German Defense Minister"@en ;
    eas:evidence {at("German Defense Minister")} .
s:seen a eas:Statement ; eas:quote {at(QUOTE)} .
"""
HOLDING = f"""\
h:pistorius a eas:OfficeHolding ; eas:actor a:pistorius ; eas:office o:minister ;
    eas:evidence {at(HOLDER)} .
"""
MEETING_FACTS = f"""\
e:meeting a eas:Event ; rdfs:label "Meeting in Russia"@en ; eas:realization realization:occurred ;
    eas:participation p:pistorius , p:putin ; eas:place a:russia ;
    eas:date "2025-03-03"^^xsd:date ; eas:evidence {at(MET)} .
p:pistorius a eas:Participation ; eas:actor a:pistorius ; eas:role role:initiator .
p:putin a eas:Participation ; eas:actor a:putin ; eas:role role:counterpart .
role:initiator skos:broader role:participant .
role:counterpart skos:broader role:participant .
"""
LINKS = f"""\
a:pistorius owl:sameAs wd:{PISTORIUS} .
a:putin owl:sameAs wd:{PUTIN} .
a:trump owl:sameAs wd:Q22686 .
a:russia owl:sameAs wd:Q159 .
a:ukraine owl:sameAs wd:Q212 .
o:minister owl:sameAs wd:{MINISTER} .
e:meeting owl:sameAs wd:{MEETING} .
"""


def story(
    folder: Path,
    stand_in: StandIn | None = None,
    facts: str = HOLDING,
    links: str = LINKS,
    actors: str = ACTORS,
    more: str = "",
    text: str = TEXT,
    base: str = BASE,
) -> Path:
    """Write a site: what its source says, its links, and what another file adds."""
    files = {
        "triplomacy.toml": f'base = "{BASE}"\n{stand_in.settings if stand_in else ""}',
        "data/facts.ttl": None,
        "data/links.ttl": HEAD + links,
        "data/more.ttl": HEAD + more,
        "data/sources/s.ttl": HEAD + actors + facts,
        "data/sources/s.txt": text,
        "shapes/event.ttl": None,
    }
    return write_site(
        folder, {name: c.replace(BASE, base) if c else c for name, c in files.items()}
    )


def offered(folder: Path) -> Offers:
    """What the site in a folder has to give, by what its Wikidata answers."""
    site = open_site(folder)
    reading = read_site(site)
    assert not [f for f in reading.findings if f.blocks], reading.findings
    client = Client("Us/1", Manners(seconds=PATIENCE, attempts=1))
    return offers_of(site, reading, check_links(site, reading, client, fresh=True))


def bent(claims: dict[str, dict[str, list[Any]] | None] | None = None) -> Items:
    """The items of the stand-in, which have forgotten who is minister and know a meeting.

    Args:
        claims: more statements, by item and property; None for an item forgets what it is called.
    """
    entities = copy.deepcopy(dict(shipped().entities))
    del entities[PISTORIUS]["claims"]["P39"]
    meeting = copy.deepcopy(entities["Q900000026"])
    meeting |= {"id": MEETING, "title": MEETING, "claims": {}, "aliases": {}, "descriptions": {}}
    meeting["labels"] = {"en": {"language": "en", "value": "Meeting in Russia"}}
    entities[MEETING] = meeting
    for id, said in (claims or {}).items():
        if said is None:
            entities[id] |= {"labels": {}, "aliases": {}}
        else:
            entities[id]["claims"] |= said
    return dataclasses.replace(shipped(), entities=entities)


def claim(
    property: str, value: str, rank: str = "normal", **qualifiers: str
) -> dict[str, list[Any]]:
    """A statement in Wikidata's JSON: an item as its value, or a day."""
    return {
        property: [
            {
                "mainsnak": _snak(property, value),
                "type": "statement",
                "rank": rank,
                "qualifiers": {p: [_snak(p, v)] for p, v in qualifiers.items()},
                "id": "x",
            }
        ]
    }


def _snak(property: str, value: str) -> dict[str, Any]:
    if value.startswith("Q"):
        held: Any = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
        kind = "wikibase-entityid"
    else:
        precision = 9 + value.count("-")
        held = {
            "time": f"+{value}{'-00' * (11 - precision)}T00:00:00Z",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": precision,
            "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
        }
        kind = "time"
    return {"snaktype": "value", "property": property, "datavalue": {"value": held, "type": kind}}


def dedented(text: str) -> str:
    """A text as it stands in a test, without its margin."""
    return textwrap.dedent(text).lstrip("\n")
