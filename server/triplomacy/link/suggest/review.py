"""A file in which a person answers what was suggested, and that is applied later: TOML.

The suggestions stand in it as comments, the answers as values. An answer that stands in a file is
kept when the file is written anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triplomacy.errors import BadRequest, SiteError
from triplomacy.iris import is_iri
from triplomacy.link.files import replace_file
from triplomacy.link.suggest.answers import Answer, Verb, answer_of
from triplomacy.link.suggest.suggesting import Suggested, Suggestion
from triplomacy.link.toml_text import basic_string
from triplomacy.output import one_line
from triplomacy.qid import is_qid

_HEAD = """\
# Which items of Wikidata are these things? Written by: triplomacy link suggest --review
#
# Put an answer between the quotation marks, and apply them: triplomacy link suggest --apply FILE
#   "Q7747"         the item means exactly the same
#   "close Q7747"   it means nearly the same
#   "none"          the thing is none of the items that are suggested here
#   ""              ask again another time
# Look each number up at https://www.wikidata.org/ first. A note is kept with the link.
"""
_LARGEST = 64 * 1024 * 1024  # bytes of a file that is read
_MOST = 1e9  # of a score
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*thing[ \t]*\]\]", re.MULTILINE)
_ANSWER = re.compile(r"^[ \t]*answer\b", re.MULTILINE)
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An answer in a file.

    Attributes:
        thing: the IRI of what it is about.
        answer: the answer.
        scores: the score of each item that was suggested, by its number.
        note: why, in the person's words.
        place: file and line.
    """

    thing: str
    answer: Answer
    scores: Mapping[str, float]
    note: str
    place: str


def write_review(path: Path, suggested: Iterable[Suggested], service: str) -> int:
    """Write a file to edit.

    Args:
        path: the file; answers and notes that stand in it are kept, also those about things that
            are not suggested now.
        suggested: the things and what they could be.
        service: the address of the service that suggested it.

    Returns:
        The number of things in it.

    Raises:
        SiteError: it cannot be written, or would be too large to be read again.
        BadRequest: what stands there cannot be read.
    """
    before = _content(path) if path.exists() else None
    kept: dict[str, dict[str, Any]] = {}
    if before is not None:
        _, tables, places = _entries(path, before)
        for table, place in zip(tables, places, strict=True):
            _reviewed(table, place)  # which tells what is wrong with it
            kept[table["iri"]] = table
    entries = [_entry(s, kept.pop(s.unlinked.thing.iri, {})) for s in suggested]
    others = [_kept(r) for r in kept.values() if r.get("answer") or r.get("note")]
    text = f"{_HEAD}\nservice = {basic_string(service)}\n" + "".join((*entries, *others))
    content = text.encode("utf-8")
    if len(content) > _LARGEST:
        raise SiteError(
            f"{path}: {len(entries):,} things are more than a file can hold",
            "choose among them with --kind, or name things",
        )
    replace_file(path, content, before)
    return len(entries)


def read_review(path: Path) -> tuple[str, list[Reviewed]]:
    """The service that suggested what a file is about, and the answers in it.

    Raises:
        SiteError: the file cannot be read.
        BadRequest: it is no such file, or an answer is none; with file, line and remedy.
    """
    service, entries, places = _entries(path, _content(path))
    return service, [_reviewed(e, p) for e, p in zip(entries, places, strict=True)]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise SiteError(f"{path}: larger than 64 MiB", "give the file that --review wrote")
        return path.read_bytes()
    except OSError as error:
        raise SiteError(
            f"{path}: {error.strerror or error}", "write one with: triplomacy link suggest --review"
        ) from error


def _entries(path: Path, content: bytes) -> tuple[str, list[dict[str, Any]], list[str]]:
    """The service, the table of each thing, and the place of each answer."""
    remedy = "correct the line, or write the file anew with --review"
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and TOMLDecodeError are such
        at = _AT_LINE.search(str(error))
        place = f"{path}:{at[1]}" if at else str(path)
        raise BadRequest(
            f"{place}: this is not TOML: {_AT_LINE.sub('', str(error))}", remedy
        ) from None
    entries, service = document.get("thing", []), document.get("service")
    if not isinstance(service, str) or not isinstance(entries, list):
        raise BadRequest(f"{path}: no review of links", "give the file that --review wrote")
    if not is_iri(service):
        raise BadRequest(f"{path}: the service {service[:80]!r} is no address", remedy)
    places = _places(path, content.decode("utf-8"))
    if len(places) != len(entries):
        raise BadRequest(f"{path}: a thing is not in the form [[thing]]", remedy)
    seen: dict[str, str] = {}
    for entry, place in zip(entries, places, strict=True):
        if not isinstance(entry, dict) or not isinstance(entry.get("iri"), str):
            raise BadRequest(f"{place}: the thing has no iri", remedy)
        other = seen.setdefault(entry["iri"], place)
        if other != place:
            raise BadRequest(
                f"{place}: <{entry['iri']}> stands at {other}, too", "keep one of both"
            )
    return service, entries, places


def _places(path: Path, text: str) -> list[str]:
    """`file:line` of the answer of each thing."""
    starts = [m.start() for m in _ENTRY.finditer(text)]
    ends = [*starts[1:], len(text)]
    places, line, counted = [], 1, 0
    for start, end in zip(starts, ends, strict=True):
        answer = _ANSWER.search(text, start, end)
        at = answer.end() if answer else start
        line, counted = line + text.count("\n", counted, at), at
        places.append(f"{path}:{line}")
    return places


def _reviewed(entry: dict[str, Any], place: str) -> Reviewed:
    answer, note, scores = entry.get("answer", ""), entry.get("note", ""), entry.get("scores", {})
    if not isinstance(answer, str) or not isinstance(note, str) or not _are_scores(scores):
        raise BadRequest(
            f"{place}: an answer and a note are texts, and scores are numbers of items",
            'write them as in answer = "Q7747" and scores = {Q7747 = 98.5}',
        )
    try:
        found = answer_of(answer)
    except BadRequest as error:
        raise BadRequest(f"{place}: {error.detail}", error.remedy) from None
    if found.verb is Verb.NONE and not scores:
        found = Answer()  # nothing was suggested that it could be none of
    return Reviewed(entry["iri"], found, scores, note.strip(), place)


def _are_scores(value: object) -> bool:
    return isinstance(value, dict) and all(
        is_qid(id) and isinstance(score, int | float) and not isinstance(score, bool)
        and -_MOST <= score <= _MOST  # which no NaN is
        for id, score in value.items()
    )  # fmt: skip


def _entry(suggested: Suggested, kept: Mapping[str, Any]) -> str:
    thing = suggested.unlinked
    lines = [
        "",
        "[[thing]]",
        f"iri = {basic_string(thing.thing.iri)}",
        f"name = {basic_string(thing.names[0])}  # {thing.kind}"
        + "".join(f"; {_comment(h.words)}" for h in thing.hints),
        f"answer = {basic_string(str(kept.get('answer', '')))}",
        f"note = {basic_string(str(kept.get('note', '')))}",
    ]
    for suggestion in suggested.suggestions:
        lines += _told(suggestion)
    scores = ", ".join(f"{s.id} = {s.score:g}" for s in suggested.suggestions)
    lines.append(f"scores = {{{scores}}}" if scores else "# No candidate was found.")
    return "\n".join(lines) + "\n"


def _kept(entry: Mapping[str, Any]) -> str:
    """An entry that has an answer or a note, and is not suggested now."""
    scores = entry.get("scores", {})
    shown = ", ".join(f"{id} = {score:g}" for id, score in scores.items())
    lines = ["", "[[thing]]  # from before"]
    lines += [
        f"{k} = {basic_string(str(entry.get(k, '')))}" for k in ("iri", "name", "answer", "note")
    ]
    return "\n".join([*lines, f"scores = {{{shown}}}"]) + "\n"


def _told(suggestion: Suggestion) -> list[str]:
    about = suggestion.description or "no description"
    return [
        f"# {suggestion.id}  {_comment(suggestion.name)}: {_comment(about)}",
        f"#     score {suggestion.score:g}",
        *(f"#     + {_comment(reason)}" for reason in suggestion.reasons),
        *(f"#     - {_comment(doubt)}" for doubt in suggestion.doubts),
    ]


def _comment(text: str) -> str:
    """A text that ends no comment, and that TOML allows in one."""
    return one_line(" ".join(text.split()))
