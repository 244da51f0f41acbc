"""Which schema.org node stands for what a page shows."""

from __future__ import annotations

from markupsafe import Markup

from triplomacy.iris import Base
from triplomacy.release.manifest import Manifest
from triplomacy.web import schema_org
from triplomacy.web.pages.actors import ActorView
from triplomacy.web.pages.elsewhere import Elsewhere
from triplomacy.web.pages.events import EventView
from triplomacy.web.pages.lists import ListView
from triplomacy.web.pages.reader import Ref
from triplomacy.web.pages.sayings import StatementView
from triplomacy.web.pages.sources import SourceView
from triplomacy.web.pages.template_helpers import is_web
from triplomacy.web.pages.vocabulary import ConceptView, OntologyView, SchemeView
from triplomacy.web.schema_org import Node, node

# schema.org knows events that happen or are scheduled; an event that is merely proposed, feared or
# demanded is none for a search engine, so it is published as a thing with a name.
_SCHEDULED = "agreed"
_TYPES = {"Person": "Person", "Organization": "Organization", "GeopoliticalEntity": "Place"}


def of_thing(
    ref: Ref,
    types: tuple[Ref, ...],
    document: str,
    view: object,
    links: tuple[Elsewhere, ...],
    base: Base,
    manifest: Manifest,
) -> Markup:
    """The JSON-LD of the page of a thing.

    Args:
        ref: the thing.
        types: its classes.
        document: the IRI of its document.
        view: what the page shows.
        links: its links to elsewhere; what is only close to it is not called the same.
        base: the base IRI of the release.
        manifest: what the release says about itself.
    """
    same = [each.ref.iri for each in links if each.is_same and is_web(each.ref.iri)]
    thing = _thing(ref, types, view) | ({"sameAs": same} if same else {})
    part_of = base.under("dataset")
    return schema_org.write(
        [thing, schema_org.page(document, str(ref), ref.iri, part_of, manifest)]
    )


def of_list(view: ListView, base: Base, manifest: Manifest) -> Markup:
    """The JSON-LD of a list page."""
    rows = (row for group in view.groups for row in group.rows)
    refs = [ref for row in rows if isinstance(ref := getattr(row, "ref", None), Ref)]
    items = ((ref.iri, str(ref)) for ref in refs)
    iri = base.under(view.kind.path)
    return schema_org.write([schema_org.item_list(iri, view.kind.title, view.page.total, items)])


def of_site(base: Base, manifest: Manifest) -> Markup:
    """The JSON-LD of the home page and of the pages about the dataset."""
    iri = base.under("dataset")
    site = node("WebSite", base.iri, name=manifest.title, description=manifest.description)
    return schema_org.write(
        [site, schema_org.dataset(iri, base.iri, manifest, base.under("dumps/"))]
    )


def _thing(ref: Ref, types: tuple[Ref, ...], view: object) -> Node:
    name = str(ref)
    if isinstance(view, EventView):
        return _event(ref, view)
    if isinstance(view, StatementView):
        return _statement(ref, view)
    if isinstance(view, ActorView):
        type_ = next((_TYPES[t.slug] for t in types if t.slug in _TYPES), "Thing")
        return node(type_, ref.iri, name=name, alternateName=[t.value for t in view.names])
    if isinstance(view, SourceView):
        return node("Article", ref.iri, name=name, inLanguage=view.language)
    if isinstance(view, ConceptView):
        return node(
            "DefinedTerm",
            ref.iri,
            name=name,
            description=str(view.definition or ""),
            inDefinedTermSet=[s.iri for s in view.schemes],
        )
    if isinstance(view, SchemeView | OntologyView):
        return node("DefinedTermSet", ref.iri, name=name)
    return node("Thing", ref.iri, name=name)


def _event(ref: Ref, view: EventView) -> Node:
    status = view.row.status.slug if view.row.status else ""
    if not view.row.is_fact and status != _SCHEDULED:
        return node("Thing", ref.iri, name=str(ref))
    return node(
        "Event",
        ref.iri,
        name=str(ref),
        startDate=view.row.when.day,
        eventStatus="https://schema.org/EventScheduled" if status == _SCHEDULED else None,
        location=[_named("Place", p) for p in view.row.places],
        actor=[_named("Thing", a) for a in view.row.actors],
    )


def _statement(ref: Ref, view: StatementView) -> Node:
    row = view.row
    about = [_named("Thing", a) for a in view.about]
    speakers = [_named("Thing", s) for s in row.speakers]
    if row.quotes:
        text = " … ".join(str(q) for q in row.quotes)
        return node(
            "Quotation",
            ref.iri,
            name=str(ref),
            text=text,
            spokenByCharacter=speakers,
            about=about,
            dateCreated=row.when.day,
        )
    return node(
        "Claim",
        ref.iri,
        name=str(ref),
        text=str(row.gist or ""),
        author=speakers,
        about=about,
        dateCreated=row.when.day,
    )


def _named(type_: str, ref: Ref) -> Node:
    return node(type_, ref.iri, name=str(ref))
