"""Rewrites links to items that were merged, in the files where they stand, and nothing else.

The words that name the old item are replaced in the text, so comments, order and spelling stay. A
file is written only if it then says exactly the same but for the links, and if nobody has changed
it meanwhile; it is written beside its place and moved there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from triplomacy.errors import SiteError
from triplomacy.link.checking import Verdict
from triplomacy.link.files import replace_file
from triplomacy.read.files import GraphFile
from triplomacy.read.locate import Word, words

_MARK = b"\xef\xbb\xbf"  # which some editors write at the beginning of a file in UTF-8

Redirects = Mapping[tuple[str, str], str]
"""The IRI that takes the place of another: by the thing that is linked, and the old IRI."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A link that was rewritten: in which file, at which line, from what to what."""

    file: str
    line: int
    old: str
    new: str


def mend(files: Iterable[GraphFile], verdicts: Iterable[Verdict]) -> list[Mended]:
    """Rewrite the links to merged items.

    Args:
        files: the files of the site.
        verdicts: what was found about its links.

    Returns:
        What was rewritten.

    Raises:
        SiteError: a file cannot be written, or was changed by somebody else in this moment.
    """
    redirects = {
        (v.link.thing.iri, v.link.target): v.redirect for v in verdicts if v.redirect is not None
    }
    return [done for file in files for done in _mended(file, redirects)]


def _mended(file: GraphFile, redirects: Redirects) -> list[Mended]:
    before = file.path.read_bytes()
    mark = _MARK if before.startswith(_MARK) else b""
    try:
        text = before.removeprefix(mark).decode("utf-8")
    except UnicodeDecodeError:  # which reading has told already
        return []
    pieces: list[str] = []
    done: list[Mended] = []
    end = 0
    for word in words(text, file.graph.value):
        new = redirects.get((word.subject, word.value))
        if new is None or word.begins or text[word.start] in "\"'":
            continue  # a text that only looks like it, among others
        pieces += [text[end : word.start], _spelt(new, word)]
        end = word.end
        line = text.count("\n", 0, word.start) + 1
        done.append(Mended(file.name, line, word.value, new))
    if done:
        after = mark + "".join([*pieces, text[end:]]).encode("utf-8")
        _prove(file, before, after, redirects)
        replace_file(file.path, after, before)
    return done


def _spelt(iri: str, word: Word) -> str:
    """An IRI as the word that it replaces was spelt: abbreviated if that was."""
    if word.prefix is None or not iri.startswith(word.prefix):
        return f"<{iri}>"
    local = iri.removeprefix(word.prefix)
    return f"{word.abbreviation}:{local}" if local.isalnum() else f"<{iri}>"


def _prove(file: GraphFile, before: bytes, after: bytes, redirects: Redirects) -> None:
    """Raise unless the file says the same as before, but for the links."""
    wanted = [_redirected(q, redirects) for q in _quads(file, before)]
    if _numbered(wanted) != _numbered(_quads(file, after)):
        raise SiteError(
            f"{file.name}: the links in it cannot be rewritten without changing something else",
            "rewrite them by hand; the findings say which and where",
        )


def _redirected(quad: Quad, redirects: Redirects) -> Quad:
    if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
        return quad
    new = redirects.get((quad.subject.value, quad.object.value))
    if new is None:
        return quad
    return Quad(quad.subject, quad.predicate, NamedNode(new), quad.graph_name)


def _numbered(quads: list[Quad]) -> list[tuple[object, ...]]:
    """The quads as they come, blank nodes numbered in the order of the text, which is the same."""
    numbers: dict[BlankNode, int] = {}
    return [
        tuple(
            numbers.setdefault(term, len(numbers)) if isinstance(term, BlankNode) else term
            for term in quad
        )
        for quad in quads
    ]


def _quads(file: GraphFile, text: bytes) -> list[Quad]:
    plain = text.removeprefix(_MARK)
    return [*parse(input=plain, format=RdfFormat.TURTLE, base_iri=file.graph.value)]
