"""What is asked about: small graphs of tricky terms, and small diplomacy in our vocabulary."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.sparql.data import BASE, EAS, write_dataset

_XSD = "http://www.w3.org/2001/XMLSchema#"
_EX = "http://example.org/"

_LITERALS = (
    '""', '"a"', '"b"', '"A"', '"a b"', '"a"@en', '"b"@en', '"a"@fr', '"a"@en-GB',
    '"é"', '"\U0001f0a1"', '"line\\nbreak"', '"quote\\"backslash\\\\"', '"1"', '"true"',
    f'"a"^^<{_EX}type>', f'"b"^^<{_EX}type>', f'"abc"^^<{_XSD}integer>',
    *(f'"{n}"^^<{_XSD}integer>' for n in (-1, 0, 1, 2, 10, 9223372036854775807)),
    *(f'"{n}"^^<{_XSD}decimal>' for n in ("0.0", "1.0", "1.5", "-2.5", "0.1")),
    *(f'"{n}"^^<{_XSD}double>' for n in ("0.0E0", "-0.0E0", "1.0E0", "1.5E0", "INF", "NaN")),
    f'"1.0"^^<{_XSD}float>', f'"1"^^<{_XSD}byte>', f'"1"^^<{_XSD}nonNegativeInteger>',
    f'"true"^^<{_XSD}boolean>', f'"false"^^<{_XSD}boolean>',
    f'"2020-01-01"^^<{_XSD}date>', f'"2020-06-15"^^<{_XSD}date>', f'"2020-01-01Z"^^<{_XSD}date>',
    f'"2020-01-01T00:00:00Z"^^<{_XSD}dateTime>', f'"2020-01-01T00:00:00"^^<{_XSD}dateTime>',
    f'"2019-12-31T23:00:00-01:00"^^<{_XSD}dateTime>', f'"2020-01-01T12:00:00.5Z"^^<{_XSD}dateTime>',
    f'"P1D"^^<{_XSD}dayTimeDuration>', f'"P1Y"^^<{_XSD}yearMonthDuration>',
    f'"12:00:00"^^<{_XSD}time>',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What questions about a dataset can be made of, as SPARQL writes it.

    Attributes:
        nodes: subjects, which are also objects.
        predicates: of the triples.
        literals: objects; also constants in filters.
        graphs: the named graphs.
        triples: some that are there, so that patterns can be drawn that match.
    """

    nodes: tuple[str, ...]
    predicates: tuple[str, ...]
    literals: tuple[str, ...]
    graphs: tuple[str, ...]
    triples: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """A dataset.

    Attributes:
        quads: lines of N-Quads without their line feeds; the default graph is written out.
        terms: what to ask about.
    """

    quads: tuple[str, ...]
    terms: Terms

    @property
    def text(self) -> str:
        """The whole as N-Quads."""
        return "\n".join(self.quads)


def tricky(r: random.Random) -> Data:
    """A graph of up to 24 triples over few nodes and the literals that engines stumble on."""
    nodes = tuple(f"<{_EX}{n}>" for n in "abcd")
    predicates = tuple(f"<{_EX}{n}>" for n in "pqr")
    graphs = tuple(f"<{_EX}g{n}>" for n in (1, 2))
    literals = tuple(r.sample(_LITERALS, r.randint(2, 8)))
    subjects = (*nodes, "_:x", "_:y")
    lines: dict[str, None] = {}
    triples = []
    for _ in range(r.randint(0, 24)):
        value = r.choice(literals) if r.random() < 0.5 else r.choice(subjects)
        graph = r.choice(("", "", *(f"{g} " for g in graphs)))
        triples.append((r.choice(subjects), r.choice(predicates), value))
        lines[f"{' '.join(triples[-1])} {graph}."] = None
    return Data(tuple(lines), Terms(nodes, predicates, literals, graphs, tuple(triples)))


@cache
def diplomacy(count: int = 1200) -> Data:
    """Made-up diplomacy, each triple in the graph of its month and in the default graph."""
    with tempfile.TemporaryDirectory() as folder:
        made = write_dataset(Path(folder), count, seed=1)
        quads = made.quads.read_text().splitlines() + made.triples.read_text().splitlines()
    words = [q.removesuffix(" .").split(" ", 2) for q in quads if "/graph/" not in q]
    triples = tuple((s, p, o) for s, p, o in words)
    subjects, predicates, objects = (tuple(dict.fromkeys(t)) for t in zip(*triples, strict=True))
    literals = tuple(o for o in objects if o.startswith('"'))
    concepts = tuple(o for o in objects if o.startswith((f"<{BASE}vocab", f"<{EAS}")))
    graphs = tuple(dict.fromkeys(q.rsplit(" ", 2)[1] for q in quads if "/graph/" in q))
    chosen = random.Random(1)
    nodes = (*chosen.sample(subjects, 40), *concepts)
    return Data(tuple(quads), Terms(nodes, predicates, literals, graphs, triples))
