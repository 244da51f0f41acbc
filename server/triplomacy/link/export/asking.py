"""Asks about each line, one after the other, and keeps each answer before the next question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from triplomacy.link.export.decisions import Review
from triplomacy.link.export.offers import Offer, Offers
from triplomacy.output import one_line

Question = Callable[[str], str]
"""Shows a line and asks about it; answers yes or no, or nothing to leave off."""


def ask(review: Review, offers: Offers, question: Question, by: str, on: date) -> bool:
    """Ask about every line that nobody has decided about.

    Args:
        review: takes the decisions, and writes each before the next question.
        offers: the lines.
        question: asks.
        by: who answers.
        on: the day.

    Returns:
        Whether somebody left off before the end.

    Raises:
        SiteError: the file cannot be written; the answers before the last one are kept.
    """
    left = [o for o in offers.lacking if not review.of(o).answer]
    for n, offer in enumerate(left, 1):
        answer = question(f"{n} of {len(left)}  {shown(offer)}")
        if not answer:
            return True
        review.decide(offer, answer, by, on)
        review.keep(offers)
    return False


def shown(offer: Offer) -> str:
    """A line for a terminal: where it stands, what it says, in words and as a command, and why."""
    sentence, command, source, quotation = offer.shown
    rows = (sentence, command, source or _NO_REFERENCE, quotation)
    return "\n".join([one_line(offer.place), *(f"  {one_line(row)}" for row in rows)])


_NO_REFERENCE = "(a name has no reference; the source uses it here)"
