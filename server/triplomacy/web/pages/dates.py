"""When something was, in words that say no more than the data knows.

A day that a source states, bounds that follow from it, or the source's own words; and where there
is none of these, that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class When:
    """What the data says about the time of an event or a statement.

    Attributes:
        day: the calendar day that a source states (`eas:date`), as in the data.
        earliest: it is not earlier than this day.
        latest: it is not later than this day.
        words: the source's own expressions.
    """

    day: str | None = None
    earliest: str | None = None
    latest: str | None = None
    words: tuple[str, ...] = ()

    @property
    def certainty(self) -> str:
        """`day`, `bounds`, `words` or `none`: the best that is known."""
        if self.day:
            return "day"
        if self.earliest or self.latest:
            return "bounds"
        return "words" if self.words else "none"

    @property
    def is_dated(self) -> bool:
        """Whether a calendar day bounds it on at least one side."""
        return self.certainty in ("day", "bounds")

    @property
    def phrase(self) -> str:
        """The time in words.

        >>> When(latest="2025-02-12").phrase
        'not later than 12 February 2025'
        """
        if self.day:
            return in_words(self.day)
        if self.earliest and self.latest:
            return f"between {in_words(self.earliest)} and {in_words(self.latest)}"
        if self.latest:
            return f"not later than {in_words(self.latest)}"
        if self.earliest:
            return f"not earlier than {in_words(self.earliest)}"
        if self.words:
            return ", ".join(f"“{w}”" for w in self.words)
        return "no date"

    @property
    def order(self) -> tuple[str, int]:
        """Sort key: by the latest day that is possible; bounds before the day that bounds them."""
        known = self.day or self.latest or self.earliest or "~"
        return (known, {"bounds": 0, "day": 1}.get(self.certainty, 2))


def in_words(day: str) -> str:
    """A day of the data in words; as it stands if it is not a plain ISO 8601 date.

    >>> in_words("2025-02-12")
    '12 February 2025'
    """
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"
