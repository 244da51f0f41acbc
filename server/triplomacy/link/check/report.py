"""The outcome of a check as JSON and as RDF.

The RDF is W3C's Evaluation and Report Language (https://www.w3.org/TR/EARL10-Schema/): an assertion
for each link, with its subject, its test, and a result that has an outcome. The date is that of the
graph, so that a check that finds nothing new changes one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from triplomacy import __version__
from triplomacy.findings import Severity, counts
from triplomacy.formats import TURTLE
from triplomacy.iris import Base
from triplomacy.link.check.checking import Checked, Verdict
from triplomacy.namespaces import DCT, EARL, PROV, RDF, RDFS, XSD, prefixes
from triplomacy.writing import rdf_bytes, reading_order

RECORD = "wikidata-check"
"""The name of the graph, and of the file, that keep the last check."""


def outcome_of(verdict: Verdict) -> str:
    """`passed`, `failed`, or `cantTell` where the item is right and something looks odd."""
    severities = {f.severity for f in verdict.findings}
    if not severities:
        return "passed"
    return "failed" if Severity.VIOLATION in severities else "cantTell"


def as_json(checked: Checked) -> str:
    """A JSON object: when, whom it asked, each link with its outcome, and counts of findings."""
    document = {
        "checked": checked.when.isoformat(),
        "service": checked.service,
        "counts": {s.value: n for s, n in counts(checked.findings).items()},
        "links": [_row(v) for v in checked.verdicts],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _row(verdict: Verdict) -> dict[str, Any]:
    link, item = verdict.link, verdict.item
    return {
        "thing": link.thing.iri,
        "predicate": link.predicate,
        "target": link.target,
        "item": None if item is None or item.is_missing else item.id,
        "label": None if item is None else item.labels.get("en"),
        "revision": None if item is None or item.is_missing else item.revision,
        "fetched": None if item is None else item.fetched.isoformat(timespec="seconds"),
        "outcome": outcome_of(verdict),
        "findings": [asdict(f) for f in verdict.findings],
    }


def as_turtle(checked: Checked, base: Base) -> bytes:
    """The check as a graph of the site, in EARL; the same check is the same bytes."""
    triples = sorted(_triples(checked, base), key=reading_order)
    # Without an abbreviation for graphs, whose fragments would be full of backslashes.
    names = {p: iri for p, iri in prefixes(base.iri).items() if p != "graph"}
    return rdf_bytes(triples, TURTLE, names)


def _triples(checked: Checked, base: Base) -> Iterator[Triple]:
    graph = NamedNode(base.under(f"graph/{RECORD}"))
    when = Literal(checked.when.isoformat(), datatype=NamedNode(f"{XSD}dateTime"))
    test = NamedNode(f"{graph.value}#linked-item")
    agent = NamedNode(f"{graph.value}#software")

    def said(subject: NamedNode, *pairs: tuple[str, NamedNode | Literal]) -> Iterator[Triple]:
        for predicate, value in pairs:
            yield Triple(subject, NamedNode(predicate), value)

    def words(text: str) -> Literal:
        return Literal(text, language="en")

    about = "For each link to Wikidata, whether its item is there and can be what is linked."
    yield from said(
        graph,
        (f"{RDF}type", NamedNode(f"{PROV}Entity")),
        (f"{RDFS}label", words("Last check of the links to Wikidata")),
        (f"{DCT}title", words("Last check of the links to Wikidata")),
        (f"{DCT}description", words(about)),
        (f"{PROV}wasAttributedTo", agent),
        (f"{PROV}wasDerivedFrom", NamedNode(checked.service)),
        (f"{PROV}generatedAtTime", when),
    )
    yield from said(
        agent,
        (f"{RDF}type", NamedNode(f"{EARL}Software")),
        (f"{RDFS}label", words(f"Triplomacy {__version__}")),
        (f"{DCT}isPartOf", graph),
    )
    yield from said(
        test,
        (f"{RDF}type", NamedNode(f"{EARL}TestCase")),
        (f"{RDFS}label", words("The linked item of Wikidata is there and can be the same")),
        (f"{DCT}isPartOf", graph),
    )
    for verdict in checked.verdicts:
        key = _key(verdict, base)
        assertion, result = (NamedNode(f"{graph.value}#{key}{end}") for end in ("", "/result"))
        number = verdict.item.asked if verdict.item else verdict.link.target
        yield from said(
            assertion,
            (f"{RDF}type", NamedNode(f"{EARL}Assertion")),
            (f"{EARL}assertedBy", agent),
            (f"{EARL}mode", NamedNode(f"{EARL}automatic")),
            (f"{EARL}subject", NamedNode(verdict.link.thing.iri)),
            (f"{EARL}test", test),
            (f"{EARL}result", result),
            (f"{DCT}identifier", Literal(number)),
            (f"{DCT}isPartOf", graph),
        )
        yield from said(
            result,
            (f"{RDF}type", NamedNode(f"{EARL}TestResult")),
            (f"{EARL}outcome", NamedNode(f"{EARL}{outcome_of(verdict)}")),
            (f"{DCT}isPartOf", graph),
            *((f"{DCT}description", words(f.message)) for f in verdict.findings),
        )


def _key(verdict: Verdict, base: Base) -> str:
    """The fragment that names the assertion about a link."""
    thing, link = verdict.link.thing.iri, verdict.link
    path = base.path_of(thing) or thing
    return quote(f"{path}--{link.id or link.target}", safe="/-._~")
