"""The documentation shows what the commands really print."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

from tests.conftest import REPOSITORY, copy_site, triplomacy
from triplomacy.cli import main

COMMANDS = REPOSITORY / "docs/commands.md"
CALLERS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/>
SELECT ?who { <https://example.org/my-site/id/event/norway-call> sem:hasActor/rdfs:label ?name
  BIND(STR(?name) AS ?who) } ORDER BY ?who
"""
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def commands_page() -> str:
    """`docs/commands.md` as it should be; to renew it: `python -m tests.test_docs`."""
    pieces = [
        "# Commands\n",
        "Every command takes `--site FOLDER`; without it, the site is the folder you are in. Exit "
        "codes: 0 all is well, 1 the data breaks a rule or what you name does not run, 2 something "
        "cannot be read, 3 a release cannot be written or found, 4 Wikidata cannot be reached.\n",
    ]
    groups = {n: c.commands for n, c in main.commands.items() if isinstance(c, click.Group)}
    names = [*main.commands, *(f"{group} {name}" for group in groups for name in groups[group])]
    for name in ("", *sorted(names)):
        arguments = [*name.split(), "--help"]
        shown = CliRunner().invoke(
            main, arguments, prog_name="triplomacy", terminal_width=80, max_content_width=80
        )
        title = f"## `triplomacy {name}`\n\n" if name else ""
        pieces.append(f"{title}```\n{shown.output.rstrip()}\n```\n")
    return "\n".join(pieces)


def test_the_page_of_commands_is_their_help() -> None:
    assert COMMANDS.read_text(encoding="utf-8") == commands_page()


def transcripts() -> list[tuple[str, str]]:
    """The `triplomacy query` commands of the README, each with what it is said to print."""
    found = re.findall(r"^\$ (triplomacy query .+)\n((?:(?!\$|```).*\n)*)", README, re.MULTILINE)
    return [(command, output.rstrip("\n") + "\n") for command, output in found]


def test_the_readme_shows_queries() -> None:
    assert len(transcripts()) >= 2


@pytest.mark.parametrize(("command", "output"), transcripts())
def test_a_query_of_the_readme_prints_what_it_says(command: str, output: str, site: Path) -> None:
    assert triplomacy("build", "--site", str(site)).returncode == 0
    done = triplomacy(*shlex.split(command)[1:], "--site", str(site), cwd=REPOSITORY)
    assert done.stdout.replace("\r\n", "\n") == output


def transcript(command: str) -> str:
    """What the README says that `command` prints, without the ellipses at its edges."""
    shown = README.partition(f"$ {command}\n")[2].partition("\n```")[0].partition("\n\n$ ")[0]
    assert shown, command
    return shown.removeprefix("…\n").removesuffix("\n…") + "\n"


def test_the_readme_shows_the_turtle_that_the_server_sends(client: httpx.Client) -> None:
    command = re.search(r"\$ (curl -sL -H 'Accept: text/turtle' \S+)", README)
    assert command
    path = command[1].partition(":8000/")[2]
    answer = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert transcript(command[1]) in answer.text


def test_the_readme_shows_what_a_changed_quotation_leads_to(tmp_path: Path) -> None:
    facts = copy_site(tmp_path / "site") / "data/sources/article.ttl"
    text = facts.read_text(encoding="utf-8")
    changed = text.replace('exactText "all options are', 'exactText "all options were')
    assert changed != text
    facts.write_text(changed, encoding="utf-8")
    done = triplomacy("check", "--site", str(tmp_path / "site"))
    first, *_, last = transcript("triplomacy check").splitlines()
    line = re.compile(r":\d+ ")  # which every edit of the facts above it moves
    assert line.sub("", done.stdout.splitlines()[0]) == line.sub("", first)
    assert done.stderr.splitlines() == [last]


def test_the_site_of_the_guide_is_built_as_the_guide_says(tmp_path: Path) -> None:
    guide = (COMMANDS.parent / "publish-your-own.md").read_text(encoding="utf-8")
    meta, facts = re.findall(r"```turtle\n(.*?)```", guide, re.DOTALL)
    [text] = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)
    sources = tmp_path / "my-site/data/sources"
    sources.mkdir(parents=True)
    settings = re.findall(r"^    ((?:base|title) = .+\n)", guide, re.MULTILINE)
    (tmp_path / "my-site/triplomacy.toml").write_text("".join(settings), encoding="utf-8")
    (sources / "note.txt").write_text(text, encoding="utf-8")
    (sources.parent / "calls.ttl").write_text(facts, encoding="utf-8")
    (sources.parent / "meta.ttl").write_text(meta, encoding="utf-8")
    (tmp_path / "triplomacy").symlink_to(REPOSITORY)
    for command in re.findall(r"^    ((?:cp|perl) .+)$", guide, re.MULTILINE):
        subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    done = triplomacy("build", "--site", "my-site", cwd=tmp_path)
    assert done.stderr == ""
    answer = triplomacy(
        "query", "-", "--site", "my-site", "--format", "csv", cwd=tmp_path, input=CALLERS
    )
    assert answer.stdout.splitlines() == ["who", "her colleague in Norway", "the minister"]


def test_every_local_link_of_the_documentation_leads_somewhere() -> None:
    for page in (
        REPOSITORY / "README.md",
        REPOSITORY / "CONTRIBUTING.md",
        *COMMANDS.parent.glob("*.md"),
    ):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


if __name__ == "__main__":
    COMMANDS.write_text(commands_page(), encoding="utf-8")
