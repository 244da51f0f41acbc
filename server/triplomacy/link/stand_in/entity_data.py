"""Linked data: /entity/Q7747 answers 303, /wiki/Special:EntityData/Q7747.json and .ttl answer.

https://www.wikidata.org/wiki/Wikidata:Data_access#Linked_Data_Interface_(URI)
"""

from __future__ import annotations

import html
import re

from triplomacy.link.stand_in.items import Items, term
from triplomacy.link.stand_in.reply import Asked, Reply, json_reply
from triplomacy.link.stand_in.sparql import turtle

DATA = "/wiki/Special:EntityData/"
THING = "/entity/"
PAGE = "/wiki/"
_NAME = re.compile(r"(?P<id>[QP][1-9][0-9]*)(\.(?P<format>json|ttl))?", re.ASCII | re.IGNORECASE)


def data(asked: Asked, items: Items) -> Reply:
    """The data about an item, as JSON or Turtle; by `Accept` where the address has no suffix."""
    found = _NAME.fullmatch(asked.path.removeprefix(DATA))
    if found is None:
        return Reply(b"Invalid ID\n", "text/html", 400)
    id = found["id"].upper()
    entity = items.get(id)
    if entity is None:
        return Reply(b"No entity with that ID was found.\n", "text/html", 404)
    if found["id"] != id:  # as Wikidata does for q7747
        return _to(f"{asked.root}{DATA}{id}{'.' + found['format'] if found['format'] else ''}", 301)
    format = found["format"] or ("ttl" if "turtle" in asked.accept else "json")
    if format == "json":
        return json_reply({"entities": {entity["id"]: entity}})
    return Reply(turtle(entity, id if id != entity["id"] else None), "text/turtle")


def thing(asked: Asked, items: Items) -> Reply:
    """The item itself: 303 to the data about it."""
    return _to(f"{asked.root}{DATA}{asked.path.removeprefix(THING)}", 303)


def page(asked: Asked, items: Items) -> Reply:
    """A page for people: the least of one; 301 to the item into which it was merged."""
    id = asked.path.removeprefix(PAGE)
    entity = items.get(id)
    if entity is None:
        return Reply(b"<!DOCTYPE html><title>No such page</title>", "text/html", 404)
    if entity["id"] != id:
        return _to(f"{asked.root}{PAGE}{entity['id']}", 301)
    name = html.escape(term(entity, "labels", "en") or id)
    about = html.escape(term(entity, "descriptions", "en") or "")
    text = f'<!DOCTYPE html><html lang="en"><title>{name}</title><h1>{name}</h1><p>{about}</p>'
    return Reply(text.encode(), "text/html; charset=utf-8")


def _to(address: str, status: int) -> Reply:
    return Reply(b"", "text/html", status, {"Location": address})
