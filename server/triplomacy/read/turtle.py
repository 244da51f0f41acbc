"""Parses one Turtle file; what is wrong with it becomes a finding with its line."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from triplomacy.findings import Finding, Severity
from triplomacy.read.files import GraphFile

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes. Nothing that people edit has longer lines; a longer one is a damaged or hostile file."""

_PARSER_POSITION = re.compile(r"^Parser error at line \d+ (?:column \d+|between columns? .*?): ")
_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1024 * 1024
_WRITTEN_BY = re.compile(rb"# Written by: (triplomacy [a-z -]{1,40})\.")
"""What stands at the head of a file that a command writes anew each time."""


def read_turtle(file: GraphFile) -> tuple[list[Quad], list[Finding]]:
    """The quads of `file` in its graph; none of them where it cannot be read to its end."""
    try:
        finding = _sanity(file)
        if finding is not None:
            return [], [finding]
        with file.path.open("rb") as stream:
            if stream.read(3) != _UTF_8_MARK:  # which some editors write, and the parser refuses
                stream.seek(0)
            quads = [
                Quad(q.subject, q.predicate, q.object, file.graph)
                for q in parse(
                    input=stream,
                    format=RdfFormat.TURTLE,
                    base_iri=file.graph.value,
                    rename_blank_nodes=True,
                )
            ]
    except SyntaxError as error:
        conflict = _conflict(file.path)
        if conflict is not None:
            what = "two people have edited this place, and git left both versions"
            remedy = "keep what is right of both, and remove the lines <<<<<<<, ======= and >>>>>>>"
            return [], [_unreadable(file, "turtle-syntax", what, remedy, conflict)]
        what = _PARSER_POSITION.sub("", error.msg or "syntax error")
        column = f" (column {error.offset})" if error.offset else ""
        remedy = "correct the Turtle at this place"
        return [], [_unreadable(file, "turtle-syntax", what + column, remedy, error.lineno)]
    except OSError as error:
        what = error.strerror or str(error)
        return [], [_unreadable(file, "readable", what, "make the file readable")]
    return quads, []


def _conflict(path: Path) -> int | None:
    """The line at which git's marks of an edit conflict begin; None if there are none."""
    with path.open("rb") as stream:
        lines = (n for n, line in enumerate(stream, 1) if line.startswith(b"<<<<<<< "))
        return next(lines, None)


def _sanity(file: GraphFile) -> Finding | None:
    """What a look at the bytes tells before a parser has to hold them in memory."""
    with file.path.open("rb") as stream:
        start = stream.read(2)
        if start in _UTF_16_MARKS:
            return _unreadable(file, "utf-8", "this is UTF-16", "save the file as UTF-8", 1)
    line = _overlong_line(file.path) if file.path.stat().st_size > LONGEST_LINE else None
    if line is not None:
        return _unreadable(
            file,
            "line-length",
            f"this line is longer than {LONGEST_LINE // 2**20} MiB",
            "break it, or put a long text into data/sources/",
            line,
        )
    line = _line_not_in_utf_8(file.path)
    if line is not None:
        return _unreadable(file, "utf-8", "this is not UTF-8", "save the file as UTF-8", line)
    return None


def _overlong_line(path: Path) -> int | None:
    """The number of the first line that is too long, reading in bounded memory."""
    number, length = 1, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            pieces = chunk.split(b"\n")
            length += len(pieces[0])
            for piece in pieces[1:]:
                if length > LONGEST_LINE:
                    return number
                number, length = number + 1, len(piece)
            if length > LONGEST_LINE:
                return number
    return None


def _line_not_in_utf_8(path: Path) -> int | None:
    """The number of the first line that is not UTF-8; the parser does not look into comments."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    number = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            held, _ = decoder.getstate()
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return number + (held + chunk)[: error.start].count(b"\n")
            if not chunk:
                return None
            number += chunk.count(b"\n")


def _unreadable(
    file: GraphFile, rule: str, what: str, remedy: str, line: int | None = None
) -> Finding:
    command = _writer(file.path)
    if command is not None:
        remedy = f"nobody edits this file; write it anew: {command}"
    return Finding(Severity.UNREADABLE, rule, f"{what}: {remedy}", file=file.name, line=line)


def _writer(path: Path) -> str | None:
    """The command that writes a file, as its head says; None for a file of somebody's."""
    with contextlib.suppress(OSError), path.open("rb") as stream:
        found = _WRITTEN_BY.match(stream.readline(100))
        return found[1].decode() if found else None
    return None
