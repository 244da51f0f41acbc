"""Pages of long lists: which items, how many pages, where the next one is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        number: its number as asked for; see `current`.
        size: how many items a page holds.
        total: how many items there are.
    """

    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def current(self) -> int:
        """The number of the page, from 1; what is out of range becomes the nearest page."""
        return min(max(self.number, 1), self.count)

    @property
    def start(self) -> int:
        """The index of its first item."""
        return (self.current - 1) * self.size

    @property
    def first(self) -> int:
        """The number of its first item, from 1; 0 in an empty list."""
        return min(self.start + 1, self.total)

    @property
    def last(self) -> int:
        """The number of its last item."""
        return min(self.start + self.size, self.total)

    @property
    def previous(self) -> int | None:
        """The number of the page before; None on the first."""
        return self.current - 1 if self.current > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after; None on the last."""
        return self.current + 1 if self.current < self.count else None
