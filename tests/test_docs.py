"""The documentation shows what the commands really print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import REPOSITORY, triplomacy
from triplomacy.cli import main

COMMANDS = REPOSITORY / "docs/commands.md"
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def commands_page() -> str:
    """`docs/commands.md` as it should be; to renew it: `python -m tests.test_docs`."""
    pieces = [
        "# Commands\n",
        "Every command takes `--site FOLDER`; without it, the site is the folder you are in. Exit "
        "codes: 0 all is well, 1 the data breaks a rule, 2 something cannot be read, 3 a release "
        "cannot be written or found.\n",
    ]
    for name in ("", *sorted(main.commands)):
        arguments = [name, "--help"] if name else ["--help"]
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
