"""Whether Wikidata bears out what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from triplomacy.findings import Severity
from triplomacy.link.check.checking import CURRENT, Fault, check_proposed
from triplomacy.link.entities import Entities
from triplomacy.link.items import Item
from triplomacy.link.linked import Link, Thing
from triplomacy.link.suggest.answers import Decision, Verb
from triplomacy.qid import item_iri


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against a decision.

    Attributes:
        reasons: why it cannot be.
        warnings: what looks odd.
    """

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def doubts_about(
    decisions: Sequence[Decision],
    things: Mapping[str, Thing],
    links: Iterable[Link],
    entities: Entities,
) -> list[Doubts]:
    """What speaks against decisions, each in the light of the others and of the links there are.

    Args:
        decisions: those that link; about others there is nothing to doubt.
        things: what the site says about the things, by their IRI.
        links: the links that the site has.
        entities: the items.

    Raises:
        Unreachable, UnusableAnswer: Wikidata does not answer, or nonsense.
    """
    proposed = [
        Link(things[d.thing], d.verb.value, item_iri(d.id), d.id, d.verb is Verb.SAME)
        for d in decisions
    ]
    return [_doubts(item, faults) for item, faults in check_proposed(links, proposed, entities)]


def _doubts(item: Item, faults: Iterable[Fault]) -> Doubts:
    reasons, warnings = [], []
    for severity, rule, words in faults:
        if rule == CURRENT:
            reasons.append(
                f"{item.asked} was merged into {item.id}: answer {item.id}, if that is it"
            )
        elif severity is Severity.VIOLATION:
            reasons.append(words)
        else:
            warnings.append(words)
    return Doubts(tuple(reasons), tuple(warnings))
