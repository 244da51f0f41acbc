"""The page of anything that has an IRI, shown in the way of its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request
from pyoxigraph import NamedNode

from triplomacy.errors import BadRequest
from triplomacy.iris import Base, is_iri
from triplomacy.namespaces import DCT, OWL, RDFS, SKOS
from triplomacy.web.current import Publication, publication
from triplomacy.web.pages.actors import actor_view, holding_row, office_view
from triplomacy.web.pages.elsewhere import elsewhere
from triplomacy.web.pages.embedded import of_thing
from triplomacy.web.pages.events import event_view
from triplomacy.web.pages.evidence import evidence_for
from triplomacy.web.pages.graphs import graph_view
from triplomacy.web.pages.incoming import Part
from triplomacy.web.pages.panel import Panel, make_panel
from triplomacy.web.pages.reader import COMMENT, Reader, Ref, Text
from triplomacy.web.pages.rows import Rows
from triplomacy.web.pages.sayings import stance_view, statement_view
from triplomacy.web.pages.shapes import shapes_view
from triplomacy.web.pages.sources import source_view
from triplomacy.web.pages.vocabulary import (
    DEFINITION,
    concept_view,
    ontology_view,
    scheme_view,
)
from triplomacy.web.representation import address

_DESCRIPTION = NamedNode(f"{DCT}description")
_VERSION_IRI = NamedNode(f"{OWL}versionIRI")


@dataclass(frozen=True, slots=True)
class Head:
    """What the page of every thing begins with.

    Attributes:
        ref: the thing and its name.
        types: its classes.
        text: its description in a few words; None if it has none.
        notes: remarks of the editors.
        canonical: the IRI of the document, for search engines.
    """

    ref: Ref
    types: tuple[Ref, ...]
    text: Text | None
    notes: tuple[Text, ...]
    canonical: str


View = tuple[str, object]
"""The name of a template, and what it shows as `view`."""


def reader_of(published: Publication) -> Reader:
    """A reader for one page."""
    return Reader(published.engine, published.base, published.manifest.languages)


def entity_page(path: str, document: str) -> str:
    """The HTML page of the thing at `path`, whose document lies at `document`.

    Args:
        path: below the base, such as `id/event/trump-putin-call` or `graph/links`.
        document: below the base, without a suffix, such as `doc/event/trump-putin-call`.
    """
    published = publication()
    reader = reader_of(published)
    asked = NamedNode(published.base.under(path))
    thing = _current_version(reader, asked) or asked
    template, view = _view(reader, thing, path)
    here = address()
    head = _head(reader, thing, published.base.under(document))
    panel: Panel = make_panel(
        reader, thing, str(head.ref), document, here, published.manifest, _incoming_part()
    )
    links = elsewhere(reader, thing)
    return render_template(
        template,
        head=head,
        view=view,
        elsewhere=links,
        panel=panel,
        json_ld=of_thing(
            head.ref, head.types, head.canonical, view, links, published.base, published.manifest
        ),
    )


def page_number() -> int:
    """The page of a long list that the client asks for; 1 if it asks for none."""
    return request.args.get("page", default=1, type=int)


def _incoming_part() -> Part:
    """The part of what points at a thing that the client asks for.

    Raises:
        BadRequest: it asks for a property that is no IRI.
    """
    by, page = request.args.get("by", ""), request.args.get("incoming", type=int)
    if not by:
        return Part(None, page)
    if not is_iri(by):
        raise BadRequest(
            "The parameter by is not the IRI of a property.", "follow a link of the page"
        )
    return Part(NamedNode(by), page)


def _current_version(reader: Reader, asked: NamedNode) -> NamedNode | None:
    """The ontology whose version IRI was asked for."""
    return next(iter(reader.pointing(_VERSION_IRI, asked)), None)


def _head(reader: Reader, thing: NamedNode, canonical: str) -> Head:
    text = reader.text(thing, _DESCRIPTION) or reader.text(thing, DEFINITION)
    notes = reader.texts(thing, COMMENT)
    types = tuple(reader.ref(NamedNode(t)) for t in sorted(reader.types(thing)))
    return Head(reader.ref(thing), types, text, notes, canonical)


def _view(reader: Reader, thing: NamedNode, path: str) -> View:
    if path.startswith("graph/"):
        return "graph.html", graph_view(reader, thing, page_number())
    if path == "shapes":
        return "shapes.html", shapes_view(reader, f"{thing.value}#")
    types = reader.types(thing)
    for kind, view in _kinds(reader.base):
        if kind in types:
            return view(reader, thing)
    return "thing.html", None


Maker = Callable[[Reader, NamedNode], View]


def _kinds(base: Base) -> tuple[tuple[str, Maker], ...]:
    """How each class is shown; the first that a thing has decides."""
    eas = base.under("ontology#")
    return (
        (f"{eas}Statement", lambda r, t: ("statement.html", statement_view(r, t))),
        (f"{eas}Event", lambda r, t: ("event.html", event_view(r, t, DEFINITION))),
        (f"{eas}Stance", lambda r, t: ("stance.html", stance_view(r, t, DEFINITION))),
        (f"{eas}Participation", lambda r, t: ("participation.html", Rows(r).participation(t))),
        (f"{eas}OfficeHolding", _holding),
        (f"{eas}Office", lambda r, t: ("office.html", office_view(r, t))),
        (f"{eas}Source", lambda r, t: ("source.html", source_view(r, t))),
        (f"{eas}Actor", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{eas}Person", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{eas}Organization", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{eas}GeopoliticalEntity", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{eas}Collective", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{eas}Place", lambda r, t: ("actor.html", actor_view(r, t))),
        (f"{SKOS}ConceptScheme", lambda r, t: ("scheme.html", scheme_view(r, t))),
        (f"{SKOS}Concept", lambda r, t: ("concept.html", concept_view(r, t))),
        (f"{OWL}Ontology", lambda r, t: ("ontology.html", ontology_view(r, t))),
    )


def _holding(reader: Reader, holding: NamedNode) -> View:
    seen = reader.refs(holding, NamedNode(f"{DCT}source"))
    also = reader.refs(holding, NamedNode(f"{RDFS}seeAlso"))
    view = {
        "row": holding_row(reader, holding),
        "links": (*seen, *also),
        "evidence": evidence_for(reader, holding),
    }
    return "holding.html", view
