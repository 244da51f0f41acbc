"""What the editor of the query page offers, and how it names what an answer holds.

All of it is read from the release: the classes and properties that its own description counts, the
things that it describes, and their labels. Nothing here runs a query over the data as a whole.
"""

from __future__ import annotations

import bisect
import itertools
import json
import re
from collections.abc import Iterator

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from triplomacy.errors import BadRequest
from triplomacy.formats import JSON
from triplomacy.iris import Address
from triplomacy.namespaces import WIKIDATA, prefixes
from triplomacy.release.description import used
from triplomacy.web.current import Publication, publication
from triplomacy.web.pages.elsewhere import ours_of
from triplomacy.web.pages.entity import reader_of
from triplomacy.web.pages.reader import COMMENT, Reader
from triplomacy.web.pages.template_helpers import is_web
from triplomacy.web.pages.vocabulary import DEFINITION
from triplomacy.web.representation import address, represent

routes = Blueprint("query_terms", __name__)

TERMS = 1_000
"""Classes that are offered, and properties: those that are used most."""
THINGS = 50
"""Things that are offered for one beginning of an IRI."""
NAMES = 200
"""IRIs that are named at a time."""
_COMMENT = 240  # characters of a comment


@routes.get("/sparql/terms")
def terms() -> Response:
    """The site's prefixes, and the classes and properties of the release, the most used first.

    Each of these has `iri`, `label`, `comment` and `count`: the entities of the class, or the
    triples with the property (VoID §4.5).
    """
    published = publication()

    def make() -> bytes:
        path = published.release.description
        classes, properties = (list(used(path, kind).items()) for kind in ("class", "property"))
        reader = reader_of(published)
        offered = {
            "prefixes": prefixes(published.manifest.base),
            "classes": [_term(reader, iri, n) for iri, n in classes[:TERMS]],
            "properties": [_term(reader, iri, n) for iri, n in properties[:TERMS]],
        }
        return _json(offered)

    return represent(JSON, make, negotiated=False)


def _term(reader: Reader, iri: str, count: int) -> dict[str, object]:
    term = NamedNode(iri)
    comment = (reader.value(term, COMMENT) or reader.value(term, DEFINITION) or "").strip()
    cut = comment if len(comment) <= _COMMENT else comment[: _COMMENT - 1].rstrip() + "…"
    return {"iri": iri, "label": str(reader.ref(term)), "comment": cut, "count": count}


@routes.get("/sparql/things")
def things() -> Response:
    """Things of the site whose IRI begins with `starts`, by IRI; none in a huge release.

    Of Wikidata's entities those that are linked here, by what they are called here, too: to
    `http://www.wikidata.org/entity/pu` belongs the item of Vladimir Putin.
    """
    published = publication()
    starts = request.args.get("starts", "")

    def make() -> bytes:
        if starts.startswith(WIKIDATA):
            found = list(_entities(published, starts))
        else:
            reader = reader_of(published)
            found = [(iri, str(reader.ref(NamedNode(iri)))) for iri in _starting(published, starts)]
        return _json([{"iri": iri, "label": label} for iri, label in found])

    return represent(JSON, make, negotiated=False)


def _starting(published: Publication, starts: str) -> Iterator[str]:
    names = published.names  # sorted
    first = bisect.bisect_left(names, starts)
    for iri in names[first : first + THINGS]:
        if not iri.startswith(starts):
            return
        yield iri


def _entities(published: Publication, starts: str) -> Iterator[tuple[str, str]]:
    """The linked entities whose IRI begins so, or whose name has a word that goes on so."""
    written = starts.removeprefix(WIKIDATA).casefold()
    fitting = (
        (iri, label)
        for iri, label in published.linked.items()
        if iri.startswith(starts) or any(w.startswith(written) for w in _words(label))
    )
    return itertools.islice(fitting, THINGS)


def _words(label: str) -> list[str]:
    return re.findall(r"\w+", label.casefold())


@routes.post("/sparql/names")
def names() -> Response:
    """How IRIs are called and where they lead: for a JSON list of IRIs one of the same order.

    Each item has `label`; `href` if the IRI may be a link here; and `ours`, the link to our thing
    that is the same, if the IRI is that of an entity of Wikidata.
    """
    try:
        iris = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        iris = None
    if not isinstance(iris, list) or not all(isinstance(iri, str) for iri in iris):
        raise BadRequest("The body is not a JSON list of IRIs.", "send one, such as []")
    if len(iris) > NAMES:
        raise BadRequest(f"There are {len(iris)} IRIs.", f"send at most {NAMES} at a time")
    reader, here = reader_of(publication()), address()
    named = [_named(reader, here, iri) for iri in iris]
    response = Response(_json(named), content_type=JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def _named(reader: Reader, here: Address, iri: str) -> dict[str, str]:
    try:
        label = str(reader.ref(NamedNode(iri)))
    except ValueError:
        return {"label": iri}
    if not is_web(iri):
        return {"label": label}
    ours = ours_of(reader, NamedNode(iri))
    return {"label": label, "href": here.link(iri)} | (
        {"ours": here.link(ours.iri)} if ours else {}
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()  # ASCII: any string passes
