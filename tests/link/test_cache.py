"""The cache keeps answers with their age, and nothing that happens to it is ever an error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.small import as_nobody, small_site
from triplomacy.link.cache import Cache, cache_for
from triplomacy.site import packaged_site

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(folder: Path | None, time: datetime, days: float = 7) -> Cache:
    return Cache(folder, days, lambda: time)


def test_an_answer_comes_back_with_its_time(tmp_path: Path) -> None:
    at(tmp_path, NOON).put("Q1", {"a": "ä\ud800"})
    entry = at(tmp_path, NOON + timedelta(days=6)).get("Q1")
    assert entry is not None
    assert (entry.value, entry.fetched) == ({"a": "ä\ud800"}, NOON)


@pytest.mark.parametrize("age", [timedelta(days=7), timedelta(days=-1)])
def test_an_answer_that_is_old_or_of_the_future_is_none(tmp_path: Path, age: timedelta) -> None:
    at(tmp_path, NOON).put("Q1", {})
    assert at(tmp_path, NOON + age).get("Q1") is None


def test_no_answer_is_fresh_where_all_is_asked_for_anew(tmp_path: Path) -> None:
    at(tmp_path, NOON, 0).put("Q1", {})
    assert at(tmp_path, NOON, 0).get("Q1") is None
    assert at(tmp_path, NOON, 1).get("Q1") is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"key": "Q1"}', b"[" * 100_000,
     b'{"key": "Q2", "fetched": "2026-01-01T12:00:00+00:00", "value": {}}',
     b'{"key": "Q1", "fetched": "2026-01-01T12:00:00", "value": {}}',
     b'{"key": "Q1", "fetched": 7, "value": {}}',
     b'{"key": "Q1", "fetched": "2026-01-01T12:00:00+00:00", "value": []}'],
    ids=range(11),
)  # fmt: skip
def test_a_damaged_entry_counts_as_absent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "Q1.json").write_bytes(content)
    assert at(tmp_path, NOON).get("Q1") is None
    at(tmp_path, NOON).put("Q1", {"a": 1})
    assert at(tmp_path, NOON).get("Q1") is not None


WRITER = """
import sys
from pathlib import Path
from triplomacy.link.cache import Cache
cache = Cache(Path(sys.argv[1]), 7)
print("ready", flush=True)
while True:
    cache.put("Q1", {"text": "x" * 5_000_000})
"""


def test_a_writer_that_is_killed_leaves_a_whole_entry(tmp_path: Path) -> None:
    Cache(tmp_path, 7).put("Q1", {"text": ""})
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.11)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        entry = Cache(tmp_path, 7).get("Q1")
        assert entry is not None
        assert len(entry.value["text"]) in (0, 5_000_000)


def test_it_lies_in_the_site_and_away_from_git(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    cache_for(site, "x", 7).put("Q1", {})
    assert cache_for(site, "y", 7).get("Q1") is None
    assert cache_for(site, "x", 7).get("Q1") is not None
    assert (tmp_path / ".triplomacy-cache/.gitignore").read_text().endswith("*\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, check=True
    )
    assert b"cache" not in listed.stdout


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    cache_for(site, "x", 7).put("Q1", {})
    [entry] = tmp_path.glob(".triplomacy-cache/wikidata/*/Q1.json")
    old, new = entry.with_name(".writing-old"), entry.with_name(".writing-new")
    old.write_text("")
    new.write_text("")
    os.utime(old, (0, 0))
    cache_for(site, "x", 7)
    assert new.exists() and not old.exists()


def test_where_the_site_cannot_be_written_it_lies_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path / "site")
    (tmp_path / "user").mkdir(mode=0o777)
    (tmp_path / "user").chmod(0o777)
    (tmp_path / "site").chmod(0o555)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    packaged_site()  # what it imports may not be nobody's to read
    with as_nobody(tmp_path):
        cache_for(site, "x", 7).put("Q1", {})
        assert cache_for(site, "x", 7).get("Q1") is not None
    assert list((tmp_path / "user/triplomacy").rglob("Q1.json"))


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path)
    tmp_path.chmod(0o555)
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    packaged_site()  # what it imports may not be nobody's to read
    with as_nobody(tmp_path):
        cache = cache_for(site, "x", 7)
        cache.put("Q1", {})
        assert cache.get("Q1") is None
