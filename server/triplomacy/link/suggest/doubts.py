"""Whether Wikidata bears out what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from triplomacy.findings import Severity
from triplomacy.link.checking import CURRENT, Verdict, check_proposed
from triplomacy.link.client import Client
from triplomacy.link.linked import Link, Thing
from triplomacy.link.qid import item_iri
from triplomacy.link.suggest.answers import Decision, Verb
from triplomacy.read.reading import Reading
from triplomacy.site import Site


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
    site: Site,
    reading: Reading,
    decisions: Sequence[Decision],
    things: Mapping[str, Thing],
    client: Client | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> list[Doubts]:
    """What speaks against decisions, each in the light of the others and of the links there are.

    Args:
        site: the site.
        reading: what was read of it.
        decisions: those that link; about others there is nothing to doubt.
        things: what the site says about the things, by their IRI.
        client, progress: see `checking.check_links`.

    Raises:
        Unreachable, UnusableAnswer: Wikidata does not answer, or nonsense.
    """
    proposed = [
        Link(things[d.thing], d.verb.value, item_iri(d.id), d.id, d.verb is Verb.SAME)
        for d in decisions
    ]
    verdicts = check_proposed(site, reading, proposed, client, progress)
    return [_doubts(verdict) for verdict in verdicts]


def _doubts(verdict: Verdict) -> Doubts:
    reasons, warnings = [], []
    for finding in verdict.findings:
        if finding.rule == CURRENT and verdict.item is not None:
            asked, now = verdict.item.asked, verdict.item.id
            reasons.append(f"{asked} was merged into {now}: answer {now}, if that is it")
        elif finding.severity is Severity.VIOLATION:
            reasons.append(finding.message)
        else:
            warnings.append(finding.message)
    return Doubts(tuple(reasons), tuple(warnings))
