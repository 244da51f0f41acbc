"""Search: the page, its JSON for programs, suggestions while somebody types, and OpenSearch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from triplomacy.errors import BadRequest
from triplomacy.formats import HTML, JSON, Format
from triplomacy.search.query import LONGEST_QUERY, MOST, PER_PAGE
from triplomacy.search.results import Found, Hit
from triplomacy.search.texts import BY_NAME, KINDS, Kind, Role
from triplomacy.web.current import publication
from triplomacy.web.negotiation import Accept
from triplomacy.web.pages.embedded import of_site
from triplomacy.web.pages.entity import page_number
from triplomacy.web.pages.paging import Page
from triplomacy.web.representation import address, represent

routes = Blueprint("search", __name__)

SUGGESTIONS = Format("Suggestions", "json", "application/x-suggestions+json", ("application/json",))
"""What browsers show below their own field (OpenSearch Suggestions 1.1)."""
DESCRIPTION = Format("OpenSearch", "xml", "application/opensearchdescription+xml")
"""What lets a browser add the site's search to its own (OpenSearch 1.1)."""
_SHOWN_QUERY = 500  # characters of a query that are said back

_ROLES = {
    Role.LABEL: "name",
    Role.ALIAS: "other name",
    Role.HIDDEN: "spelling",
    Role.DESCRIPTION: "description",
    Role.QUOTATION: "quotation",
    Role.PASSAGE: "passage",
    Role.TEXT: "text",
}


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a page of results shows.

    Attributes:
        query: what was typed.
        kind: the kind that the search is narrowed to; None for all.
        found: what was found.
        page: which page it is.
        kinds: the kinds to filter by, and how many things there are of each; None where that is
            not counted.
    """

    query: str
    kind: Kind | None
    found: Found
    page: Page
    kinds: tuple[tuple[Kind, int | None], ...]


@routes.get("/search")
def search() -> Response:
    """Things whose names and texts have the words of `q`, of one `kind`, a `page` of them."""
    format = Accept(request.headers.get("Accept"), request.args.get("format")).choose((HTML, JSON))
    published = publication()
    published.search  # noqa: B018 - a release without an index says so before anything else
    query, kind = _query(), _kind()
    if format is JSON:
        return represent(format, lambda: _json(_as_json(_view(query, kind))))

    def make() -> bytes:
        json_ld = of_site(published.base, published.manifest)
        view = _view(query, kind)
        return render_template("search.html", view=view, json_ld=json_ld, most=MOST).encode()

    return represent(format, make)


@routes.get("/search/suggest")
def suggest() -> Response:
    """The first few things whose names go on from what is typed: for our pages, or for browsers."""
    query = _query()
    asked = Accept(request.headers.get("Accept"), request.args.get("format"))
    format = JSON if request.args.get("format") == "json" else asked.choose((JSON, SUGGESTIONS))

    def make() -> bytes:
        here = address()
        hits = publication().search.suggest(query)
        if format is JSON:
            return _json(
                {
                    "query": query[:_SHOWN_QUERY],
                    "suggestions": [
                        {
                            "label": h.label.value,
                            "language": h.label.language,
                            "kind": h.kinds[0].one,
                            "iri": h.iri,
                            "url": here.link(h.iri),
                            "match": _pieces(h),
                            "matchLanguage": h.text.language if h.text else None,
                        }
                        for h in hits
                    ],
                }
            )
        names = [h.label.value for h in hits]
        kinds = [h.kinds[0].one for h in hits]
        return _json([query[:_SHOWN_QUERY], names, kinds, [here.link(h.iri) for h in hits]])

    return represent(format, make)


@routes.get("/opensearch.xml")
def description() -> Response:
    """The OpenSearch description document."""
    publication().search  # noqa: B018 - what cannot be searched offers no search

    def make() -> bytes:
        return render_template("opensearch.xml").encode()

    return represent(DESCRIPTION, make, negotiated=False)


def _query() -> str:
    return request.args.get("q", "").strip()


def _kind() -> Kind | None:
    """The kind that is asked for.

    Raises:
        BadRequest: there is no such kind.
    """
    name = request.args.get("kind", "")
    if name and name not in BY_NAME:
        raise BadRequest(
            f"There is no kind {name[:60]!r}.", f"kind is one of {', '.join(BY_NAME)}, or left out"
        )
    return BY_NAME.get(name)


def _view(query: str, kind: Kind | None) -> SearchView:
    index = publication().search
    found = index.find(query, kind, page_number())
    counts = found.kinds if kind is None else index.find(query).kinds
    counted = dict(counts)
    is_counted = bool(counts) or not found.total
    kinds = tuple((k, counted.get(k) if is_counted else None) for k in KINDS)
    shown = tuple(p for p in kinds if p[1] or not is_counted or p[0] is kind)
    page = Page(page_number(), PER_PAGE, found.total)
    return SearchView(query, kind, found, page, shown)


def _as_json(view: SearchView) -> object:
    found, page = view.found, view.page

    def at(number: int | None) -> str | None:
        if number is None:
            return None
        kind = view.kind.name if view.kind else ""
        format = request.args.get("format", "")
        return search_url(q=view.query, kind=kind, page=str(number), format=format)

    return {
        "query": view.query[:_SHOWN_QUERY],
        "kind": view.kind.name if view.kind else None,
        "total": found.total,
        "totalIsExact": found.is_whole,
        "didYouMean": found.meant or None,
        "without": found.without,
        "ignoredAfterWord": LONGEST_QUERY if found.ignored else None,
        "page": page.current,
        "pages": page.count,
        "previous": at(page.previous),
        "next": at(page.next),
        "kinds": {k.name: n for k, n in view.kinds if n is not None},
        "results": [_hit(h) for h in found.hits],
    }


def _hit(hit: Hit) -> object:
    here = address()
    return {
        "iri": hit.iri,
        "url": target(hit),
        "label": hit.label.value,
        "language": hit.label.language,
        "kinds": [k.name for k in hit.kinds],
        "source": hit.source.value if hit.source else None,
        "match": {
            "in": _ROLES[hit.role],
            "language": hit.text.language if hit.text else None,
            "graph": hit.graph,
            "graphUrl": here.link(hit.graph) if hit.graph else None,
            "snippet": _pieces(hit),
        },
    }


def _pieces(hit: Hit) -> list[dict[str, object]]:
    return [{"text": p.text, "marked": p.marked} for p in hit.pieces]


@routes.app_template_global()
def target(hit: Hit) -> str:
    """The link to the page of what was found: a paragraph of a source at its place."""
    link = address().link(hit.iri)
    return link if hit.place is None else f"{link}#char={hit.place[0]},{hit.place[1]}"


@routes.app_template_global()
def is_named(hit: Hit) -> bool:
    """Whether what was found of a thing is what it is called."""
    return hit.role is Role.LABEL and hit.text == hit.label


@routes.app_template_global()
def role_of(hit: Hit) -> str:
    """What the text that was found is to its thing, in words."""
    return _ROLES[hit.role]


@routes.app_template_global()
def search_url(**arguments: str) -> str:
    """The address of a search."""
    return f"{address().at('search')}?{urlencode({k: v for k, v in arguments.items() if v})}"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
