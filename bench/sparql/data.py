"""Made-up diplomacy of any size in our vocabulary, the same for the same seed, as a stream.

What is real about it are the proportions: few actors speak most of the time (Zipf), a source
reports some twelve statements around a few events, later events follow earlier ones, statements
answer statements, and the dates go over ten years. Named graphs are the months, as files of a site
may be.
"""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

BASE = "https://w3id.org/triplomacy/"
EAS = f"{BASE}ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

FIRST_DAY = date(2015, 1, 1)
DAYS = 3650


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TOPICS = _split("""
    china-neutrality china-role nato-membership-ukraine peace-in-ukraine ukraine-inclusion
    ukraine-sovereignty-security us-commitment-to-peace us-troops-europe
""")
EVENT_TYPES = _split("""
    phone-call meeting summit visit negotiation agreement discussion mediation concession
    refusal assistance policy-shift policy-decision military-spending monitoring ceasefire-agreement
""")
SPEECH_ACTS = _split("""
    announce commit confirm criticize demand emphasize express-intention praise propose report
    state thank urge voice-concern warn
""")
STANCES = _split("concerned grateful negative neutral opposed positive skeptical supportive")
_MODES = _split("direct indirect mixed narration")
_REALIZATIONS = _split("occurred agreed proposed demanded intended ongoing ruled-out cancelled")
_ROLES = _split("agent counterpart host initiator leader mediator negotiating-party participant")
_NAMES = _split("Ada Boris Clara Daniel Elena Farid Grace Henrik Ines Jonas Kenji Lucia Mina Noor")
_SURNAMES = _split(
    "Abe Berg Costa Diaz Eriksen Fofana Gruber Haddad Ivanov Jansen Kim Lopez Moreau"
)
WORDS = _split("""
    accord alliance ambassador armistice border ceasefire chancellor coalition commission
    communique concession conference consulate convention corridor council declaration defence
    delegation demand deterrence dialogue draft embargo embassy envoy escalation exchange
    expert foreign framework fuel gas grain guarantee harbour hostage humanitarian initiative
    inspection intervention island launch leader mandate mediator memorandum military minister
    missile monitor neutrality normalisation observer offensive official parliament partner
    passage patrol peace pipeline pledge port premier presidency pressure prisoner proposal
    protocol provocation quota ransom ratification reconstruction referendum refugee region
    release relief reparation resolution response retreat sanction satellite security
    settlement shelling shipment signature sovereignty spokesman statement strategy strike
    summit supply surrender talks tariff territory text threat trade transit treaty troops
    truce ultimatum verification veto visit vote warning weapon withdrawal witness zone
""")

_PER_SOURCE = 12  # statements
_TRIPLES_PER_ACTOR = 500


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that was written.

    Attributes:
        quads: N-Quads, each triple in the graph of its month.
        triples: the same without graphs, N-Triples.
        count: how many triples; none is there twice.
        actors, events, statements, sources: how many of each; they are numbered from 0.
    """

    quads: Path
    triples: Path
    count: int
    actors: int
    events: int
    statements: int
    sources: int


def write_dataset(folder: Path, count: int, seed: int) -> Dataset:
    """Write about `count` triples into `folder`, never more than a line in memory."""
    maker = _Maker(count, seed)
    quads, triples = folder / f"{count}.nq", folder / f"{count}.nt"
    written = 0
    with quads.open("w", encoding="utf-8") as nq, triples.open("w", encoding="utf-8") as nt:
        for triple, graph in maker.lines():
            nq.write(f"{triple} {graph} .\n")
            nt.write(f"{triple} .\n")
            written += 1
    return Dataset(
        quads, triples, written, maker.actors, maker.events, maker.statements, maker.sources
    )


def day(number: int) -> str:
    """The lexical form of the date `number` days after the first."""
    return (FIRST_DAY + timedelta(days=number)).isoformat()


def thing(kind: str, number: int) -> str:
    """The IRI of a thing, in angle brackets."""
    return f"<{BASE}id/{kind}/{number}>"


def concept(scheme: str, name: str) -> str:
    """The IRI of a concept, in angle brackets."""
    return f"<{BASE}vocab/{scheme}/{name}>"


def _eas(name: str) -> str:
    return f"<{EAS}{name}>"


def _text(value: str) -> str:
    return f'"{value}"@en'


_LABEL, _DATE = f"<{RDFS}label>", _eas("date")
_EVIDENCE = _eas("evidence")


class _Maker:
    """Makes the triples, source by source; counts what it made."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._random = random.Random(seed)
        self.actors = max(100, count // _TRIPLES_PER_ACTOR)
        self.events = self.statements = self.sources = self._stances = 0
        # Zipf: the n-th actor speaks 1/n as often as the first.
        self._weights = list(itertools.accumulate(1 / (n + 1) for n in range(self.actors)))

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each triple without its full stop, with its graph."""
        made = 0
        for line in self._actors():
            made += 1
            yield line
        # As many sources a day as it takes, in the order of time.
        per_source = 295  # triples, about
        sources = max(1, (self._count - made) // per_source)
        while made < self._count:
            when = min(DAYS - 1, self.sources * DAYS // sources)
            for line in self._source(when):
                made += 1
                yield line

    def _actor(self) -> int:
        return bisect.bisect_left(self._weights, self._random.random() * self._weights[-1])

    def _words(self, count: int) -> str:
        return " ".join(self._random.choices(WORDS, k=count))

    def _actors(self) -> Iterator[tuple[str, str]]:
        graph = f"<{BASE}graph/actors>"
        states = max(10, self.actors // 20)
        for n in range(self.actors):
            actor = thing("actor", n)
            is_state = n % 20 == 0
            kind = "GeopoliticalEntity" if is_state else "Person"
            name = f"{self._random.choice(_NAMES)} {self._random.choice(_SURNAMES)} {n}"
            yield f"{actor} {_TYPE} {_eas(kind)}", graph
            yield f"{actor} {_TYPE} {_eas('Actor')}", graph
            yield f"{actor} {_LABEL} {_text(name)}", graph
            yield f"{actor} <{SKOS}altLabel> {_text(name.split()[1])}", graph
            if not is_state:
                state = thing("actor", self._random.randrange(states) * 20 % self.actors)
                yield f"{actor} {_eas('represents')} {state}", graph

    def _source(self, when: int) -> Iterator[tuple[str, str]]:
        graph = f"<{BASE}graph/{day(when)[:7]}>"
        number, self.sources = self.sources, self.sources + 1
        source = thing("source", number)
        yield f"{source} {_TYPE} {_eas('Source')}", graph
        yield f"{source} {_LABEL} {_text(f'Source {number}: {self._words(4)}')}", graph
        yield f'{source} <{DCT}issued> "{day(when)}"^^<{XSD}date>', graph
        offset = 0
        first = self.events
        for _ in range(self._random.randint(2, 4)):
            excerpt, offset = f"<{source[1:-1]}#char={offset},{offset + 90}>", offset + 90
            for triple in self._event(when, excerpt):
                yield triple, graph
            for triple in self._excerpt(excerpt, source, offset):
                yield triple, graph
        for _ in range(_PER_SOURCE):
            excerpt, offset = f"<{source[1:-1]}#char={offset},{offset + 90}>", offset + 90
            for triple in self._statement(when, excerpt, first):
                yield triple, graph
            for triple in self._excerpt(excerpt, source, offset):
                yield triple, graph

    def _excerpt(self, excerpt: str, source: str, end: int) -> Iterator[str]:
        yield f"{excerpt} {_TYPE} {_eas('Excerpt')}"
        yield f"{excerpt} <{PROV}wasDerivedFrom> {source}"
        yield f"{excerpt} {_eas('exactText')} {_text(self._words(12))}"
        yield f'{excerpt} {_eas("startOffset")} "{end - 90}"^^<{XSD}integer>'
        yield f'{excerpt} {_eas("endOffset")} "{end}"^^<{XSD}integer>'

    def _event(self, when: int, excerpt: str) -> Iterator[str]:
        r = self._random
        number, self.events = self.events, self.events + 1
        event = thing("event", number)
        yield f"{event} {_TYPE} {_eas('Event')}"
        yield f"{event} {_LABEL} {_text(f'Event {number}: {self._words(3)}')}"
        yield f"{event} {_eas('eventType')} {concept('event-type', r.choice(EVENT_TYPES))}"
        yield f"{event} {_eas('realization')} {concept('realization', r.choice(_REALIZATIONS))}"
        yield f'{event} {_DATE} "{day(max(0, when - r.randrange(5)))}"^^<{XSD}date>'
        yield f"{event} {_EVIDENCE} {excerpt}"
        for actor in sorted({self._actor() for _ in range(r.randint(2, 4))}):
            part = thing("participation", number)[:-1] + f"--{actor}>"
            yield f"{event} {_eas('participation')} {part}"
            yield f"{part} {_TYPE} {_eas('Participation')}"
            yield f"{part} {_eas('actor')} {thing('actor', actor)}"
            yield f"{part} {_eas('role')} {concept('role', r.choice(_ROLES))}"
        if number and r.random() < 0.8:
            earlier = max(0, number - 1 - int(r.expovariate(1 / 50)))
            yield f"{event} {_eas('follows')} {thing('event', earlier)}"

    def _statement(self, when: int, excerpt: str, first_event: int) -> Iterator[str]:
        r = self._random
        number, self.statements = self.statements, self.statements + 1
        said = thing("statement", number)
        speaker = thing("actor", self._actor())
        event = thing("event", r.randrange(first_event, self.events))
        yield f"{said} {_TYPE} {_eas('Statement')}"
        yield f"{said} {_LABEL} {_text(f'Statement {number}')}"
        yield f"{said} <{DCT}description> {_text(self._words(14))}"
        yield f"{said} {_eas('speaker')} {speaker}"
        yield f"{said} {_eas('speechAct')} {concept('speech-act', r.choice(SPEECH_ACTS))}"
        yield f"{said} {_eas('reportingMode')} {concept('reporting-mode', r.choice(_MODES))}"
        yield f'{said} {_DATE} "{day(when)}"^^<{XSD}date>'
        yield f"{said} {_eas('about')} {event}"
        yield f"{said} {_eas('about')} {concept('topic', r.choice(TOPICS))}"
        yield f"{said} {_EVIDENCE} {excerpt}"
        if r.random() < 0.3:
            yield f"{said} {_eas('quote')} {excerpt}"
        if r.random() < 0.4:
            yield f"{said} {_eas('addressee')} {thing('actor', self._actor())}"
        if number and r.random() < 0.5:
            earlier = max(0, number - 1 - int(r.expovariate(1 / 100)))
            yield f"{said} {_eas('respondsTo')} {thing('statement', earlier)}"
        if r.random() < 0.4:
            stance, self._stances = thing("stance", self._stances), self._stances + 1
            yield f"{stance} {_TYPE} {_eas('Stance')}"
            yield f"{stance} {_eas('actor')} {speaker}"
            yield f"{stance} {_eas('stanceValue')} {concept('stance', r.choice(STANCES))}"
            yield f"{stance} {_eas('target')} {event}"
            yield f"{stance} {_eas('expressedIn')} {said}"
            yield f"{stance} {_EVIDENCE} {excerpt}"
