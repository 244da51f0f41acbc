"""Dates in words, and the timeline: neither says more than the data knows."""

from __future__ import annotations

import pytest

from triplomacy.web.pages.dates import When, in_words
from triplomacy.web.pages.reader import Ref, Text
from triplomacy.web.pages.rows import EventRow, StatementRow
from triplomacy.web.pages.timeline import Entry, make_timeline

DAY = "2025-02-12"


@pytest.mark.parametrize(
    ("when", "phrase"),
    [
        (When(day=DAY), "12 February 2025"),
        (When(latest=DAY), "not later than 12 February 2025"),
        (When(earliest=DAY), "not earlier than 12 February 2025"),
        (When(earliest=DAY, latest="2025-03-01"), "between 12 February 2025 and 1 March 2025"),
        (When(words=("in the near future",)), "“in the near future”"),
        (When(), "no date"),
    ],
)
def test_a_phrase_says_what_is_known_and_no_more(when: When, phrase: str) -> None:
    assert when.phrase == phrase


@pytest.mark.parametrize("day", ["1815", "-0043-03-15", "2025-02-31", "soon", "<script>"])
def test_what_is_no_plain_day_is_shown_as_it_stands(day: str) -> None:
    assert in_words(day) == day


def event(slug: str, status: str = "occurred", when: When | None = None) -> EventRow:
    state = Ref(f"https://example.org/vocab/realization/{status}", Text(status))
    ref = Ref(f"e:{slug}", Text(slug))
    return EventRow(ref, state, (), when or When(), (), ())


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [str(e.item.ref) for e in entries]


def test_a_bound_stands_before_the_day_that_bounds_it() -> None:
    call = event("call", when=When(latest=DAY))
    announcement = StatementRow(
        ref=Ref("s:a", Text("announcement")),
        speakers=(),
        offices=(),
        narrators=(),
        reporters=(),
        acts=(),
        gist=None,
        quotes=(),
        when=When(day=DAY),
    )
    found = make_timeline([call], [announcement], {}, {})
    assert names(found.entries) == ["call", "announcement"]


def test_what_only_follows_or_is_a_part_hangs_from_what_is_dated() -> None:
    events = [event("call", when=When(latest=DAY)), event("second"), event("talk")]
    found = make_timeline(
        events, [], {"e:second": frozenset({"e:call"})}, {"e:talk": frozenset({"e:call"})}
    )
    (entry,) = found.entries
    assert [(h.relation, str(h.event.ref)) for h in entry.hanging] == [
        ("part", "talk"),
        ("after", "second"),
    ]
    assert found.undated == ()


def test_a_proposal_gets_no_place_in_time_from_what_it_would_follow() -> None:
    events = [event("call", when=When(day=DAY)), event("summit", "proposed")]
    found = make_timeline(events, [], {"e:summit": frozenset({"e:call"})}, {})
    assert found.entries[0].hanging == ()
    ((summit, after),) = found.undated[0].events
    assert (str(summit.ref), [str(a.ref) for a in after]) == ("summit", ["call"])


def test_events_that_follow_each_other_in_a_circle_are_shown_once() -> None:
    events = [event("a", when=When(day=DAY)), event("b"), event("c")]
    follows = {
        "e:b": frozenset({"e:a", "e:c"}),
        "e:c": frozenset({"e:b"}),
        "e:a": frozenset({"e:c"}),
    }
    found = make_timeline(events, [], follows, {})
    (entry,) = found.entries
    assert str(entry.hanging[0].event.ref) == "b"
    assert str(entry.hanging[0].hanging[0].event.ref) == "c"


def test_undated_events_are_grouped_by_how_real_they_are() -> None:
    events = [event("x", "hypothetical"), event("y", "agreed"), event("z", "unheard-of")]
    found = make_timeline(events, [], {}, {})
    assert [u.title for u in found.undated] == [
        "What is expected",
        "What is only thought of",
        "Of another status",
    ]
