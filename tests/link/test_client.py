"""The client is polite, patient within bounds, and believes nothing that it is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.ports import deaf_port
from tests.waiting import PATIENCE, until
from triplomacy.errors import TriplomacyError, Unreachable, UnusableAnswer
from triplomacy.link.client import ApiError, Client, Manners, TooLarge, _retry_after, agent_of
from triplomacy.link.stand_in.faults import FAULTS
from triplomacy.link.stand_in.server import StandIn, running
from triplomacy.site import Settings
from triplomacy.wikidata import Wikidata

QUICK = Manners(seconds=PATIENCE, patience=600, attempts=3, mib=1)
# Good answers come in time, if not at once then at one of so many attempts.
HASTY = Manners(seconds=0.5, patience=600, attempts=50, mib=1)
SLOW = ("slow", "drip")


class Waits(list[float]):
    """Waits for no time, and notes for how long it should have been."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


Ask = Callable[..., Any]


@pytest.fixture
def ask(stand_in: StandIn, waits: Waits) -> Ask:
    """Ask the stand-in for Vladimir Putin, which answers with these faults first."""

    def ask(*faults: str, manners: Manners = QUICK) -> Any:
        stand_in.faults[:] = faults
        client = Client("Us/1 (https://example.org/)", manners, sleep=waits)
        return client.api(f"{stand_in.root}/w/api.php", action="wbgetentities", ids="Q7747")

    return ask


def test_an_answer_is_the_object_that_was_sent(ask: Ask, waits: Waits) -> None:
    assert ask()["entities"]["Q7747"]["id"] == "Q7747"
    assert waits == []


def test_a_request_says_who_asks_and_how_far_servers_may_lag(ask: Ask, stand_in: StandIn) -> None:
    ask()
    [heard] = stand_in.heard
    assert heard.headers["User-Agent"] == "Us/1 (https://example.org/)"
    assert heard.headers["Accept-Encoding"] == "gzip"
    assert heard.fields["maxlag"] == "5"
    assert heard.fields["format"] == "json"


def test_who_runs_the_site_can_be_reached() -> None:
    settings = Settings("https://example.org/s/")
    assert "(https://w3id.org/triplomacy/; https://example.org/s/) Python/" in agent_of(settings)
    settings = dataclasses.replace(settings, publisher_url="https://example.org/us/")
    assert "; https://example.org/us/)" in agent_of(settings)
    settings = dataclasses.replace(settings, wikidata=Wikidata(contact="a@example.org"))
    assert "; a@example.org)" in agent_of(settings)
    assert agent_of(settings).startswith("Triplomacy/")


# What passes


@pytest.mark.parametrize(
    "fault",
    ["429", "500", "502", "503", "maxlag", "ratelimited", "readonly", "internal", "html",
     "truncated", "cut-off", "hang-up", "empty", "deep", "not-utf-8", "nan", "huge-number"],
)  # fmt: skip
def test_what_may_pass_is_asked_for_again(
    ask: Ask, stand_in: StandIn, waits: Waits, fault: str
) -> None:
    assert ask(fault)["entities"]["Q7747"]["id"] == "Q7747"
    assert len(stand_in.heard) == 2
    assert len(waits) == 1


@pytest.mark.parametrize("fault", SLOW)
def test_what_takes_too_long_is_asked_for_again(
    ask: Ask, stand_in: StandIn, waits: Waits, fault: str
) -> None:
    assert ask(fault, manners=HASTY)["entities"]["Q7747"]["id"] == "Q7747"
    assert len(waits) >= 1
    until(lambda: len(stand_in.heard) == len(waits) + 1)


def test_it_waits_as_long_as_it_is_asked_to(ask: Ask, waits: Waits) -> None:
    ask("429", "maxlag")
    assert waits == [1, 1]


def test_without_being_asked_it_waits_longer_each_time(ask: Ask, waits: Waits) -> None:
    ask("500", "500", "500", "500", manners=Manners(attempts=5, pause=2))
    bounds = [(1, 3), (2, 6), (4, 12), (8, 24)]
    assert all(low <= wait <= high for wait, (low, high) in zip(waits, bounds, strict=True))


def test_no_pause_of_its_own_choice_is_longer_than_the_longest(ask: Ask, waits: Waits) -> None:
    manners = Manners(attempts=12, patience=10_000, pause=2, longest=7)
    ask(*["500"] * 11, manners=manners)
    assert len(waits) == 11
    assert waits[3:] == [7] * 8


def test_two_who_wait_come_back_at_different_times(ask: Ask, waits: Waits) -> None:
    for _ in range(8):
        ask("500", manners=Manners(pause=2))
    assert len(set(waits)) > 1


def test_it_gives_up_after_so_many_attempts(ask: Ask, stand_in: StandIn) -> None:
    with pytest.raises(Unreachable, match="answers with the status 503") as caught:
        ask("503", "503", "503")
    assert len(stand_in.heard) == 3
    assert caught.value.exit_code == 4
    assert "what was answered already is kept" in caught.value.remedy


def test_it_waits_no_day_when_it_is_asked_to(ask: Ask, stand_in: StandIn, waits: Waits) -> None:
    with pytest.raises(Unreachable, match="asks to come back in 86400 s"):
        ask("429-long")
    assert waits == []
    assert len(stand_in.heard) == 1


def test_somebody_is_told_what_it_waits_for(stand_in: StandIn, waits: Waits) -> None:
    told: list[str] = []
    stand_in.faults[:] = ["maxlag"]
    client = Client("Us/1", QUICK, sleep=waits, told=told.append)
    client.api(f"{stand_in.root}/w/api.php", action="query", meta="siteinfo")
    assert "7.2 seconds lagged" in told[0]
    assert "waiting for 1 s" in told[0]


# What does not pass


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("403", UnusableAnswer, "status 403"),
        ("404", UnusableAnswer, "status 404"),
        ("not-an-object", UnusableAnswer, "not a JSON object"),
        ("endless", TooLarge, "larger than 1 MiB"),
        ("bomb", TooLarge, "larger than 1 MiB"),
        ("redirect-file", UnusableAnswer, "redirects to file:///etc/passwd, which is not followed"),
        ("redirect-private", UnusableAnswer, "redirects to http://169.254.169.254/"),
        ("redirect-elsewhere", UnusableAnswer, "redirects to https://example.org/"),
        ("redirect-port", UnusableAnswer, "redirects to http://127.0.0.1:1/w"),
        ("redirect-scheme", UnusableAnswer, "redirects to https://127.0.0.1:1/w"),
        ("redirect-nowhere", UnusableAnswer, "which is not followed"),
        ("redirect-round", UnusableAnswer, "again and again"),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_told_at_once(
    ask: Ask, waits: Waits, fault: str, error: type[TriplomacyError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        ask(fault)
    assert waits == []
    assert caught.value.remedy
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_no_fault_leads_to_anything_but_an_answer_or_an_error_of_ours(
    ask: Ask, stand_in: StandIn, waits: Waits, fault: str
) -> None:
    manners = dataclasses.replace(HASTY, attempts=3) if fault in SLOW else QUICK
    try:
        found = ask(fault, fault, fault, fault, manners=manners)
    except (Unreachable, UnusableAnswer) as error:
        assert error.detail and error.remedy
        assert ("took longer than" in error.detail) == (fault in SLOW)
    else:
        assert isinstance(found, dict)
    until(lambda: len(stand_in.heard) > len(waits))


def test_a_permanent_fault_ends_in_its_time() -> None:
    waited: list[str] = []
    manners = Manners(seconds=0.4, patience=1.5, attempts=1000, pause=0.1)
    with running(faults=["drip"] * 1000) as stand_in:
        with pytest.raises(Unreachable, match=r"took longer than 0\.\d+ s"):
            Client("Us/1", manners, told=waited.append).ask(f"{stand_in.root}/w/api.php")
        assert len(waited) <= 4  # the first ended after 0.4 s; the pauses double


def test_no_request_takes_longer_than_its_patience_lasts() -> None:
    manners = Manners(seconds=PATIENCE, patience=0.5)
    with (
        running(faults=["drip"]) as stand_in,
        pytest.raises(Unreachable, match=r"took longer than 0\.\d+ s"),
    ):
        Client("Us/1", manners).ask(f"{stand_in.root}/w/api.php")


def test_an_error_of_the_api_has_its_code(stand_in: StandIn) -> None:
    with pytest.raises(ApiError, match="no-such-entity") as caught:
        Client("Us/1", QUICK).api(f"{stand_in.root}/w/api.php", action="wbgetentities", ids="Q0")
    assert (caught.value.code, caught.value.about) == ("no-such-entity", "Q0")


def test_a_redirect_within_the_host_is_followed(stand_in: StandIn) -> None:
    found = Client("Us/1", QUICK).ask(f"{stand_in.root}/entity/Q7747")
    assert found["entities"]["Q7747"]["id"] == "Q7747"
    assert [h.path for h in stand_in.heard] == ["/entity/Q7747", "/wiki/Special:EntityData/Q7747"]


def test_a_form_goes_out_and_is_never_redirected(stand_in: StandIn) -> None:
    client = Client("Us/1", QUICK)
    url = f"{stand_in.root}/en/api"
    assert client.ask(url, {"queries": '{"q": {"query": "NATO"}}'})["q"]["result"]
    assert stand_in.heard[0].method == "POST"
    with pytest.raises(UnusableAnswer, match="redirects"):
        client.ask(f"{stand_in.root}/entity/Q7747", {"a": "b"})


# No network


def test_nobody_there_is_told_at_once(waits: Waits) -> None:
    with pytest.raises(Unreachable, match="Connection refused") as caught:
        Client("Us/1", sleep=waits).ask(f"http://127.0.0.1:{deaf_port()}/")
    assert "look whether this machine is online" in caught.value.remedy
    assert waits == []


def test_a_name_that_leads_nowhere_is_told_at_once(waits: Waits) -> None:
    with pytest.raises(Unreachable, match="its name cannot be looked up"):
        Client("Us/1", sleep=waits).ask("https://wikidata.invalid/w/api.php")
    assert waits == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_a_name_that_leads_inside_is_not_asked(address: str) -> None:
    client = Client("Us/1", resolver=lambda host, port: [address])
    with pytest.raises(UnusableAnswer, match="leads to an address that is not public"):
        client.ask("http://www.wikidata.example/w/api.php")


# Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("5", 5), (" 0 ", 0), ("-5", None), ("soon", None), (None, None), ("1.5", None),
     ("9" * 400, 999999999), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("٥", 5)],
)  # fmt: skip
def test_when_to_come_back_is_understood(value: str | None, seconds: float | None) -> None:
    assert _retry_after(value) == seconds


def test_when_to_come_back_can_be_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3000 < (_retry_after(when) or 0) <= 3600
