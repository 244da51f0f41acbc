"""How QuickStatements 2 and 3 read a batch, written from the rules that they follow.

They are other programs than ours, and each has its own: the first parts lines before it looks at
anything, and its CSV is PHP's; the second finds the texts between quotation marks first. Both read
the text of a value up to its last quotation mark. Where they would stop, so do these.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

Value = tuple[str, ...]


class Unreadable(Exception):
    """A command that the program would not take."""


@dataclass
class Command:
    """A statement with its qualifiers and its reference; or a name, whose property is its code."""

    subject: str
    property: str
    value: Value
    qualifiers: list[tuple[str, Value]] = field(default_factory=list)
    reference: list[tuple[str, Value]] = field(default_factory=list)


def value_of(text: str) -> Value:
    """An item, a time, a text or a text in a language."""
    text = text.strip()
    if re.fullmatch(r"Q[0-9]+", text):
        return ("item", text)
    if found := re.fullmatch(r'"(.*)"', text):
        return ("text", found[1].strip())
    if found := re.fullmatch(r'([a-z_-]+):"(.*)"', text):
        return ("words", found[1], found[2].strip())
    if found := re.fullmatch(r"(\+[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z)/([0-9]+)", text):
        return ("time", found[1], found[2])
    raise Unreadable(text)


def third_value(text: str) -> Value:
    """The same for QuickStatements 3, which has a kind of its own for what three marks enclose."""
    text = text.strip().replace("“", '"').replace("”", '"')
    if found := re.fullmatch(r'"""(.*)"""', text):
        return ("text", found[1])
    return value_of(text)


def _command(cells: list[str], read: object) -> Command:
    assert callable(read)
    if len(cells) < 3 or not re.fullmatch(r"Q[0-9]+", cells[0].strip()):
        raise Unreadable(cells)
    if re.fullmatch(r"[LA][a-z_-]+", cells[1]):
        if len(cells) != 3 or read(cells[2])[0] != "text":
            raise Unreadable(cells)
        return Command(cells[0], cells[1], read(cells[2]))
    if not re.fullmatch(r"P[0-9]+", cells[1]) or len(cells) % 2 == 0:
        raise Unreadable(cells)
    found = Command(cells[0], cells[1], read(cells[2]))
    for key, cell in zip(cells[3::2], cells[4::2], strict=True):
        if not re.fullmatch(r"[PS][0-9]+", key):
            raise Unreadable(key)
        pairs = found.reference if key[0] == "S" else found.qualifiers
        pairs.append((f"P{key[1:]}", read(cell)))
    return found


def second_v1(batch: str) -> list[Command]:
    """V1 by QuickStatements 2; whoever pastes a batch may lose its last line end."""
    batch = batch.strip()
    if "\n" not in batch:
        batch = batch.replace("||", "\n")
    if "\t" not in batch:
        batch = batch.replace("|", "\t")
    found = []
    for row in batch.split("\n"):
        row = row.strip(" \t\n\r\0\x0b")
        comment = re.fullmatch(r"(.*?) */\* *(.*?) *\*/ *", row)
        found.append(_command((comment[1] if comment else row).split("\t"), value_of))
    return found


def third_v1(batch: str) -> list[Command]:
    """V1 by QuickStatements 3: texts and comments first, over the ends of lines."""
    cells: list[list[str]] = [[""]]
    position = 0
    while position < len(batch):
        end = _enclosed(batch, position)
        if end:
            cells[-1][-1] += batch[position:end]
            position = end
        elif batch.startswith("||", position) or batch[position] == "\n":
            cells.append([""])
            position += 2 if batch[position] == "|" else 1
        elif batch[position] in "|\t":
            cells[-1].append("")
            position += 1
        else:
            cells[-1][-1] += batch[position]
            position += 1
    rows = [[c.strip() for c in row if c.strip()] for row in cells]
    rows = [[c for cell in row for c in cell.split("\t")] for row in rows if row]
    return [_command(row, third_value) for row in rows]


def _enclosed(text: str, start: int) -> int:
    """Where what begins at `start` ends, if it is a text or a comment; 0 if it is neither."""
    if text.startswith("/*", start):
        return text.find("*/", start + 2) + 2 if "*/" in text[start + 2 :] else 0
    for mark in ('"""', '"'):
        if text.startswith(mark, start):
            position = start + len(mark)
            while position < len(text):
                if text.startswith(mark, position):
                    return position + len(mark)
                position += 2 if text[position] == "\\" else 1
    return 0


def second_csv(table: str) -> list[Command]:
    """CSV by QuickStatements 2, as PHP parts it: a backslash takes a quotation mark with it."""
    return _table(_php(table), value_of, is_second=True)


def third_csv(table: str) -> list[Command]:
    """CSV by QuickStatements 3, as Python parts it."""
    return _table([*csv.reader(io.StringIO(table, newline=""))], third_value, is_second=False)


def _php(table: str) -> list[list[str]]:
    rows: list[list[str]] = [[""]]
    is_inside = False
    position = 0
    while position < len(table):
        c = table[position]
        if is_inside and c == "\\" and table[position + 1 : position + 2] == '"':
            rows[-1][-1] += '\\"'
            position += 1
        elif is_inside and table.startswith('""', position):
            rows[-1][-1] += '"'
            position += 1
        elif c == '"' and (is_inside or not rows[-1][-1]):
            is_inside = not is_inside
        elif not is_inside and c == ",":
            rows[-1].append("")
        elif not is_inside and c == "\n":
            rows.append([""])
        else:
            rows[-1][-1] += c
        position += 1
    return rows[:-1]


def _table(rows: list[list[str]], read: object, is_second: bool) -> list[Command]:
    assert callable(read)
    head, *lines = rows
    if head[0] != "qid":
        raise Unreadable(head)
    found = []
    for line in lines:
        if len(line) != len(head) or not re.fullmatch(r"Q[0-9]+", line[0]):
            raise Unreadable(line)
        command: Command | None = None
        for code, cell in zip(head[1:], line[1:], strict=True):
            if not cell:
                raise Unreadable("QuickStatements 2 takes an empty cell for a value")
            if re.fullmatch(r"[LA][a-z]+", code):
                command = Command(line[0], code, ("text", cell if is_second else _name(cell)))
            elif re.fullmatch(r"P[0-9]+", code):
                command = Command(line[0], code, read(cell))
            elif command is None:
                raise Unreadable(code)
            elif code.startswith("qal"):
                command.qualifiers.append((f"P{code[3:]}", read(cell)))
            elif re.fullmatch(r"[Ss][0-9]+", code) and (code[0] == "S") != bool(command.reference):
                command.reference.append((f"P{code[1:]}", read(cell)))
            else:
                raise Unreadable(code)
        assert command is not None
        found.append(command)
    return found


def _name(cell: str) -> str:
    """A name in CSV by QuickStatements 3: what is like a value becomes that value."""
    like = (r"LAST|somevalue|novalue", r"[QMPL][0-9]+(-[FS][0-9]+)?", r'([a-z_-]+:)?".*"',
            r"[+-]?[0-9]+(\.[0-9]+)?(U[0-9]+)?", r"@.*", r"[+-]?[0-9]+-[0-9]{2}-[0-9]{2}T.*",
            r"[+-]?[0-9].*[~\[].*")  # fmt: skip
    plain = cell.strip().replace("“", '"').replace("”", '"')
    if any(re.fullmatch(pattern, plain) for pattern in like):
        raise Unreadable(cell)
    return cell.strip()
