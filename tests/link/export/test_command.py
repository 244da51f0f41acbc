"""`link export` as people run it, against a Wikidata that is served."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, copy_site, triplomacy
from tests.link.export.parsers import second_csv, second_v1, third_csv, third_v1
from tests.link.export.story import (
    ACTORS,
    HOLDER,
    HOLDING,
    MEETING,
    MEETING_FACTS,
    MINISTER,
    PISTORIUS,
    bent,
    claim,
    story,
)
from tests.link.site import asking, offline
from tests.small import contents
from tests.waiting import PATIENCE
from triplomacy.link.stand_in.server import StandIn, running

FILE = "export-review.toml"
ADDRESS = "https://data.wikimedia.org/s/id/source/s#char=0,39"


def export(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return triplomacy("link", "export", "--site", str(folder), "--by", "Ann", *arguments,
                      input=said)  # fmt: skip


def today() -> str:
    return datetime.now().astimezone().date().isoformat()


@pytest.fixture
def meeting(tmp_path: Path, forgetful: StandIn) -> Path:
    """A site that has five lines to give."""
    return story(tmp_path, forgetful, HOLDING + MEETING_FACTS)


def answers(folder: Path) -> list[str]:
    return [b["answer"] for b in tomllib.loads((folder / FILE).read_text())["line"]]


# In a terminal


def test_each_line_is_shown_and_asked_about(tmp_path: Path, forgetful: StandIn) -> None:
    done = export(story(tmp_path, forgetful), said="y\n")
    assert done.returncode == 0
    assert done.stdout == (
        f'{PISTORIUS}\tP39\t{MINISTER}\tS854\t"{ADDRESS}"'
        f'\tS813\t+{today()}T00:00:00Z/11\tS1683\ten:"{HOLDER}"\n'
    )
    for shown in (
        "1 of 1  data/sources/s.ttl:",
        "Boris Pistorius — position held — German Defense Minister",
        f"{PISTORIUS} P39 {MINISTER}",
        f"reference URL: {ADDRESS}",
        f"“{HOLDER}” (en)",
    ):
        assert shown in done.stderr
    [block] = tomllib.loads((tmp_path / FILE).read_text())["line"]
    assert (block["answer"], block["by"], block["on"]) == ("yes", "Ann", today())


def test_only_what_somebody_said_yes_to_is_written(meeting: Path) -> None:
    done = export(meeting, said="n\nyes\nperhaps\n\nNo\nn\ny\n")
    assert done.returncode == 0
    assert done.stderr.count("[y/n/q]") == 7  # what is no answer is asked about again
    assert answers(meeting) == ["no", "yes", "no", "no", "yes"]
    assert [c.property for c in second_v1(done.stdout)] == [
        block["wikidata"].split()[1]
        for block in tomllib.loads((meeting / FILE).read_text())["line"]
        if block["answer"] == "yes"
    ]


def test_there_is_no_yes_to_all() -> None:
    told = triplomacy("link", "export", "--help").stdout
    assert "--yes" not in told
    assert "-y" not in told.replace("--by", "")


@pytest.mark.parametrize("said", ["y\nn\nq\n", "y\nn\n"])
def test_who_leaves_off_goes_on_later(meeting: Path, said: str) -> None:
    done = export(meeting, said=said)
    assert done.returncode == 1
    assert done.stdout == ""  # a review that is not at its end writes nothing
    assert "3 left to decide; what was answered is kept in" in done.stderr
    assert answers(meeting) == ["yes", "no", "", "", ""]
    again = export(meeting, said="y\ny\ny\n")
    assert "1 of 3" in again.stderr
    assert len(second_v1(again.stdout)) == 4
    assert export(meeting).stdout == again.stdout  # all is decided, so nothing is asked


def test_an_interrupt_loses_nothing(meeting: Path) -> None:
    command = [sys.executable, "-m", "triplomacy", "link", "export", "--by", "Ann"]
    process = subprocess.Popen(
        [*command, "--site", str(meeting)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stderr
    process.stdin.write(b"y\n")
    process.stdin.flush()
    asked = b""
    while b"2 of 5" not in asked:
        some = process.stderr.read1()
        assert some, asked
        asked += some
    process.send_signal(signal.SIGINT)
    written, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert written == b""
    assert answers(meeting) == ["yes", "", "", "", ""]


def test_who_decides_is_who_git_knows_unless_another_is_named(meeting: Path) -> None:
    nobody = {"PATH": os.environ["PATH"], "HOME": str(meeting), "GIT_CONFIG_NOSYSTEM": "1"}
    arguments = ("link", "export", "--site", str(meeting))
    done = triplomacy(*arguments, input="y\nq\n", env=nobody)
    assert done.returncode == 1
    assert "git config user.name" in done.stderr
    assert "[y/n/q]" not in done.stderr
    (meeting / ".gitconfig").write_text("[user]\n\tname = Bea\n")
    triplomacy(*arguments, input="y\nq\n", env=nobody)
    assert 'by = "Bea"' in (meeting / FILE).read_text()


def test_changed_facts_are_asked_about_again(tmp_path: Path, forgetful: StandIn) -> None:
    export(story(tmp_path, forgetful), said="y\n")
    facts = f'{HOLDING}h:pistorius schema:startDate "2023-01-19" .'
    done = export(story(tmp_path, forgetful, facts), said="n\n")
    assert "start time 2023-01-19" in done.stderr
    assert done.stdout == ""
    again = export(story(tmp_path, forgetful))
    assert again.stdout.startswith(f"{PISTORIUS}\tP39")  # as it was when somebody said yes


def test_another_language_of_the_source_is_asked_about_again(
    tmp_path: Path, forgetful: StandIn
) -> None:
    assert 'S1683\ten:"' in export(story(tmp_path, forgetful), said="y\n").stdout
    actors = ACTORS.replace('dct:language "en"', 'dct:language "ru"')
    story(tmp_path, forgetful, actors=actors)
    done = export(tmp_path, "--apply", str(tmp_path / FILE))
    assert (done.returncode, done.stdout) == (2, "")
    assert "the site no longer says exactly this" in done.stderr
    done = export(tmp_path, said="y\n")
    assert f"“{HOLDER}” (ru)" in done.stderr
    assert 'S1683\tru:"' in done.stdout


def test_hostile_words_do_no_harm_in_a_terminal(tmp_path: Path, forgetful: StandIn) -> None:
    actors = ACTORS.replace(
        'dct:language "en"', 'dct:language "en" ; dct:title "\\u001B[2J\\u202Ex"'
    )
    done = export(story(tmp_path, forgetful, actors=actors), said="n\n")
    assert "title: [2J\\u202ex (en)" in done.stderr
    assert "\x1b" not in done.stderr


# In a file


def test_a_file_can_be_answered_in_an_editor(meeting: Path) -> None:
    path = meeting / "mine.toml"
    done = export(meeting, "--review", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(f"{path}: 5 lines to answer\n")
    done = export(meeting, "--apply", str(path))
    assert (done.returncode, done.stdout) == (0, "")  # nobody has said yes
    assert "5 lines have no answer." in done.stderr
    path.write_text(path.read_text().replace('answer = ""', 'answer = "yes"', 2))
    text = path.read_text()
    done = export(meeting, "--apply", str(path))
    assert done.returncode == 0
    assert len(second_v1(done.stdout)) == len(third_v1(done.stdout)) == 2
    assert path.read_text() == text
    assert not (meeting / FILE).exists()


def test_a_line_that_is_no_longer_right_stops_it(meeting: Path, forgetful: StandIn) -> None:
    path = meeting / FILE
    export(meeting, said="y\n" * 5)
    story(meeting, forgetful, MEETING_FACTS.replace("2025-03-03", "2025-03-02"))
    done = export(meeting, "--apply", str(path), "-o", str(meeting / "batch"))
    assert done.returncode == 2
    assert f"{path}:" in done.stderr
    assert f"→ renew the file, and answer what is new: triplomacy link export --review {path}" in (
        done.stderr
    )
    assert not (meeting / "batch").exists()


def test_a_file_is_not_made_and_taken_at_once(meeting: Path) -> None:
    export(meeting, "--review", str(meeting / FILE))
    done = export(meeting, "--review", str(meeting / FILE), "--apply", str(meeting / FILE))
    assert done.returncode == 2
    assert "and then --apply" in done.stderr


# What is written


def test_csv_goes_into_a_file_for_each_shape(meeting: Path) -> None:
    export(meeting, said="y\n" * 5)
    done = export(meeting, "--format", "csv")
    assert done.returncode == 2
    assert "do not fit into one table" in done.stderr
    done = export(meeting, "--format", "csv", "-o", str(meeting / "new" / "batch.csv"))
    assert done.returncode == 0
    tables = sorted((meeting / "new").iterdir())
    assert [t.name for t in tables] == ["batch-2.csv", "batch-3.csv", "batch-4.csv", "batch.csv"]
    for read in (second_csv, third_csv):
        commands = [c for t in tables for c in read(t.read_text())]
        assert sorted(c.subject for c in commands) == sorted([PISTORIUS] + [MEETING] * 4)
        assert all(len(c.reference) == 3 for c in commands)


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_former_batch_does_not_stay_when_there_is_nothing_to_write(meeting: Path) -> None:
    path = meeting / "out" / "old.qs"
    assert export(meeting, "-o", str(path), said="y\n" * 5).returncode == 0
    assert len(second_v1(path.read_text())) == 5
    review = meeting / FILE
    review.write_text(review.read_text().replace('"yes"', '"no"'))
    done = export(meeting, "-o", str(path))
    assert done.returncode == 0
    assert done.stderr.endswith(f"{path} removed: it was a former batch\nNothing to write.\n")
    assert files(path.parent) == []


def test_a_smaller_batch_leaves_no_table_of_a_former_one(meeting: Path) -> None:
    path = meeting / "out" / "batch.csv"
    arguments = ("--format", "csv", "-o", str(path))
    export(meeting, *arguments, said="y\n" * 5)
    (path.parent / "batch-5.csv").write_text("mine")
    review = meeting / FILE
    for answer, left in (("no", 2), ("yes", 4)):
        text = review.read_text()
        blocks = [b if "P710" in b or "P39" in b else b.replace('"yes"', f'"{answer}"')
                  for b in text.replace('"no"', '"yes"').split("\n\n")]  # fmt: skip
        review.write_text("\n\n".join(blocks))
        done = export(meeting, *arguments)
        assert done.returncode == 0
        assert done.stderr.count(" written\n") == left
        assert done.stderr.count("removed: it was a former batch\n") == 4 - left
        assert len(files(path.parent)) == left + 1
    assert (path.parent / "batch-5.csv").read_text() == "mine"


def test_a_review_that_is_left_says_that_the_batch_there_is_a_former_one(
    tmp_path: Path, forgetful: StandIn
) -> None:
    batch = tmp_path / "batch.qs"
    export(story(tmp_path, forgetful), "-o", str(batch), said="y\n")
    story(tmp_path, forgetful, f'{HOLDING}h:pistorius schema:startDate "2023" .')
    done = export(tmp_path, "-o", str(batch), said="q\n")
    assert done.returncode == 1
    assert done.stderr.endswith(f"{batch} is of a former run: do not use it any more\n")


@pytest.mark.parametrize("name", ["triplomacy.toml", "mine.toml", "data/links.ttl"])
def test_nothing_but_a_former_batch_is_overwritten(
    meeting: Path, forgetful: StandIn, name: str
) -> None:
    export(meeting, "--review", str(meeting / "mine.toml"))
    before = contents(meeting)
    forgetful.heard.clear()
    done = export(meeting, "--apply", str(meeting / "mine.toml"), "-o", str(meeting / name))
    assert done.returncode == 2
    assert "give another file with --output" in done.stderr
    assert contents(meeting) == before
    assert forgetful.heard == []  # told before anybody is asked


def test_a_batch_never_takes_the_place_of_the_decisions(tmp_path: Path, forgetful: StandIn) -> None:
    folder = story(tmp_path / "site", forgetful)
    (tmp_path / "link").symlink_to(folder)
    for path in (folder / FILE, tmp_path / "link" / FILE):
        done = export(folder, "-o", str(path), said="y\n")
        assert done.returncode == 2
        assert f"{path} keeps the decisions\n  → give another file with --output" in done.stderr
        assert not (folder / FILE).exists()


def test_a_device_is_no_file(tmp_path: Path, forgetful: StandIn) -> None:
    done = export(story(tmp_path, forgetful), "-o", "/dev/null", said="y\n")
    assert done.returncode == 2
    assert Path("/dev/null").is_char_device()


def test_a_table_beside_the_batch_overwrites_nothing_either(meeting: Path) -> None:
    (meeting / "batch-3.csv").write_text("mine")
    done = export(meeting, "--format", "csv", "-o", str(meeting / "batch.csv"), said="y\n" * 5)
    assert done.returncode == 2
    assert "batch-3.csv holds something else than a batch, and is kept" in done.stderr
    assert (meeting / "batch-3.csv").read_text() == "mine"
    assert not (meeting / "batch.csv").exists()


def test_a_batch_is_utf_8_whatever_the_terminal_uses(tmp_path: Path, forgetful: StandIn) -> None:
    actors = ACTORS.replace('dct:language "en"', 'dct:language "en" ; dct:title "Möller – Київ"@de')
    command = [sys.executable, "-m", "triplomacy", "link", "export", "--by", "Ann"]
    done = subprocess.run(
        [*command, "--site", str(story(tmp_path, forgetful, actors=actors))],
        input=b"y\n",
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=True,
    )
    assert 'S1476\tde:"Möller – Київ"' in done.stdout.decode()


def test_the_day_of_retrieval_is_that_of_the_decision(tmp_path: Path, forgetful: StandIn) -> None:
    export(story(tmp_path, forgetful), said="y\n")
    review = tmp_path / FILE
    review.write_text(review.read_text().replace(f'on = "{today()}"', 'on = "2025-03-04"'))
    assert "S813\t+2025-03-04T00:00:00Z/11" in export(tmp_path).stdout
    review.write_text(review.read_text().replace('on = "2025-03-04"', 'on = ""'))
    assert f"S813\t+{today()}T00:00:00Z/11" in export(tmp_path).stdout


def test_what_a_format_cannot_write_is_told(tmp_path: Path, forgetful: StandIn) -> None:
    actors = ACTORS.replace('dct:language "en"', 'dct:language "en" ; dct:title "A || B"@en')
    folder = story(tmp_path, forgetful, actors=actors)
    done = export(folder, said="y\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "QuickStatements V1 cannot write | in a text: use --format csv" in done.stderr
    done = export(folder, "--format", "csv")
    assert done.returncode == 0
    assert "A || B" in done.stdout


def test_what_wikidata_has_by_now_is_not_written_again(tmp_path: Path) -> None:
    items = bent()
    with running(items=items) as it:
        folder = story(tmp_path, it)
        assert export(folder, said="y\n").stdout
        items.entities[PISTORIUS]["claims"] |= claim("P39", MINISTER)
        for more in ([], ["--apply", str(folder / FILE)]):
            done = export(folder, *more)
            assert (done.returncode, done.stdout) == (0, "")
            assert "Wikidata lacks 0, and has 1." in done.stderr
        assert answers_in(folder) == ["yes"]
        items.entities[PISTORIUS]["claims"].pop("P39")
        assert "has 1." in export(folder, "--cached").stderr


def answers_in(folder: Path) -> list[str]:
    document = tomllib.loads((folder / FILE).read_text())
    return [b["answer"] for blocks in document.values() for b in blocks]


def test_what_is_left_out_is_told_where_that_is_wanted(tmp_path: Path, stand_in: StandIn) -> None:
    done = export(story(tmp_path, stand_in, HOLDING + MEETING_FACTS), "--left-out")
    assert done.stdout == ""
    assert "the link of Meeting in Russia is to be looked at: triplomacy link check" in done.stderr
    assert "German Defense Minister: Wikidata has it" in done.stderr


# Bad days


def test_without_a_network_it_says_so_and_writes_nothing(meeting: Path) -> None:
    export(meeting, said="y\n" * 5)
    before = (meeting / FILE).read_bytes()
    done = export(offline(meeting), "-o", str(meeting / "batch"))
    assert done.returncode == 4
    assert done.stdout == ""
    assert "Wikidata cannot be reached: http://127.0.0.1:" in done.stderr
    assert not (meeting / "batch").exists()
    assert (meeting / FILE).read_bytes() == before


@pytest.mark.parametrize("fault", ["429", "maxlag", "truncated", "html"])
def test_a_bad_answer_is_asked_for_again(tmp_path: Path, forgetful: StandIn, fault: str) -> None:
    folder = story(tmp_path, forgetful)
    forgetful.faults[:] = [fault]
    done = export(folder, said="y\n")
    assert done.returncode == 0
    assert done.stdout.startswith(PISTORIUS)
    assert len(forgetful.heard) == 2


def test_what_cannot_be_read_is_told_first(meeting: Path, forgetful: StandIn) -> None:
    (meeting / "data/more.ttl").write_text("a:z a")
    forgetful.heard.clear()
    done = export(meeting)
    assert done.returncode == 2
    assert done.stdout.startswith("data/more.ttl:1  unreadable")
    assert forgetful.heard == []


def test_a_review_that_cannot_be_read_is_told_before_anybody_is_asked(
    meeting: Path, forgetful: StandIn
) -> None:
    (meeting / FILE).write_text("<<<<<<< ours\n=======\n")
    forgetful.heard.clear()
    done = export(meeting)
    assert done.returncode == 2
    assert f"{meeting / FILE}: " in done.stderr
    assert "settle what their changes left" in done.stderr
    assert forgetful.heard == []


# This repository


@pytest.fixture
def article(tmp_path: Path) -> Iterator[Path]:
    """A copy of this repository’s site."""
    yield copy_site(tmp_path / "site")


DOCS = (REPOSITORY / "docs/wikidata.md").read_text(encoding="utf-8")
_LINE = re.compile(r"(article\.ttl):\d+")


def same(text: str) -> str:
    """A text without what every day, and every edit of the facts, changes."""
    return _LINE.sub(r"\1", text).replace(today(), "2026-11-23")


def test_the_docs_show_what_the_article_has_to_give(article: Path, stand_in: StandIn) -> None:
    done = export(asking(article, stand_in), "--left-out")
    assert (done.returncode, done.stdout) == (0, "")
    *reasons, summary, nothing = done.stderr.splitlines()
    assert f"$ triplomacy link export\n{summary}\n{nothing}\n```" in DOCS
    unlinked = [r for r in reasons if r.endswith("is not linked to an item by owl:sameAs")]
    assert f"Of the {len(reasons) - 2}, {len(unlinked)} lack a link" in DOCS


def test_the_docs_show_what_a_line_would_look_like(article: Path, forgetful: StandIn) -> None:
    links = article / "data/links.ttl"
    line = f"office:german-defense-minister owl:sameAs wd:{MINISTER} .\n"
    links.write_text(links.read_text() + line)
    done = triplomacy(
        *("link", "export", "-o", "batch.qs", "--by", "Ann"),
        cwd=asking(article, forgetful),
        input="y\n",
    )
    assert done.returncode == 0
    said = done.stderr.replace("[y/n/q] ", "[y/n/q] y\n")  # a terminal shows the answer
    assert f"$ triplomacy link export -o batch.qs\n{same(said)}```" in same(DOCS)
    assert same((article / "batch.qs").read_text().replace("\t", "|")) in same(DOCS)
    block = (article / FILE).read_text().partition("[[line]]")[2]
    assert f"[[line]]{same(block)}```" in same(DOCS)


def test_the_docs_list_every_property_that_is_written() -> None:
    from triplomacy.link.export import properties

    for value in vars(properties).values():
        if isinstance(value, properties.Property):
            assert f"{value.label} ({value.id})" in " ".join(DOCS.split())
