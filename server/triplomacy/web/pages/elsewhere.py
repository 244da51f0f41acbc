"""What is known about the links of a thing to elsewhere, and about what else leads there.

Of a link to Wikidata: what stands there, which `link.local` has written; who decided it, which
`link.suggest` has; and what the last check said, which `link.check` has.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.namespaces import (
    DCT,
    EARL,
    OWL,
    PAV,
    PROV,
    RDFS,
    SCHEMA,
    SSSOM,
    WIKIDATA,
)
from triplomacy.sameness import CLOSE, LINKS, REPLACED, SAME
from triplomacy.web.pages.dates import in_words
from triplomacy.web.pages.reader import Many, Reader, Ref, Text, by_label

_SUBJECT = NamedNode(f"{EARL}subject")
_RESULT = NamedNode(f"{EARL}result")
_OUTCOME = NamedNode(f"{EARL}outcome")
_PASSED = f"{EARL}passed"
_NUMBER = NamedNode(f"{DCT}identifier")
_PART_OF = NamedNode(f"{DCT}isPartOf")
_REMARK = NamedNode(f"{DCT}description")
_MADE = NamedNode(f"{PROV}generatedAtTime")
_SOURCE = NamedNode(f"{OWL}annotatedSource")
_PROPERTY = NamedNode(f"{OWL}annotatedProperty")
_TARGET = NamedNode(f"{OWL}annotatedTarget")
_AUTHOR = NamedNode(f"{PAV}authoredBy")
_AUTHOR_LABEL = NamedNode(f"{SSSOM}author_label")
_DECIDED = NamedNode(f"{PAV}authoredOn")
_LABEL = NamedNode(f"{RDFS}label")
_DESCRIPTION = NamedNode(f"{SCHEMA}description")
_DOCUMENT = NamedNode(f"{SCHEMA}subjectOf")
_FETCHED = NamedNode(f"{PAV}retrievedOn")
_LICENCE = NamedNode(f"{DCT}license")


@dataclass(frozen=True, slots=True)
class Linking:
    """The things of ours that link to one thing elsewhere.

    Attributes:
        same: those that are said to be the same.
        close: those that are only said to be close to it.
    """

    same: Many[Ref]
    close: Many[Ref]


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What the last check said about a link.

    Attributes:
        day: when it was, in words; empty if that is not known.
        passed: whether nothing was wrong.
        remarks: what was.
    """

    day: str
    passed: bool
    remarks: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """Who decided a link, and when.

    Attributes:
        names: of those who did, without an IRI.
        people: those who did, by IRI.
        day: in words; empty if that is not known.
    """

    names: tuple[Text, ...]
    people: tuple[Ref, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Item:
    """What Wikidata says of an item, as far as it was fetched.

    Attributes:
        number: such as `Q7747`.
        name: in the preferred language; None if none was fetched.
        description: in the preferred language; None if none was fetched.
        names: what else it is called in other languages, each once.
        document: what it was fetched from; None if that is not known.
        day: when it was fetched, in words; empty if that is not known.
        licence: of what was fetched; empty if that is not known.
    """

    number: str
    name: Text | None
    description: Text | None
    names: tuple[Text, ...]
    document: Ref | None
    day: str
    licence: str

    @property
    def page(self) -> str:
        """The page of the item at Wikidata, for people."""
        return page_of(self.number)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A link to elsewhere.

    Attributes:
        ref: where it leads.
        is_same: whether it says that both are the same, not only close to each other.
        item: what stands there; None if it does not lead to Wikidata.
        decision: who decided it; None if nobody has put that down.
        check: what the last check said; None if there was none.
        others: what else here links to it.
    """

    ref: Ref
    is_same: bool
    item: Item | None
    decision: LinkDecision | None
    check: LinkCheck | None
    others: Linking


def elsewhere(reader: Reader, thing: NamedNode) -> tuple[Elsewhere, ...]:
    """The links of `thing` that say that it is the same as, or close to, something elsewhere."""
    same = {ref: True for property in SAME for ref in _by_name(reader, thing, property)}
    links = same | {r: False for r in _by_name(reader, thing, CLOSE) if r not in same}
    to_wikidata = any(ref.iri.startswith(WIKIDATA) for ref in links)
    decisions = _decisions(reader, thing) if links else {}
    checks = _checks(reader, thing) if to_wikidata else {}
    return tuple(
        Elsewhere(
            ref,
            is_same,
            item_of(reader, reader.node(ref)) if ref.iri.startswith(WIKIDATA) else None,
            decisions.get(ref.iri),
            checks.get(ref.iri),
            linking(reader, reader.node(ref), thing),
        )
        for ref, is_same in links.items()
    )


def linking(reader: Reader, target: NamedNode, but: NamedNode | None = None) -> Linking:
    """What here links to `target`, all `but` one thing."""
    same: dict[Ref, None] = {}
    missed = 0
    for property in SAME:
        found = reader.pointing(property, target)
        same |= dict.fromkeys(_ours(reader, found, but))
        missed += found.total - len(found)
    near = reader.pointing(CLOSE, target)
    close = [ref for ref in _ours(reader, near, but) if ref not in same]
    return Linking(
        Many(tuple(sorted(same, key=by_label)), len(same) + missed, _query(target, SAME)),
        Many(tuple(sorted(close, key=by_label)), len(close) + near.total - len(near), near.query),
    )


def followed(reader: Reader, item: NamedNode) -> Linking:
    """What here links to an item; if nothing is the same, to one that was merged with it."""
    found = linking(reader, item)
    if found.same.items:
        return found
    merged = [linking(reader, other) for other in _merged_with(reader, item)]
    return max((found, *merged), key=lambda each: (each.same.total > 0, each.close.total > 0))


def _merged_with(reader: Reader, item: NamedNode) -> dict[NamedNode, None]:
    """The items that are now what `item` is, or were; as far as that was fetched."""
    now = [item, *_named(reader.objects(item, REPLACED))]
    return dict.fromkeys([*now[1:], *(old for n in now for old in reader.pointing(REPLACED, n))])


def ours_of(reader: Reader, target: NamedNode) -> Ref | None:
    """The one thing here that is the same as an entity of Wikidata; None for none and for two."""
    if not target.value.startswith(WIKIDATA):
        return None
    found = {t for p in SAME for t in reader.pointing(p, target) if reader.base.path_of(t.value)}
    return reader.ref(found.pop()) if len(found) == 1 else None


def item_of(reader: Reader, item: NamedNode) -> Item:
    """What Wikidata says of `item`, as far as it was fetched."""
    name = reader.text(item, _LABEL)
    others = {t.value: t for t in reversed(reader.texts(item, _LABEL)) if t.value != str(name)}
    document = reader.one(item, _DOCUMENT)
    node = reader.node(document) if document and document.iri else None
    licence = reader.one(node, _LICENCE) if node else None
    day = reader.value(node, _FETCHED) if node else None
    return Item(
        item.value.removeprefix(WIKIDATA),
        name,
        reader.text(item, _DESCRIPTION),
        tuple(reversed(others.values())),
        document,
        in_words(day) if day else "",
        licence.iri if licence else "",
    )


def page_of(number: str) -> str:
    """The page about an entity of Wikidata: `Q7747` → `https://www.wikidata.org/wiki/Q7747`.

    >>> page_of("P39")
    'https://www.wikidata.org/wiki/Property:P39'
    """
    space = {"P": "Property:", "L": "Lexeme:", "E": "EntitySchema:"}.get(number[:1], "")
    return f"https://www.wikidata.org/wiki/{space}{number}"


def _by_name(reader: Reader, thing: NamedNode, property: NamedNode) -> list[Ref]:
    return [ref for ref in reader.refs(thing, property) if ref.iri]


def _ours(reader: Reader, things: Many[NamedNode], but: NamedNode | None) -> list[Ref]:
    """Those of `things` that this site speaks for: a link may be said of anything."""
    ours = (t for t in things if t != but and reader.base.path_of(t.value))
    return [reader.ref(t) for t in ours]


def _query(target: NamedNode, properties: tuple[NamedNode, ...]) -> str:
    path = "|".join(map(str, properties))
    return f"SELECT DISTINCT ?thing WHERE {{\n  ?thing {path} {target}\n}}"


def _decisions(reader: Reader, thing: NamedNode) -> dict[str, LinkDecision]:
    found = {}
    for record in reader.pointing(_SOURCE, thing):
        said = _named(reader.objects(record, _PROPERTY))
        for target in _named(reader.objects(record, _TARGET)):
            if any(property in LINKS for property in said):
                day = reader.value(record, _DECIDED)
                found[target.value] = LinkDecision(
                    reader.texts(record, _AUTHOR_LABEL),
                    reader.refs(record, _AUTHOR),
                    in_words(day) if day else "",
                )
    return found


def _checks(reader: Reader, thing: NamedNode) -> dict[str, LinkCheck]:
    found = {}
    for assertion in reader.pointing(_SUBJECT, thing):
        number = reader.value(assertion, _NUMBER) or ""
        for result in _named(reader.objects(assertion, _RESULT)):
            outcomes = {o.value for o in _named(reader.objects(result, _OUTCOME))}
            graphs = _named(reader.objects(assertion, _PART_OF))
            made = next((m for g in graphs if (m := reader.value(g, _MADE))), "")
            found[WIKIDATA + number] = LinkCheck(
                in_words(made[:10]) if made else "",
                outcomes == {_PASSED},
                reader.texts(result, _REMARK),
            )
    return found


def _named(terms: list[Term]) -> list[NamedNode]:
    return [t for t in terms if isinstance(t, NamedNode)]
