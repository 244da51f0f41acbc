"""The batch: all lines that somebody has agreed to, ready for QuickStatements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from triplomacy.link.export.decisions import Review
from triplomacy.link.export.offers import Offer, Offers
from triplomacy.link.export.quickstatements import (
    Line,
    as_csv,
    as_v1,
    csv_trouble,
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


def save(batch: Batch, path: Path) -> list[Path]:
    """Write a batch: the first text into a file, the others beside it, numbered from 2.

    Raises:
        SiteError: a file cannot be written.
    """
    numbered = (path.with_stem(f"{path.stem}-{n}") for n in range(2, len(batch.texts) + 1))
    paths = [path, *numbered][: len(batch.texts)]
    for name, text in zip(paths, batch.texts, strict=True):
        replace_file(name, text.encode())
    return paths


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
