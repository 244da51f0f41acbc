"""Rewrites links to items that were merged, in the files where they stand, and nothing else.

The words that name the old item in a link, or in the record of one, are replaced in the text, so
comments, order and spelling stay. Which words these are, the parser says: it reads the text once
with a mark in the place of each word that could be one. No file is written before all are prepared
and proved to say exactly the same but for the links, nor if somebody has changed it meanwhile; each
is written beside its place and moved there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from pyoxigraph import NamedNode, Quad

from triplomacy.errors import SiteError
from triplomacy.link.check.checking import NOT_DENIED, Verdict
from triplomacy.link.files import replace_file
from triplomacy.link.turtle_text import TurtleText, quads_of, read_text, said
from triplomacy.namespaces import OWL, RDF
from triplomacy.read.files import GraphFile
from triplomacy.read.locate import Word, words
from triplomacy.sameness import LINKS

Redirects = Mapping[tuple[str, str], str]
"""The IRI that takes the place of another: by the thing that is linked, and the old IRI."""

_LINKS = {property.value for property in LINKS}


@dataclass(frozen=True, slots=True)
class Mended:
    """A link that was rewritten: in which file, at which line, from what to what."""

    file: str
    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """A file as it was, as it is to be, and the links that make the difference."""

    file: GraphFile
    before: TurtleText
    after: str
    links: tuple[Mended, ...]


def mend(
    files: Iterable[GraphFile],
    verdicts: Iterable[Verdict],
    told: Callable[[Mended], None] = lambda done: None,
) -> list[Mended]:
    """Rewrite the links to merged items.

    Args:
        files: the files of the site.
        verdicts: what was found about its links.
        told: told each link as soon as its file is written, which a later file may not be.

    Returns:
        What was rewritten.

    Raises:
        SiteError: the links in a file cannot be rewritten, and none was written; or a file cannot
            be written, or was changed by somebody else in this moment, and those before it were.
    """
    redirects = {
        (v.link.thing.iri, v.link.target): v.redirect
        for v in verdicts
        # Not to an item that the thing is said to be different from: a person decides which it is.
        if v.redirect is not None and all(f.rule != NOT_DENIED for f in v.findings)
    }
    if not redirects:
        return []
    prepared = [found for file in files if (found := _prepared(file, redirects)) is not None]
    mended: list[Mended] = []
    for ready in prepared:
        replace_file(ready.file.path, ready.before.with_text(ready.after), ready.before.content)
        for done in ready.links:
            told(done)
            mended.append(done)
    return mended


def _prepared(file: GraphFile, redirects: Redirects) -> _Rewriting | None:
    """What a file is to become; None if it stays as it is."""
    before = read_text(file.path, file.graph)
    if before is None:
        return None
    text = before.text
    links = _links(file, text, redirects)
    if not links:
        return None
    after = _replaced(text, [(word, _spelt(new, word)) for word, new in links])
    _prove(file, before, after, redirects)
    return _Rewriting(
        file,
        before,
        after,
        tuple(
            Mended(file.name, text.count("\n", 0, word.start) + 1, word.value, new)
            for word, new in links
        ),
    )


def _links(file: GraphFile, text: str, redirects: Redirects) -> list[tuple[Word, str]]:
    """The words that name a merged item in a link or its record, each with the new IRI."""
    old = {target for _, target in redirects}
    # Neither a text that only looks like an IRI, nor the type of one.
    able = [
        w for w in words(text, file.graph.value) if w.value in old and text[w.start] not in "\"'^"
    ]
    if not able:
        return []
    mark = f"urn:uuid:{uuid4()}#"
    marked = _replaced(text, [(word, f"<{mark}{n}>") for n, word in enumerate(able)])
    quads = _parsed(file, marked)
    records = _records(quads)
    found = []
    for quad in quads:
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(mark):
            word = able[int(quad.object.value.removeprefix(mark))]
            new = _new(quad, word.value, records, redirects)
            if new is not None:
                found.append((word, new))
    return sorted(found, key=lambda pair: pair[0].start)


def _replaced(text: str, words: Sequence[tuple[Word, str]]) -> str:
    """A text with other words in the place of some, which come in its order."""
    pieces, end = [], 0
    for word, other in words:
        pieces += [text[end : word.start], other]
        end = word.end
    return "".join([*pieces, text[end:]])


def _spelt(iri: str, word: Word) -> str:
    """An IRI as the word that it replaces was spelt: abbreviated if that was."""
    if word.prefix is None or not iri.startswith(word.prefix):
        return f"<{iri}>"
    local = iri.removeprefix(word.prefix)
    return f"{word.abbreviation}:{local}" if local.isalnum() else f"<{iri}>"


def _records(quads: Iterable[Quad]) -> dict[object, str]:
    """The records of links (see `suggest.accepting`), each with the thing whose link it is."""
    said: dict[object, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if isinstance(quad.object, NamedNode):
            said[quad.subject][quad.predicate.value].add(quad.object.value)
    return {
        record: next(iter(of[f"{OWL}annotatedSource"]))
        for record, of in said.items()
        if f"{OWL}Axiom" in of[f"{RDF}type"]
        and len(of[f"{OWL}annotatedSource"]) == 1
        and of[f"{OWL}annotatedProperty"] & _LINKS
    }


def _new(quad: Quad, old: str, records: Mapping[object, str], redirects: Redirects) -> str | None:
    """The IRI that takes the place of an old one in a quad; None if it stays."""
    if quad.predicate.value == f"{OWL}annotatedTarget":
        thing = records.get(quad.subject)
    elif quad.predicate in LINKS and isinstance(quad.subject, NamedNode):
        thing = quad.subject.value
    else:
        thing = None
    return None if thing is None else redirects.get((thing, old))


def _prove(file: GraphFile, before: TurtleText, after: str, redirects: Redirects) -> None:
    """Raise unless the file says the same as before, but for the links."""
    quads = before.quads
    records = _records(quads)
    wanted = [_redirected(q, records, redirects) for q in quads]
    if said(wanted) != said(_parsed(file, after)):
        raise _impossible(file)


def _redirected(quad: Quad, records: Mapping[object, str], redirects: Redirects) -> Quad:
    if not isinstance(quad.object, NamedNode):
        return quad
    new = _new(quad, quad.object.value, records, redirects)
    if new is None:
        return quad
    return Quad(quad.subject, quad.predicate, NamedNode(new), quad.graph_name)


def _parsed(file: GraphFile, text: str) -> list[Quad]:
    try:
        return quads_of(text, file.graph)
    except SyntaxError as error:
        raise _impossible(file) from error


def _impossible(file: GraphFile) -> SiteError:
    return SiteError(
        f"{file.name}: the links in it cannot be rewritten without changing something else",
        "rewrite them by hand; the findings say which and where",
    )
