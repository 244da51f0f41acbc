"""The pages that people read: the home page, the lists, and a page for every IRI under the base."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from triplomacy.formats import HTML, RDF_FORMATS, Format
from triplomacy.web.current import publication
from triplomacy.web.negotiation import Accept
from triplomacy.web.pages.embedded import of_list, of_site
from triplomacy.web.pages.entity import entity_page, page_number, reader_of
from triplomacy.web.pages.graphs import graph_list
from triplomacy.web.pages.home import home_view
from triplomacy.web.pages.lists import KINDS, list_view
from triplomacy.web.pages.template_helpers import install
from triplomacy.web.pages.vocabulary import scheme_view, schemes
from triplomacy.web.representation import address, represent

__all__ = ["entity_page", "routes"]

routes = Blueprint("pages", __name__)
install(routes)


@routes.get("/")
def home() -> Response:
    """The home page; who wants RDF of the whole is led to the description of the dataset."""
    published = publication()
    if _accepted((HTML, *RDF_FORMATS)) is not HTML:
        response = redirect(address().at("dataset"), code=303)
        response.vary.add("Accept")
        return response

    def make() -> bytes:
        view = home_view(reader_of(published), published)
        json_ld = of_site(published.base, published.manifest)
        return render_template("home.html", view=view, json_ld=json_ld).encode()

    return represent(HTML, make)


@routes.get("/events", defaults={"path": "events"})
@routes.get("/actors", defaults={"path": "actors"})
@routes.get("/statements", defaults={"path": "statements"})
@routes.get("/stances", defaults={"path": "stances"})
@routes.get("/offices", defaults={"path": "offices"})
@routes.get("/sources", defaults={"path": "sources"})
def listing(path: str) -> Response:
    """All things of a kind, filtered by `?status=` and its like, in pages by `?page=`."""
    _accepted((HTML,))
    published = publication()
    kind = KINDS[path]
    chosen = request.args.get(kind.parameter, "") if kind.parameter else ""

    def make() -> bytes:
        reader = reader_of(published)
        view = list_view(reader, published.memory, kind, chosen, page_number())
        json_ld = of_list(view, published.base, published.manifest)
        return render_template("list.html", view=view, json_ld=json_ld).encode()

    return represent(HTML, make)


@routes.get("/vocab")
def vocabulary() -> Response:
    """The vocabulary: ontology, concept schemes, shapes, named graphs."""
    _accepted((HTML,))
    published = publication()

    def make() -> bytes:
        reader = reader_of(published)
        found = [(ref, scheme_view(reader, reader.node(ref))) for ref in schemes(reader)]
        return render_template(
            "vocabulary.html",
            schemes=found,
            graphs=graph_list(reader),
            json_ld=of_site(published.base, published.manifest),
        ).encode()

    return represent(HTML, make)


def _accepted(offered: tuple[Format, ...]) -> Format:
    """The best of `offered`; raises NotAcceptable if the client accepts none."""
    return Accept(request.headers.get("Accept")).choose(offered)
