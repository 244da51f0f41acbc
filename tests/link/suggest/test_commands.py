"""`link suggest`, as people run it, against a Wikidata that is served."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import triplomacy
from tests.link.site import offline
from tests.link.suggest.case import BORIS, FRENCH, MINISTER, OFFICE, Case
from tests.small import BASE

Done = subprocess.CompletedProcess[str]


def suggest(case: Case, *arguments: str, typed: str | None = None, by: str | None = "Ada") -> Done:
    who = ("--by", by) if by else ()
    return triplomacy(
        "link", "suggest", "--site", str(case.folder), *arguments, *who, input=typed or ""
    )


def command(case: Case, *arguments: str) -> list[str]:
    """The command, for what wants to see how it goes."""
    site = ("--site", str(case.folder), "--by", "Ada")
    return [sys.executable, "-m", "triplomacy", "link", "suggest", *arguments, *site]


def reviewed(case: Case, answer: str, *arguments: str) -> Path:
    """A file of review in which the office has an answer."""
    path = case.folder / "offices.toml"
    done = suggest(case, "--kind", "office", "--review", str(path), by=None)
    assert done.returncode == 0, done.stderr
    path.write_text(path.read_text().replace('answer = ""', f'answer = "{answer}"'))
    return path


# In the terminal


def test_a_yes_is_written_at_once(case: Case) -> None:
    done = suggest(case, "office/german", typed="yes\n")
    assert done.returncode == 0, done.stderr
    assert f"1  {MINISTER}  Federal Minister of Defence: minister of the" in done.stdout
    assert "+ represents Germany (P1001): 100" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "1 links written, 0 things are none of what was suggested, 0 skipped, 0 without a candidate"
    )
    assert f"o:german owl:sameAs wd:{MINISTER} ." in case.links


def test_a_number_means_the_one_at_that_place(case: Case) -> None:
    assert suggest(case, "office/german", typed="close 1\n").returncode == 0
    assert f"o:german skos:closeMatch wd:{MINISTER} ." in case.links


def test_none_is_remembered_and_skip_is_not(case: Case) -> None:
    first = suggest(case, "--kind", "office", typed="skip\n")
    assert "1 skipped" in first.stdout
    assert "1 things are none" in suggest(case, "--kind", "office", typed="none\n").stdout
    assert f"owl:differentFrom wd:{MINISTER}" in case.links
    third = suggest(case, "--kind", "office", typed="")
    assert MINISTER not in third.stdout


def test_another_item_can_be_named(case: Case) -> None:
    done = suggest(case, "actor/boris", typed="other\nQ893758\n")
    assert done.returncode == 0
    assert "a:boris owl:sameAs wd:Q893758 ." in case.links


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("q893758", "write Q893758"),
        ("P39", "P39 is a property"),
        ("9", "there is no suggestion 9"),
        ("Q900000098", "is no item of Wikidata, or no more"),
        ("Q900000031", "Q900000031 was merged into Q3874799: answer Q3874799"),
        ("Q900000022", "a page that tells namesakes apart"),
        ("Q212", "Q212 (“Ukraine”) is a territory by what Wikidata says"),
    ],
)
def test_an_item_that_cannot_be_is_refused_and_asked_again(
    case: Case, number: str, words: str
) -> None:
    before = case.links
    done = suggest(case, "actor/boris", typed=f"other\n{number}\nquit\n")
    assert words in done.stdout
    assert "stopped before the end" in done.stdout
    assert case.links == before


def test_what_looks_odd_is_linked_only_if_it_is_confirmed(case: Case) -> None:
    refused = suggest(case, "actor/boris", typed="other\nQ22686\nn\nquit\n")
    assert "far from “Donald Trump”" in refused.stdout
    assert "Q22686" not in case.links
    assert suggest(case, "actor/boris", typed="other\nQ22686\ny\n").returncode == 0
    assert "a:boris owl:sameAs wd:Q22686 ." in case.links


def test_one_item_is_not_linked_from_two_things_of_one_run(case: Case) -> None:
    facts = (case.folder / "data/facts.ttl").open("a")
    facts.write('o:other a eas:Office ; rdfs:label "German Defense Minister"@en .')
    facts.close()
    typed = f"other\n{MINISTER}\n" * 2 + "quit\n"
    done = suggest(case, "office/german", "office/other", typed=typed)
    assert f"{MINISTER} is also the item of <{OFFICE}>" in done.stdout
    assert "1 links written" in done.stdout
    assert case.links.count(f"owl:sameAs wd:{MINISTER}") == 1


def test_a_thing_that_is_named_is_asked_about_without_a_candidate_too(case: Case) -> None:
    done = suggest(case, "topic/weather", typed="other\nQ7184\ny\n")
    assert "No candidate was found; type other if you know the item." in done.stdout
    assert "topic:weather owl:sameAs wd:Q7184 ." in case.links
    (case.folder / "data/links.ttl").write_text(case.links.partition("\n# ")[0])
    rest = suggest(case, "--kind", "topic")
    assert rest.stdout.endswith("0 skipped, 1 without a candidate\n")
    assert rest.stderr == "Without a candidate: vocab/topic/weather\n"


def test_what_somebody_said_it_is_not_cannot_be_linked(case: Case) -> None:
    suggest(case, "office/german", typed="none\n")
    done = suggest(case, "office/german", typed=f"other\n{MINISTER}\nquit\n")
    assert f"it is said to be {MINISTER}, and to be different from it" in done.stdout
    assert f"owl:sameAs wd:{MINISTER}" not in case.links


def test_a_link_that_somebody_writes_meanwhile_in_another_file_is_seen(case: Case) -> None:
    with subprocess.Popen(
        command(case, "office/german"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as it:  # fmt: skip
        assert it.stdin and it.stdout and it.stderr
        for line in it.stdout:
            if "the service is sure" in line:
                break
        links = case.links.partition("a:germany")[0]
        (case.folder / "data/other.ttl").write_text(f"{links}o:german owl:sameAs wd:{FRENCH} .")
        it.stdin.write("yes\n")
        it.stdin.close()
        assert f"has linked <{OFFICE}>" in it.stderr.read()
    assert MINISTER not in case.links


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_that_lacks_letters_is_asked_all_the_same(case: Case, encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(
        command(case, "office/german"),
        input="yes \xff\nyes\n".encode("latin-1"), capture_output=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"written: Q900000013" in done.stdout


def test_who_stops_keeps_what_was_answered(case: Case) -> None:
    done = suggest(case, typed="yes\n")  # and then the input ends
    assert "1 links written" in done.stdout
    assert "stopped before the end" in done.stdout
    assert "a:boris owl:sameAs wd:Q893758 ." in case.links
    assert BORIS not in suggest(case, typed="quit\n").stdout


def test_a_kill_between_two_answers_loses_nothing(case: Case) -> None:
    with subprocess.Popen(
        command(case), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as it:
        assert it.stdin and it.stdout
        it.stdin.write("yes\n")
        it.stdin.flush()
        for line in it.stdout:
            if "written: Q893758" in line:
                break
        it.kill()
    assert "a:boris owl:sameAs wd:Q893758 ." in case.links
    assert not [f for f in (case.folder / "data").iterdir() if f.name.startswith(".")]


# With a file


def test_what_a_file_accepts_is_written(case: Case) -> None:
    path = reviewed(case, MINISTER)
    done = suggest(case, "--apply", str(path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("data/links.ttl: 1 links written; 0 were there already, ")
    assert f"o:german owl:sameAs wd:{MINISTER} ." in case.links
    assert 'similarity_score "1"^^xsd:double' in case.links


def test_a_file_that_was_applied_can_be_applied_again(case: Case) -> None:
    path = reviewed(case, MINISTER)
    suggest(case, "--apply", str(path))
    before = case.links
    done = suggest(case, "--apply", str(path))
    assert done.stdout.startswith("data/links.ttl: 0 links written; 1 were there already, ")
    assert case.links == before


def test_a_file_whose_thing_has_another_link_by_now_is_told(case: Case) -> None:
    path = reviewed(case, MINISTER)
    case.add(f"o:german owl:sameAs wd:{FRENCH} .\n")
    before = case.links
    done = suggest(case, "--apply", str(path))
    assert done.returncode == 1
    assert f"offices.toml:15: <{OFFICE}> is linked to" in done.stderr
    assert case.links == before


def test_a_file_about_things_of_another_site_is_told(case: Case) -> None:
    path = reviewed(case, MINISTER)
    path.write_text(path.read_text().replace(OFFICE, f"{OFFICE}-gone"))
    done = suggest(case, "--apply", str(path))
    assert "is no thing of this site that could be linked" in done.stderr


@pytest.mark.parametrize(
    "thing", ["http://www.wikidata.org/entity/Q7747", f"{BASE}ontology#Actor", f"{BASE}graph/links"]
)
def test_what_is_no_actor_office_place_topic_or_event_is_not_linked(case: Case, thing: str) -> None:
    case.add(f'<{thing}> rdfs:label "A thing"@en .\n')
    path = reviewed(case, MINISTER)
    path.write_text(path.read_text().replace(OFFICE, thing))
    before = case.links
    assert (
        "no thing of this site that could be linked" in suggest(case, "--apply", str(path)).stderr
    )
    assert case.links == before


@pytest.mark.parametrize("answer", ["none", f"close {MINISTER}", FRENCH])
def test_an_answer_that_contradicts_a_link_is_told(case: Case, answer: str) -> None:
    path = reviewed(case, answer)
    case.add(f"o:german owl:sameAs wd:{MINISTER} .\n")
    done = suggest(case, "--apply", str(path))
    assert done.returncode == 1
    assert "already, which is not what the answer says" in done.stderr


def test_a_thing_without_an_answer_is_told_as_such(case: Case) -> None:
    path = reviewed(case, "")
    case.add(f"o:german owl:sameAs wd:{MINISTER} .\n")
    assert "1 are without an answer" in suggest(case, "--apply", str(path)).stdout


def test_fresh_asks_for_the_item_anew(case: Case) -> None:
    path = reviewed(case, MINISTER)
    case.stand_in.heard.clear()
    suggest(case, "--apply", str(path), "--fresh")
    assert MINISTER in "".join(h.fields.get("ids", "") for h in case.stand_in.heard)


def test_all_of_a_file_is_written_or_nothing(case: Case) -> None:
    path = case.folder / "all.toml"
    suggest(case, "--review", str(path))
    text = path.read_text().replace('answer = ""', 'answer = "Q893758"', 1)
    path.write_text(text.replace('answer = ""', 'answer = "Q900000041"', 1))  # deleted
    before = case.links
    done = suggest(case, "--apply", str(path))
    assert done.returncode == 1
    assert f"violation  <{OFFICE}>  Q900000041 is no item of Wikidata" in done.stderr
    assert "does not bear out 1 of the answers" in done.stderr
    assert case.links == before


def test_none_in_a_file_is_remembered(case: Case) -> None:
    done = suggest(case, "--apply", str(reviewed(case, "none")))
    assert "1 things are none of what was suggested" in done.stdout
    assert f"owl:differentFrom wd:{MINISTER}" in case.links
    before = case.links
    suggest(case, "--apply", str(case.folder / "offices.toml"))
    assert case.links == before


# Who, and bad days


def test_git_knows_who_decides(case: Case) -> None:
    for arguments in (["init", "-q"], ["config", "user.name", "Grace Hopper"]):
        subprocess.run(["git", *arguments], cwd=case.folder, check=True)
    suggest(case, "office/german", typed="yes\n", by=None)
    assert 'sssom:author_label "Grace Hopper"' in case.links


def test_nobody_decides_nothing(case: Case) -> None:
    done = suggest(case, "office/german", typed="yes\n", by=" ")
    assert done.returncode == 1
    assert "say who you are: --by" in done.stderr


def test_without_a_network_it_says_so_and_writes_nothing(case: Case) -> None:
    offline(case.folder)
    text = (case.folder / "triplomacy.toml").read_text()
    address = text.partition('api = "')[2].partition("/w/api.php")[0]
    (case.folder / "triplomacy.toml").write_text(f'{text}reconciliation = "{address}/en/api"\n')
    before = case.links
    for arguments in (("office/german",), ("--review", str(case.folder / "r.toml"))):
        done = suggest(case, *arguments, typed="yes\n")
        assert done.returncode == 4
        assert "look whether this machine is online" in done.stderr
    assert case.links == before
    assert not (case.folder / "r.toml").exists()


def test_a_file_and_things_are_not_both_given(case: Case) -> None:
    assert suggest(case, "--apply", "x.toml", "office/german").returncode == 2
    assert suggest(case, "--apply", "x.toml", "--review", "y.toml").returncode == 2


def test_links_that_two_people_edited_are_told_before_anything_is_asked(case: Case) -> None:
    case.add("<<<<<<< HEAD\na:x owl:sameAs wd:Q1 .\n=======\n>>>>>>> theirs\n")
    done = suggest(case, "office/german", typed="yes\n")
    assert done.returncode == 2
    assert "data/links.ttl:13  unreadable  -  two people have edited this place" in done.stdout
    assert not case.stand_in.heard
