"""Every IRI under the base that the site mentions must lead somewhere: no dangling local IRI."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.check.owners import Owners
from triplomacy.findings import Finding, Severity
from triplomacy.iris import Base
from triplomacy.namespaces import OWL

RULE = "local-iris-are-described"
# What the server itself publishes, so that no file has to describe it.
_SERVED = ("dataset", "sparql", "validation", "dumps/", "ontology/context.jsonld", "")


def dangling(base: Base, quads: Iterable[Quad]) -> list[Finding]:
    """A finding for each IRI under `base` that is mentioned and described nowhere.

    A fragment is described if its document knows of it: `…/ontology#Event` must link to
    `…/ontology` (by rdfs:isDefinedBy, prov:wasQuotedFrom or the like), since a fragment cannot
    be fetched by itself (RFC 3986 §3.5).
    """
    quads = list(quads)
    described: set[object] = {q.subject for q in quads} | {q.graph_name for q in quads}
    described |= {q.object for q in quads if q.predicate.value == f"{OWL}versionIRI"}
    linked = {
        (q.subject.value, q.object.value)
        for q in quads
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    }
    mentioned: dict[NamedNode, Quad] = {}
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object):
            iri = term.datatype if isinstance(term, Literal) else term
            if isinstance(iri, NamedNode) and base.path_of(iri.value) is not None:
                mentioned.setdefault(iri, quad)
    owners = Owners(quads)
    findings = []
    for iri, quad in mentioned.items():
        document, sharp, _ = iri.value.partition("#")
        if base.path_of(iri.value) in _SERVED:
            continue
        if iri not in described:
            problem = f"<{iri.value}> is mentioned, but nothing describes it: correct or declare it"
        elif sharp and NamedNode(document) not in described:
            problem = f"nothing describes <{document}>, the document of <{iri.value}>: describe it"
        elif sharp and (iri.value, document) not in linked:
            problem = f"<{iri.value}> does not link to <{document}>: say which document defines it"
        else:
            continue
        subject = (owners.of(quad.subject) or iri).value
        findings.append(
            Finding(Severity.VIOLATION, RULE, problem, subject=subject, value=iri.value)
        )
    return findings
