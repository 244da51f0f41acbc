"""Asks a reconciliation service for candidates, many things at a time, and believes no answer.

The protocol is that of the W3C Entity Reconciliation Community Group, 0.2
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ §4), which the
services for 0.1 answer, too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from triplomacy.errors import UnusableAnswer
from triplomacy.link.cache import Cache, cache_for
from triplomacy.link.client import Client, Json
from triplomacy.link.items import plain_text
from triplomacy.link.suggest.unlinked import Unlinked
from triplomacy.namespaces import WIKIDATA
from triplomacy.qid import is_qid
from triplomacy.site import Site

BATCH = 10
"""Queries in one request, as OpenRefine sends them."""
_LIMIT = 7  # candidates that are asked for
_MOST_HINTS = 8
_REMEDY = "look at reconciliation under [wikidata] in triplomacy.toml"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a thing could be.

    Attributes:
        id: its number.
        name: what the service calls it.
        description: how the service describes it; empty if it does not.
        score: how well it fits, as the service sees it; of most services from 0 to 100.
        is_match: whether the service is sure.
        features: what the score rests on, by name, where the service says it.
    """

    id: str
    name: str
    description: str
    score: float
    is_match: bool
    features: tuple[tuple[str, float], ...] = ()


class Reconciliation:
    """A reconciliation service for items of Wikidata.

    Args:
        client: asks.
        address: of the service.
        cache: keeps what was answered.
    """

    def __init__(self, client: Client, address: str, cache: Cache) -> None:
        self._client = client
        self.address = address
        self._cache = cache
        self._is_known = False

    def candidates(
        self, things: Sequence[Unlinked], progress: Callable[[str], None] = lambda step: None
    ) -> list[tuple[Candidate, ...]]:
        """The candidates for each thing, the best first.

        A thing is asked for by its first name, and by the next ones as long as nothing is found.

        Raises:
            Unreachable, UnusableAnswer: the service does not answer, or nonsense; what it has
                answered before is kept.
        """
        found: list[tuple[Candidate, ...]] = [()] * len(things)
        for turn in range(max((len(t.names) for t in things), default=0)):
            left = [i for i, t in enumerate(things) if not found[i] and turn < len(t.names)]
            for start in range(0, len(left), BATCH):
                part = left[start : start + BATCH]
                progress(f"Asking for candidates, {start} of {len(left)} names")
                queries = [_query(things[i], things[i].names[turn]) for i in part]
                for i, answer in zip(part, self._answers(queries), strict=True):
                    found[i] = answer
        return found

    def _answers(self, queries: list[Json]) -> list[tuple[Candidate, ...]]:
        """The answer to each query: from the cache, or all others at once."""
        keys = [_key(query) for query in queries]
        found: dict[str, tuple[Candidate, ...]] = {}
        for key in keys:
            entry = self._cache.get(key)
            if entry is not None:
                with contextlib.suppress(UnusableAnswer):  # a damaged entry counts as absent
                    found[key] = _candidates(entry.value, key)
        asked = {key: query for key, query in zip(keys, queries, strict=True) if key not in found}
        if asked:
            self._know_the_service()
            names = {f"q{number}": key for number, key in enumerate(asked)}
            batch = {name: asked[key] for name, key in names.items()}
            answer = self._client.ask(self.address, {"queries": json.dumps(batch)})
            for name, key in names.items():
                found[key] = _candidates(answer.get(name), asked[key]["query"])
                self._cache.put(key, answer[name])  # only what could be read
        return [found[key] for key in keys]

    def _know_the_service(self) -> None:
        """Make sure that its numbers are those of Wikidata's items (§3: identifierSpace)."""
        if self._is_known:
            return
        manifest = self._client.ask(self.address)
        space = manifest.get("identifierSpace")
        if space not in (WIKIDATA, WIKIDATA.replace("http:", "https:")):
            raise UnusableAnswer(
                f"the service at {self.address} has numbers of {str(space)[:100]}, not of items of "
                "Wikidata",
                _REMEDY,
            )
        self._is_known = True


def reconciliation_for(site: Site, client: Client, fresh: bool) -> Reconciliation:
    """The reconciliation service that a site asks.

    Args:
        site: the site.
        client: asks.
        fresh: pass over what the cache knows.
    """
    asked = site.settings.wikidata
    days = 0 if fresh else asked.cache_days
    cache = cache_for(site, f"{asked.reconciliation} candidates", days)
    return Reconciliation(client, asked.reconciliation, cache)


def _query(thing: Unlinked, name: str) -> Json:
    """What is asked for (§4.1)."""
    query: Json = {"query": name, "limit": _LIMIT}
    if thing.types:
        query["type"] = thing.types[0] if len(thing.types) == 1 else list(thing.types)
        query["type_strict"] = "should"
    if thing.hints:
        query["properties"] = [
            {"pid": h.property, "v": {"id": h.value} if h.is_item else h.value}
            for h in thing.hints[:_MOST_HINTS]
        ]
    return query


def _key(query: Json) -> str:
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()


def _candidates(answer: object, asked: str) -> tuple[Candidate, ...]:
    """What a service answers to one query (§4.4).

    Raises:
        UnusableAnswer: it is nothing of the kind.
    """
    listed = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise _unusable(asked, "it has no result")
    found: dict[str, Candidate] = {}
    for candidate in sorted((_candidate(c, asked) for c in listed[:_LIMIT]), key=_worth):
        found.setdefault(candidate.id, candidate)
    return tuple(found.values())


def _worth(candidate: Candidate) -> float:
    return -candidate.score


def _candidate(value: object, asked: str) -> Candidate:
    if not isinstance(value, dict):
        raise _unusable(asked, "a candidate is no object")
    id, score = value.get("id"), _number(value.get("score"))
    name, description = plain_text(value.get("name")), plain_text(value.get("description") or "")
    if not isinstance(id, str) or not is_qid(id):
        raise _unusable(asked, f"{str(id)[:40]} is not the number of an item")
    if score is None or name is None or description is None:
        raise _unusable(asked, f"the candidate {id} has no name or no score")
    features = value.get("features")
    return Candidate(
        id, name, description, score, value.get("match") is True, tuple(_features(features))
    )


def _features(listed: object) -> Iterable[tuple[str, float]]:
    for feature in listed[:20] if isinstance(listed, list) else ():
        if isinstance(feature, dict):
            name, value = plain_text(feature.get("id")), feature.get("value")
            number = 100.0 * value if isinstance(value, bool) else _number(value)
            if name and number is not None:
                yield name, number


def _number(value: object) -> float | None:
    """A number; services write some as text."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _unusable(asked: str, what: str) -> UnusableAnswer:
    return UnusableAnswer(
        f"what the reconciliation service answers about “{asked[:60]}” cannot be used: {what}",
        f"try again later; if it stays so, {_REMEDY}",
    )
