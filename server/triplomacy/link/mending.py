"""Rewrites links to items that were merged, in the files where they stand, and nothing else.

The words that name the old item are replaced in the text, so comments, order and spelling stay. A
file is written only if it then says exactly the same but for the links, and if nobody has changed
it meanwhile; it is written beside its place and moved there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from triplomacy.errors import SiteError
from triplomacy.link.checking import Verdict
from triplomacy.link.files import replace_file
from triplomacy.link.turtle_text import TurtleText, quads_of, read_text, said
from triplomacy.namespaces import OWL
from triplomacy.read.files import GraphFile
from triplomacy.read.locate import Word, words

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
    return [done for file in files for done in _mended(file, redirects)] if redirects else []


def _mended(file: GraphFile, redirects: Redirects) -> list[Mended]:
    before = read_text(file.path, file.graph)
    if before is None:
        return []
    text = before.text
    redirects = {**redirects, **_of_records(before.quads, redirects)}
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
        after = "".join([*pieces, text[end:]])
        _prove(file, before, after, redirects)
        replace_file(file.path, before.with_text(after), before.content)
    return done


def _spelt(iri: str, word: Word) -> str:
    """An IRI as the word that it replaces was spelt: abbreviated if that was."""
    if word.prefix is None or not iri.startswith(word.prefix):
        return f"<{iri}>"
    local = iri.removeprefix(word.prefix)
    return f"{word.abbreviation}:{local}" if local.isalnum() else f"<{iri}>"


def _of_records(quads: list[Quad], redirects: Redirects) -> dict[tuple[str, str], str]:
    """The redirects of the records of links (see `suggest.accepting`), which name the item, too."""
    source = NamedNode(f"{OWL}annotatedSource")
    return {
        (quad.subject.value, old): new
        for quad in quads
        if quad.predicate == source and isinstance(quad.subject, NamedNode)
        for (thing, old), new in redirects.items()
        if quad.object == NamedNode(thing)
    }


def _prove(file: GraphFile, before: TurtleText, after: str, redirects: Redirects) -> None:
    """Raise unless the file says the same as before, but for the links."""
    wanted = [_redirected(q, redirects) for q in before.quads]
    if said(wanted) != said(quads_of(after, file.graph)):
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
