"""The reconciliation service: the Entity Reconciliation Community Group's protocol, 0.1 and 0.2.

The addresses and the shape of its answers are those of https://wikidata.reconci.link/en/api.
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from triplomacy.link.stand_in.items import Items, Json, names, plain, term
from triplomacy.link.stand_in.reply import Asked, Reply, json_reply
from triplomacy.namespaces import WIKIDATA, WIKIDATA_DIRECT

_PATH = re.compile(r"/(?P<language>[a-z]{2,3})/(?P<what>[a-z_/]+)", re.ASCII)
_DISAMBIGUATION = "Q900000004"
"""Pages that tell names apart are no candidates, unless their class is asked for."""
_PROPERTY = 0.4  # what a property weighs, beside 1 for the name
_SURE = 95  # the score from which a candidate is a match, if it is the only one
_FAINT = 40  # the score below which it is none


def answer(asked: Asked, items: Items) -> Reply | None:
    """Answer a path of the service; None if it is none."""
    found = _PATH.fullmatch(asked.path)
    if found is None:
        return None
    language, what = found["language"], found["what"]
    if what == "api":
        return _api(asked, items, language)
    if what == "preview":
        return _preview(asked, items, language)
    if what == "propose_properties":
        return _proposed(asked, items)
    if what.startswith("suggest/"):
        return _suggested(asked, items, language, what.removeprefix("suggest/"))
    if what.startswith("flyout/"):
        return _flyout(asked, items, language)
    return None


def _api(asked: Asked, items: Items, language: str) -> Reply:
    """The one address to which queries and extensions go, and which describes itself (§3, §4)."""
    for field, made in (("queries", _reconciled), ("extend", _extended)):
        if field in asked.fields:
            try:
                wanted = json.loads(asked.fields[field])
                return json_reply(made(wanted, items, language))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                words = {"status": "error", "message": "invalid query", "details": str(error)}
                return json_reply(words, 400)
    return json_reply(_manifest(asked.root, language))


def _manifest(root: str, language: str) -> Json:
    def service(kind: str) -> Json:
        return {
            "service_url": root,
            "service_path": f"/{language}/suggest/{kind}",
            "flyout_service_url": root,
            "flyout_service_path": f"/{language}/flyout/{kind}?id=${{id}}",
        }

    return {
        "versions": ["0.1", "0.2"],
        "name": f"Wikidata ({language}), a stand-in",
        "identifierSpace": WIKIDATA,
        "schemaSpace": WIKIDATA_DIRECT,
        "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
        "defaultTypes": [],
        "preview": {"url": f"{root}/{language}/preview?id={{{{id}}}}", "width": 400, "height": 100},
        "suggest": {kind: service(kind) for kind in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {
                "service_url": root,
                "service_path": f"/{language}/propose_properties",
            },
            "property_settings": [],
        },
    }


# Queries (§4)


def _reconciled(queries: Any, items: Items, language: str) -> Json:
    return {key: {"result": _candidates(q, items, language)} for key, q in queries.items()}


def _candidates(query: Json, items: Items, language: str) -> list[Json]:
    wanted = query.get("type") or []
    types = [wanted] if isinstance(wanted, str) else wanted
    types = [t["id"] if isinstance(t, dict) else t for t in types]
    scored = [
        candidate
        for entity in items.entities.values()
        if (candidate := _candidate(entity, query, types, items, language)) is not None
    ]
    scored.sort(key=lambda c: (-c["score"], int(c["id"][1:])))
    sure = [c for c in scored if c["score"] >= _SURE]
    for candidate in sure if len(sure) == 1 else []:
        classes = items.above(t["id"] for t in candidate["type"])
        candidate["match"] = not types or bool(set(types) & classes)
    return scored[: int(query.get("limit") or 10)]


def _candidate(
    entity: Json, query: Json, types: list[str], items: Items, language: str
) -> Json | None:
    classes = items.values(entity["id"], "P31")
    if not classes or (_DISAMBIGUATION in classes and _DISAMBIGUATION not in types):
        return None
    text = str(query["query"]).strip()
    named = 100.0 if text == entity["id"] else max(_alike(text, n) for n in names(entity))
    if named < _FAINT:
        return None
    features = [{"id": "all_labels", "value": round(named)}]
    total, weight = named, 1.0
    for hint in query.get("properties") or []:
        value = _fits(hint, entity["id"], items)
        features.append({"id": hint["pid"], "value": round(value)})
        total, weight = total + _PROPERTY * value, weight + _PROPERTY
    score = total / weight
    if types and not set(types) & items.above(classes):
        score /= 2
    return {
        "id": entity["id"],
        "name": term(entity, "labels", language) or entity["id"],
        "description": term(entity, "descriptions", language) or "",
        "score": round(score, 1),
        "match": False,
        "type": [{"id": c, "name": items.named(c, language)} for c in classes],
        "features": features,
    }


def _alike(one: str, other: str) -> float:
    return 100 * SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _fits(hint: Json, id: str, items: Items) -> float:
    """How well a hint fits the values of the property, from 0 to 100."""
    given = hint["v"] if isinstance(hint["v"], list) else [hint["v"]]
    held = items.values(id, hint["pid"])
    best = 0.0
    for value in given:
        wanted = str(value["id"] if isinstance(value, dict) else value)
        for one in held:
            if wanted == one or one.startswith(f"+{wanted}"):  # a date, as far as it is given
                best = 100
            elif not isinstance(value, dict):
                best = max(best, _alike(wanted, items.named(one)))
    return best


# Data extension (§6), preview (§5.1), suggest (§5.2)


def _extended(asked: Any, items: Items, language: str) -> Json:
    properties = [p["id"] for p in asked["properties"]]
    rows = {id: {p: _cells(id, p, items, language) for p in properties} for id in asked["ids"]}
    return {"meta": [{"id": p, "name": items.named(p)} for p in properties], "rows": rows}


def _cells(id: str, property: str, items: Items, language: str) -> list[Json]:
    statements = (items.get(id) or {}).get("claims", {}).get(property, [])
    cells: list[Json] = []
    for value in (s["mainsnak"]["datavalue"] for s in statements if s["rank"] != "deprecated"):
        text = plain(value)
        if value["type"] == "wikibase-entityid":
            cells.append({"id": text, "name": items.named(text, language)})
        elif value["type"] == "time":
            cells.append({"date": text.removeprefix("+").replace("-00", "-01")})
        else:
            cells.append({"str": text})
    return cells


def _proposed(asked: Asked, items: Items) -> Reply:
    properties = [{"id": p, "name": about["label"]} for p, about in items.properties.items()]
    limit = asked.fields.get("limit", "")
    shown = properties[: int(limit)] if limit.isdecimal() else properties
    return json_reply({"type": asked.fields.get("type", ""), "properties": shown})


def _preview(asked: Asked, items: Items, language: str) -> Reply:
    entity = items.get(asked.fields.get("id", ""))
    if entity is None:
        return Reply(b"no such item\n", "text/plain", 404)
    text = f"<!DOCTYPE html><html><meta charset=utf-8><body>{_told(entity, language)}</body></html>"
    return Reply(text.encode(), "text/html; charset=utf-8")


def _flyout(asked: Asked, items: Items, language: str) -> Reply:
    id = asked.fields.get("id", "")
    entity = items.get(id)
    if entity is None and id not in items.properties:
        return json_reply({"status": "error", "message": "no such item"}, 404)
    shown = html.escape(items.named(id)) if entity is None else _told(entity, language)
    return json_reply({"id": id, "html": shown})


def _told(entity: Json, language: str) -> str:
    name = html.escape(term(entity, "labels", language) or entity["id"])
    about = html.escape(term(entity, "descriptions", language) or "")
    return f"<p><strong>{name}</strong> ({entity['id']})</p><p>{about}</p>"


def _suggested(asked: Asked, items: Items, language: str, kind: str) -> Reply:
    prefix = asked.fields.get("prefix", "").casefold()
    if not prefix:
        return json_reply({"status": "error", "message": "the parameter prefix is missing"}, 400)
    if kind == "property":
        named = ((p, about["label"], "") for p, about in items.properties.items())
        found = [_suggestion(*n) for n in named if prefix in (n[0].casefold(), *n[1].split())
                 or n[1].casefold().startswith(prefix)]  # fmt: skip
        return json_reply({"result": found})
    classes = {c for id in items.entities for c in items.values(id, "P31")}
    return json_reply({"result": [*_starting(prefix, items, language, kind, classes)]})


def _starting(
    prefix: str, items: Items, language: str, kind: str, classes: set[str]
) -> Iterator[Json]:
    for id, entity in items.entities.items():
        fits = id.casefold() == prefix or any(
            n.casefold().startswith(prefix) for n in names(entity)
        )
        if fits and (kind != "type" or id in classes):
            about = term(entity, "descriptions", language) or ""
            name = term(entity, "labels", language) or id
            notable = [{"id": c, "name": items.named(c)} for c in items.values(id, "P31")]
            yield _suggestion(id, name, about) | ({} if kind == "type" else {"notable": notable})


def _suggestion(id: str, name: str, description: str) -> Json:
    return {"id": id, "name": name, "description": description}
