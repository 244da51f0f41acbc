"""What a link to Wikidata is checked for, a rule a function: what is wrong, in words, or None."""

from __future__ import annotations

from collections.abc import Mapping

from triplomacy.link.items import Item, Time, Value
from triplomacy.link.likeness import ENOUGH, likeness
from triplomacy.link.linked import Thing
from triplomacy.qid import item_iri

# “Wikimedia disambiguation page” and “Wikimedia human name disambiguation page”, and what bots
# write as the description of such a page.
_DISAMBIGUATION = frozenset({"Q4167410", "Q22808320"})
_DESCRIBED = "disambiguation page"
# What only an item of a kind has; the classes of Wikidata are too many to be listed.
_TELLTALES = {
    "person": ("P21", "P27", "P106", "P569", "P570", "P734", "P735"),
    "territory": ("P36", "P297", "P298"),
    "office": ("P1308",),
}
_KIN = {"organization": {"territory", "office"}, "territory": {"organization"}}
"""Which kinds can be one: a union of states is a body, and so is a presidency."""
_SHOWN = 60


def redirected(item: Item) -> str | None:
    """Whether the item was merged into another."""
    if not item.is_redirected:
        return None
    return (
        f"{item.asked} was merged into {item.id} ({_name(item)}): link wd:{item.id}, or let "
        "triplomacy link check --fix do it"
    )


def missing(item: Item) -> str | None:
    """Whether there is no such item."""
    if not item.is_missing:
        return None
    return (
        f"{item.asked} is no item of Wikidata, or no more: look at "
        f"https://www.wikidata.org/wiki/{item.asked} for why, and link what took its place"
    )


def disambiguation(item: Item) -> str | None:
    """Whether the item is about a page that tells namesakes apart."""
    classes = {v for v in item.values("P31") if isinstance(v, str)}
    if not classes & _DISAMBIGUATION and _DESCRIBED not in item.descriptions.get("en", ""):
        return None
    return (
        f"{item.id} ({_name(item)}) is a page that tells namesakes apart: link the one that is "
        "meant"
    )


def name(thing: Thing, item: Item) -> str | None:
    """Whether our names are far from theirs in every language that both have."""
    best = -1.0
    for language in _shared(thing, item):
        ours = [*thing.names.get(language, ()), *thing.names.get("", ())]
        best = max(best, likeness(ours, item.names(language.partition("-")[0])),
                   likeness(ours, item.names(language)))  # fmt: skip
    if best < 0 or best >= ENOUGH:
        return None
    ours = [name for names in thing.names.values() for name in names]
    return (
        f"our name {_quoted(ours[0])} is far from {_name(item)} of {item.id} in every language "
        f"that both have ({best:.0%} alike): link another item, or add its name to ours"
    )


def kind(thing: Thing, item: Item) -> str | None:
    """Whether the item is of a kind that excludes ours."""
    theirs = {k for k, properties in _TELLTALES.items() if set(properties) & set(item.claims)}
    allowed = thing.kinds | {kin for k in thing.kinds for kin in _KIN.get(k, ())}
    if not theirs or not thing.kinds or theirs & allowed:
        return None
    return (
        f"{item.id} ({_name(item)}) is {_articled(sorted(theirs))} by what Wikidata says, and ours "
        f"is {_articled(sorted(thing.kinds))}: link another item, or correct our type"
    )


def dates(thing: Thing, item: Item, offices: Mapping[str, str]) -> str | None:
    """Whether a date of ours is none of theirs, as far as both are known.

    Args:
        thing: ours.
        item: theirs.
        offices: the number of the item of each office of ours that is linked.
    """
    for properties, ours in thing.dates:
        theirs = [v for p in properties for v in item.values(p)]
        if _contradict(ours, theirs):
            return _date_words(item, properties[0], ours, theirs)
    for holding in thing.holdings:
        held = [c for c in item.claims.get("P39", ()) if c.value == offices.get(holding.office, "")]
        for ours_, property in ((holding.start, "P580"), (holding.end, "P582")):
            theirs = [v for c in held for v in c.qualifiers.get(property, ())]
            if ours_ is not None and _contradict(ours_, theirs):
                return _date_words(item, f"P39/{property}", ours_, theirs)
    return None


def _date_words(item: Item, property: str, ours: str, theirs: list[Value]) -> str:
    shown = ", ".join(sorted({v.text for v in theirs if isinstance(v, Time)}))
    return (
        f"our date {_quoted(ours)} is not that of {item.id} ({_name(item)}), which has {shown} "
        f"({property}): correct the date, or the link"
    )


def _contradict(ours: str, theirs: list[Value]) -> bool:
    """Whether none of their times can be ours, as far as both are known."""
    times = [v for v in theirs if isinstance(v, Time)]
    if not times or any(t.is_julian for t in times):
        return False
    day = ours.partition("T")[0]
    return not any(day.startswith(t.text) or t.text.startswith(day) for t in times)


def _shared(thing: Thing, item: Item) -> list[str]:
    """The languages in which both have names."""
    ours = [code for code in thing.names if code]
    if not ours and thing.names:  # names of no language could be of any
        ours = [*item.labels]
    return [c for c in ours if item.names(c) or item.names(c.partition("-")[0])]


def _name(item: Item) -> str:
    label = item.labels.get("en") or next(iter(item.labels.values()), "")
    return _quoted(label) if label else item_iri(item.id)


def _quoted(text: str) -> str:
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


def _articled(kinds: list[str]) -> str:
    return " and ".join(f"an {k}" if k[0] in "aeiou" else f"a {k}" for k in kinds)
