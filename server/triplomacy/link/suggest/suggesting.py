"""Suggests items for things, each with why, and with what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from triplomacy.link.check.checking import OUR_NAME, faults_of, languages_of
from triplomacy.link.client import Client, agent_of
from triplomacy.link.entities import Entities, entities_for
from triplomacy.link.items import Item
from triplomacy.link.likeness import ENOUGH, likeness
from triplomacy.link.linked import Link, links_of
from triplomacy.link.suggest.reconciling import (
    BATCH,
    Candidate,
    Reconciliation,
    reconciliation_for,
)
from triplomacy.link.suggest.unlinked import Unlinked
from triplomacy.qid import item_iri
from triplomacy.read.reading import Reading
from triplomacy.sameness import SAME
from triplomacy.site import Site

_SHOWN = 5  # items that are suggested for a thing at most
_FAINT = 0.5  # the part of the best score below which an item is not worth a look
_FOR = 50  # the value of a feature from which it speaks for an item
_NAMES = ("all_labels", "all_names", "name")
"""What services call the feature that compares names."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that a thing could be.

    Attributes:
        id: its number now, which is another if it was merged.
        name, description: in the site's first language that the item has, or as the service has it.
        score: how well it fits, as the service sees it.
        reasons: what speaks for it.
        doubts: what speaks against it.
    """

    id: str
    name: str
    description: str
    score: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A thing, and the items that it could be, the best first."""

    unlinked: Unlinked
    suggestions: tuple[Suggestion, ...]

    @property
    def scores(self) -> dict[str, float]:
        """The score of each item, by its number."""
        return {s.id: s.score for s in self.suggestions}


def suggest(
    site: Site,
    reading: Reading,
    things: Sequence[Unlinked],
    client: Client | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Iterator[Suggested]:
    """Suggest items for things, some things at a time.

    Args:
        site: the site.
        reading: what was read of it.
        things: what has no link.
        client: asks; one with the manners that Wikimedia wants by default.
        fresh: ask for all anew.
        progress: told what is done, and what is waited for.

    Raises:
        Unreachable, UnusableAnswer: a service does not answer, or nonsense; what it has answered
            before is kept, so that the next run goes on from there.
    """
    client = client or Client(agent_of(site.settings), told=progress)
    service = reconciliation_for(site, client, fresh)
    entities = entities_for(site, client, languages_of(site, [t.thing for t in things]), fresh)
    links = [link for link in links_of(reading.facts, site.base) if link.id and link.is_same]
    explain = _Explainer(
        tuple(site.settings.languages),
        {link.id: link.thing.iri for link in links if link.id},
        {link.thing.iri: link.id for link in links if link.id},
    )
    for start in range(0, len(things), BATCH):
        part = things[start : start + BATCH]
        progress(f"Looking for candidates, {start} of {len(things)} things")
        yield from _of_some(part, service, entities, explain, progress)


def _of_some(
    things: Sequence[Unlinked],
    service: Reconciliation,
    entities: Entities,
    explain: _Explainer,
    progress: Callable[[str], None],
) -> Iterator[Suggested]:
    found = service.candidates(things, progress)
    items = entities.of((c.id for candidates in found for c in candidates), progress)
    for thing, candidates in zip(things, found, strict=True):
        suggestions: dict[str, Suggestion] = {}
        least = _FAINT * max((c.score for c in candidates), default=0)
        for candidate in (c for c in candidates[:_SHOWN] if c.score >= least):
            item = items[candidate.id]
            if not item.is_missing and not thing.rejected & {item.id, candidate.id}:
                suggestions.setdefault(item.id, explain(thing, candidate, item))
        yield Suggested(thing, tuple(suggestions.values()))


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Says why an item is suggested, and what speaks against it.

    Attributes:
        languages: of the site, the first before the others.
        taken: what each linked item is linked from.
        linked: the item of each thing that is linked.
    """

    languages: tuple[str, ...]
    taken: dict[str, str]
    linked: dict[str, str]

    def __call__(self, thing: Unlinked, candidate: Candidate, item: Item) -> Suggestion:
        link = Link(thing.thing, SAME[0].value, item_iri(candidate.id), candidate.id, is_same=True)
        pros, cons = _weighed(thing, candidate, item)
        faults = faults_of(link, item, self.linked)
        cons += [words for _, rule, words in faults if rule != OUR_NAME]  # which is weighed above
        if item.id in self.taken:
            cons.append(f"{item.id} is linked already, from <{self.taken[item.id]}>")
        return Suggestion(
            item.id,
            self._first(item.labels) or candidate.name,
            self._first(item.descriptions) or candidate.description,
            candidate.score,
            tuple(pros),
            tuple(cons),
        )

    def _first(self, texts: object) -> str:
        assert isinstance(texts, dict)
        return next((texts[code] for code in (*self.languages, "mul", "en") if code in texts), "")


def _weighed(thing: Unlinked, candidate: Candidate, item: Item) -> tuple[list[str], list[str]]:
    """What speaks for an item, and what against it."""
    pros: list[str] = []
    cons: list[str] = []
    theirs = _nearest(thing, item)
    if theirs is not None:
        name, ratio = theirs
        words = f"its name “{name}” is {ratio:.0%} like ours"
        (pros if ratio >= ENOUGH else cons).append(words)
    hints = {h.property: f"{h.words} ({h.property})" for h in thing.hints}
    for feature, value in candidate.features:
        if feature not in _NAMES:  # which are compared above
            words = f"{hints.get(feature, feature)}: {value:.0f}"
            (pros if value >= _FOR else cons).append(words)
    if candidate.is_match:
        pros.append("the service is sure")
    return pros, cons


def _nearest(thing: Unlinked, item: Item) -> tuple[str, float] | None:
    """The name of an item that is most like one of ours, and how much."""
    languages = dict.fromkeys((*item.labels, *item.aliases))
    names = dict.fromkeys(name for code in languages for name in item.names(code))
    rated = [(name, likeness(thing.names, [name])) for name in names]
    return max(rated, key=lambda r: r[1], default=None)
