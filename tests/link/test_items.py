"""An item has types, or there is a clear error: never a crash, whoever answered."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triplomacy.errors import UnusableAnswer
from triplomacy.link.items import Item, Place, Time, item_of
from triplomacy.link.stand_in.items import shipped

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(entity: object, asked: str = "Q7747") -> Item:
    return item_of(asked, entity, NOW)


def putin() -> dict[str, Any]:
    return copy.deepcopy(shipped().entities["Q7747"])


def test_an_item_is_read() -> None:
    item = read(putin())
    assert (item.id, item.is_missing, item.is_redirected) == ("Q7747", False, False)
    assert item.labels["uk"] == "Володимир Путін"
    assert item.names("de")[:2] == ("Wladimir Putin", "Wladimir Wladimirowitsch Putin")
    assert item.values("P569") == (Time("1952-10-07"),)
    assert item.values("P27") == ("Q159",)
    first, second = item.claims["P39"]
    assert (first.is_best, second.is_best) == (False, True)
    assert first.qualifiers == {"P580": (Time("2000-05-07"),), "P582": (Time("2008-05-07"),)}
    assert item.revision > 0


def test_a_place_is_read() -> None:
    assert read(shipped().entities["Q212"], "Q212").values("P625") == (Place(49.0, 32.0),)


def test_a_name_for_all_languages_is_a_name_in_each() -> None:
    entity = putin() | {"labels": {"mul": {"language": "mul", "value": "V. Putin"}}}
    assert read(entity).names("fi") == ("V. Putin",)


def test_a_name_turns_no_direction_and_steers_no_terminal() -> None:
    wild = {"value": "\u202egnp.\x1bexe\u202c \u2066a\u2069\u200f"}
    entity = putin() | {"labels": {"zh": wild}, "aliases": {"zh": [wild]}}
    assert read(entity).names("zh") == ("gnp.exe a\u200f", "gnp.exe a\u200f")


@pytest.mark.parametrize("missing", ["", True])
def test_a_missing_item_is_told(missing: object) -> None:
    assert read({"id": "Q7747", "missing": missing}).is_missing


def test_a_merged_item_has_another_number() -> None:
    item = read(putin(), "Q900000031")
    assert (item.asked, item.id, item.is_redirected) == ("Q900000031", "Q7747", True)


def test_an_empty_list_is_phps_empty_object() -> None:
    empty = {"labels": [], "descriptions": [], "aliases": [], "claims": []}
    assert read(putin() | empty).labels == {}


def test_what_is_deprecated_is_known_apart() -> None:
    entity = putin()
    first, second = entity["claims"]["P39"]
    entity["claims"] = {"P39": [first | {"rank": "deprecated"}, second]}
    item = read(entity)
    assert item.deprecated == {"P39": ("Q900000011",)}
    assert len(item.claims["P39"]) == 1
    assert read(putin()).deprecated == {}


def test_what_is_deprecated_unknown_or_none_is_left_out() -> None:
    entity = putin()
    [birth] = entity["claims"]["P569"]
    unknown = {"mainsnak": {"snaktype": "somevalue", "property": "P569"}, "rank": "normal"}
    entity["claims"]["P569"] = [birth | {"rank": "deprecated"}, unknown]
    assert read(entity).values("P569") == ()
    assert len(read(entity).claims["P569"]) == 1


@pytest.mark.parametrize(
    ("time", "precision", "text"),
    [("+1952-00-00T00:00:00Z", 9, "1952"), ("+1952-10-00T00:00:00Z", 10, "1952-10"),
     ("+1900-00-00T00:00:00Z", 7, None), ("-0044-03-15T00:00:00Z", 11, None),
     ("soon", 11, None), (None, 11, None), ("+1952-10-07T00:00:00Z", "11", None)],
)  # fmt: skip
def test_a_time_is_read_as_far_as_it_is_known(time: Any, precision: Any, text: str | None) -> None:
    entity = putin()
    value = entity["claims"]["P569"][0]["mainsnak"]["datavalue"]["value"]
    value |= {"time": time, "precision": precision}
    assert read(entity).values("P569") == (() if text is None else (Time(text),))


@pytest.mark.parametrize(
    "entity",
    [None, 7, "x", [1], {}, {"id": "q7747"}, {"id": 7}, {"id": "P39", "type": "property"},
     {"id": "Q1", "type": "lexeme"}, {"id": "Q1", "lastrevid": "new"},
     {"id": "Q1", "lastrevid": True}, {"id": "Q1", "labels": ["x"]}, {"id": "Q1", "labels": 7},
     {"id": "Q1", "labels": {"en": "x"}}, {"id": "Q1", "labels": {"en": {"value": 7}}},
     {"id": "Q1", "labels": {"en": {"value": "\ud800"}}}, {"id": "Q1", "aliases": {"en": {}}},
     {"id": "Q1", "aliases": {"en": [None]}}, {"id": "Q1", "claims": {"P31": "Q5"}},
     {"id": "Q1", "claims": {"P31": [None]}}, {"id": "Q1", "claims": {"P31": [{}]}},
     {"id": "Q1", "claims": {"P31": [{"mainsnak": {"datavalue": 7}}]}},
     {"id": "Q1", "claims": {"P31": [{"mainsnak": {"datavalue": {"type": "time", "value": 7}}}]}}],
    ids=range(23),
)  # fmt: skip
def test_what_is_no_item_is_a_clear_error(entity: object) -> None:
    with pytest.raises(UnusableAnswer, match="what Wikidata says about Q7747 cannot be read: "):
        read(entity)


def test_an_item_of_a_million_names_is_cut() -> None:
    alias = {"language": "en", "value": "x" * 100_000}
    item = read(putin() | {"aliases": {"en": [alias] * 100_000}})
    assert len(item.aliases["en"]) == 2000
    assert len(item.aliases["en"][0]) == 250


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "type",
                    "labels",
                    "aliases",
                    "claims",
                    "en",
                    "value",
                    "P31",
                    "mainsnak",
                    "datavalue",
                    "time",
                    "precision",
                    "qualifiers",
                    "rank",
                    "snaktype",
                    "missing",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(change=st.dictionaries(st.sampled_from(["labels", "claims", "aliases", "id"]), JSON))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_is_an_item_or_a_clear_error(change: dict[str, Any]) -> None:
    try:
        item = read(putin() | change)
    except UnusableAnswer:
        return
    assert all(isinstance(v, str) for v in item.labels.values())
