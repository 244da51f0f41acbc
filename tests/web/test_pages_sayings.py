"""Pages say at how many removes a statement is known, and what rests on it."""

from __future__ import annotations

import re

import httpx
import pytest

PROPOSAL = "China as reported by media outlets behind the reports"


def words(client: httpx.Client, path: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", client.get(path).text).split())


@pytest.mark.parametrize(
    "path", ["doc/event/china-hosted-summit.html", "doc/statement/china-proposal.html"]
)
def test_who_reports_what_somebody_is_said_to_have_said_stands_beside_the_speaker(
    client: httpx.Client, path: str
) -> None:
    assert PROPOSAL in words(client, path)


def test_who_is_quoted_by_the_source_itself_is_reported_by_nobody_else(
    client: httpx.Client,
) -> None:
    assert "as reported by" not in words(client, "doc/statement/hegseth-options.html")


def test_what_the_source_says_as_well_is_not_called_known_from_a_statement_alone(
    client: httpx.Client,
) -> None:
    """The source itself speaks of the call that Trump announces (“Following his conversation”)."""
    page = words(client, "doc/statement/trump-announcement.html")
    assert "What rests on its word Trump–Putin call" in page
    assert "known only" not in page
