"""What is offered: what our sources assert, as far as Wikidata can take it and does not have it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from triplomacy.findings import Finding, Severity
from triplomacy.link.check.checking import CURRENT, Checked, Verdict
from triplomacy.link.export.asserted import Fact, Name, Reader
from triplomacy.link.export.properties import (
    COUNTRY,
    LOCATION,
    PARTICIPANT,
    PARTICIPANT_IN,
    QUOTATION,
    Property,
)
from triplomacy.link.export.quickstatements import command
from triplomacy.link.export.references import References
from triplomacy.link.export.snaks import LONGEST_NAME, Day, ItemId, Snak, Term, Text, Words, plain
from triplomacy.link.items import Item, Time
from triplomacy.link.items import Value as Held
from triplomacy.output import one_line
from triplomacy.read.locate import Places
from triplomacy.read.reading import Reading
from triplomacy.site import Site

LEFT_OUT = "not-for-wikidata"


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement, or a name, that Wikidata could take.

    Attributes:
        subject: the number of the item that it is about.
        says: the statement or name.
        qualifiers: since when, until when.
        reference: where it stands; a name can have none.
        sentence: all of it in words, for who reviews it.
        quotation: the words of the source, and their language.
        file, line: the place of ours.
    """

    subject: str
    says: Snak | Term
    qualifiers: tuple[Snak, ...]
    reference: tuple[Snak, ...]
    sentence: str
    quotation: Words
    file: str | None
    line: int | None

    @property
    def topic(self) -> tuple[object, ...]:
        """What it is about: of one, no two offers may say different things."""
        if isinstance(self.says, Snak) and isinstance(self.says.value, Day):
            return self.subject, self.says.property
        return self.subject, self.says

    @property
    def place(self) -> str:
        """File and line of ours."""
        return self.left_out("").place

    def left_out(self, why: str) -> Finding:
        """The finding that says that it is not offered, and why."""
        message = f"{self.sentence}: {why}"
        return Finding(Severity.INFO, LEFT_OUT, message, None, None, self.file, self.line)

    @property
    def command(self) -> str:
        """Subject, property, value and qualifiers, as QuickStatements writes them."""
        return command(self.subject, self.says, self.qualifiers)

    @property
    def source(self) -> str:
        """The reference in words, without the quotation."""
        told = (s for s in self.reference if s.property is not QUOTATION)
        return "; ".join(f"{s.property.label}: {_shown(s)}" for s in told)

    @property
    def shown(self) -> tuple[str, str, str, str]:
        """All that who reviews it decides about."""
        quotation = f"“{self.quotation.text}” ({self.quotation.language})"
        return self.sentence, self.command, self.source, quotation

    @property
    def key(self) -> str:
        """Names exactly what is shown: a decision holds for that and for nothing else."""
        return key_of(self.shown)


def key_of(shown: tuple[str, ...]) -> str:
    """The key of what is shown; see `Offer.key`."""
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def _shown(snak: Snak) -> str:
    match snak.value:
        case ItemId(id):
            return id
        case Words(language, text):
            return f"{text} ({language})"
        case Day(text) | Text(text):
            return text


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to give.

    Attributes:
        lacking: what Wikidata lacks.
        held: what it has already, in one way or another.
        left: all else that a source might bear out, each with the reason why it is left out.
    """

    lacking: tuple[Offer, ...]
    held: tuple[Offer, ...]
    left: tuple[Finding, ...]

    @property
    def summary(self) -> str:
        """How many there are."""
        others = len(self.left) - len(self.held)
        return (
            f"Wikidata lacks {len(self.lacking)}, and has {len(self.held)}. "
            f"{others} cannot be given; --left-out says why."
        )


def offers_of(site: Site, reading: Reading, checked: Checked) -> Offers:
    """What a site has to give.

    Args:
        site: the site.
        reading: what was read of it.
        checked: its links, as Wikidata has just answered about them.
    """
    return _Offering(site, reading, checked).all()


class _Offering:
    def __init__(self, site: Site, reading: Reading, checked: Checked) -> None:
        facts = reading.facts
        self._reader = Reader(facts, site.base)
        self._places = Places(reading.files, reading.quads)
        self._items, self._doubtful = _items(checked.verdicts)
        ids = {iri: item.id for iri, item in self._items.items()}
        self._references = References(self._reader, ids, site.base)
        self._lacking: list[Offer] = []
        self._held: list[Offer] = []
        self._left: list[Finding] = []

    def all(self) -> Offers:
        for fact in self._reader.facts():
            self._weigh(fact)
        for name in self._reader.names(self._items):
            self._weigh_name(name)
        lacking = {offer.key: offer for offer in self._lacking}.values()
        variants = defaultdict(set)
        for offer in lacking:
            variants[offer.topic].add((offer.says, offer.qualifiers))
        clear = []
        for offer in lacking:
            if len(variants[offer.topic]) == 1:
                clear.append(offer)
            else:
                self._left.append(offer.left_out(_TWICE))
        return Offers(tuple(clear), tuple(self._held), tuple(self._left))

    def _weigh(self, fact: Fact) -> None:
        sentence = self._sentence(fact)
        ends = [fact.subject, *([fact.value] if isinstance(fact.value, str) else ())]
        why = fact.objection or next((w for e in ends if (w := self._unlinked(e))), "")
        if why or fact.passage is None:
            self._leave(fact, sentence, why)
            return
        subject = self._items[fact.subject]
        value = ItemId(self._items[fact.value].id) if isinstance(fact.value, str) else fact.value
        reference = self._references.of(fact.passage)
        if not reference:
            why = "its source has neither an item nor an address, and this site is not public"
            self._leave(fact, sentence, why)
            return
        quotation = reference[-1].value
        assert isinstance(quotation, Words), "a reference ends with its quotation"
        offer = Offer(
            subject.id,
            Snak(fact.property, value),
            tuple(Snak(p, d) for p, d in fact.qualifiers),
            reference,
            sentence,
            quotation,
            *self._places.find(fact.said_of, fact.mention),
        )
        has = self._has(fact, subject)
        if has:
            self._held.append(offer)
            self._left.append(offer.left_out(has))
        else:
            self._lacking.append(offer)

    def _weigh_name(self, name: Name) -> None:
        item, text = self._items[name.subject], name.text
        known = {n.casefold() for n in item.names(name.language)}
        if text.casefold() in known or len(text) > LONGEST_NAME:
            return  # nobody misses it
        is_alias = bool({name.language, "mul"} & set(item.labels))
        kind = "also known as" if is_alias else "label"
        term = Term(f"{'A' if is_alias else 'L'}{name.language}", Words(name.language, text))
        best = item.labels.get("en") or item.id
        sentence = one_line(f"{best} — {kind} — {text} ({name.language})")
        place = self._places.find(name.subject, text)
        quotation = Words(name.language, plain(name.passage.text))
        self._lacking.append(Offer(item.id, term, (), (), sentence, quotation, *place))

    def _sentence(self, fact: Fact) -> str:
        value = self._reader.label(fact.value) if isinstance(fact.value, str) else fact.value.text
        words = f"{self._reader.label(fact.subject)} — {fact.property.label} — {value}"
        dates = "".join(f", {p.label} {d.text}" for p, d in fact.qualifiers)
        return one_line(words + dates)

    def _unlinked(self, iri: str) -> str:
        """Why a thing has no item that could be written to; empty if it has one."""
        if iri in self._items:
            return ""
        label = self._reader.label(iri)
        if iri in self._doubtful:
            return f"the link of {label} is to be looked at: triplomacy link check"
        return f"{label} is not linked to an item by owl:sameAs"

    def _has(self, fact: Fact, subject: Item) -> str:
        """In which way Wikidata says something of the kind; empty if it does not."""
        if isinstance(fact.value, Day):
            return _has_day(subject, fact.property, fact.value)
        value = self._items[fact.value]
        same = {value.id, value.asked}
        if any(v in same for v in subject.deprecated.get(fact.property.id, ())):
            return _DEPRECATED
        claims = [c for c in subject.claims.get(fact.property.id, ()) if c.value in same]
        if claims and all(_contradicts(c.qualifiers, fact.qualifiers) for c in claims):
            return "Wikidata has it with other dates: look at the item, and correct one of both"
        if claims:
            return _HAS
        events = {subject.id, subject.asked} & {*value.values(PARTICIPANT_IN.id)}
        if fact.property is PARTICIPANT and events:
            return f"Wikidata has it the other way round: {PARTICIPANT_IN.label}"
        if fact.property is LOCATION and same & {*subject.values(COUNTRY.id)}:
            return f"Wikidata has it as {COUNTRY.label}"
        return ""

    def _leave(self, fact: Fact, sentence: str, why: str) -> None:
        file, line = self._places.find(fact.said_of, fact.mention)
        self._left.append(Finding(Severity.INFO, LEFT_OUT, f"{sentence}: {why}", None, None, file,
                                  line))  # fmt: skip


_HAS = "Wikidata has it"
_DEPRECATED = "Wikidata has it as deprecated, which says that it is wrong"
# QuickStatements knows a statement by its value, and would put the dates of both onto one.
_TWICE = "it is said twice, with different dates: settle that, or add it to the item by hand"


def _items(verdicts: Iterable[Verdict]) -> tuple[dict[str, Item], set[str]]:
    """The item of each thing that has one beyond doubt, and the things that have others."""
    of: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.link.is_same:
            of[verdict.link.thing.iri].append(verdict)
    found: dict[str, Item] = {}
    for iri, said in of.items():
        items = {v.item.id: v.item for v in said if v.item is not None and not v.item.is_missing}
        wrong = any(f.rule != CURRENT for v in said for f in v.findings)
        if len(items) == 1 and not wrong:
            [found[iri]] = items.values()
    return found, set(of) - set(found)


def _has_day(item: Item, property: Property, day: Day) -> str:
    if any(_agree(day.text, t) for t in _times(item.deprecated.get(property.id, ()))):
        return _DEPRECATED
    if not item.claims.get(property.id):
        return ""
    times = [*_times(item.values(property.id))]
    if any(_agree(day.text, t) for t in times):
        return _HAS
    others = ", ".join(sorted(times)) or "what cannot be compared"
    return f"Wikidata has {others}: look at the item, and correct one of both"


def _contradicts(
    theirs: Mapping[str, tuple[Held, ...]], ours: Iterable[tuple[Property, Day]]
) -> bool:
    """Whether a date of ours is none of theirs, as far as both are known."""
    for property, day in ours:
        times = [*_times(theirs.get(property.id, ()))]
        if times and not any(_agree(day.text, t) for t in times):
            return True
    return False


def _times(values: Iterable[Held]) -> Iterator[str]:
    return (v.text for v in values if isinstance(v, Time) and not v.is_julian)


def _agree(ours: str, theirs: str) -> bool:
    return ours.startswith(theirs) or theirs.startswith(ours)
