"""Adds to each source the text that it is drawn from: `data/sources/{slug}.txt`.

Offsets count Unicode code points of exactly these characters, so a text is taken as it is: no
newline is translated, nothing is stripped or normalised.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from triplomacy.findings import Finding, Severity
from triplomacy.namespaces import RDF, SCHEMA, XSD
from triplomacy.site import Site

TEXTS = Path("data/sources")
LONGEST_TEXT = 16 * 1024 * 1024
"""Bytes. A text is one literal, held in memory by all who read it; a long book has one megabyte."""


def text_quads(site: Site, facts: list[Quad]) -> tuple[list[Quad], list[Finding]]:
    """The text and its SHA-256 for every source that `facts` describe.

    Args:
        site: the site with the texts.
        facts: the quads read from its Turtle files.

    Returns:
        Quads in the graph that describes the source, and a finding for every text without a
        source, source without a text, and text that cannot be read.
    """
    base = site.base
    source_class = NamedNode(base.under("ontology#Source"))
    graphs = {
        q.subject.value: q.graph_name
        for q in facts
        if q.object == source_class
        and q.predicate.value == f"{RDF}type"
        and isinstance(q.subject, NamedNode)
    }
    quads: list[Quad] = []
    findings: list[Finding] = []
    expected = {base.under(f"id/source/{p.stem}"): p for p in _texts(site)}
    for iri, path in expected.items():
        name = path.relative_to(site.folder).as_posix()
        if iri not in graphs:
            findings.append(
                Finding(
                    Severity.WARNING,
                    "text-has-a-source",
                    f"no file describes its source: declare <{iri}> a eas:Source",
                    subject=iri,
                    file=name,
                )
            )
            continue
        try:
            if path.stat().st_size > LONGEST_TEXT:
                findings.append(
                    Finding(
                        Severity.UNREADABLE,
                        "text-length",
                        f"this text is longer than {LONGEST_TEXT // 2**20} MiB: divide the source",
                        subject=iri,
                        file=name,
                    )
                )
                continue
            content = path.read_bytes()
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            findings.append(
                Finding(
                    Severity.UNREADABLE,
                    "text-is-utf-8",
                    f"{error}: save the text as UTF-8",
                    subject=iri,
                    file=name,
                )
            )
            continue
        subject, graph = NamedNode(iri), graphs[iri]
        digest = Literal(hashlib.sha256(content).hexdigest(), datatype=NamedNode(f"{XSD}hexBinary"))
        quads.append(Quad(subject, NamedNode(f"{SCHEMA}text"), Literal(text), graph))
        quads.append(Quad(subject, NamedNode(base.under("ontology#textSha256")), digest, graph))
    for iri in sorted(graphs.keys() - expected.keys()):
        findings.append(
            Finding(
                Severity.WARNING,
                "source-has-a-text",
                f"its excerpts cannot be compared with a text: put it into "
                f"{TEXTS.as_posix()}/{iri.rpartition('/')[2]}.txt",
                subject=iri,
            )
        )
    return quads, findings


def _texts(site: Site) -> list[Path]:
    folder = site.folder / TEXTS
    return sorted(p for p in folder.glob("*.txt") if p.is_file() and not p.is_symlink())
