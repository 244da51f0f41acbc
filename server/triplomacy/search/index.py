"""Writes the index of a release: one SQLite file with a full-text table (FTS5), from its dump.

The order of the texts *is* the ranking: names before descriptions before passages, the shorter
before the longer, so that what a word is most of comes first. A search then walks the index from
its beginning and stops when it has enough; it need not weigh a million texts that hold the word.

Facts are streamed from the dump into notes beside the index, which SQLite joins and puts in order,
and which are removed in the end: memory does not grow with the release.
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from triplomacy.errors import ReleaseError
from triplomacy.iris import Base
from triplomacy.namespaces import WIKIDATA
from triplomacy.sameness import REPLACED, SAME
from triplomacy.search.slips import forms, is_forgiven
from triplomacy.search.texts import (
    KINDS,
    LAST_NAME,
    OTHER,
    PASSAGES,
    QUOTED_FROM,
    TYPE,
    Role,
    Texts,
)
from triplomacy.search.words import folded

INDEX = "index.sqlite"
"""The name of the index in its folder."""
LAYOUT = 1
"""The layout of an index; a search refuses an index of another one."""
LONGEST_TEXT = 20_000
"""Characters of a text that are indexed; a source's text is cut into paragraphs before."""

_NOTES = "notes.sqlite"
_CACHE = 64 * 1024  # KiB for each of the two files
_BATCH = 5_000
_PARAGRAPH = re.compile(r"\S[^\n]*")

_TABLES = """
CREATE TABLE notes.thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE notes.class (thing INTEGER, kind INTEGER, graph INTEGER);
CREATE TABLE notes.text (
  thing INTEGER, role INTEGER, language TEXT, preference INTEGER, graph INTEGER, start INTEGER,
  value TEXT
);
CREATE TABLE notes.link (thing INTEGER, name TEXT, object TEXT);

CREATE TABLE about (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE graph (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kinds INTEGER NOT NULL, label TEXT, language TEXT,
  source INTEGER
);
CREATE TABLE text (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, role INTEGER NOT NULL, language TEXT,
  graph INTEGER, start INTEGER, value TEXT NOT NULL, is_name INTEGER
);
CREATE VIRTUAL TABLE words USING fts5 (
  text, content='', columnsize=0, detail=none, prefix='1 2 3', tokenize="ascii tokenchars '_'"
);
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, texts INTEGER NOT NULL);
CREATE TABLE slip (form INTEGER, word INTEGER, PRIMARY KEY (form, word)) WITHOUT ROWID;
"""

# Names that others have for a thing of ours count as its own, and so do its quotations.
_JOIN = """
CREATE TEMP TABLE own AS
  SELECT DISTINCT l.thing AS ours, t.id AS theirs
  FROM notes.link l JOIN notes.thing t ON t.iri = l.object
  WHERE l.name = 'same' AND substr(t.iri, 1, length(:base)) <> :base;
INSERT INTO notes.text SELECT own.ours, role, language, preference, graph, start, value
  FROM own JOIN notes.text x ON x.thing = own.theirs;
INSERT INTO notes.text
  SELECT l.thing, :quotation, language, preference, graph, NULL, value
  FROM notes.link l JOIN notes.thing t ON t.iri = l.object JOIN notes.text x ON x.thing = t.id
  WHERE l.name = 'quote' AND x.role = :passage;
"""

# The number of an item that is the same finds a thing, and so do those that were merged with it.
_NUMBER = """
CREATE TEMP TABLE item AS
  SELECT thing, object AS iri FROM notes.link WHERE name = 'same';
CREATE TEMP TABLE merged AS
  SELECT t.iri AS old, l.object AS new FROM notes.link l JOIN notes.thing t ON t.id = l.thing
  WHERE l.name = 'replaced';
CREATE INDEX temp.merged_old ON merged (old);
CREATE INDEX temp.merged_new ON merged (new);
INSERT INTO item SELECT thing, new FROM item JOIN merged ON old = iri;
INSERT INTO item SELECT thing, old FROM item JOIN merged ON new = iri;
INSERT INTO notes.text
  SELECT DISTINCT thing, :hidden, '', 0, 0, NULL, substr(iri, length(:items) + 1)
  FROM item WHERE iri GLOB :items || 'Q[1-9]*'
    AND substr(iri, length(:items) + 2) NOT GLOB '*[^0-9]*';
"""

# What a thing is called: in its own graph rather than elsewhere, in the site's languages, briefly.
_THINGS = """
INSERT INTO main.thing
SELECT t.id, t.iri, coalesce(k.kinds, 1 << :other), x.value, x.language, s.id
FROM notes.thing t
LEFT JOIN (SELECT thing, sum(DISTINCT 1 << kind) AS kinds, min(kind) AS first
           FROM notes.class GROUP BY thing) k ON k.thing = t.id
LEFT JOIN (SELECT thing, value, language FROM (
    SELECT thing, value, language, row_number() OVER (PARTITION BY thing ORDER BY
      graph NOT IN (SELECT graph FROM notes.class c WHERE c.thing = y.thing),
      preference, length(value), value) AS place
    FROM notes.text y WHERE role = 0) WHERE place = 1) x ON x.thing = t.id
LEFT JOIN notes.link l ON l.thing = t.id AND l.name = 'source'
LEFT JOIN notes.thing s ON s.iri = l.object
WHERE substr(t.iri, 1, length(:base)) = :base AND coalesce(k.first, 0) >= 0
  AND EXISTS (SELECT 1 FROM notes.text z WHERE z.thing = t.id)
GROUP BY t.id
"""

# One text of a thing counts once, whoever says it too; what only others say is marked.
_TEXTS = """
INSERT INTO main.text (thing, role, language, graph, start, value, is_name)
SELECT thing, role, language, min(graph), start, value, tier <= :last_name FROM (
  SELECT x.thing, min(x.role) AS role, x.language, x.preference, x.start, x.value, t.kinds, t.iri,
    CASE WHEN t.kinds & (1 << :passages) THEN max(min(x.role), :passage)
      ELSE max(min(x.role), :last_name - (t.kinds <> 1 << :other)) END AS tier,
    CASE WHEN x.graph IN (SELECT graph FROM notes.class c WHERE c.thing = x.thing)
      OR x.role >= :quotation OR NOT EXISTS (SELECT 1 FROM notes.class c WHERE c.thing = x.thing)
      THEN 0 ELSE x.graph END AS graph
  FROM notes.text x JOIN main.thing t ON t.id = x.thing
  GROUP BY x.thing, x.value, x.language, x.graph
)
GROUP BY thing, value, language
ORDER BY tier, length(value), preference, kinds & -kinds, iri, value, language
"""


def write_index(folder: Path, facts: Path, base: Base, languages: tuple[str, ...]) -> None:
    """Write the index of a release's facts.

    Args:
        folder: where to, a folder that is there and empty.
        facts: the dataset in canonical N-Quads, gzipped: sorted, so that all that is said of a
            thing stands together.
        base: the base IRI of the release's terms.
        languages: of names, the preferred first.

    Raises:
        OSError: the disk is full.
        ReleaseError: the index cannot be written for another reason.
    """
    try:
        with closing(_open(folder)) as index:
            _note(index, facts, Texts(base), base, languages)
            _join(index, base)
            _index_texts(index)
            _index_slips(index)
            index.execute("INSERT INTO about VALUES ('layout', ?)", (LAYOUT,))
            index.commit()
            index.execute("DETACH notes")
        (folder / _NOTES).unlink()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise ReleaseError(
            f"{folder / INDEX}: the texts cannot be indexed: {error}",
            "free some disk space; if SQLite lacks FTS5, use a Python that has it; "
            "the current release is untouched",
        ) from error


def _open(folder: Path) -> sqlite3.Connection:
    """A new index with its notes; nobody else reads it, and a build that fails throws it away."""
    index = sqlite3.connect(folder / INDEX, isolation_level=None)
    index.execute("ATTACH ? AS notes", (str(folder / _NOTES),))
    for name in ("main", "notes"):
        index.execute(f"PRAGMA {name}.journal_mode = OFF")
        index.execute(f"PRAGMA {name}.synchronous = OFF")
        index.execute(f"PRAGMA {name}.cache_size = -{_CACHE}")
    index.executescript(_TABLES)
    index.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (64 * 1024 * 1024,))
    index.execute("BEGIN")
    return index


Row = tuple[Any, ...]


def _note(
    index: sqlite3.Connection, facts: Path, texts: Texts, base: Base, languages: tuple[str, ...]
) -> None:
    """Note what the facts say of names, texts, classes and links."""
    places = {kind.name: place for place, kind in enumerate(KINDS)}
    graphs: dict[str, int] = {}

    def notes(id: int, quads: Iterable[Quad]) -> Iterator[tuple[str, Row]]:
        for quad in quads:
            name, object = quad.predicate.value, quad.object
            if name not in wanted or not isinstance(quad.graph_name, NamedNode):
                continue
            graph = graphs.setdefault(quad.graph_name.value, len(graphs) + 1)
            if isinstance(object, Literal) and name in texts.roles:
                role = texts.roles[name]
                tag = object.language
                rank = languages.index(tag) if tag in languages else len(languages) + bool(tag)
                for start, value in _pieces(role, object.value):
                    yield "text", (id, role, tag or "", rank, graph, start, value)
            elif isinstance(object, NamedNode) and name == TYPE:
                kind = texts.kind(quad.subject.value, object.value)  # type: ignore[union-attr]
                yield "class", (id, -1 if kind is None else places[kind], graph)
            elif isinstance(object, NamedNode) and name in links:
                yield "link", (id, links[name], object.value)

    links = {property.value: "same" for property in SAME} | {REPLACED.value: "replaced"}
    links |= {texts.quote: "quote", QUOTED_FROM: "source"}
    wanted = {TYPE, *texts.roles, *links}

    def all_notes() -> Iterator[tuple[str, Row]]:
        with gzip.open(facts) as stream:
            quads = parse(input=cast("IO[bytes]", stream), format=RdfFormat.N_QUADS)
            for id, (subject, said) in enumerate(groupby(quads, lambda q: q.subject), 1):
                if isinstance(subject, NamedNode):
                    yield "thing", (id, subject.value)
                    yield from notes(id, said)

    inserts = {
        "thing": "INSERT INTO notes.thing VALUES (?, ?)",
        "class": "INSERT INTO notes.class VALUES (?, ?, ?)",
        "text": "INSERT INTO notes.text VALUES (?, ?, ?, ?, ?, ?, ?)",
        "link": "INSERT INTO notes.link VALUES (?, ?, ?)",
    }
    stream = all_notes()
    while batch := list(islice(stream, _BATCH)):
        for table, insert in inserts.items():
            index.executemany(insert, (row for name, row in batch if name == table))
    index.executemany("INSERT INTO main.graph VALUES (?, ?)", ((n, g) for g, n in graphs.items()))


def _pieces(role: Role, text: str) -> Iterator[tuple[int | None, str]]:
    """The pieces in which a text is indexed: a source's text by paragraphs, with their places."""
    if role is not Role.TEXT:
        if text.strip():
            yield None, text[:LONGEST_TEXT]
        return
    for paragraph in _PARAGRAPH.finditer(text):
        for start in range(paragraph.start(), paragraph.end(), LONGEST_TEXT):
            yield start, text[start : min(start + LONGEST_TEXT, paragraph.end())]


def _join(index: sqlite3.Connection, base: Base) -> None:
    """Bring things and their texts together, in the order in which they are found."""
    for table, columns in (("text", "thing, role"), ("class", "thing"), ("link", "name, object")):
        index.execute(f"CREATE INDEX notes.{table}_by ON {table} ({columns})")
    places = {kind.name: place for place, kind in enumerate(KINDS)}
    values = {
        "base": base.iri,
        "items": WIKIDATA,
        "hidden": Role.HIDDEN,
        "quotation": Role.QUOTATION,
        "passage": Role.PASSAGE,
        "last_name": LAST_NAME,
        "other": places[OTHER],
        "passages": places[PASSAGES],
    }
    for statement in (*_JOIN.split(";\n"), *_NUMBER.split(";\n"), _THINGS, _TEXTS):
        if statement.strip():
            index.execute(statement, values)
    index.execute("UPDATE main.text SET graph = NULL WHERE graph = 0")
    index.execute(
        "INSERT INTO about SELECT 'last name', coalesce(max(id), 0) FROM main.text WHERE is_name"
    )
    # After it the lengths begin anew: names of things of no kind of ours, and hidden ones.
    index.execute(
        "INSERT INTO about SELECT 'last plain name', coalesce(max(x.id), 0) "
        "FROM main.text x JOIN main.thing t ON t.id = x.thing "
        "WHERE is_name AND role < :last_name AND kinds <> 1 << :other",
        values,
    )


def kind_word(name: str) -> str:
    """The word that stands for a kind among the words of a text, and that no text can have."""
    return f"_{name}"


def _index_texts(index: sqlite3.Connection) -> None:
    names = [kind.name for kind in KINDS]
    spelt: dict[int, str] = {}  # the kinds of a thing in words

    def rows() -> Iterator[Row]:
        for id, value, kinds in index.execute(
            "SELECT x.id, value, kinds FROM main.text x JOIN main.thing t ON t.id = x.thing "
            "ORDER BY x.id"
        ):
            if kinds not in spelt:
                held = (n for place, n in enumerate(names) if kinds >> place & 1)
                spelt[kinds] = " ".join(map(kind_word, held))
            yield id, f"{folded(value)} {spelt[kinds]}"

    index.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows())
    index.execute("INSERT INTO words (words) VALUES ('optimize')")


def _index_slips(index: sqlite3.Connection) -> None:
    """Index the words, and their spellings with a letter left out."""
    index.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, row)")
    index.execute(
        "INSERT INTO word (word, texts) "
        "SELECT term, doc FROM temp.vocabulary WHERE substr(term, 1, 1) <> '_' ORDER BY term"
    )
    index.execute("CREATE TABLE notes.slip (form INTEGER, word INTEGER)")

    def rows() -> Iterator[tuple[int, int]]:
        for id, word in index.execute("SELECT id, word FROM word ORDER BY id"):
            if is_forgiven(word):
                for form in forms(word):
                    yield form, id

    index.executemany("INSERT INTO notes.slip VALUES (?, ?)", rows())
    index.execute("INSERT INTO main.slip SELECT form, word FROM notes.slip ORDER BY form, word")
