"""A finding leads to the line where the file speaks of it, however the file writes the IRI."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import BASE, graph_file
from triplomacy.read.locate import Places, outline
from triplomacy.read.turtle import read_turtle

EVENT = BASE + "id/event/"


def places(folder: Path, **files: str) -> Places:
    """What `Places` knows of files with these contents."""
    described = [graph_file(folder / f"{name}.ttl", text) for name, text in files.items()]
    quads = []
    for file in described:
        found, faults = read_turtle(file)
        assert faults == []
        quads += found
    return Places(described, quads)


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (f"@prefix e: <{EVENT}> .", "e:call"),
        (f"PREFIX e: <{EVENT}>", "e:call"),
        (f"prefix : <{EVENT}>", ":call"),
        (f"@prefix e: <{BASE}> .", r"e:id\/event\/call"),
        ("", f"<{EVENT}call>"),
        ("", f"<{EVENT}c\\u0061ll>"),
        ("", "<../id/event/call>"),
        (f"@base <{EVENT}visit> .", "<call>"),
        (f"BASE <{BASE}>", "<id/event/call>"),
        (f"@base <{BASE}> . @prefix e: <id/event/> .", "e:call"),
        (f"@prefix e: <https://other.example/> . @prefix e: <{EVENT}> .", "e:call"),
    ],
)
def test_a_subject_is_found_in_every_spelling(tmp_path: Path, head: str, subject: str) -> None:
    text = f"""{head}
# {subject} in a comment
<https://other.example/x> <https://v.example/p> "{subject.replace(chr(92), "")}" , {subject} .

{subject} <https://v.example/p> 1 .
"""
    assert places(tmp_path, x=text).find(EVENT + "call") == ("x.ttl", 5)


def test_a_fragment_relative_to_the_base_is_found(tmp_path: Path) -> None:
    text = f"""@base <{BASE}id/source/article> .
<#char=1,20> <https://v.example/p> 1 .
<#char=1,2>
    <https://v.example/p> 2 ;
    <https://v.example/q> <#char=1,20> .
"""
    found = places(tmp_path, x=text)
    assert found.find(BASE + "id/source/article#char=1,2") == ("x.ttl", 3)
    assert found.find(BASE + "id/source/article#char=1,2", "2") == ("x.ttl", 4)


def test_a_namespace_relative_to_the_base_keeps_its_empty_fragment(tmp_path: Path) -> None:
    text = f"@base <{BASE}ontology> .\n@prefix : <#> .\n\n:Event <https://v.example/p> 1 .\n"
    assert places(tmp_path, x=text).find(BASE + "ontology#Event") == ("x.ttl", 4)


def test_a_name_that_begins_like_the_subject_is_not_the_subject(tmp_path: Path) -> None:
    text = f"@prefix e: <{EVENT}> .\ne:call-2 e:p 1 .\ne:call.3 e:p 1 .\ne:call e:p 1 .\n"
    assert places(tmp_path, x=text).find(EVENT + "call") == ("x.ttl", 4)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("12:30", 4),
        ('He said "no"', 5),
        ("two\nlines", 6),
        ("2025-02-30", 8),
        ("42", 9),
        (EVENT + "visit", 10),
        ("https://v.example/wrong", 11),
        ("not there", 2),
        ("another", 2),
    ],
)
def test_a_value_leads_to_its_own_line(tmp_path: Path, value: str, line: int) -> None:
    text = f"""@prefix e: <{EVENT}> . @prefix v: <https://v.example/> .
e:call
    a v:Event ; # it ends with a full stop.
    v:p "12:30"@en ,
        'He said "no"' ; # “quoted”
    v:q \"\"\"two
lines\"\"\" ;
    v:date "2025-02-30"^^v:date ;
    v:number 42 ;
    v:follows e:visit ;
    v:wrong 5.0 .
e:other v:p "another" .
"""
    assert places(tmp_path, x=text).find(EVENT + "call", value) == ("x.ttl", line)


def test_statements_on_one_line_and_full_stops_in_texts_do_not_confuse(tmp_path: Path) -> None:
    text = f"""@prefix e: <{EVENT}> .
e:a e:p "One. Two." , 1.5 . e:b e:p <x.y> .
e:c e:p [ e:q "In. brackets." ; e:r 2 ] , ( e:x 'it''' ) . e:d e:p "d" .
e:e e:p "e" .
"""
    found = places(tmp_path, x=text.replace("'it'''", "'it'"))
    assert [found.find(EVENT + n)[1] for n in "abcde"] == [2, 2, 3, 3, 4]
    assert found.find(EVENT + "c", "2") == ("x.ttl", 3)


def test_of_several_files_the_one_with_the_value_is_named(tmp_path: Path) -> None:
    head = f"@prefix e: <{EVENT}> .\n"
    found = places(tmp_path, a=head + 'e:call e:p "one" .', b=head + '\ne:call e:p "two" .')
    assert found.find(EVENT + "call", "two") == ("b.ttl", 3)
    assert found.find(EVENT + "call") == ("a.ttl", 2)


def test_of_several_statements_the_one_with_the_value_is_named(tmp_path: Path) -> None:
    text = f'@prefix e: <{EVENT}> .\ne:call e:p "one" .\ne:call e:p "two" .\n'
    assert places(tmp_path, x=text).find(EVENT + "call", "two") == ("x.ttl", 3)


def test_what_no_file_describes_is_found_where_it_is_mentioned(tmp_path: Path) -> None:
    text = f"@prefix e: <{EVENT}> .\n[] e:p\n  e:missing .\n"
    assert places(tmp_path, x=text).find(EVENT + "missing") == ("x.ttl", 3)


def test_what_no_file_mentions_has_no_place(tmp_path: Path) -> None:
    assert places(tmp_path, x="<a> <b:c> 1 .").find(EVENT + "missing") == (None, None)


def test_a_mark_of_utf_8_and_dos_lines_do_not_shift_lines(tmp_path: Path) -> None:
    text = f"\ufeff@prefix e: <{EVENT}> .\r\n\r\ne:call e:p 1 .\r\n"
    assert places(tmp_path, x=text).find(EVENT + "call") == ("x.ttl", 3)


def test_an_outline_of_many_lines_is_quick(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("".join(f'<e{n}> <p> "text {n}" ;\n  <q> {n} .\n' for n in range(20_000)))
    assert sum(1 for _ in outline(path, BASE)) == 20_000
