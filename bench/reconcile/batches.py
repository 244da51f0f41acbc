"""A thousand names of a release, as other people's tables have them, each with what it means."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path

from bench.search.data import slip

SIZE = 1_000
"""Names in a batch."""
_LABEL = re.compile(r'<([^>]+)> <http://www\.w3\.org/2000/01/rdf-schema#label> "([^"]+)"')

Batch = list[tuple[str, str]]
"""Names, each with the IRI of the thing that it was made from; empty where there is none."""


def batches(facts: Path, seed: int) -> dict[str, Batch]:
    """The batches, by what is done to the names.

    Args:
        facts: the data, as `bench.search.data.write_data` writes it.
        seed: the same gives the same batches.
    """
    draw = random.Random(seed)
    drawn = _drawn(facts, draw)

    def with_slip(name: str) -> str:
        words = name.split()
        longest = max(range(len(words)), key=lambda n: len(words[n]))
        words[longest] = slip(draw, words[longest].lower())
        return " ".join(words)

    def made_up() -> str:
        return "".join(draw.choices("qxzwjk", k=8))

    def turned(name: str) -> str:
        first, *rest = name.split()
        return f"{' '.join(rest)}, {first}" if rest else name

    return {
        "as they are": drawn,
        "in capitals, last name first": [(turned(name).upper(), iri) for name, iri in drawn],
        "a fifth with a slip": [
            (with_slip(name) if n % 5 == 0 else name, iri) for n, (name, iri) in enumerate(drawn)
        ],
        "all with a slip": [(with_slip(name), iri) for name, iri in drawn],
        "with a word too many": [(f"{name} {made_up()}", iri) for name, iri in drawn],
        "of nothing": [(" ".join(made_up() for _ in range(3)), "") for _ in range(SIZE)],
    }


def labels(facts: Path) -> Iterator[tuple[str, str]]:
    """All labels of the data, each with its thing."""
    with gzip.open(facts, "rt", encoding="utf-8") as file:
        for line in file:
            if found := _LABEL.match(line):
                yield found[2], found[1]


def _drawn(facts: Path, draw: random.Random) -> Batch:
    """Some of all labels, each with the same chance; the same several times where they are few."""
    kept: Batch = []
    for count, pair in enumerate(labels(facts)):
        if len(kept) < SIZE:
            kept.append(pair)
        elif (place := draw.randrange(count + 1)) < SIZE:
            kept[place] = pair
    while len(kept) < SIZE:
        kept.append(draw.choice(kept))
    return kept
