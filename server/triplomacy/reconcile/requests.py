"""Reads what clients send: a batch of queries, or a data extension query. JSON in, values out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, cast

from triplomacy.errors import BadRequest, TooMuchAtOnce

BATCH = 1_000
"""Queries in a batch, and entities in a data extension query."""
CANDIDATES = 5
"""Candidates of a query that says nothing else."""
MOST_CANDIDATES = 12
"""Candidates of a query, whatever it says."""
MOST_PROPERTIES = 20
"""Properties of one query, values of one property, properties of a data extension query."""

Strictness = Literal["any", "should", "all"]
Value = str | float | bool
_DIGITS = re.compile(r"[0-9]{1,9}")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LANGUAGE = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)
_MEMBERS = ("query", "type", "type_strict", "limit", "properties")
_OF_HINT = ("pid", "v", "p")  # the last is the property's name, from before there was a protocol
_OF_EXTENSION = ("ids", "properties")
_OF_WANTED = ("id", "settings", "name")  # the name is OpenRefine's
_SETTINGS = ("limit", "language")
_STRICTNESS = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class Entity:
    """A value that is an entity, as where a column was reconciled before."""

    id: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A property whose values should be those of a candidate, or one of them.

    Attributes:
        pid: its identifier.
        values: the values.
    """

    pid: str
    values: tuple[Value | Entity, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A reconciliation query (§4.1).

    Attributes:
        text: the name; empty where properties alone are to be matched.
        types: identifiers of types.
        strictness: what `type_strict` says; “any” where it says nothing.
        limit: how many candidates to give.
        hints: what is known beside the name.
    """

    text: str
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    limit: int = CANDIDATES
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property to fetch.

    Attributes:
        id: its identifier.
        limit: how many values of an entity to give; 0 for all.
        language: the language of texts to give, as a tag; empty for every one.
    """

    id: str
    limit: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query (§7.4).

    Attributes:
        ids: identifiers of entities.
        properties: what to fetch of each.
    """

    ids: tuple[str, ...]
    properties: tuple[Wanted, ...]


def read_batch(text: str) -> dict[str, Query]:
    """Read a query batch (§4.1).

    Raises:
        BadRequest: it is no JSON, or not of the protocol's form; the message names the query.
        TooMuchAtOnce: it has more than `BATCH` queries.
    """
    given = _object(_parsed(text, "queries"), "queries", 'such as {"q0": {"query": "NATO"}}')
    _refuse_more(len(given), BATCH, "queries in a batch")
    return {key: _query(query, f"query {key[:60]!r}") for key, query in given.items()}


def read_single(text: str) -> Query:
    """Read the parameter `query`, of clients older than batches: a name, or a query in JSON."""
    if text.lstrip().startswith("{"):
        return _query(_parsed(text, "query"), "query")
    return Query(text.strip())


def read_extension(text: str) -> Extension:
    """Read a data extension query (§7.4).

    Raises:
        BadRequest: it is no JSON, or not of the protocol's form.
        TooMuchAtOnce: it has more than `BATCH` entities or `MOST_PROPERTIES` properties.
    """
    given = _object(_parsed(text, "extend"), "extend", 'with "ids" and "properties"')
    _refuse_strange(given, _OF_EXTENSION, "extend")
    ids, properties = given.get("ids"), given.get("properties")
    if not isinstance(ids, list) or not all(isinstance(id, str) for id in ids):
        raise _refused("extend", '"ids" is not a list of strings')
    if not isinstance(properties, list):
        raise _refused("extend", '"properties" is not a list')
    _refuse_more(len(ids), BATCH, "entities in a data extension query")
    _refuse_more(len(properties), MOST_PROPERTIES, "properties in a data extension query")
    wanted = dict.fromkeys(_wanted(p) for p in properties)
    known = {w.id for w in wanted}
    if len(known) < len(wanted):  # the answer has one column for each
        twice = next(id for id in known if sum(w.id == id for w in wanted) > 1)
        what = f"the property {twice[:60]!r} is there twice, with different settings"
        raise _refused("extend", what)
    return Extension(tuple(dict.fromkeys(ids)), tuple(wanted))


def _query(given: object, where: str) -> Query:
    given = _object(given, where, 'such as {"query": "NATO"}')
    said = {name: value for name, value in given.items() if value is not None}
    _refuse_strange(said, _MEMBERS, where)
    text = said.get("query")
    if text is not None and not isinstance(text, str):
        raise _refused(where, '"query" is not a string')
    properties = said.get("properties", [])
    if not isinstance(properties, list):
        raise _refused(where, '"properties" is not a list')
    if text is None and not properties:
        raise _refused(where, "there is neither “query” nor “properties”")
    _refuse_more(len(properties), MOST_PROPERTIES, f"properties in {where}")
    types = said.get("type", [])
    types = [types] if isinstance(types, str | dict) else types
    if not isinstance(types, list):
        raise _refused(where, '"type" is neither a string nor a list of strings')
    _refuse_more(len(types), MOST_PROPERTIES, f"types in {where}")
    strictness = said.get("type_strict", "any")
    if strictness not in _STRICTNESS:
        raise _refused(where, f'"type_strict" is none of {", ".join(_STRICTNESS)}')
    return Query(
        (text or "").strip(),
        tuple(_type(t, where) for t in types),
        cast("Strictness", strictness),
        _limit(said.get("limit"), where),
        tuple(_hint(p, where) for p in properties),
    )


def _type(given: object, where: str) -> str:
    """A type's identifier; some clients send the whole type."""
    id = given.get("id") if isinstance(given, dict) else given
    if not isinstance(id, str):
        raise _refused(where, '"type" has something that is no identifier')
    return id


def _limit(given: object, where: str) -> int:
    if given is None:
        return CANDIDATES
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 1:
        raise _refused(where, '"limit" is not a positive number')
    return int(min(given, MOST_CANDIDATES))


def _hint(given: object, where: str) -> Hint:
    said = _object(given, where, 'whose properties are such as {"pid": …, "v": …}')
    _refuse_strange(said, _OF_HINT, f"a property of {where}")
    pid, value = said.get("pid"), said.get("v")
    if not isinstance(pid, str) or "v" not in said:
        raise _refused(where, 'a property has no "pid" that is a string, or no "v"')
    values = value if isinstance(value, list) else [value]
    _refuse_more(len(values), MOST_PROPERTIES, f"values of {pid[:60]} in {where}")
    blank = (None, "")  # a cell with nothing in it says nothing
    return Hint(pid, tuple(_value(v, where) for v in values if v not in blank))


def _value(given: object, where: str) -> Value | Entity:
    if isinstance(given, dict) and isinstance(given.get("id"), str):
        return Entity(given["id"])
    if isinstance(given, str | float | int | bool):
        return given
    raise _refused(where, "a value is neither a string, a number, a truth value nor an entity")


def _wanted(given: object) -> Wanted:
    said = _object(given, "extend", 'whose properties are such as {"id": …}')
    _refuse_strange(said, _OF_WANTED, "a property of extend")
    id, settings = said.get("id"), said.get("settings")
    settings = {} if settings is None else settings
    if not isinstance(id, str) or not isinstance(settings, dict):
        raise _refused(
            "extend", 'a property has no "id" that is a string, or "settings" of another kind'
        )
    where = f"the settings of {id[:60]!r} in extend"
    _refuse_strange(settings, _SETTINGS, where)
    return Wanted(
        id, _most(settings.get("limit"), where), _language(settings.get("language"), where)
    )


def _most(given: object, where: str) -> int:
    """A number of values, 0 for all; OpenRefine sends what was typed, a string."""
    if given is None or given == "":
        return 0
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = "" if isinstance(given, bool) else str(given).strip()
    if not _DIGITS.fullmatch(text):
        raise _refused(where, '"limit" is not a whole number, 0 or more')
    return int(text)


def _language(given: object, where: str) -> str:
    """A language range (RFC 4647 §2.1) in small letters; empty for all."""
    tag = "" if given is None else given
    if not isinstance(tag, str) or (tag.strip() and not _LANGUAGE.fullmatch(tag.strip())):
        raise _refused(where, '"language" is not the tag of a language, such as "en"')
    return tag.strip().lower()


def _parsed(text: str, name: str) -> object:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no number of JSON")

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):  # RFC 8259 §4: what counts then is anybody's guess
            [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
            raise ValueError(f"{twice[:60]!r} is there twice in one object")
        return made

    try:
        parsed: object = json.loads(text, parse_constant=refuse, object_pairs_hook=object_of)
        if _SURROGATE.search(text):
            json.dumps(parsed, ensure_ascii=False).encode()
    except RecursionError:
        raise _refused(name, "it is nested too deep") from None
    except UnicodeEncodeError:
        raise _refused(name, "it has half of a character (a lone surrogate)") from None
    except ValueError as error:
        raise _refused(name, f"it is no JSON that can be read: {error}") from None
    return parsed


def _object(given: object, where: str, remedy: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadRequest(f"In {where}: this is no JSON object.", f"send one, {remedy}")
    return given


def _refuse_strange(given: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """What is not understood is not passed over."""
    strange = next((name for name in given if name not in known), None)
    if strange is not None:
        raise _refused(where, f"{strange[:60]!r} is none of {', '.join(known)}")


def _refused(where: str, what: str) -> BadRequest:
    return BadRequest(
        f"In {where}: {what}.",
        "see the Reconciliation Service API 0.2, and docs/reconcile.md for this service",
    )


def _refuse_more(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooMuchAtOnce(f"There are {count:,} {what}.", f"send at most {most:,} at a time")
