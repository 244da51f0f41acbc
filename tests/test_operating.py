"""The operator sees which queries run on the servers of a site, and can stop each of them."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server, serving, triplomacy
from tests.waiting import until
from tests.web.small_release import make_site
from triplomacy.errors import NotRunning, ReleaseError
from triplomacy.operating import listed
from triplomacy.servers import RunningServer, announced, running_servers

# 200 subjects: four of them joined without a shared variable are 1,600,000,000 solutions.
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def site_with_many(folder: Path) -> Path:
    """A site of 200 triples."""
    data = folder / "many.trig"
    triples = (f"<http://x/{n}> <http://x/p> <http://x/o{n}> ." for n in range(200))
    data.write_text(f"<http://x/g> {{ {' '.join(triples)} }}")
    return make_site(folder / "site", data=data)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose queries may run for long."""
    site = site_with_many(tmp_path_factory.mktemp("operated"))
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write("[limits]\nseconds = 300\n")
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


@contextlib.contextmanager
def asking(server: Server) -> Iterator[list[httpx.Response]]:
    """A client that asks for what does not end; its answer is in the list afterwards."""
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(httpx.post(f"{server.url}sparql", data={"query": ENDLESS}))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    yield answers
    thread.join()


def wait_for_queries(site: Path, number: int = 1) -> list[dict[str, object]]:
    """What `triplomacy queries --json` lists, as soon as there are so many."""
    until(lambda: len(listed(site / "releases")) == number)
    done = triplomacy("queries", "--json", "--site", str(site))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == number
    return found


def test_a_running_query_is_listed_and_can_be_cancelled(served: Server) -> None:
    with asking(served) as answers:
        [query] = wait_for_queries(served.site)
        assert query["begins"] == ENDLESS
        assert query["client"] == "127.0.0.1"
        assert query["server"] == served.url
        assert 0 < float(str(query["left"])) < 300
        shown = triplomacy("queries", "--site", str(served.site)).stdout
        assert str(query["id"]) in shown
        assert ENDLESS in shown
        done = triplomacy("cancel", str(query["id"]), "--site", str(served.site))
        assert (done.returncode, done.stdout) == (0, f"{query['id']} is stopped\n")
    [answer] = answers
    assert answer.status_code == 503
    assert answer.json()["title"] == "The query was cancelled"
    assert answer.headers["Query-Id"] == query["id"]
    assert answer.headers["Retry-After"]
    wait_for_queries(served.site, 0)


def test_a_query_that_does_not_run_cannot_be_cancelled(served: Server) -> None:
    done = triplomacy("cancel", "0123456789abcdef", "--site", str(served.site))
    assert done.returncode == 1
    assert "no query 0123456789abcdef runs" in done.stderr


def test_queries_of_all_servers_of_a_site_are_listed(served: Server) -> None:
    again = serving(served.site, "--no-build", "--workers", "1")
    with again as second, asking(served), asking(second):
        queries = wait_for_queries(served.site, 2)
        assert {q["server"] for q in queries} == {served.url, second.url}
        for query in queries:
            done = triplomacy("cancel", str(query["id"]), "--site", str(served.site))
            assert done.returncode == 0
    assert [s.url for s in running_servers(served.site / "releases")] == [served.url]


def test_without_a_server_the_commands_say_so(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    for command in (["queries"], ["cancel", "0123456789abcdef"]):
        done = triplomacy(*command, "--site", str(site))
        assert (done.returncode, done.stdout) == (1, "")
        assert "no server of" in done.stderr


def test_a_server_that_was_killed_leaves_nothing_that_misleads(tmp_path: Path) -> None:
    site = site_with_many(tmp_path)
    with serving(site, "--no-build", "--workers", "1") as running:
        [server] = running_servers(site / "releases")
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
        assert list((site / "releases/.servers").iterdir())
        # Its workers hold the lock as long as they live.
        until(lambda: not list(running_servers(site / "releases")))
        with pytest.raises(NotRunning):
            listed(site / "releases")
    assert not list((site / "releases/.servers").iterdir())
    assert not Path(server.folder).exists()


def test_a_server_that_ends_takes_its_file_along_and_only_its_user_may_look(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    folder = site / "releases/.servers"
    with serving(site, "--no-build", "--workers", "1"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(list(folder.iterdir())) == 1
    assert not list(folder.iterdir())


def test_only_a_temporary_folder_of_ours_is_ever_removed(tmp_path: Path) -> None:
    mine = tmp_path / "precious"
    mine.mkdir()
    folder = tmp_path / ".servers"
    folder.mkdir()
    for n, content in enumerate(
        (json.dumps({"pid": 1, "url": "", "folder": str(mine)}), "{", "[]", '{"folder": 5}')
    ):
        (folder / f"{n}.json").write_text(content)
    assert list(running_servers(tmp_path)) == []
    assert not list(folder.iterdir())
    assert mine.is_dir()


def test_a_file_of_a_server_is_there_only_while_it_is_locked(tmp_path: Path) -> None:
    server = RunningServer(os.getpid(), "http://x/", tempfile.gettempdir())
    with announced(tmp_path, server):
        [path] = (tmp_path / ".servers").glob("*.json")
        with path.open() as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        assert list(running_servers(tmp_path)) == [server]
    assert list(running_servers(tmp_path)) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".servers").write_text("a file in the way")
    server = RunningServer(1, "", "")
    with pytest.raises(ReleaseError, match=r"\.servers"), announced(tmp_path, server):
        pass
