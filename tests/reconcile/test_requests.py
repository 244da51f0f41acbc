"""What clients send is read to the letter of the protocol, or refused with words that help."""

from __future__ import annotations

import json

import pytest

from triplomacy.errors import BadRequest, TooMuchAtOnce
from triplomacy.reconcile.requests import (
    BATCH,
    CANDIDATES,
    MOST_CANDIDATES,
    MOST_PROPERTIES,
    Entity,
    Hint,
    Query,
    Wanted,
    read_batch,
    read_extension,
    read_single,
)


def one(query: object) -> Query:
    return read_batch(json.dumps({"q0": query}))["q0"]


def test_a_name_is_enough() -> None:
    assert one({"query": " NATO "}) == Query("NATO", (), "any", CANDIDATES, ())


def test_all_members_are_read() -> None:
    query = one(
        {
            "query": "John",
            "type": ["eas:Person", "eas:Actor"],
            "type_strict": "all",
            "limit": 3,
            "properties": [
                {"pid": "p", "v": "x"},
                {"pid": "q", "v": [1, 2.5, True, {"id": "id/x", "name": "X"}]},
            ],
        }
    )
    hints = (Hint("p", ("x",)), Hint("q", (1, 2.5, True, Entity("id/x"))))
    assert query == Query("John", ("eas:Person", "eas:Actor"), "all", 3, hints)


def test_a_type_can_stand_alone() -> None:
    assert one({"query": "x", "type": "eas:Person"}).types == ("eas:Person",)
    assert one({"query": "x", "type": {"id": "eas:Person", "name": "P"}}).types == ("eas:Person",)


def test_properties_are_enough_too() -> None:
    assert one({"properties": [{"pid": "p", "v": "x"}]}).text == ""


def test_a_blank_cell_is_no_error() -> None:
    assert one({"query": "  "}).text == ""


def test_a_limit_has_a_limit() -> None:
    assert one({"query": "x", "limit": 10**30}).limit == MOST_CANDIDATES
    assert one({"query": "x", "limit": 2.0}).limit == 2


def test_a_blank_value_says_nothing() -> None:
    values = [{"pid": "p", "v": ""}, {"pid": "q", "v": [None, "", 0]}, {"pid": "r", "v": None}]
    hints = one({"query": "x", "properties": values}).hints
    assert hints == (Hint("p", ()), Hint("q", (0,)), Hint("r", ()))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "neither"),
        ({"properties": []}, "neither"),
        ({"query": 5}, "not a string"),
        ({"query": "x", "limit": 0}, "positive"),
        ({"query": "x", "limit": "5"}, "positive"),
        ({"query": "x", "limit": True}, "positive"),
        ({"query": "x", "type": 5}, "neither a string nor"),
        ({"query": "x", "type": [5]}, "no identifier"),
        ({"query": "x", "type_strict": "maybe"}, "any, should, all"),
        ({"query": "x", "type_strict": []}, "any, should, all"),
        ({"query": "x", "props": []}, "'props'"),
        ({"query": "x", "properties": {}}, "not a list"),
        ({"query": "x", "properties": [5]}, "no JSON object"),
        ({"query": "x", "properties": [{"v": 1}]}, "pid"),
        ({"query": "x", "properties": [{"pid": "p", "v": 1, "w": 2}]}, "'w' is none of pid, v"),
        ({"query": "x", "properties": [{"pid": "p"}]}, 'no "v"'),
        ({"query": "x", "properties": [{"pid": "p", "v": {}}]}, "neither a string"),
        ({"query": "x", "properties": [{"pid": "p", "v": [[]]}]}, "neither a string"),
        ([], "no JSON object"),
        ("NATO", "no JSON object"),
        (None, "no JSON object"),
    ],
)
def test_what_is_wrong_is_told_with_its_query(query: object, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        one(query)
    assert words in caught.value.detail
    assert "q0" in caught.value.detail
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "5", "null", '"x"', "{'a': 1}"),
        '{"q0": {"query": "x", "limit": NaN}}',
        '{"q0": {"query": "x", "limit": -Infinity}}',
        '{"q0": {"query": "x", "limit": 1' + "0" * 5_000 + "}}",
        '{"q0": {"query": "\\ud800"}}',
        "[" * 200_000,
        '{"q":' * 100_000,
    ],
)
def test_what_is_no_batch_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_batch(text)


def test_a_character_beyond_the_first_plane_is_whole() -> None:
    assert read_batch('{"q0": {"query": "\\ud83d\\ude00"}}')["q0"].text == "😀"


def test_too_much_is_refused_with_the_number() -> None:
    full = {str(n): {"query": "x"} for n in range(BATCH)}
    assert len(read_batch(json.dumps(full))) == BATCH
    with pytest.raises(TooMuchAtOnce, match="1,001"):
        read_batch(json.dumps(full | {"more": {"query": "x"}}))
    many = [{"pid": "p", "v": 1}] * (MOST_PROPERTIES + 1)
    with pytest.raises(TooMuchAtOnce):
        one({"query": "x", "properties": many})
    with pytest.raises(TooMuchAtOnce):
        one({"query": "x", "properties": [{"pid": "p", "v": [1] * (MOST_PROPERTIES + 1)}]})


def test_a_single_query_is_a_name_or_an_object() -> None:
    assert read_single("NATO") == Query("NATO")
    assert read_single('{"query": "NATO", "limit": 1}') == Query("NATO", limit=1)


def test_an_extension_is_read() -> None:
    asked = read_extension(
        '{"ids": ["a", "b", "a"], "properties": '
        '[{"id": "p"}, {"id": "q", "settings": {"limit": "5", "language": "EN"}}]}'
    )
    assert asked.ids == ("a", "b")
    assert asked.properties == (Wanted("p"), Wanted("q", 5, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"ids": "a", "properties": []}',
        '{"ids": [1], "properties": []}',
        '{"ids": [], "properties": {}}',
        '{"ids": [], "properties": ["p"]}',
        '{"ids": [], "properties": [{"id": 5}]}',
        '{"ids": [], "properties": [{"id": "p", "settings": []}, {"id": "p", "settings": 5}]}',
        '{"ids": [], "properties": [{"id": "p", "settings": {"limit": "many"}}]}',
        '{"ids": [], "properties": [{"id": "p", "settings": []}]}',
        '{"ids": [], "properties": [], "more": 1}',
        '{"ids": [], "ids": [], "properties": []}',
        '{"ids": [], "properties": [{"id": "p", "id": "q"}]}',
        '{"ids": [], "properties": [{"id": "p", "more": 1}]}',
        '{"ids": [], "properties": [{"id": "p", "settings": {"content": "id"}}]}',
        '{"ids": [], "properties": [{"id": "p"}, {"id": "p", "settings": {"limit": 1}}]}',
    ],
)
def test_what_is_no_extension_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_extension(text)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("limit", v) for v in (-1, "-1", 1.9, True, "²", "many", [], {}, 1e300, 10**9)),
        *(("language", v) for v in (5, True, [], "e n", "en_GB", "-", "abcdefghi")),
    ],
)
def test_a_setting_that_is_wrong_is_told_with_its_property(setting: str, value: object) -> None:
    properties = [{"id": "skos:altLabel", "settings": {setting: value}}]
    with pytest.raises(BadRequest, match=f"'skos:altLabel'.*{setting}"):
        read_extension(json.dumps({"ids": [], "properties": properties}))


@pytest.mark.parametrize(
    ("settings", "limit", "language"),
    [
        (None, 0, ""),
        ({"limit": None, "language": None}, 0, ""),
        ({"limit": "", "language": " "}, 0, ""),
        ({"limit": 2.0, "language": "pt-BR"}, 2, "pt-br"),
        ({"limit": " 07 "}, 7, ""),
    ],
)
def test_a_setting_comes_as_clients_write_it(settings: object, limit: int, language: str) -> None:
    wanted = {"id": "p", "name": "as OpenRefine sends it", "settings": settings}
    asked = read_extension(json.dumps({"ids": [], "properties": [wanted]}))
    assert asked.properties == (Wanted("p", limit, language),)


def test_a_property_that_comes_twice_is_fetched_once() -> None:
    asked = read_extension(json.dumps({"ids": [], "properties": [{"id": "p"}, {"id": "p"}]}))
    assert asked.properties == (Wanted("p"),)


@pytest.mark.parametrize(
    "text", ['{"q0": {"query": "x"}, "q0": {}}', '{"q0": {"query": "x", "query": "y"}}']
)
def test_a_member_that_comes_twice_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="twice"):
        read_batch(text)


def test_too_many_entities_are_refused() -> None:
    ids = [str(n) for n in range(BATCH + 1)]
    with pytest.raises(TooMuchAtOnce):
        read_extension(json.dumps({"ids": ids, "properties": []}))
    properties = [{"id": "p"}] * (MOST_PROPERTIES + 1)
    with pytest.raises(TooMuchAtOnce):
        read_extension(json.dumps({"ids": [], "properties": properties}))
