"""How a term without a label reads: by prefix if it is of a known vocabulary, else by address."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from triplomacy.iris import Base, local_name
from triplomacy.namespaces import SHARED_PREFIXES, WIKIDATA

# Vocabularies that the ontology is aligned with, and whose terms data does not use.
_ALIGNED = {
    "cito": "http://purl.org/spar/cito/",
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "gaf": "http://groundedannotationframework.org/gaf#",
    "grasp": "http://groundedannotationframework.org/grasp#",
    "lode": "http://linkedevents.org/ontology/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "sioc": "http://rdfs.org/sioc/ns#",
    "time": "http://www.w3.org/2006/time#",
}
_VOCABULARIES = SHARED_PREFIXES | _ALIGNED


def name_of(iri: str, base: Base) -> str:
    """A name for people, as short as it can be without misleading.

    >>> here = Base("https://w3id.org/triplomacy/")
    >>> name_of("http://www.w3.org/2002/07/owl#sameAs", here)
    'owl:sameAs'
    >>> name_of("http://www.wikidata.org/entity/Q30", here)
    'Q30'
    >>> name_of("https://creativecommons.org/licenses/by/4.0/", here)
    'creativecommons.org/licenses/by/4.0'
    """
    path = base.path_of(iri)
    if path is not None and path.startswith("graph/"):
        return path.removeprefix("graph/")
    if path is not None or iri.startswith(WIKIDATA):
        return local_name(iri)
    for prefix, namespace in _VOCABULARIES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    try:
        parts = urlsplit(iri)
    except ValueError:
        return iri
    if parts.scheme in ("http", "https"):
        rest = iri.split("://", 1)[1].removeprefix("www.").rstrip("/")
        return unquote(rest)
    return iri
