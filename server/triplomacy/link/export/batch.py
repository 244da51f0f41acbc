"""The batch: all lines that somebody has agreed to, ready for QuickStatements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from triplomacy.errors import SiteError
from triplomacy.link.export.decisions import Review
from triplomacy.link.export.offers import Offer, Offers
from triplomacy.link.export.quickstatements import (
    Line,
    as_csv,
    as_v1,
    csv_trouble,
    is_batch,
    retrieved,
    v1_trouble,
)
from triplomacy.link.files import replace_file

Format = Literal["v1", "csv"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written.

    Attributes:
        texts: one for V1; for CSV one for each shape of lines; none if there is nothing to write.
        lines: how many lines they have, heads left out.
        troubles: what was agreed to and cannot be written, and why.
    """

    texts: tuple[str, ...]
    lines: int
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the files.

    Attributes:
        written: those that hold the batch now.
        removed: those of a former batch, which nobody should give to Wikidata any more.
    """

    written: tuple[Path, ...]
    removed: tuple[Path, ...]


class Target:
    """Where a batch goes: the first text into a file, the others beside it, numbered from 2.

    A file that is there already may only be a batch from here, or empty.

    Args:
        path: the file.
        review: the file of the decisions, which a batch must not replace.

    Raises:
        SiteError: something else stands there.
    """

    def __init__(self, path: Path, review: Path) -> None:
        self._path = path
        self._review = review
        self._may_replace(path)

    @property
    def holds_former(self) -> bool:
        """Whether a former batch stands there, which `save` would replace or remove."""
        return any(self._former(1))

    def save(self, batch: Batch) -> Saved:
        """Write a batch, and remove what is left there of a former one.

        Raises:
            SiteError: something else stands where a text should go; nothing was written.
            SiteError: a file cannot be written or removed.
        """
        paths = [self._numbered(n) for n in range(1, len(batch.texts) + 1)]
        for path in paths:
            self._may_replace(path)
        for path, text in zip(paths, batch.texts, strict=True):
            replace_file(path, text.encode())
        former = [*self._former(len(paths) + 1)]
        for path in former:
            try:
                path.unlink()
            except OSError as error:
                raise SiteError(
                    f"{path}: {error.strerror or error}",
                    "remove it yourself: it is a former batch, and no longer what was agreed to",
                ) from error
        return Saved(tuple(paths), tuple(former))

    def _numbered(self, n: int) -> Path:
        return self._path if n == 1 else self._path.with_stem(f"{self._path.stem}-{n}")

    def _former(self, n: int) -> Iterator[Path]:
        """The files of a former batch from a number on, as far as they follow one another."""
        while (path := self._numbered(n)).is_file() and is_batch(_content(path)):
            yield path
            n += 1

    def _may_replace(self, path: Path) -> None:
        if path.resolve() == self._review.resolve():
            raise SiteError(f"{path} keeps the decisions", _ELSEWHERE)
        if path.exists() and not path.is_file():
            raise SiteError(f"{path} is no file", _ELSEWHERE)
        content = _content(path) if path.exists() else b""
        if content and not is_batch(content):
            raise SiteError(f"{path} holds something else than a batch, and is kept", _ELSEWHERE)


_ELSEWHERE = "give another file with --output"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror or error}", "make it readable") from error


def batch_of(offers: Offers, review: Review, format: Format, today: date) -> Batch:
    """The lines that Wikidata lacks and to which somebody said yes; no other line is written.

    Args:
        offers: what there is to give.
        review: what was decided.
        format: `v1` or `csv`.
        today: the day of retrieval where the decision has none.
    """
    trouble = v1_trouble if format == "v1" else csv_trouble
    lines, troubles = [], []
    for offer in offers.lacking:
        decision = review.of(offer)
        if decision.answer != "yes":
            continue
        line = _line(offer, decision.on or today)
        why = trouble(line)
        if why:
            troubles.append(f"{offer.place}  {offer.sentence}: {why}")
        else:
            lines.append(line)
    texts = () if not lines else (as_v1(lines),) if format == "v1" else tuple(as_csv(lines))
    return Batch(texts, len(lines), tuple(troubles))


def _line(offer: Offer, day: date) -> Line:
    reference = retrieved(offer.reference, day) if offer.reference else ()
    return Line(offer.subject, offer.says, offer.qualifiers, reference)
