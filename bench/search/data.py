"""Made-up names from a seed, as canonical N-Quads, and the queries that people would type for them.

Words follow Zipf's law: a few are in very many names, most are rare. A third of the names is of
actors, each with an alias; the others are of events and statements; each statement has a sentence.
"""

from __future__ import annotations

import bisect
import gzip
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = "https://w3id.org/triplomacy/"
_GRAPH = f"<{BASE}graph/made-up>"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_ALIAS = "<http://www.w3.org/2004/02/skos/core#altLabel>"
_DESCRIPTION = "<http://purl.org/dc/terms/description>"
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "bri",
    "da",
    "den",
    "dor",
    "el",
    "en",
    "er",
    "fa",
    "fre",
    "ga",
    "gor",
    "ha",
    "hel",
    "i",
    "is",
    "ja",
    "jo",
    "ka",
    "ken",
    "kov",
    "la",
    "lec",
    "len",
    "li",
    "lo",
    "ma",
    "mar",
    "mi",
    "mo",
    "na",
    "ne",
    "nik",
    "no",
    "o",
    "or",
    "pa",
    "pe",
    "pis",
    "pu",
    "ra",
    "ri",
    "ro",
    "sa",
    "sch",
    "se",
    "sen",
    "ska",
    "ste",
    "ta",
    "ten",
    "ti",
    "tor",
    "tru",
    "u",
    "ul",
    "va",
    "ven",
    "vi",
    "vo",
    "wa",
    "wil",
    "ya",
    "zel",
]
_OFFICES = ("President", "Minister", "Ambassador", "Secretary", "Chancellor", "Envoy")
_MEETINGS = ("Call", "Meeting", "Summit", "Talks", "Visit")


class Zipf:
    """Draws from `items`, the n-th of them in proportion to 1/n."""

    def __init__(self, items: list[str], random: random.Random) -> None:
        self._items = items
        self._sums = list(itertools.accumulate(1 / n for n in range(1, len(items) + 1)))
        self._random = random

    def __call__(self) -> str:
        return self._items[bisect.bisect(self._sums, self._random.random() * self._sums[-1])]


@dataclass(frozen=True, slots=True)
class Data:
    """What was made.

    Attributes:
        labels, quads: how many.
        queries: what people type, by kind of query.
    """

    labels: int
    quads: int
    queries: dict[str, list[str]]


def write_data(path: Path, labels: int, seed: int = 1, queries: int = 200) -> Data:
    """Write so many labels and aliases, with what belongs to them.

    Args:
        path: where to, gzipped.
        labels: how many names.
        seed: the same gives the same data.
        queries: how many of each kind.
    """
    draw = random.Random(seed)
    given = Zipf(_words(draw, 2_000, 2), draw)
    family = Zipf(_words(draw, max(1_000, labels // 10), 3), draw)
    word = Zipf(_words(draw, 50_000, 2), draw)
    people = labels // 3
    things = labels - 2 * people
    names: list[tuple[str, str]] = []  # of some of the actors
    quads = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:

        def write(id: str, cls: str, said: Iterator[tuple[str, str]]) -> None:
            nonlocal quads
            subject = f"<{BASE}id/{id}>"
            for property, text in said:
                file.write(f'{subject} {property} "{text}"@en {_GRAPH} .\n')
                quads += 1
            file.write(f"{subject} {_TYPE} <{BASE}ontology#{cls}> {_GRAPH} .\n")
            quads += 1

        for n in range(people):
            first, last = given(), family()
            if draw.random() < 20 * queries / people:
                names.append((first, last))
            office = draw.choice(_OFFICES)
            said = ((_LABEL, f"{first} {last}"), (_ALIAS, f"{office} {first} {last}"))
            write(f"actor/{n:08}", "Person", iter(said))
        for n in range(things // 2):
            meeting = draw.choice(_MEETINGS)
            said_ = ((_LABEL, f"{meeting} between {family()} and {family()} in {word()}"),)
            write(f"event/{n:08}", "Event", iter(said_))
        for n in range(things - things // 2):
            sentence = " ".join(word() for _ in range(12))
            told = ((_DESCRIPTION, sentence), (_LABEL, f"{family()} on {word()} {word()}"))
            write(f"statement/{n:08}", "Statement", iter(told))
    return Data(labels, quads, _queries(draw, names, queries, word))


def _words(draw: random.Random, count: int, longest: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = draw.choices(_SYLLABLES, k=draw.randint(2, longest + 1))
        found["".join(syllables).capitalize()] = None
    return list(found)


def _queries(
    draw: random.Random, names: list[tuple[str, str]], count: int, word: Zipf
) -> dict[str, list[str]]:
    def some() -> tuple[str, str]:
        return draw.choice(names)

    def several(make: object) -> list[str]:
        assert callable(make)
        return [make() for _ in range(count)]

    def first_letters() -> str:
        name = some()[1]
        return name[: draw.randint(2, max(3, len(name) - 1))].lower()

    return {
        "whole name": several(lambda: " ".join(some())),
        "rare word": several(lambda: max((some()[1] for _ in range(3)), key=len).lower()),
        "frequent word": several(lambda: draw.choice((*_OFFICES, *_MEETINGS)).lower()),
        "two frequent words": several(
            lambda: f"{draw.choice(_OFFICES)} {draw.choice(_OFFICES)}".lower()
        ),
        "frequent and rare": several(lambda: f"{draw.choice(_OFFICES)} {some()[1]}".lower()),
        "beginning of a word": several(first_letters),
        "words of a sentence": several(lambda: f"{word()} {word()}".lower()),
        "one slip": several(lambda: slip(draw, some()[1].lower())),
        "name with a slip": several(lambda: f"{(n := some())[0]} {slip(draw, n[1])}".lower()),
        "in no text": several(lambda: "".join(draw.choices("qxzwjk", k=8))),
    }


def slip(draw: random.Random, word: str) -> str:
    """`word` with a letter left out, added, changed, or swapped with the next."""
    at = draw.randrange(1, max(2, len(word) - 1))
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz")
    return draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        )
    )
