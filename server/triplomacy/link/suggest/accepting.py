"""Writes what people decided into the links graph, each link with who said so, when, and on what.

The record of a link is an axiom annotation (OWL 2 Mapping to RDF Graphs §2.2) with the slots of the
Simple Standard for Sharing Ontological Mappings (SSSOM 1.0, https://w3id.org/sssom/): its author,
the date, the score of the suggestion and the tool; and the service that suggested it, with PROV.
“None of these” is a link, too: owl:differentFrom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from triplomacy import __version__
from triplomacy.errors import SiteError
from triplomacy.formats import TURTLE
from triplomacy.iris import Base, is_iri
from triplomacy.link.files import replace_file
from triplomacy.link.suggest.answers import Decision, Verb
from triplomacy.link.turtle_text import TurtleText, quads_of, read_text, said
from triplomacy.namespaces import DCT, OWL, PAV, PROV, RDF, RDFS, SEMAPV, SSSOM, XSD, prefixes
from triplomacy.qid import item_iri
from triplomacy.sameness import LINKS
from triplomacy.site import Site
from triplomacy.writing import rdf_bytes, reading_order

GRAPH = "links"
"""The name of the graph, and of the file, that links are written to."""
FILE = f"data/{GRAPH}.ttl"
_HEAD = "# The same things in Wikidata. Add a number only after you have looked the item up.\n"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who decided, when, and who had suggested it.

    Attributes:
        who: a name, or an IRI such as that of an ORCID.
        when: the day.
        service: the address of the reconciliation service.
    """

    who: str
    when: date
    service: str


def accept(site: Site, decisions: Sequence[Decision], provenance: Provenance) -> None:
    """Write decisions at the end of the file of links; what stands there stays as it is.

    Args:
        site: the site.
        decisions: what was decided; what stands there already is left out.
        provenance: by whom.

    Raises:
        SiteError: the file cannot be written, was changed by somebody else in this moment, or has a
            link of one of the things already, which somebody else wrote meanwhile.
    """
    path, graph = site.folder / FILE, NamedNode(site.base.under(f"graph/{GRAPH}"))
    if path.exists():
        before = read_text(path, graph)
        if before is None:
            raise SiteError(f"{FILE} is not UTF-8", "save it as UTF-8")
    else:
        before = TurtleText(b"", b"", "", graph)
    try:
        stated = {quad.triple for quad in before.quads}
    except SyntaxError as error:
        raise SiteError(
            f"{FILE}:{error.lineno}: somebody has just left it unreadable; nothing was written",
            "mend it, and run the command again",
        ) from None
    decisions = [d for d in decisions if _link(d) not in stated]
    if not decisions:
        return
    _still_free(before, decisions)
    links = [_link(d) for d in decisions]
    records = [*_records(decisions, provenance, site.base)]
    about = [] if before.text else [*_about(graph)]
    triples = [t for part in (about, links, records) for t in sorted(part, key=reading_order)]
    block = _block(before, triples, site.base)
    end = "" if not before.text or before.text.endswith("\n") else "\n"
    who = " ".join(provenance.who.split())
    added = f"{end}\n# {who} decided on {provenance.when}: triplomacy link suggest\n{block}"
    if "\r\n" in before.text:
        added = added.replace("\n", "\r\n")
    after = (before.text or _HEAD) + added
    _prove(before, after, triples)
    replace_file(path, before.with_text(after), before.content if path.exists() else None)


def _still_free(before: TurtleText, decisions: Sequence[Decision]) -> None:
    """Raise where somebody has linked one of the things since the site was read."""
    wanted = {d.thing for d in decisions if d.verb is not Verb.NONE}
    for quad in before.quads:
        subject, linked = quad.subject, quad.predicate in LINKS
        if linked and isinstance(subject, NamedNode) and subject.value in wanted:
            raise SiteError(
                f"{FILE}: somebody has linked <{subject.value}> to {quad.object} meanwhile; "
                "nothing was written",
                "run the command again",
            )


def _link(decision: Decision) -> Triple:
    item = NamedNode(item_iri(decision.id))
    return Triple(NamedNode(decision.thing), NamedNode(decision.verb.value), item)


def _records(decisions: Iterable[Decision], provenance: Provenance, base: Base) -> Iterator[Triple]:
    graph = NamedNode(base.under(f"graph/{GRAPH}"))
    for decision in decisions:
        link = _link(decision)
        path = quote(base.path_of(decision.thing) or decision.thing, safe="/-._~")
        denied = "not-" if decision.verb is Verb.NONE else ""
        record = NamedNode(f"{graph.value}#{path}--{denied}{decision.id}")
        for property, value in (
            (f"{RDF}type", NamedNode(f"{OWL}Axiom")),
            (f"{OWL}annotatedSource", link.subject),
            (f"{OWL}annotatedProperty", link.predicate),
            (f"{OWL}annotatedTarget", link.object),
            (f"{SSSOM}mapping_justification", NamedNode(f"{SEMAPV}ManualMappingCuration")),
            (f"{SSSOM}mapping_tool", Literal(f"Triplomacy {__version__}")),
            (f"{PAV}authoredOn", _typed(provenance.when.isoformat(), "date")),
            (f"{PROV}wasDerivedFrom", NamedNode(provenance.service)),
            (f"{DCT}isPartOf", graph),
            _author(provenance.who),
        ):
            yield Triple(record, NamedNode(property), value)
        if decision.score is not None:
            share = min(max(decision.score / 100, 0.0), 1.0)
            score = _typed(format(share, ".4g"), "double")
            yield Triple(record, NamedNode(f"{SSSOM}similarity_score"), score)
        if decision.note:
            yield Triple(record, NamedNode(f"{RDFS}comment"), Literal(decision.note))


def _author(who: str) -> tuple[str, NamedNode | Literal]:
    if is_iri(who) and who.startswith(("http://", "https://")):
        return f"{PAV}authoredBy", NamedNode(who)
    return f"{SSSOM}author_label", Literal(who)


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def _about(graph: NamedNode) -> Iterator[Triple]:
    """What a new graph says about itself."""
    title = Literal("Links to Wikidata", language="en")
    about = Literal("Which things are the same as, or near to, an item of Wikidata", language="en")
    for predicate, value in (
        (f"{RDF}type", NamedNode(f"{PROV}Entity")),
        (f"{RDFS}label", title),
        (f"{DCT}title", title),
        (f"{DCT}description", about),
        (f"{PROV}wasDerivedFrom", NamedNode("https://www.wikidata.org/")),
    ):
        yield Triple(graph, NamedNode(predicate), value)


def _block(before: TurtleText, triples: list[Triple], base: Base) -> str:
    """The triples as Turtle that goes on from a file, in the file's own abbreviations."""
    parser = parse(
        input=before.text.encode("utf-8"), format=RdfFormat.TURTLE, base_iri=before.graph.value
    )
    for _ in parser:
        pass  # the abbreviations are known at the end
    declared = dict(parser.prefixes)
    usual = prefixes(base.iri) | {"sssom": SSSOM, "semapv": SEMAPV, "pav": PAV}
    known = {iri: name for name, iri in declared.items()}
    names = {
        known.get(iri, name): iri
        for name, iri in usual.items()
        # Not for graphs, whose fragments would be full of backslashes; rdf:type is written as `a`.
        if name not in ("graph", "rdf") and (iri in known or name not in declared)
    }
    lines = rdf_bytes(triples, TURTLE, names).decode("utf-8").splitlines(keepends=True)
    own = {f"@prefix {name}: <{iri}> .\n" for name, iri in declared.items()}
    return "".join(line for line in lines if line not in own)


def _prove(before: TurtleText, after: str, triples: list[Triple]) -> None:
    """Raise unless the file says what it said, and the triples."""
    old, new = said(before.quads), quads_of(after, before.graph)
    added = {q.triple for q in new[len(old) :]}
    if said(new[: len(old)]) != old or added != set(triples):
        raise SiteError(
            f"{FILE}: the links cannot be added without changing what stands there",
            "look at the end of the file: a sentence of Turtle may not be finished",
        )
