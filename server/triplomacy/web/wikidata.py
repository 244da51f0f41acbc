"""`/wikidata/Q7747`: from the number of an item of Wikidata to our thing that is the same.

Only what the release says to be the same is followed. What is merely close is named, and the answer
is 404: it would tell of something else under that number.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from triplomacy.formats import HTML, JSON
from triplomacy.iris import document_path
from triplomacy.namespaces import WIKIDATA
from triplomacy.qid import KINDS, entity_meant
from triplomacy.web.current import publication
from triplomacy.web.negotiation import split_suffix
from triplomacy.web.pages.elsewhere import Item, Linking, followed, item_of, page_of
from triplomacy.web.pages.entity import reader_of
from triplomacy.web.pages.reader import Many, Ref
from triplomacy.web.problems import problem, wants_page
from triplomacy.web.representation import address

routes = Blueprint("wikidata", __name__)

_LONGEST = 200  # characters of what was asked for that are said back
_TOLD = 5  # things that are close, in words; the list has all
_EXAMPLE = "write /wikidata/ and the number of an item, Q and digits, as in /wikidata/Q7747"


@routes.get("/wikidata")
def nothing() -> Response:
    """Without a number there is nothing to follow."""
    return _no_number("No number was given.")


@routes.get("/wikidata/<path:asked>")
def follow(asked: str) -> BaseResponse:
    """303 to the thing that is the same as an entity of Wikidata.

    An item that was merged with it leads there, too, as far as `link fetch` has put that down.
    Another spelling of its number gets 301 to the right one, with a format's suffix if it has one;
    two things that are the same 300 with both; none 404 with what is known about the number.
    """
    stem, suffix = split_suffix(asked)
    number = entity_meant(stem.strip("/"))
    if number is None:
        shown = asked if len(asked) <= _LONGEST else asked[:_LONGEST] + "…"
        return _no_number(f"“{shown}” is not the number of anything in Wikidata.")
    end = f".{suffix}" if suffix else ""
    if asked != number + end:
        return _redirect(f"wikidata/{number}{end}", 301)
    reader = reader_of(publication())
    item = NamedNode(WIKIDATA + number)
    found = followed(reader, item)
    if found.same.total == 1 and len(found.same) == 1:
        path = reader.base.path_of(found.same.items[0].iri) or ""
        return _redirect(_document(path, suffix) if suffix else path, 303)
    known = item_of(reader, item)
    if found.same.items:
        return _several(known, found)
    return _none(known, found)


def _document(path: str, suffix: str) -> str:
    """The document about the thing at `path` in a format, as `/id/….ttl` leads to it."""
    plain, mark, fragment = path.partition("#")
    return f"{document_path(plain) or plain}.{suffix}{mark}{fragment}"


def _redirect(path: str, status: int) -> BaseResponse:
    response = redirect(address().at(path), code=status)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _several(item: Item, found: Linking) -> Response:
    """Two are the same as one item (which `link check` calls a violation): the reader chooses."""
    members = _members(item, found)
    if wants_page():
        body = render_template("wikidata.html", item=item, found=found, search="")
        response = Response(body, 300, content_type=HTML.content_type)
    else:
        body = json.dumps(members, ensure_ascii=False, indent=2) + "\n"
        response = Response(body, 300, content_type=JSON.content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _none(item: Item, found: Linking) -> Response:
    """Nothing is the same: what the number is, what is close to it, and where to look further."""
    version = publication().release.version
    name = f" (“{item.name}”)" if item.name else ""
    kind = KINDS[item.number[0]]
    detail = f"Nothing in release {version} is said to be the same as {item.number}{name}."
    if item.number[0] != "Q":
        detail += f" {item.number} is the number of {kind}, and things are linked to items, Q…."
    at, search = page_of(item.number), _search_for(item)
    steps = [
        *(f"{r.iri} is close to it, and not the same" for r in found.close.items[:_TOLD]),
        *([f"look for it here by name: {search}"] if search else []),
        f"see what it is: {at}",
    ]
    return problem(
        404,
        "Nothing here is the same as that",
        detail,
        "; ".join(steps),
        _members(item, found) | ({"search": search} if search else {}),
        ("wikidata.html", {"item": item, "found": found, "search": search}),
    )


def _no_number(detail: str) -> Response:
    return problem(404, "That is no number of Wikidata", detail, _EXAMPLE)


def _search_for(item: Item) -> str:
    """The search, for the item's name if it is known; empty where nothing can be searched."""
    if not publication().is_searchable:
        return ""
    named = "?" + urlencode({"q": item.name.value}) if item.name else ""
    return address().at("search") + named


def _members(item: Item, found: Linking) -> dict[str, object]:
    """What is known about the item, for programs."""
    known: dict[str, object] = {"item": WIKIDATA + item.number, "page": item.page}
    if item.name:
        known["label"] = item.name.value
    if item.description:
        known["description"] = item.description.value
    return known | {"same": _listed(found.same), "close": _listed(found.close)}


def _listed(things: Many[Ref]) -> list[dict[str, str]]:
    link = address().link
    return [{"iri": r.iri, "label": str(r), "href": link(r.iri)} for r in things]
