"""Asks for items, many at a time, and keeps each answer as it comes: who is interrupted goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from triplomacy.errors import UnusableAnswer
from triplomacy.link.cache import Cache, cache_for, now
from triplomacy.link.client import ApiError, Client, TooLarge
from triplomacy.link.items import Item, item_of
from triplomacy.site import Site

BATCH = 50
"""Items that Wikidata gives to one request."""
_PROPS = "info|labels|descriptions|aliases|claims"


class Entities:
    """The items of Wikidata, from the cache where it knows them.

    Args:
        client: asks.
        api: the address of the action API.
        languages: of labels, descriptions and aliases; `mul` comes of itself.
        cache: keeps what was answered.
    """

    def __init__(self, client: Client, api: str, languages: Sequence[str], cache: Cache) -> None:
        self._client = client
        self._api = api
        self._languages = "|".join(languages)
        self._cache = cache

    def of(
        self, ids: Iterable[str], progress: Callable[[str], None] = lambda step: None
    ) -> dict[str, Item]:
        """The items with these numbers, by the number that was asked for.

        Args:
            ids: numbers such as Q7747.
            progress: told how far it is.

        Raises:
            Unreachable, UnusableAnswer: Wikidata does not answer, or nonsense; what it has answered
                before is kept.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Item] = {}
        for id in wanted:
            entry = self._cache.get(id)
            if entry is not None:
                with contextlib.suppress(UnusableAnswer):  # a damaged entry counts as absent
                    found[id] = item_of(id, entry.value, entry.fetched)
        absent = [id for id in wanted if id not in found]
        for start in range(0, len(absent), BATCH):
            progress(f"Asking Wikidata, {len(found)} of {len(wanted)} items")
            self._ask(absent[start : start + BATCH], found)
        return found

    def _ask(self, ids: list[str], found: dict[str, Item]) -> None:
        """Ask for these, in two halves where they are too many for one answer."""
        try:
            entities = self._answer(ids)
        except TooLarge:
            if len(ids) == 1:
                raise
            entities = {}
        except ApiError as error:
            if error.code != "no-such-entity" or error.about not in ids:
                raise
            # One number that cannot be spoils the answer for all.
            entities = {error.about: {"id": error.about, "missing": ""}}
        for id in ids:
            entity = entities.get(id)
            if entity is not None:
                found[id] = item_of(id, entity, now())
                self._cache.put(id, entity)  # only what could be read
        left = [id for id in ids if id not in found]
        if not left:
            return
        if len(left) == len(ids) == 1:
            raise UnusableAnswer(
                f"the answer of Wikidata says nothing about {left[0]}",
                "try again later; if it stays so, look whether the number is right",
            )
        half = (len(left) + 1) // 2
        for part in (left[:half], left[half:]):
            if part:
                self._ask(part, found)

    def _answer(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """What is answered about these, by the number that was asked for."""
        answer = self._client.api(
            self._api,
            action="wbgetentities",
            ids="|".join(ids),
            props=_PROPS,
            languages=self._languages,
            redirects="yes",
        )
        entities = answer.get("entities")
        if not isinstance(entities, dict):
            raise UnusableAnswer("the answer of Wikidata has no entities", "try again later")
        found: dict[str, dict[str, Any]] = {}
        for key, entity in entities.items():
            if not isinstance(entity, dict):
                raise UnusableAnswer(f"the answer about {key[:40]} is no object", "try again later")
            redirect = entity.get("redirects")
            source = redirect.get("from") if isinstance(redirect, dict) else None
            found[source if isinstance(source, str) else key] = entity
        return {id: found[id] for id in ids if id in found}


def entities_for(site: Site, client: Client, languages: Iterable[str], fresh: bool) -> Entities:
    """The items of the Wikidata that a site asks.

    Args:
        site: the site.
        client: asks.
        languages: of labels, descriptions and aliases.
        fresh: pass over what the cache knows.
    """
    asked = site.settings.wikidata
    codes = sorted({*languages, "mul"})
    cache = cache_for(site, f"{asked.api} {_PROPS} {codes}", 0 if fresh else asked.cache_days)
    return Entities(client, asked.api, codes, cache)
