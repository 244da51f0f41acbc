"""The queries, each with constants that change, so that no cache has seen them before."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.sparql.data import (
    BASE,
    DAYS,
    SPEECH_ACTS,
    TOPICS,
    WORDS,
    Dataset,
    concept,
    day,
    thing,
)

_PREFIXES = f"""PREFIX eas: <{BASE}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
RESULTS, GRAPH = "application/sparql-results+json", "application/n-triples"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of query.

    Attributes:
        name: as in the table.
        make: writes one, with constants drawn at random.
        small: whether it touches few triples, so that the server's own work is what is measured.
        accept: the media type that is asked for.
        ordered: whether the order of the rows is part of the answer.
    """

    name: str
    make: Callable[[Dataset, random.Random], str]
    small: bool = False
    accept: str = RESULTS
    ordered: bool = False

    def texts(self, data: Dataset, count: int, seed: int) -> list[str]:
        """At most `count` different queries."""
        source = random.Random(f"{seed} {self.name}")
        drawn = (_PREFIXES + self.make(data, source) for _ in range(2 * count))
        return list(dict.fromkeys(drawn))[:count]


_POINTS = ("rdfs:label", "dct:description", "eas:speaker", "eas:date", "eas:about", "eas:evidence")


def _point(data: Dataset, r: random.Random) -> str:
    said = thing("statement", r.randrange(data.statements))
    return f"SELECT ?value WHERE {{ {said} {r.choice(_POINTS)} ?value }}"


def _describe(data: Dataset, r: random.Random) -> str:
    kind, count = r.choice((("statement", data.statements), ("event", data.events)))
    return f"DESCRIBE {thing(kind, r.randrange(count))}"


def _two_hops(data: Dataset, r: random.Random) -> str:
    event = thing("event", r.randrange(data.events))
    act = concept("speech-act", r.choice(SPEECH_ACTS))
    return f"""SELECT ?said ?name WHERE {{
  ?said eas:about {event} ; eas:speechAct ?act ; eas:speaker ?who . ?who rdfs:label ?name .
  FILTER(?act != {act}) }}"""


def _top_speakers(data: Dataset, r: random.Random) -> str:
    first = r.randrange(DAYS - 400)
    return f"""SELECT ?who (COUNT(?said) AS ?count) WHERE {{
  ?said eas:speaker ?who ; eas:date ?day . {_between(first, first + r.randint(300, 399))}
}} GROUP BY ?who ORDER BY DESC(?count) ?who LIMIT 10"""


def _three_ways(data: Dataset, r: random.Random) -> str:
    first = r.randrange(400)
    return f"""SELECT ?type ?value ?act (COUNT(?stance) AS ?count) WHERE {{
  ?stance eas:expressedIn ?said ; eas:stanceValue ?value ; eas:target ?event .
  ?said eas:speechAct ?act . ?event eas:eventType ?type ; eas:date ?day .
  {_between(first, first + r.randint(2500, 3200))}
}} GROUP BY ?type ?value ?act ORDER BY DESC(?count) ?type ?value ?act LIMIT 20"""


def _dates(data: Dataset, r: random.Random) -> str:
    first = r.randrange(DAYS - 30)
    return f"""SELECT ?event ?day ?label WHERE {{
  ?event a eas:Event ; eas:date ?day ; rdfs:label ?label .
  {_between(first, first + r.randint(1, 28))}
}} ORDER BY DESC(?day) ?event LIMIT 50"""


def _text(data: Dataset, r: random.Random) -> str:
    words = " ".join(r.choices(WORDS, k=2))
    return f"""SELECT ?said ?text WHERE {{
  ?said eas:speaker ?who ; dct:description ?text . FILTER(CONTAINS(?text, "{words}"))
}} ORDER BY ?said LIMIT 20"""


def _path(data: Dataset, r: random.Random) -> str:
    said = thing("statement", r.randrange(data.statements))
    return f"""SELECT ?earlier ?name WHERE {{
  {said} eas:respondsTo+ ?earlier . ?earlier eas:speaker/rdfs:label ?name }}"""


def _large(data: Dataset, r: random.Random) -> str:
    scheme, names, property = r.choice(
        (("speech-act", SPEECH_ACTS, "speechAct"), ("topic", TOPICS, "about"))
    )
    wanted = concept(scheme, r.choice(names))
    made = f"<urn:x-made:{r.randrange(10**9)}>"
    pattern = "rdfs:label ?label ; dct:description ?text"
    return f"""CONSTRUCT {{ ?said {made} ?who ; {pattern} }}
WHERE {{ ?said eas:{property} {wanted} ; eas:speaker ?who ; {pattern} }}"""


def _between(first: int, last: int) -> str:
    start, end = f'"{day(first)}"^^xsd:date', f'"{day(last)}"^^xsd:date'
    return f"FILTER(?day >= {start} && ?day <= {end})"


KINDS = (
    Kind("point lookup", _point, small=True),
    Kind("describe", _describe, small=True, accept=GRAPH),
    Kind("two-hop join", _two_hops, small=True),
    Kind("property path", _path, small=True),
    Kind("top speakers", _top_speakers, ordered=True),
    Kind("three-way aggregation", _three_ways, ordered=True),
    Kind("dates, ordered", _dates, ordered=True),
    Kind("text filter", _text, ordered=True),
    Kind("large CONSTRUCT", _large, accept=GRAPH),
)
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
