"""Facts must fit every format that they are published in, and every reader of RDF 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad, Triple

from triplomacy.findings import Finding, Severity

# XML 1.0 §2.2: these characters cannot stand in XML, not even escaped.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# RDF/XML §6.1.4 writes a predicate as an element, so its IRI must end with an XML name.
_ENDS_WITH_NAME = re.compile(r"[^\W\d][\w.\-]*$")


def unportable(quads: Iterable[Quad]) -> list[Finding]:
    """A finding for each quad that not every format can carry."""
    findings = []
    for quad in quads:
        term = quad.object
        if isinstance(term, Triple):
            findings.append(
                _finding(
                    "rdf-1.1",
                    "this is a triple term of RDF 1.2, for which JSON-LD and RDFC-1.0 have no "
                    "notation yet: describe the statement by a resource",
                    quad,
                )
            )
        elif isinstance(term, Literal) and term.direction is not None:
            findings.append(
                _finding(
                    "rdf-1.1",
                    "this text has a base direction of RDF 1.2, which not every format can carry: "
                    "leave the direction out",
                    quad,
                    term.value,
                )
            )
        elif isinstance(term, Literal) and (found := _NOT_IN_XML.search(term.value)):
            findings.append(
                _finding(
                    "characters-of-xml",
                    f"this text holds the character U+{ord(found[0]):04X} at offset "
                    f"{found.start()}, which XML cannot carry: remove it",
                    quad,
                    term.value,
                )
            )
        if not _ENDS_WITH_NAME.search(quad.predicate.value):
            findings.append(
                _finding(
                    "properties-end-with-a-name",
                    f"the property <{quad.predicate.value}> does not end with a name, so RDF/XML "
                    "cannot write it: use another property",
                    quad,
                    quad.predicate.value,
                )
            )
    return findings


def _finding(rule: str, message: str, quad: Quad, value: str | None = None) -> Finding:
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else None
    return Finding(Severity.VIOLATION, rule, message, subject=subject, value=value)
