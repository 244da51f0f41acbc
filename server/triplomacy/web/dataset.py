"""`/dataset`: what the release says about itself, VoID and DCAT."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, render_template
from pyoxigraph import Literal, NamedNode

from triplomacy.namespaces import DCT, VOID
from triplomacy.web import schema_org
from triplomacy.web.current import Publication, publication
from triplomacy.web.described import described, quads_of
from triplomacy.web.pages.entity import reader_of
from triplomacy.web.pages.graphs import graph_list
from triplomacy.web.pages.reader import Ref, Text
from triplomacy.web.representation import address

routes = Blueprint("dataset", __name__)


@routes.get("/dataset")
@routes.get("/dataset.<suffix>")
@routes.get("/.well-known/void", endpoint="void")
def dataset(suffix: str | None = None) -> Response:
    """The VoID and DCAT description, or a page of it."""
    published = publication()

    def page() -> str:
        here = address()
        reader = reader_of(published)
        iri = published.base.under("dataset")
        json_ld = schema_org.write(
            [schema_org.dataset(iri, here.at("dataset"), published.manifest, here.at("dumps/"))]
        )
        return render_template(
            "dataset.html",
            facts=_about_dataset(published, published.release.description, iri),
            linksets=_linksets(published, published.release.description),
            graphs=graph_list(reader),
            json_ld=json_ld,
        )

    return described("dataset", published.release.description, page, suffix)


def _about_dataset(published: Publication, file: Path, iri: str) -> list[tuple[Ref, Ref | Text]]:
    """What the description says of the dataset itself in values and links to elsewhere.

    Its partitions and distributions are nodes of their own; the formats for data have them.
    """
    reader = reader_of(published)
    rows: list[tuple[Ref, Ref | Text]] = []
    for quad in quads_of(file):
        if not isinstance(quad.subject, NamedNode) or quad.subject.value != iri:
            continue
        value = quad.object
        if isinstance(value, Literal):
            rows.append((reader.ref(quad.predicate), Text(value.value, value.language)))
        elif isinstance(value, NamedNode) and not value.value.startswith((f"{iri}/", f"{iri}#")):
            rows.append((reader.ref(quad.predicate), reader.ref(value)))
    return sorted(rows, key=lambda row: (str(row[0]).casefold(), str(row[1])))


@dataclass(frozen=True, slots=True)
class Linkset:
    """Links to another dataset by one property (VoID §5), and how many there are."""

    property: Ref
    target: str
    links: int


def _linksets(published: Publication, file: Path) -> list[Linkset]:
    """The linksets of the description, those with the most links first."""
    reader = reader_of(published)
    said: dict[object, dict[str, str]] = {}
    for quad in quads_of(file):
        if isinstance(quad.object, NamedNode | Literal):
            said.setdefault(quad.subject, {})[quad.predicate.value] = quad.object.value
    found = []
    for about in said.values():
        target = said.get(NamedNode(about.get(f"{VOID}objectsTarget", "urn:none")))
        if target is not None:
            property = reader.ref(NamedNode(about[f"{VOID}linkPredicate"]))
            found.append(Linkset(property, target[f"{DCT}title"], int(about[f"{VOID}triples"])))
    return sorted(found, key=lambda each: (-each.links, each.target, str(each.property)))
