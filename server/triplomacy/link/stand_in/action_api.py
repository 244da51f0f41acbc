"""MediaWiki's action API, as far as it reads entities: /w/api.php.

https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities and …=wbsearchentities
"""

from __future__ import annotations

import copy
import re

from triplomacy.link.stand_in.items import Items, Json, names, term
from triplomacy.link.stand_in.reply import Asked, Reply, json_reply

PATH = "/w/api.php"
_MOST = 50
"""Entities that a request may ask for."""
_PROPS = ("info", "sitelinks", "aliases", "labels", "descriptions", "claims", "datatype")
_INFO = ("pageid", "ns", "title", "lastrevid", "modified")
_ID = re.compile(r"[QP][1-9][0-9]*", re.ASCII)


def answer(asked: Asked, items: Items) -> Reply:
    """Do what `action` asks for."""
    action = asked.fields.get("action", "help")
    if action == "wbgetentities":
        return _get(asked, items)
    if action == "wbsearchentities":
        return _search(asked, items)
    if action == "query" and asked.fields.get("meta") == "siteinfo":
        return json_reply({"batchcomplete": True, "query": {"general": _SITE}})
    return error("badvalue", f'Unrecognized value for parameter "action": {action}.')


_SITE = {
    "sitename": "Wikidata (stand-in)",
    "generator": "MediaWiki",
    "lang": "en",
    "wikibase-conceptbaseuri": "http://www.wikidata.org/entity/",
}


def error(code: str, info: str, more: Json | None = None, **head: str) -> Reply:
    """An error as MediaWiki tells it: HTTP 200, a header, and an object in the body."""
    told = {"code": code, "info": info, **(more or {}), "docref": "See /w/api.php for usage."}
    body = {"error": told, "servedby": "stand-in"}
    return json_reply(body, 200, MediaWiki_API_Error=code, **head)


def _get(asked: Asked, items: Items) -> Reply:
    ids = list(asked.listed("ids"))
    titles = asked.listed("titles")
    if not ids and not titles:
        return error("param-missing", "Either provide the item IDs or pairs of sites and titles.")
    if len(ids) + len(titles) > _MOST:
        info = f'Too many values supplied for parameter "ids". The limit is {_MOST}.'
        more = {"limit": _MOST, "lowlimit": _MOST, "highlimit": 500}
        return error("toomanyvalues", info, more=more)
    for id in ids:
        if not _ID.fullmatch(id):
            return error("no-such-entity", f'Could not find an entity with the ID "{id}".',
                         more={"id": id})  # fmt: skip
    entities: Json = {}
    for id in ids:
        entities[id] = _entity(id, asked, items)
    absent = 0
    for title in titles:
        found = _of_page(title, asked.listed("sites"), items)
        if found is None:
            absent += 1
            sites = asked.listed("sites")
            entities[f"-{absent}"] = {"site": "".join(sites[:1]), "title": title, "missing": ""}
        else:
            entities[found] = _entity(found, asked, items)
    return json_reply({"entities": entities, "success": 1})


def _of_page(title: str, sites: tuple[str, ...], items: Items) -> str | None:
    for id, entity in items.entities.items():
        if any(entity["sitelinks"].get(s, {}).get("title") == title for s in sites):
            return id
    return None


def _entity(id: str, asked: Asked, items: Items) -> Json:
    """One entity of the answer; `missing` is an empty string in every format (T145050)."""
    if id in items.properties:
        named = items.properties[id]
        label = {"en": {"language": "en", "value": named["label"]}}
        return {"type": "property", "datatype": named["datatype"], "id": id, "labels": label}
    followed = asked.fields.get("redirects", "yes") != "no"
    found = items.get(id) if followed else items.entities.get(id)
    if found is None:
        return {"id": id, "missing": ""}
    props = asked.listed("props", _PROPS)
    shown: Json = {}
    if "info" in props:
        shown |= {key: found[key] for key in _INFO}
        if found["id"] != id:
            shown["redirects"] = {"from": id, "to": found["id"]}
    shown |= {"type": found["type"], "id": found["id"]}
    languages = asked.listed("languages")
    for kind in ("labels", "descriptions", "aliases"):
        if kind in props:
            shown[kind] = _terms(found, kind, languages, "languagefallback" in asked.fields)
    for kind in ("claims", "sitelinks"):
        if kind in props:
            shown[kind] = copy.deepcopy(found[kind])
    return shown


def _terms(entity: Json, kind: str, languages: tuple[str, ...], fallback: bool) -> Json:
    if not languages:
        return dict(entity[kind])
    found = {code: entity[kind][code] for code in languages if code in entity[kind]}
    if fallback and kind != "aliases" and "en" in entity[kind]:
        for code in languages:
            found.setdefault(code, entity[kind]["en"] | {"for-language": code})
    return found


def _search(asked: Asked, items: Items) -> Reply:
    text, language = asked.fields.get("search", ""), asked.fields.get("language", "")
    for name, value in (("search", text), ("language", language)):
        if not value:
            return error("missingparam", f'The "{name}" parameter must be set.')
    limit = asked.fields.get("limit", "7")
    most = min(int(limit), _MOST) if limit.isdecimal() else 7
    strict = "strictlanguage" in asked.fields
    shown_in = asked.fields.get("uselang", language)
    found = []
    for id, entity in items.entities.items():
        for code in dict.fromkeys((language,) if strict else (language, "en")):
            named = [n for n in names(entity, code) if n.casefold().startswith(text.casefold())]
            if named or id == text:
                found.append(_hit(entity, named[0] if named else id, code, shown_in))
                break
    return json_reply({"searchinfo": {"search": text}, "search": found[:most], "success": 1})


def _hit(entity: Json, matched: str, code: str, language: str) -> Json:
    label = entity["labels"].get(code, {}).get("value")
    kind = "entityId" if matched == entity["id"] else "label" if matched == label else "alias"
    hit = {
        "id": entity["id"],
        "title": entity["id"],
        "pageid": entity["pageid"],
        "concepturi": f"http://www.wikidata.org/entity/{entity['id']}",
        "repository": "wikidata",
        "url": f"//www.wikidata.org/wiki/{entity['id']}",
        "label": term(entity, "labels", language) or entity["id"],
        "match": {"type": kind, "language": code, "text": matched},
    }
    description = term(entity, "descriptions", language)
    if description:
        hit["description"] = description
    if kind == "alias":
        hit["aliases"] = [matched]
    return hit
