"""The items of the stand-in, in Wikidata's own JSON model."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Items:
    """Items, and what happened to others.

    Attributes:
        entities: each item by its number, as `wbgetentities` gives it.
        redirects: the number of an item that was merged, and that of the one it is now.
        deleted: the numbers of items that were deleted.
        properties: label and datatype of each property, by its number.
    """

    entities: dict[str, Json]
    redirects: dict[str, str]
    deleted: tuple[str, ...]
    properties: dict[str, dict[str, str]]

    def target(self, id: str) -> str:
        """The number of the item that one with this number is now."""
        return self.redirects.get(id, id)

    def get(self, id: str) -> Json | None:
        """The item with that number, redirects followed; None if there is none."""
        return self.entities.get(self.target(id))

    def named(self, id: str, language: str = "en") -> str:
        """The label of an item or a property; its number where it has none."""
        if id in self.properties:
            return self.properties[id]["label"]
        return term(self.get(id) or {}, "labels", language) or id

    def values(self, id: str, property: str) -> list[str]:
        """The items, strings or times that an item's statements give, the deprecated left out."""
        statements = (self.get(id) or {}).get("claims", {}).get(property, [])
        kept = [s for s in statements if s["rank"] != "deprecated"]
        return [plain(s["mainsnak"]["datavalue"]) for s in kept]

    def above(self, classes: Iterable[str]) -> set[str]:
        """Classes, and those that they are subclasses of."""
        found, left = set[str](), [*classes]
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += self.values(one, "P279")
        return found


def term(entity: Json, kind: str, language: str) -> str | None:
    """A label or a description in a language, in English where there is none."""
    terms = entity.get(kind, {})
    found = terms.get(language) or terms.get("en")
    return found["value"] if found else None


def names(entity: Json, language: str | None = None) -> list[str]:
    """Labels and aliases, the labels first; of all languages if none is given."""
    labels = [t["value"] for code, t in entity["labels"].items() if language in (None, code)]
    aliases = [
        t["value"]
        for code, terms in entity["aliases"].items()
        for t in terms
        if language in (None, code)
    ]
    return labels + aliases


def plain(datavalue: Json) -> str:
    """A value as one string: the number of an item, a date, a text."""
    value = datavalue["value"]
    if datavalue["type"] == "wikibase-entityid":
        return str(value["id"])
    if datavalue["type"] == "time":
        return str(value["time"])
    if datavalue["type"] == "globecoordinate":
        return f"{value['latitude']},{value['longitude']}"
    return str(value)


@functools.cache
def shipped() -> Items:
    """The items that the package carries; nobody changes them."""
    data = resources.files("triplomacy.link.stand_in") / "data"

    def read(name: str) -> Any:
        return json.loads((data / name).read_text(encoding="utf-8"))

    files = sorted((data / "items").iterdir(), key=lambda f: int(f.name[1:].partition(".")[0]))
    entities = (json.loads(f.read_text(encoding="utf-8")) for f in files)
    return Items(
        {e["id"]: e for e in entities},
        read("redirects.json"),
        tuple(read("deleted.json")),
        read("properties.json"),
    )
