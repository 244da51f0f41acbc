"""The namespaces that the project writes, and the prefixes it writes them with.

Our own namespaces depend on the site's base IRI; the others are constants.
"""

from __future__ import annotations

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
PROV = "http://www.w3.org/ns/prov#"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
SH = "http://www.w3.org/ns/shacl#"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
SPDX = "http://spdx.org/rdf/terms#"
VANN = "http://purl.org/vocab/vann/"
EARL = "http://www.w3.org/ns/earl#"
PAV = "http://purl.org/pav/"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
WIKIDATA = "http://www.wikidata.org/entity/"
WIKIDATA_DIRECT = "http://www.wikidata.org/prop/direct/"

SHARED_PREFIXES: dict[str, str] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dct": DCT,
    "dcat": DCAT,
    "void": VOID,
    "prov": PROV,
    "foaf": FOAF,
    "org": ORG,
    "schema": SCHEMA,
    "sem": SEM,
    "sh": SH,
    "vann": VANN,
    "earl": EARL,
    "wd": WIKIDATA,
    "wdt": WIKIDATA_DIRECT,
}


def prefixes(base: str) -> dict[str, str]:
    """All prefixes for a site whose base IRI is `base`: the shared ones and our own.

    >>> prefixes("https://w3id.org/triplomacy/")["eas"]
    'https://w3id.org/triplomacy/ontology#'
    """
    own = {
        "eas": f"{base}ontology#",
        "eassh": f"{base}shapes#",
        "event": f"{base}id/event/",
        "actor": f"{base}id/actor/",
        "office": f"{base}id/office/",
        "holding": f"{base}id/holding/",
        "participation": f"{base}id/participation/",
        "statement": f"{base}id/statement/",
        "stance": f"{base}id/stance/",
        "source": f"{base}id/source/",
        "graph": f"{base}graph/",
        "event-type": f"{base}vocab/event-type/",
        "realization": f"{base}vocab/realization/",
        "role": f"{base}vocab/role/",
        "speech-act": f"{base}vocab/speech-act/",
        "stance-value": f"{base}vocab/stance/",
        "reporting-mode": f"{base}vocab/reporting-mode/",
        "topic": f"{base}vocab/topic/",
        "notation": f"{base}vocab/notation/",
    }
    return SHARED_PREFIXES | own
