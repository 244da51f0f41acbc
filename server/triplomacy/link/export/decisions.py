"""The review: a file that shows each line, and in which people say yes or no to it.

It is TOML, a block a line, so that git shows who decided what. The key of a block is made from the
words that it shows; a block whose words somebody has changed by hand is not the line that we would
write, and says so. The same file is filled by the questions in a terminal and by an editor.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from triplomacy.errors import SiteError
from triplomacy.link.export.offers import Offer, Offers, key_of
from triplomacy.link.files import replace_file
from triplomacy.link.toml_text import basic_string
from triplomacy.output import one_line

FILE = "export-review.toml"
"""Its name in the folder of a site, unless another is given."""
ANSWERS = ("yes", "no")
_SHOWN = ("says", "wikidata", "reference", "quotation")
_GIVEN = ("answer", "by", "on")
_KEYS = ("id", *_SHOWN, "place", *_GIVEN)
_BLOCK = re.compile(r"^\s*\[\[\s*[\"']?(line|former)[\"']?\s*\]\]", re.MULTILINE)
_HEAD = """\
# What Wikidata could use, line by line. Made by: triplomacy link export
#
# Read each line beside its source, and answer "yes" or "no"; what has no answer is not written.
# "by" is who answered, "on" the day, which the reference gives as that of its retrieval; both may
# stay empty. Change nothing else: correct the facts of the site, and renew this file with
#   triplomacy link export --review FILE
# Then: triplomacy link export --apply FILE
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """A block.

    Attributes:
        key: names what it shows.
        shown: says, wikidata, reference, quotation.
        place: file and line of ours.
        answer: yes, no, or empty.
        by: who answered.
        on: when.
        line: where the block begins in the file; 0 if it is in none yet.
        is_former: whether the site no longer said so when the file was written.
    """

    key: str
    shown: tuple[str, ...]
    place: str
    answer: str = ""
    by: str = ""
    on: date | None = None
    line: int = 0
    is_former: bool = False


class Review:
    """A file of decisions.

    Args:
        path: the file; there may be none yet.

    Raises:
        SiteError: it cannot be read; says where, and what to do.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = _content(path)
        self._blocks = _read(path, self._before or b"")

    def of(self, offer: Offer) -> Decision:
        """What was decided about an offer; a decision without an answer, if nothing was."""
        return self._blocks.get(offer.key) or Decision(offer.key, offer.shown, offer.place)

    def undecided(self, offers: Offers) -> int:
        """How many lines nobody has decided about."""
        return sum(not self.of(offer).answer for offer in offers.lacking)

    def must_hold(self, offers: Offers) -> None:
        """Raise if somebody agreed to a line that is neither offered, nor in Wikidata by now.

        Raises:
            SiteError: there is such a line.
        """
        known = {o.key for o in (*offers.lacking, *offers.held)}
        for d in self._blocks.values():
            if d.answer == "yes" and not d.is_former and d.key not in known:
                raise SiteError(
                    f"{self.path}:{d.line}: the site no longer says exactly this, or no longer "
                    f"links it: {one_line(d.shown[0])}",
                    f"renew the file, and answer what is new: triplomacy link export --review "
                    f"{self.path}",
                )

    def decide(self, offer: Offer, answer: str, by: str, on: date) -> None:
        """Note a decision; `keep` writes it."""
        self._blocks[offer.key] = replace(self.of(offer), answer=answer, by=by, on=on)

    def keep(self, offers: Offers) -> None:
        """Write the file: what is offered, then what was decided about other lines.

        Raises:
            SiteError: it cannot be written, or somebody else has written it in the meantime.
        """
        lines = [replace(self.of(o), place=o.place) for o in offers.lacking]
        shown = {d.key for d in lines}
        former = [d for d in self._blocks.values() if d.key not in shown and d.answer]
        text = "".join([_HEAD, *(_block("line", d) for d in lines),
                        *(_block("former", d) for d in former)])  # fmt: skip
        content = text.encode()
        if content == self._before:
            return
        if self._before is None and self.path.exists():
            raise SiteError(f"{self.path}: somebody has just written it", "run the command again")
        replace_file(self.path, content, self._before)
        self._before = content
        self._blocks = _read(self.path, content)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror or error}", "make it readable") from error


def _read(path: Path, content: bytes) -> dict[str, Decision]:
    try:
        text = content.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SiteError(f"{path}: {error}", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SiteError(
            f"{path}: {error}",
            "correct the TOML; if two people have changed it, settle what their changes left",
        ) from error
    unknown = sorted(set(document) - {"line", "former"})
    if unknown:
        raise SiteError(f"{path}: {unknown[0]} means nothing here", "remove it")
    found: dict[str, Decision] = {}
    for name, where, block in _blocks(path, text, document):
        decision = replace(_decision(path, where, block), is_former=name == "former")
        other = found.get(decision.key)
        if other is not None and other.answer and decision.answer not in ("", other.answer):
            raise SiteError(
                f"{path}:{decision.line}: answers {decision.answer} to what line {other.line} "
                f"answers {other.answer} to",
                "agree on one answer, and remove the other block",
            )
        if other is None or not other.answer:
            found[decision.key] = decision
    return found


def _blocks(path: Path, text: str, document: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    """Each block with its kind and line, or 0 where that cannot be told."""
    heads: dict[str, list[int]] = {"line": [], "former": []}
    for head in _BLOCK.finditer(text):
        heads[head[1]].append(text.count("\n", 0, head.start(1)) + 1)
    for name, lines in heads.items():
        blocks = document.get(name, [])
        if not isinstance(blocks, list):
            raise SiteError(f"{path}: {name} is no list of blocks", f"write [[{name}]]")
        for n, block in enumerate(blocks):
            yield name, (lines[n] if len(lines) == len(blocks) else 0), block


def _decision(path: Path, line: int, block: Any) -> Decision:
    place = f"{path}:{line}" if line else str(path)
    values = dict(block) if isinstance(block, dict) else {}
    wrong = [k for k in _KEYS if not isinstance(values.get(k, ""), str)] + sorted(
        set(values) - set(_KEYS)
    )
    if wrong or "id" not in values:
        raise SiteError(
            f"{place}: {wrong[0] if wrong else 'id'} is not what a block has",
            "write answer, by and on as texts between quotation marks, and change nothing else",
        )
    shown = tuple(values.get(k, "") for k in _SHOWN)
    answer = values.get("answer", "").strip().lower()
    if answer not in ("", *ANSWERS):
        raise SiteError(
            f"{place}: “{values['answer'][:40]}” is no answer", 'write "yes", "no", or ""'
        )
    if key_of(shown) != values["id"]:
        raise SiteError(
            f"{place}: somebody has changed what this block shows",
            "undo that; correct the facts of the site, and renew the file with "
            "triplomacy link export --review",
        )
    on = values.get("on", "").strip()
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise SiteError(f"{place}: “{on[:40]}” is no day", 'write it as "2026-11-23"') from None
    return Decision(values["id"], shown, values.get("place", ""), answer,
                    values.get("by", "").strip(), day, line)  # fmt: skip


def _block(name: str, decision: Decision) -> str:
    values = (decision.key, *decision.shown, decision.place, decision.answer, decision.by,
              decision.on.isoformat() if decision.on else "")  # fmt: skip
    lines = (f"{key} = {basic_string(value)}" for key, value in zip(_KEYS, values, strict=True))
    return "\n" + "\n".join((f"[[{name}]]", *lines)) + "\n"
