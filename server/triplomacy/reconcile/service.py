"""The service of one release: manifest, results, suggestions, proposals; as the JSON to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triplomacy import __version__
from triplomacy.engine.protocol import Engine
from triplomacy.iris import Address
from triplomacy.reconcile.extending import SETTINGS, extend
from triplomacy.reconcile.facts import LABELS, OTHER_NAMES, TYPE, Facts
from triplomacy.reconcile.ids import Ids
from triplomacy.reconcile.matching import Candidate, Matcher
from triplomacy.reconcile.requests import BATCH, Extension, Query
from triplomacy.reconcile.terms import Term, Terms, beginning
from triplomacy.reconcile.things import Things
from triplomacy.release.manifest import Manifest
from triplomacy.search.finding import SearchIndex
from triplomacy.search.texts import Texts

PATH = "reconcile"
"""Where the service answers, below the address of the server."""
VERSIONS = ("0.2",)
"""The versions of the protocol to which it conforms."""
PREVIEW = (400, 180)
"""Width and height of a preview, in pixels."""
_ID = "{{id}}"  # what clients put an identifier in place of
_SUGGESTED = 20
_PROPOSED = 50
_MOST_PROPOSED = 500

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing as a preview shows it.

    Attributes:
        iri, id, name: what identifies it.
        types: its types, the narrowest first.
        description: a description (see `Things.described`); empty where there is none.
        others: its other names.
    """

    iri: str
    id: str
    name: str
    types: tuple[Term, ...]
    description: str
    others: tuple[str, ...]


class Service:
    """Answers for one release.

    Args:
        engine: reads its facts.
        search: its index of names.
        manifest: what it says about itself.
        terms: its types and properties.
        ids: the identifiers of its site.
    """

    def __init__(
        self, engine: Engine, search: SearchIndex, manifest: Manifest, terms: Terms, ids: Ids
    ) -> None:
        self._search = search
        self._manifest = manifest
        self._terms = terms
        self._ids = ids
        self._facts = Facts(engine, manifest.languages)
        texts = Texts(ids.base)
        self._things = Things(self._facts, ids)
        self._matcher = Matcher(search, self._facts, terms, ids, texts)

    def manifest(self, here: Address) -> Json:
        """The service manifest (§3.1)."""
        service = here.at(PATH)
        width, height = PREVIEW
        suggested = {
            kind: {
                "service_url": service,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": service,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "type", "property")
        }
        return {
            "versions": list(VERSIONS),
            "name": self._manifest.title,
            "identifierSpace": self._ids.space,
            "schemaSpace": f"{self._ids.space}ontology#",
            "documentation": service,
            "logo": here.at("static/favicon.svg"),
            "serviceVersion": __version__,
            "batchSize": BATCH,
            "defaultTypes": [_type(t) for t in self._terms.default_types()],
            "view": {"url": f"{here.root}{_ID}"},
            "feature_view": {"url": f"{service}#{_ID}"},
            "preview": {
                "url": f"{service}/preview?id={{{{id}}}}",
                "width": width,
                "height": height,
            },
            "suggest": suggested,
            "extend": {
                "propose_properties": {"service_url": service, "service_path": "/properties"},
                "property_settings": list(SETTINGS),
            },
        }

    def results(self, batch: Mapping[str, Query], root: str) -> Json:
        """The results of a batch (§4.2); errors as `Matcher.match`."""
        found = self._matcher.match(batch, root)
        return {
            key: {"result": [self._candidate(c) for c in candidates]}
            for key, candidates in found.items()
        }

    def _candidate(self, found: Candidate) -> Json:
        features: dict[str, float | bool] = {}
        if found.by_id:
            features["identifier"] = True
        elif found.likeness is not None:
            features |= {"name": round(100 * found.likeness, 1), "label": found.named}
        if found.of_type is not None:
            features["type"] = found.of_type
        features |= {pid: round(100 * fits, 1) for pid, fits in found.fits.items()}
        said = {
            "id": self._ids.of(found.iri),
            "name": found.name,
            "description": found.description,
            "score": found.score,
            "match": found.is_match,
            "type": [_type(t) for t in found.types],
            "features": [{"id": id, "value": value} for id, value in features.items()],
        }
        return {name: value for name, value in said.items() if value != ""}

    def extension(self, asked: Extension, root: str) -> Json:
        """The answer to a data extension query (§7.5); errors as `extending.extend`."""
        return extend(asked, self._facts, self._terms, self._ids, root)

    def proposals(self, type: str, limit: int | None) -> Json:
        """The properties that things of a type have, the most common first (§7.3)."""
        iri = self._ids.term_iri(type) if type else None
        most = min(limit or _PROPOSED, _MOST_PROPOSED)
        known = not type or (iri is not None and iri in self._terms.types)
        found = self._terms.of_type(iri, most) if known else []
        said: Json = {"properties": [_property(p) for p in found]}
        if type:
            said["type"] = type
        return said | ({"limit": limit} if limit else {})

    def suggest_entities(self, prefix: str, skip: int, root: str) -> Json:
        """Things whose names go on so, or that an identifier tells (§6)."""
        first = () if skip else self._things.identified([prefix], root)[prefix].here
        hits = self._search.suggest(prefix, skip)
        iris = list(dict.fromkeys([*first, *(hit.iri for hit in hits)]))
        said, descriptions = self._facts.about(iris, (TYPE, *LABELS)), self._things.described(iris)
        labels = {hit.iri: hit.label.value for hit in hits}

        def entity(iri: str) -> Json:
            types = self._terms.narrowest_first(said.iris(iri, TYPE.value))
            name, description = labels.get(iri) or said.name(iri), descriptions[iri]
            notable = [{"id": t.id, "name": t.name} for t in types]
            found = {"id": self._ids.of(iri), "name": name, "description": description}
            return {k: v for k, v in found.items() if v} | {"notable": notable}

        return {"result": [entity(iri) for iri in iris]}

    def suggest_types(self, prefix: str, skip: int) -> Json:
        """Types whose names or identifiers go on so, the most used first (§6)."""
        found = beginning(self._terms.types, prefix, skip, _SUGGESTED)
        return {"result": [self._type_with_broader(t) for t in found]}

    def _type_with_broader(self, type: Term) -> Json:
        above = [self._terms.types[iri] for iri in type.broader if iri in self._terms.types]
        description = {"description": type.description} if type.description else {}
        broader = {"broader": [_type(t) for t in above]} if above else {}
        return _type(type) | description | broader

    def suggest_properties(self, prefix: str, skip: int) -> Json:
        """Properties whose names or identifiers go on so, the most used first (§6)."""
        found = beginning(self._terms.properties, prefix, skip, _SUGGESTED)
        return {"result": [_property(p) for p in found]}

    def entities(self, id: str, root: str) -> list[Entity]:
        """The things that an identifier means: mostly one or none."""
        iris = self._things.identified([id], root)[id].here
        said = self._facts.about(iris, (TYPE, *LABELS, *OTHER_NAMES))
        descriptions = self._things.described(iris)

        def entity(iri: str) -> Entity:
            types = tuple(self._terms.narrowest_first(said.iris(iri, TYPE.value)))
            name = said.name(iri)
            others = tuple(n for n in said.texts(iri, OTHER_NAMES) if n != name)
            return Entity(iri, self._ids.of(iri), name, types, descriptions[iri], others)

        return [entity(iri) for iri in iris]

    def term(self, kind: str, id: str) -> Term | None:
        """The type or property of an identifier; None if there is none."""
        terms = self._terms.types if kind == "type" else self._terms.properties
        return terms.get(self._ids.term_iri(id) or "")


def _type(type: Term) -> Json:
    return {"id": type.id, "name": type.name}


def _property(property: Term) -> Json:
    said = {"id": property.id, "name": property.name, "description": property.description}
    return {name: value for name, value in said.items() if value}
