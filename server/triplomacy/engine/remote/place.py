"""Where a release lies on a server, and under which names: `store.json` in the release's folder."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from triplomacy.errors import ReleaseError

NAMES_LINK = NamedNode("urn:x-triplomacy:names")
"""Links a release's graph, as the server has it, to its name for people."""
WHOLE = NamedNode("urn:x-triplomacy:whole")
"""Links a release's prefix to its version, once all of it is loaded."""


@dataclass(frozen=True)
class Place:
    """Where a release lies.

    Attributes:
        url: the endpoint for queries.
        dialect: which kind of server it is (see `dialects`).
        prefix: with which the names of all of its graphs begin there, and of no other release's.
        version: the release's version.
        graphs: the names of its named graphs for people, sorted; the first is `graph/1` there.
        respelt: literals that the server spells in its own way, and how they are spelt in the
            facts, both in N-Triples.
    """

    url: str
    dialect: str
    prefix: str
    version: str
    graphs: tuple[str, ...]
    respelt: dict[str, str] = field(default_factory=dict)

    @property
    def union(self) -> NamedNode:
        """The union of the named graphs."""
        return NamedNode(f"{self.prefix}union")

    @property
    def names(self) -> NamedNode:
        """The graph that tells which graph is which."""
        return NamedNode(f"{self.prefix}names")

    @property
    def nothing(self) -> NamedNode:
        """A graph that there is not."""
        return NamedNode(f"{self.prefix}nothing")

    @property
    def nodes(self) -> str:
        """With what the IRIs begin that stand for blank nodes."""
        return f"{self.prefix}.well-known/genid/"

    @cached_property
    def there(self) -> dict[str, NamedNode]:
        """The graphs' names there, by their names for people."""
        return {g: NamedNode(f"{self.prefix}graph/{n}") for n, g in enumerate(self.graphs, 1)}

    @cached_property
    def here(self) -> dict[str, NamedNode]:
        """The graphs' names for people, by their names there."""
        return {there.value: NamedNode(here) for here, there in self.there.items()}

    @property
    def all_graphs(self) -> list[NamedNode]:
        """All that it takes of the server; the graph of names first, whose mark vouches for all."""
        return [self.names, self.union, *self.there.values()]


def new_place(url: str, dialect: str, base: str, version: str, graphs: Iterable[str]) -> Place:
    """A place that nobody else has."""
    prefix = f"{base}release/{version}/{secrets.token_hex(8)}/"
    return Place(url, dialect, prefix, version, tuple(sorted(graphs)))


def write_place(path: Path, place: Place) -> None:
    """Write `place` into a file.

    Raises:
        OSError: as files do.
    """
    values = {f.name: getattr(place, f.name) for f in dataclasses.fields(place)}
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_place(path: Path) -> Place:
    """Read what `write_place` wrote.

    Raises:
        ReleaseError: it is damaged.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        values["graphs"] = tuple(values["graphs"])
        return Place(**values)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseError(f"{path}: {error}", "triplomacy build --force") from error
