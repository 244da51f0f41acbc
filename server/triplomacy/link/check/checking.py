"""Checks every link of a site against what Wikidata says now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triplomacy.findings import Finding, Severity, in_order
from triplomacy.link.cache import now
from triplomacy.link.check import rules
from triplomacy.link.client import Client, agent_of
from triplomacy.link.entities import Entities, entities_for
from triplomacy.link.items import Item
from triplomacy.link.linked import Link, Thing, links_of
from triplomacy.qid import item_iri, remedy_for
from triplomacy.read.locate import Places
from triplomacy.read.reading import Reading
from triplomacy.site import Site

ENTITY_IRI = "link-is-the-iri-of-an-item"
CURRENT = "linked-item-is-current"
EXISTS = "linked-item-exists"
A_THING = "linked-item-is-a-thing"
OUR_NAME = "linked-item-has-our-name"
OUR_KIND = "linked-item-is-of-our-kind"
OUR_DATES = "linked-item-has-our-dates"
NOT_DENIED = "linked-item-is-not-denied"
ONE_THING = "one-item-is-one-thing"
ONE_ITEM = "one-thing-is-one-item"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a link.

    Attributes:
        link: the link.
        item: what stands behind it; None if it is not the IRI of an item.
        findings: what is wrong with it.
    """

    link: Link
    item: Item | None
    findings: tuple[Finding, ...]

    @property
    def redirect(self) -> str | None:
        """The IRI of the item into which the linked one was merged; None if it was not."""
        item = self.item
        return item_iri(item.id) if item and item.is_redirected and not item.is_missing else None


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check.

    Attributes:
        verdicts: one for each link.
        when: when it was made.
        service: the address that was asked.
    """

    verdicts: tuple[Verdict, ...]
    when: datetime
    service: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, the worst first."""
        return in_order(f for v in self.verdicts for f in v.findings)


def check_links(
    site: Site,
    reading: Reading,
    client: Client | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Checked:
    """Check the links of a site.

    Args:
        site: the site.
        reading: what was read of it.
        client: asks Wikidata; one with the manners that Wikimedia wants by default.
        fresh: ask for all anew.
        progress: told what is done, and what is waited for.

    Raises:
        Unreachable, UnusableAnswer: Wikidata does not answer, or nonsense; what it has answered
            before is kept, so that the next check goes on from there.
    """
    return _checked(site, reading, look_up(site, reading, client, fresh, progress))


def check_proposed(
    links: Iterable[Link], proposed: Sequence[Link], entities: Entities
) -> list[tuple[Item, list[Fault]]]:
    """Check links that a site does not have yet, each in the light of the others.

    Args:
        links: those that the site has; what they lead to is looked up only where it matters.
        proposed: those that it might get, each to an item.
        entities: the items.

    Returns:
        For each proposed link the item behind it, and what is wrong with it.

    Raises:
        Unreachable, UnusableAnswer: see `check_links`.
    """
    items = entities.of(link.id for link in proposed if link.id)
    ids = {*items, *(item.id for item in items.values())}
    things = {link.thing.iri for link in proposed}
    things |= {holding.office for link in proposed for holding in link.thing.holdings}
    near = [link for link in links if link.id in ids or link.thing.iri in things]
    items |= entities.of(link.id for link in near if link.id)
    together = (*near, *proposed)
    offices, others = _offices(together, items), _Others(together, items)
    found = []
    for link in proposed:
        item = items[link.id or ""]
        found.append((item, [*faults_of(link, item, offices), *others.about(link)]))
    return found


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The links of a site, and the items behind them by the number that is linked."""

    links: tuple[Link, ...]
    items: dict[str, Item]


def look_up(
    site: Site,
    reading: Reading,
    client: Client | None,
    fresh: bool,
    progress: Callable[[str], None],
) -> LookedUp:
    """The items that a site links; see `check_links`."""
    links = links_of(reading.facts, site.base)
    client = client or Client(agent_of(site.settings), told=progress)
    entities = entities_for(site, client, languages_of(site, [n.thing for n in links]), fresh)
    return LookedUp(tuple(links), entities.of((link.id for link in links if link.id), progress))


def languages_of(site: Site, things: Iterable[Thing]) -> set[str]:
    """The languages whose names are compared or shown."""
    named = {code for thing in things for code in thing.names if code}
    codes = (*site.settings.languages, *site.settings.wikidata.languages)
    wanted = named | {code.lower() for code in codes} | {"en"}
    return wanted | {code.partition("-")[0] for code in wanted}


def _checked(site: Site, reading: Reading, looked: LookedUp) -> Checked:
    links, items = looked.links, looked.items
    offices = _offices(links, items)
    others = _Others(links, items)
    faults = []
    for link in links:
        item = items[link.id] if link.id else None
        faults.append((link, item, [*faults_of(link, item, offices), *others.about(link)]))
    # To know the places means to look at every quad.
    places = Places(reading.files, reading.quads) if any(f for *_, f in faults) else None
    verdicts = tuple(Verdict(link, item, _located(link, f, places)) for link, item, f in faults)
    return Checked(verdicts, now().replace(microsecond=0), site.settings.wikidata.api)


def _offices(links: Iterable[Link], items: Mapping[str, Item]) -> dict[str, str]:
    """The number of the item of each thing that is the same as one."""
    return {link.thing.iri: items[link.id].id for link in links if link.id and link.is_same}


def _located(link: Link, faults: list[Fault], places: Places | None) -> tuple[Finding, ...]:
    if not faults or places is None:
        return ()
    thing, value = link.thing.iri, link.target
    file, line = places.find(thing, value)
    return tuple(Finding(s, rule, words, thing, value, file, line) for s, rule, words in faults)


Fault = tuple[Severity, str, str]
"""How bad it is, the rule, and what is wrong."""


def faults_of(link: Link, item: Item | None, offices: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with a link by itself; one reason is enough where the item is another.

    Args:
        link: the link.
        item: what stands behind it; None if it is not the IRI of an item.
        offices: the number of the item of each office of ours that is linked.
    """
    if item is None:
        what = f"{link.target[:200]} is not the IRI of an item: {remedy_for(link.target)}"
        yield Severity.VIOLATION, ENTITY_IRI, what
        return
    for severity, rule, message in (
        (Severity.VIOLATION, EXISTS, rules.missing(item)),
        (Severity.WARNING, CURRENT, rules.redirected(item)),
        (Severity.VIOLATION, A_THING, rules.disambiguation(item)),
    ):
        if message:
            yield severity, rule, message
            if severity is Severity.VIOLATION:
                return
    if link.thing.rejected & {item.asked, item.id}:
        what = (
            f"it is said to be {item.id}, and to be different from it (owl:differentFrom): remove "
            "what is wrong of both"
        )
        yield Severity.VIOLATION, NOT_DENIED, what
        return
    if not link.is_same:  # what is only close may well have another name, kind and age
        return
    kind = rules.kind(link.thing, item)
    if kind:
        yield Severity.VIOLATION, OUR_KIND, kind
        return
    for rule, message in (
        (OUR_NAME, rules.name(link.thing, item)),
        (OUR_DATES, rules.dates(link.thing, item, offices)),
    ):
        if message:
            yield Severity.WARNING, rule, message


class _Others:
    """Knows which links share an item, or a thing, once redirects are followed."""

    def __init__(self, links: tuple[Link, ...], items: dict[str, Item]) -> None:
        self._items = items
        self._things: dict[str, list[str]] = defaultdict(list)
        self._ids: dict[str, set[str]] = defaultdict(set)
        for link in links:
            if link.id and link.is_same:
                id = items[link.id].id
                if link.thing.iri not in self._things[id]:
                    self._things[id].append(link.thing.iri)
                self._ids[link.thing.iri].add(id)

    def about(self, link: Link) -> Iterator[Fault]:
        if not link.id or not link.is_same:
            return
        id = self._items[link.id].id
        others = [iri for iri in self._things[id] if iri != link.thing.iri]
        if others:
            named = " and ".join(f"<{iri}>" for iri in others[:3])
            message = f"{id} is also the item of {named}: correct one of the links, or merge them"
            yield Severity.VIOLATION, ONE_THING, message
        ids = sorted(self._ids[link.thing.iri] - {id})
        if ids:
            message = (
                f"besides {id} it is said to be {' and '.join(ids[:3])}, too: keep the one that "
                "means the same, and use skos:closeMatch for the others"
            )
            yield Severity.VIOLATION, ONE_ITEM, message
