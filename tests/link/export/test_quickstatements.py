"""A line is read alike by both programs that read QuickStatements, or refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.link.export.parsers import Command, Value, second_csv, second_v1, third_csv, third_v1
from triplomacy.link.export.properties import (
    END_TIME,
    POINT_IN_TIME,
    POSITION_HELD,
    PUBLICATION_DATE,
    QUOTATION,
    REFERENCE_URL,
    STATED_IN,
    TITLE,
)
from triplomacy.link.export.quickstatements import (
    Line,
    as_csv,
    as_v1,
    command,
    csv_trouble,
    is_batch,
    retrieved,
    v1_trouble,
    written,
)
from triplomacy.link.export.snaks import Day, ItemId, Snak, Term, Text, Words, plain

HELD = Snak(POSITION_HELD, ItemId("Q900000013"))
HOSTILE = [
    "a\tb", "a\nb", "a\r\nb", 'say "peace"', 'one " mark', '"', '""', '"""', "a||b", "a|b",
    "a\\", 'a\\"', "/* a */", "*/", "a,b", "’“”", "‮abc", "Q5", "LAST", "-Q5", "42", "+2025",
    "@1/2", "=1+1", "\x00\x1b[31m", "Q1\tP31\tQ5", '"\nQ1\tP31\tQ5\t"', "CREATE", "\ufeff", "«»",
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(min_size=1),
    st.lists(st.sampled_from([*'"|\\,\n\t/* aQ5“”:', "||", '""']), min_size=1).map("".join),
).map(plain).filter(bool)  # fmt: skip
names = st.builds(
    lambda code, text: Line("Q893758", Term(f"{code}en", Words("en", text))),
    st.sampled_from("LA"),
    texts,
)
statements = st.builds(
    lambda title, quotation, url: Line(
        "Q893758",
        HELD,
        (Snak(END_TIME, Day("2025-05")),),
        (
            Snak(STATED_IN, ItemId("Q1")),
            Snak(REFERENCE_URL, Text(url)),
            Snak(TITLE, Words("en", title)),
            Snak(PUBLICATION_DATE, Day("2025")),
            Snak(QUOTATION, Words("und", quotation)),
        ),
    ),
    texts,
    texts,
    texts.map(lambda t: "https://news.example/" + "".join(c for c in t if not c.isspace())),
)
lines = st.lists(st.one_of(names, statements), min_size=1, max_size=4)


def meant(line: Line, straight: bool = False) -> Command:
    """What a line says; with straight quotation marks, as QuickStatements 3 makes all of them."""

    def value(snak: Snak) -> Value:
        match snak.value:
            case ItemId(id):
                return ("item", id)
            case Day(text):
                whole = written(Day(text)).partition("/")
                return ("time", whole[0], whole[2])
            case Text(text):
                return ("text", _marks(text, straight))
            case Words(language, text):
                return ("words", language, _marks(text, straight))

    if isinstance(line.says, Term):
        return Command(
            line.subject, line.says.code, ("text", _marks(line.says.words.text, straight))
        )
    return Command(
        line.subject,
        line.says.property.id,
        value(line.says),
        [(s.property.id, value(s)) for s in line.qualifiers],
        [(s.property.id, value(s)) for s in line.reference],
    )


def _marks(text: str, straight: bool) -> str:
    return text.replace("“", '"').replace("”", '"') if straight else text


@given(lines)
@example([Line("Q1", Term("Len", Words("en", "one || only")))])
def test_v1_says_what_was_meant_or_refuses(some: list[Line]) -> None:
    kept = [line for line in some if not v1_trouble(line)]
    batch = as_v1(kept)
    assert batch.count("\n") == len(kept)  # exactly one line each
    if kept:
        assert second_v1(batch) == [meant(line) for line in kept]
        assert third_v1(batch) == [meant(line, straight=True) for line in kept]


@given(lines)
def test_csv_says_what_was_meant_or_refuses(some: list[Line]) -> None:
    kept = [line for line in some if not csv_trouble(line)]
    tables = as_csv(kept)
    read = [c for table in tables for c in second_csv(table)]
    assert _sorted(read) == _sorted([meant(line) for line in kept])
    read = [c for table in tables for c in third_csv(table)]
    by_name = [meant(line, straight=not isinstance(line.says, Term)) for line in kept]
    assert _sorted(read) == _sorted(by_name)
    assert sum(table.count("\n") - 1 for table in tables) == len(kept)  # exactly one row each


def _sorted(commands: list[Command]) -> list[str]:
    return sorted(map(repr, commands))


@pytest.mark.parametrize("text", [plain(t) for t in HOSTILE if plain(t)])
def test_a_hostile_text_is_written_in_one_format_or_refused_in_words(text: str) -> None:
    line = Line("Q1", HELD, (), (Snak(QUOTATION, Words("en", text)),))
    for trouble in (v1_trouble(line), csv_trouble(line)):
        assert trouble == "" or trouble.endswith(("--format csv", "--format v1", "by hand"))
    assert "\\" in text or not csv_trouble(line)


def test_a_line_of_v1() -> None:
    line = Line(
        "Q893758",
        HELD,
        (Snak(END_TIME, Day("2025-05-06")),),
        (Snak(REFERENCE_URL, Text("https://news.example/1")), Snak(QUOTATION, Words("en", "yes"))),
    )
    assert as_v1([line]) == (
        "Q893758\tP39\tQ900000013\tP582\t+2025-05-06T00:00:00Z/11"
        '\tS854\t"https://news.example/1"\tS1683\ten:"yes"\n'
    )


def test_a_table_of_csv_has_its_marks_doubled() -> None:
    reference = (Snak(REFERENCE_URL, Text("https://n.example/")),
                 Snak(QUOTATION, Words("en", 'say "yes"')))  # fmt: skip
    assert as_csv([Line("Q1", HELD, (), reference)]) == [
        'qid,P39,S854,s1683\nQ1,Q900000013,"""https://n.example/""","en:""say ""yes"""""\n'
    ]


def test_lines_of_another_shape_are_another_table_without_empty_cells() -> None:
    dated = Line("Q1", HELD, (Snak(END_TIME, Day("2025")),))
    named = Line("Q2", Term("Aen", Words("en", "A")))
    assert as_csv([dated, named, dated]) == [
        "qid,P39,qal582\nQ1,Q900000013,+2025-00-00T00:00:00Z/9\nQ1,Q900000013,+2025-00-00T00:00:00Z/9\n",
        "qid,Aen\nQ2,A\n",
    ]


def test_the_day_of_retrieval_stands_before_the_quotation() -> None:
    reference = (Snak(REFERENCE_URL, Text("https://n.example/")), Snak(QUOTATION, Words("en", "a")))
    found = retrieved(reference, date(2026, 11, 23))
    assert [s.property.id for s in found] == ["P854", "P813", "P1683"]
    assert written(found[1].value) == "+2026-11-23T00:00:00Z/11"


def test_a_command_for_people_has_no_tabs() -> None:
    says = Snak(POINT_IN_TIME, Day("2025-03"))
    assert command("Q1", says, ()) == "Q1 P585 +2025-03-00T00:00:00Z/10"


@pytest.mark.skipif(not shutil.which("php"), reason="needs php")
def test_php_itself_reads_the_tables_as_we_do() -> None:
    texts = [t for t in map(plain, HOSTILE) if t and "\\" not in t]
    some = [Line("Q1", HELD, (), (Snak(QUOTATION, Words("en", t)),)) for t in texts]
    [table] = as_csv(some)
    code = (
        "$f = fopen('php://stdin', 'r'); $rows = [];"
        "while (($row = fgetcsv($f)) !== false) $rows[] = $row;"
        "echo json_encode($rows, JSON_UNESCAPED_UNICODE);"
    )
    done = subprocess.run(["php", "-r", code], input=table, capture_output=True, text=True)
    rows = json.loads(done.stdout)
    assert [row[-1] for row in rows[1:]] == [f'en:"{text}"' for text in texts]


# What is recognised


@given(st.lists(statements | names, min_size=1))
def test_what_is_written_here_is_recognised(lines: list[Line]) -> None:
    able = [line for line in lines if not v1_trouble(line)]
    assert not able or is_batch(as_v1(able).encode())
    able = [line for line in lines if not csv_trouble(line)]
    assert all(is_batch(table.encode()) for table in as_csv(able))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"\xff\xfe", b'base = "https://e.example/"\n', b"[[line]]\n", b"qid",
        b"qid,name\n",
        b"qid,P31\nQ1\n", b"qid,P31\nx,Q5\n", b"id,P31\nQ1,Q5\n", b'qid,P31\n"Q1', b"Q1\tP31\n",
        b"Q1\tP31\tQ5\n\nmine\n", b"CREATE\nLAST\tP31\tQ5\n", b"Q1 P31 Q5\n", b"Q1\tP31\tQ5\tS1\n",
    ],
)  # fmt: skip
def test_what_somebody_else_wrote_is_not(content: bytes) -> None:
    assert not is_batch(content)
