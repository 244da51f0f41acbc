"""`link suggest`, as people run it, against a Wikidata that is served."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import triplomacy
from tests.link.site import offline
from tests.link.suggest.case import BORIS, FRENCH, MINISTER, OFFICE, Case

Done = subprocess.CompletedProcess[str]


def suggest(case: Case, *arguments: str, typed: str | None = None, by: str | None = "Ada") -> Done:
    who = ("--by", by) if by else ()
    return triplomacy(
        "link", "suggest", "--site", str(case.folder), *arguments, *who, input=typed or ""
    )


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
    typed = "other\nQ893758\nother\nQ893758\nquit\n"
    done = suggest(case, "actor/boris", "office/german", typed=typed)
    assert "1 links written" in done.stdout
    assert case.links.count("owl:sameAs wd:Q893758") == 1


def test_who_stops_keeps_what_was_answered(case: Case) -> None:
    done = suggest(case, typed="yes\n")  # and then the input ends
    assert "1 links written" in done.stdout
    assert "stopped before the end" in done.stdout
    assert "a:boris owl:sameAs wd:Q893758 ." in case.links
    assert BORIS not in suggest(case, typed="quit\n").stdout


def test_a_kill_between_two_answers_loses_nothing(case: Case) -> None:
    command = [sys.executable, "-m", "triplomacy", "link", "suggest", "--site", str(case.folder)]
    command += ["--by", "Ada"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
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
    assert "is no thing of this site" in done.stderr


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
