"""What identifies a thing, what it is called, and what describes it: the same for names that are
sent, for identifiers, and for the values of properties.

What stands elsewhere about the same thing counts, as far as the release has it: names that were
fetched from Wikidata are its own, and a description from there takes the place of a missing one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.namespaces import WIKIDATA
from triplomacy.reconcile.facts import DESCRIPTIONS, LABELS, NAMES, TYPE, Facts
from triplomacy.reconcile.ids import Ids
from triplomacy.sameness import REPLACED, SAME


@dataclass(frozen=True, slots=True)
class Identified:
    """What a text identifies.

    Attributes:
        iris: all IRIs that it can mean, and those of what is the same.
        here: those of the things of this release among them; mostly one or none.
    """

    iris: tuple[str, ...] = ()
    here: tuple[str, ...] = ()


class Things:
    """The things of a release.

    Args:
        facts: tells what is said of them.
        ids: the identifiers of the site.
    """

    def __init__(self, facts: Facts, ids: Ids) -> None:
        self._facts = facts
        self._ids = ids

    def identified(self, texts: Iterable[str], root: str = "") -> dict[str, Identified]:
        """What texts identify, elsewhere and here.

        Args:
            texts: what somebody sent.
            root: the address of the server (see `Ids.meant`).

        Raises:
            TooMuchAtOnce: they identify too much.
        """
        meant = {text: self._ids.meant(text, root) for text in dict.fromkeys(texts)}
        iris = dict.fromkeys(iri for of_text in meant.values() for iri in of_text)
        said = self._facts.about(iris, (TYPE, *LABELS, *SAME))
        merged = self._merged([iri for iri in iris if not self._ids.is_ours(iri)])
        targets = dict.fromkeys((*merged, *(i for others in merged.values() for i in others)))
        pointing = self._facts.having((p, NamedNode(i)) for i in targets for p in SAME)

        def same_here(iri: str) -> list[str]:
            return [i for p in SAME for i in pointing[p, NamedNode(iri)]]

        def same(iri: str) -> list[str]:
            if self._ids.is_ours(iri):
                return [i for p in SAME for i in said.iris(iri, p.value)]
            return same_here(iri) or [s for i in merged[iri] for s in (i, *same_here(i))]

        def closed(iris: Sequence[str]) -> Identified:
            there = [i for i in iris if not self._ids.is_ours(i)]
            ours = [i for i in iris if self._ids.is_ours(i)]
            known = [i for i in ours if i in said][:1]  # of several readings the likeliest
            others = [s for i in (*known, *there) for s in same(i)]
            here = dict.fromkeys((*known, *(i for i in others if self._ids.is_ours(i))))
            return Identified((*(known or ours), *there, *others), tuple(here))

        return {text: closed(of_text) for text, of_text in meant.items()}

    def _merged(self, iris: Sequence[str]) -> dict[str, list[str]]:
        """Of each thing elsewhere those that were merged with it, as far as that was fetched."""
        said = self._facts.about(iris, [REPLACED])
        now = {iri: [iri, *said.iris(iri, REPLACED.value)] for iri in iris}
        every = {i for of_thing in now.values() for i in of_thing}
        old = self._facts.having((REPLACED, NamedNode(i)) for i in sorted(every))

        def others(iri: str) -> list[str]:
            before = (i for end in now[iri] for i in old[REPLACED, NamedNode(end)])
            return [i for i in dict.fromkeys((*now[iri], *before)) if i != iri]

        return {iri: others(iri) for iri in now}

    def names(self, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """All that things are called, here and elsewhere, also what is never shown.

        Raises:
            TooMuchAtOnce: these are too many names.
        """
        asked = dict.fromkeys(iris)
        said = self._facts.about(asked, (*NAMES, *SAME))
        lending = {
            iri: [i for p in SAME for i in said.iris(iri, p.value) if not self._ids.is_ours(i)]
            for iri in asked
        }
        lent = self._facts.about((i for lenders in lending.values() for i in lenders), NAMES)
        return {
            iri: tuple(
                dict.fromkeys(
                    (
                        *said.texts(iri, NAMES),
                        *(name for i in lending[iri] for name in lent.texts(i, NAMES)),
                    )
                )
            )
            for iri in asked
        }

    def described(self, iris: Iterable[str]) -> dict[str, str]:
        """A description of each thing; Wikidata's, marked as such, where there is none of ours.

        Raises:
            TooMuchAtOnce: these are too many.
        """
        asked = dict.fromkeys(iris)
        said = self._facts.about(asked, (*DESCRIPTIONS, *SAME))
        without = [iri for iri in asked if not said.description(iri)]
        items = {
            iri: [i for p in SAME for i in said.iris(iri, p.value) if i.startswith(WIKIDATA)]
            for iri in without
        }
        there = self._facts.about(
            (i for of_thing in items.values() for i in of_thing), DESCRIPTIONS
        )

        def lent(iri: str) -> str:
            texts = (there.description(i) for i in items[iri])
            return next((f"{text} (Wikidata)" for text in texts if text), "")

        return {iri: said.description(iri) or lent(iri) for iri in asked}
