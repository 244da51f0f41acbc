"""Writes QuickStatements, version 1 and CSV (https://www.wikidata.org/wiki/Help:QuickStatements).

Neither syntax can escape anything, and the two programs that read them differ. What is written here
both read alike; what one of them would misread is told, not written:

- V1 takes a bar for the end of a field, and QuickStatements 3 counts straight quotation marks to
  find the texts, over the ends of lines.
- PHP's `fgetcsv` takes a quotation mark after a backslash for a part of the text, and so does
  QuickStatements 3 in V1.
- In a CSV file a name has no quotation marks, so one such as Q5 is taken for an item; and an empty
  cell is a broken value for QuickStatements 2, so statements of another shape go into another file.

The text of a value is read greedily up to its last quotation mark, which is why others may stand
within it in a CSV file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from triplomacy.link.export.properties import QUOTATION, RETRIEVED
from triplomacy.link.export.snaks import Day, ItemId, Snak, Term, Text, Value, Words

_V1_BREAKS = re.compile(r'[|"\\]')
_CSV_BREAKS = re.compile(r"\\")
# What a parser takes for an item, a special value, a number, a time, a place, a quoted text; or a
# spreadsheet for a formula.
_LIKE_A_VALUE = re.compile(r'LAST|somevalue|novalue|[A-Z]\d.*|[-+=@\d].*|.*["“”]')

_ITEM = re.compile(r"Q[0-9]+")
_V1_LINE = re.compile(r"Q[0-9]+\t(P[0-9]+|[LA][a-z-]+)\t[^\t]+(\t[PS][0-9]+\t[^\t]+)*")
_CSV_HEAD = re.compile(r"P[0-9]+|[LA][a-z-]+|qal[0-9]+|[Ss][0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be written: a statement with all that belongs to it.

    Attributes:
        subject: the number of the item.
        says: the statement, or the name.
        qualifiers: its qualifiers.
        reference: the snaks of its reference.
    """

    subject: str
    says: Snak | Term
    qualifiers: tuple[Snak, ...] = ()
    reference: tuple[Snak, ...] = ()

    @property
    def texts(self) -> Iterator[str]:
        """All that is in the words of others."""
        said = self.says.value if isinstance(self.says, Snak) else self.says.words
        for value in (said, *(s.value for s in (*self.qualifiers, *self.reference))):
            if isinstance(value, Text | Words):
                yield value.text


def retrieved(reference: Sequence[Snak], day: date) -> tuple[Snak, ...]:
    """A reference with the day on which it was retrieved, before its quotation."""
    found = Snak(RETRIEVED, Day(day.isoformat()))
    before = [s for s in reference if s.property is not QUOTATION]
    return (*before, found, *(s for s in reference if s.property is QUOTATION))


def v1_trouble(line: Line) -> str:
    """What keeps a line from being written as V1; empty if nothing does."""
    for text in line.texts:
        found = _V1_BREAKS.search(text)
        if found:
            return f"QuickStatements V1 cannot write {found[0]} in a text: use --format csv"
    return ""


def csv_trouble(line: Line) -> str:
    """What keeps a line from being written as CSV; empty if nothing does."""
    if any(_CSV_BREAKS.search(text) for text in line.texts):
        return "QuickStatements cannot write \\ in a text: add this one by hand"
    if not isinstance(line.says, Snak) and _LIKE_A_VALUE.fullmatch(line.says.words.text):
        return "QuickStatements would not take this for a name in CSV: use --format v1"
    return ""


def as_v1(lines: Iterable[Line]) -> str:
    """The lines as V1, fields parted by tabs."""
    return "".join("\t".join(_fields(line)) + "\n" for line in lines)


def as_csv(lines: Iterable[Line]) -> list[str]:
    """The lines as CSV (RFC 4180, line ends but for the carriage return): a text for each shape."""
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for line in lines:
        head, row = _row(line)
        tables.setdefault(head, []).append(row)
    return [_table([[*head], *rows]) for head, rows in tables.items()]


def is_batch(content: bytes) -> bool:
    """Whether a file holds nothing but lines, or a table, such as are written here.

    >>> is_batch(b"Q1\\tP31\\tQ5\\n"), is_batch(b"qid,P31\\nQ1,Q5\\n"), is_batch(b"a = 1\\n")
    (True, True, False)
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    lines = text.removesuffix("\n").split("\n")
    return all(_V1_LINE.fullmatch(line) for line in lines) or _is_table(text)


def _is_table(text: str) -> bool:
    try:
        head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (ValueError, csv.Error):  # no line at all, or no CSV
        return False
    if not rows or head[:1] != ["qid"] or not all(_CSV_HEAD.fullmatch(cell) for cell in head[1:]):
        return False
    return all(len(row) == len(head) and _ITEM.fullmatch(row[0]) for row in rows)


def command(subject: str, says: Snak | Term, qualifiers: Sequence[Snak]) -> str:
    """Subject, property, value and qualifiers on one line, for people."""
    return " ".join(_fields(Line(subject, says, tuple(qualifiers))))


def _fields(line: Line) -> Iterator[str]:
    yield line.subject
    if isinstance(line.says, Snak):
        yield from (line.says.property.id, written(line.says.value))
    else:
        yield from (line.says.code, f'"{line.says.words.text}"')
    for snak in line.qualifiers:
        yield from (snak.property.id, written(snak.value))
    for snak in line.reference:
        yield from (f"S{snak.property.id[1:]}", written(snak.value))


def _row(line: Line) -> tuple[tuple[str, ...], list[str]]:
    """The head of a table, and the row in it."""
    cells = [("qid", line.subject)]
    if isinstance(line.says, Snak):
        cells.append((line.says.property.id, written(line.says.value)))
    else:
        cells.append((line.says.code, line.says.words.text))
    cells += [(f"qal{s.property.id[1:]}", written(s.value)) for s in line.qualifiers]
    for n, snak in enumerate(line.reference):  # a capital letter begins a reference
        cells.append((f"{'s' if n else 'S'}{snak.property.id[1:]}", written(snak.value)))
    return tuple(head for head, _ in cells), [cell for _, cell in cells]


def _table(rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def written(value: Value) -> str:
    """A value in the syntax that both formats share.

    >>> written(Day("2025-02")), written(Words("en", "A call"))
    ('+2025-02-00T00:00:00Z/10', 'en:"A call"')
    """
    match value:
        case ItemId(id):
            return id
        case Day(text):
            parts = text.split("-")
            year, month, day = parts + ["00"] * (3 - len(parts))
            return f"+{year}-{month}-{day}T00:00:00Z/{8 + len(parts)}"
        case Text(text):
            return f'"{text}"'
        case Words(language, text):
            return f'{language}:"{text}"'
