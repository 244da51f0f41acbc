"""Data extension: the values that entities have, as the protocol writes them (§7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import XSD
from triplomacy.reconcile.facts import LABELS, Facts, Value
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.requests import Extension, Wanted
from triplomacy.reconcile.scoring import finite
from triplomacy.reconcile.terms import Terms
from triplomacy.reconcile.things import Identified, Things

SETTINGS: tuple[dict[str, Any], ...] = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "How many values of an entity to fetch at most; 0 for all",
    },
    {
        "name": "language",
        "label": "Language",
        "type": "text",
        "default": "",
        "help_text": "Only texts in this language, such as en; empty for all",
    },
)
"""The settings that a property can have, as the manifest tells them."""

_WHOLE = frozenset(
    XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)
_BROKEN = frozenset(XSD + name for name in ("decimal", "double", "float"))
_DAY = re.compile(r"-?[0-9]{4,9}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])")
_TIME = re.compile(
    _DAY.pattern
    + r"T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-](2[0-3]|[01][0-9]):[0-5][0-9])?"
)
_LARGEST = 2**53  # beyond which JSON's readers lose digits (RFC 8259 §6)


def extend(
    asked: Extension, facts: Facts, terms: Terms, ids: Ids, root: str = ""
) -> dict[str, object]:
    """The answer to a data extension query.

    Properties and entities that are not known have no values, nor has an identifier that means two
    things; the protocol has no other word.

    Raises:
        TooMuchAtOnce: there are too many values.
    """
    identified = Things(facts, ids).identified(asked.ids, root)
    things = {id: _things(meant, ids) for id, meant in identified.items()}
    properties = {p.id: iri for p in asked.properties if (iri := ids.term_iri(p.id))}
    said = facts.about(
        (iri for iris in things.values() for iri in iris),
        [NamedNode(iri) for iri in properties.values()],
    )

    def values(id: str, wanted: Wanted) -> list[Value]:
        iri = next((i for i in things[id] if i in said), None)
        property = properties.get(wanted.id)
        held = said.values(iri, property) if iri and property else ()
        return _chosen(held, wanted)

    cells = {id: {p.id: values(id, p) for p in asked.properties} for id in asked.ids}
    linked = {
        v.value
        for row in cells.values()
        for cell in row.values()
        for v in cell
        if isinstance(v, NamedNode) and ids.is_ours(v.value)
    }
    names = facts.about(sorted(linked), LABELS)

    def written(value: Value) -> dict[str, object]:
        if isinstance(value, NamedNode) and value.value in linked:
            return {"id": ids.of(value.value), "name": names.name(value.value)}
        return {"str": value.value} if isinstance(value, NamedNode) else _literal(value)

    meta = [_meta(p.id, properties, terms) for p in asked.properties]
    rows = {
        id: {p: [written(v) for v in cell] for p, cell in row.items()} for id, row in cells.items()
    }
    return {"meta": meta, "rows": rows}


def _things(meant: Identified, ids: Ids) -> tuple[str, ...]:
    """The IRIs whose values an identifier asks for: of one thing."""
    if meant.here:
        return meant.here if len(meant.here) == 1 else ()
    return tuple(iri for iri in meant.iris if ids.is_ours(iri))


def _meta(id: str, properties: Mapping[str, str], terms: Terms) -> dict[str, object]:
    term = terms.properties.get(properties.get(id, ""))
    return {"id": id, "name": term.name if term else id}


def _chosen(values: Sequence[Value], wanted: Wanted) -> list[Value]:
    """The values that a property's settings let through, in an order that stays."""
    found = sorted(values, key=lambda v: (isinstance(v, Literal), v.value, str(v)))
    if wanted.language:
        found = [v for v in found if not _other_language(v, wanted.language)]
    return found[: wanted.limit] if wanted.limit else found


def _other_language(value: Value, tag: str) -> bool:
    """Whether a value is a text in another language, by basic filtering (RFC 4647 §3.3.1)."""
    language = value.language if isinstance(value, Literal) else None
    return language is not None and language != tag and not language.startswith(f"{tag}-")


def _literal(value: Literal) -> dict[str, object]:
    """A literal: a whole or broken number, a time, or a text."""
    text, datatype = value.value, value.datatype.value
    if (
        datatype in _WHOLE
        and re.fullmatch(r"[+-]?[0-9]{1,16}", text)
        and abs(int(text)) <= _LARGEST
    ):
        return {"int": int(text)}
    if datatype in _BROKEN:
        number = finite(text)
        return {"str": text} if number is None else {"float": number}
    if datatype == f"{XSD}date" and _DAY.fullmatch(text.removesuffix("Z")):
        return {"date": f"{text.removesuffix('Z')}T00:00:00Z"}
    if datatype == f"{XSD}dateTime" and _TIME.fullmatch(text):
        return {"date": text}
    return {"str": text}
