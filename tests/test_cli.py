"""The commands as people and scripts meet them: what they print, where, with which exit code."""

from __future__ import annotations

import contextlib
import csv
import ctypes
import gzip
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

from tests.conftest import serving, triplomacy
from tests.ports import deaf_port, reserved_port
from tests.small import BASE, FACTS, SETTINGS, write_site
from tests.waiting import PATIENCE, until
from triplomacy import __version__
from triplomacy.cli import main
from triplomacy.release.folder import Releases

FAULTY = {"data/facts.ttl": FACTS.replace('v:label "A call"', 'v:name "A call"')}
SELECT = "SELECT ?l { ?s <https://vocab.example/label> ?l } ORDER BY ?l"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with one release."""
    folder = write_site(tmp_path_factory.mktemp("built"))
    assert triplomacy("build", "--site", str(folder)).returncode == 0
    return folder


@pytest.fixture
def built(made_once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made_once, tmp_path / "site", symlinks=True))


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, cwd: Path | None = None, input: str | bytes = "") -> Done:
    """Run a command in this process, in a tenth of the time; a traceback is a failure."""
    handlers = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        with contextlib.chdir(cwd or Path()):
            result = CliRunner().invoke(main, list(arguments), input=input, prog_name="triplomacy")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return Done(result.exit_code, result.stdout_bytes.decode(), result.stderr)


def on_a_terminal(*arguments: str, cwd: Path) -> tuple[int, str]:
    """Run a command with all its streams on a terminal; its exit code and all that was shown."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "triplomacy", *arguments],
        stdin=follower, stdout=follower, stderr=follower, cwd=cwd,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # Linux: the end of a terminal is an error
        while chunk := os.read(leader, 4096):
            shown += chunk
    os.close(leader)
    return process.wait(), shown.decode()


# Help


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = main.commands[name]
    help_text = command.get_help(click.Context(command, info_name=name))
    assert re.search(rf"^ +(echo .* \| )?triplomacy {name}\b", help_text, re.MULTILINE)


def test_help_fits_a_terminal_and_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert set(main.commands) == {
        *("build", "cancel", "check", "dump", "link", "queries", "query", "releases", "serve")
    }
    for name in main.commands:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_version_is_told() -> None:
    assert __version__ in run("--version").stdout


def test_an_unknown_command_is_a_usage_error() -> None:
    done = run("biuld")
    assert done.returncode == 2
    assert "No such command" in done.stderr


# check


def test_check_of_a_right_site_is_quiet_and_succeeds(tmp_path: Path) -> None:
    done = run("check", cwd=write_site(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Nothing to mend.\n")


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_check_tells_each_fault_on_a_line_and_exits_with_1(tmp_path: Path, engine: str) -> None:
    done = run("check", "--engine", engine, cwd=write_site(tmp_path, FAULTY))
    assert done.returncode == 1
    assert done.stdout == (
        f"data/facts.ttl:4  violation  <{BASE}id/event/call>  "
        "An event needs a short v:label: write one.\n"
    )
    assert done.stderr == "1 violation\n"


def test_check_exits_with_2_when_something_cannot_be_read(tmp_path: Path) -> None:
    done = run("check", cwd=write_site(tmp_path, {"data/x.ttl": "\n<a> <b> <c>"}))
    assert done.returncode == 2
    assert done.stdout.startswith("data/x.ttl:2  unreadable  -  ")
    assert done.stderr == "1 unreadable\n"


def test_check_writes_json_for_programs(tmp_path: Path) -> None:
    done = run("check", "--json", cwd=write_site(tmp_path, FAULTY))
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert document["counts"]["violation"] == 1
    [finding] = document["findings"]
    assert (finding["file"], finding["line"]) == ("data/facts.ttl", 4)


def test_check_writes_annotations_for_github(tmp_path: Path) -> None:
    write_site(tmp_path / "my-site", FAULTY)
    done = run("check", "--github", "--site", "my-site", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=my-site/data/facts.ttl,line=4,title=")


def test_check_writes_nothing(tmp_path: Path) -> None:
    write_site(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    run("check", cwd=tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("settings", "detail", "remedy"),
    [
        (None, "triplomacy.toml: there is no such file", "create it with one line"),
        ("title = 'x'", "triplomacy.toml: base is missing", "add: base ="),
        ("base = 'x'", "triplomacy.toml:1: base = 'x' is not", "make it an absolute http(s) IRI"),
    ],
)
def test_settings_that_cannot_be_used_are_told_in_a_few_words(
    tmp_path: Path, command: str, settings: str | None, detail: str, remedy: str
) -> None:
    done = run(command, cwd=write_site(tmp_path, {"triplomacy.toml": settings}))
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("The site cannot be read: ")
    assert detail in first
    assert second.startswith("  → " + remedy)


# build


def test_build_tells_the_version_and_that_nothing_changed(tmp_path: Path) -> None:
    write_site(tmp_path)
    first, second = triplomacy("build", cwd=tmp_path), triplomacy("build", cwd=tmp_path)
    version = Releases(tmp_path / "releases").current_version()
    assert (first.returncode, first.stdout) == (0, f"{version} made\n")
    assert second.stdout == f"{version} is current already; nothing changed since\n"
    assert first.stderr == second.stderr == ""


def test_a_refused_build_tells_the_faults_and_leaves_the_current_release(built: Path) -> None:
    before = Releases(built / "releases").current_version()
    done = run("build", cwd=write_site(built, FAULTY))
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("data/facts.ttl:4  violation  ")
    assert lines[1].startswith("The data does not pass the check: 1 finding must be mended first")
    assert lines[2].startswith("  → ")
    assert Releases(built / "releases").current_version() == before


@pytest.mark.parametrize("base", ["example.org", "https://example.org", "https://e.org/?/"])
def test_build_refuses_a_base_that_cannot_be_one(built: Path, base: str) -> None:
    done = run("build", "--base", base, cwd=built)
    assert done.returncode == 2
    assert "ends with a slash" in done.stderr


def test_build_under_another_base(built: Path) -> None:
    assert run("build", "--base", "http://localhost/", cwd=built).returncode == 0
    assert "<http://localhost/id/event/call>" in run("dump", cwd=built).stdout


# query


def test_query_reads_a_file_and_standard_input(built: Path) -> None:
    (built / "q.rq").write_text(SELECT)
    for name, given in (("q.rq", None), ("-", SELECT)):
        done = triplomacy("query", name, cwd=built, input=given)
        assert (done.returncode, done.stderr) == (0, "")
        rows = json.loads(done.stdout)["results"]["bindings"]
        assert [row["l"]["value"] for row in rows] == ["A call", "A visit"]


@pytest.mark.parametrize(
    ("format", "begins"),
    [("csv", "l\r\nA call"), ("tsv", "?l\n"), ("srx", "<?xml"), ("srj", "{"), ("json", "{")],
)
def test_query_writes_solutions_in_each_format(built: Path, format: str, begins: str) -> None:
    done = run("query", "-", "--format", format, cwd=built, input=SELECT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)


@pytest.mark.parametrize("format", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_query_writes_graphs_in_each_format(built: Path, format: str) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s a <https://vocab.example/Event> }"
    done = run("query", "-", "--format", format, cwd=built, input=text)
    assert (done.returncode, done.stderr) == (0, "")
    assert "A call" in done.stdout


def test_a_syntax_error_in_a_query_is_told_with_its_place(built: Path) -> None:
    done = run("query", "-", cwd=built, input="SELECT *\nWHERE { ?s ?p }")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "line 2, column" in done.stderr
    assert "\n" + " " * 2 in done.stderr, "the place is shown"


@pytest.mark.parametrize(
    ("arguments", "given", "code", "words"),
    [
        (["latin-1.rq"], b"", 1, "save the query as UTF-8"),
        (["none.rq"], b"", 2, "No such file"),
        (["-", "--format", "ttl"], SELECT.encode(), 1, "ask for one of these"),
        (["-", "--format", "xyz"], SELECT.encode(), 1, "ask for one of these"),
        (["-"], b"SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", 1, "→"),
        (["-"], b"INSERT DATA { <x:a> <x:b> <x:c> }", 1, "→"),
    ],
)
def test_a_query_that_cannot_be_answered_is_told_in_a_few_words(
    built: Path, arguments: list[str], given: bytes, code: int, words: str
) -> None:
    (built / "latin-1.rq").write_bytes(b'SELECT * { ?s ?p "\xe9" }')
    done = run("query", *arguments, cwd=built, input=given)
    assert done.returncode == code
    assert words in done.stderr


def test_a_query_on_a_terminal_shows_a_table(built: Path) -> None:
    (built / "q.rq").write_text(SELECT)
    code, shown = on_a_terminal("query", "q.rq", cwd=built)
    assert code == 0
    assert "A visit" in shown
    assert "│" in shown


def test_a_reader_that_has_seen_enough_is_no_fault(built: Path) -> None:
    (built / "data/many.ttl").write_text(
        "".join(f'<https://v.example/{n}> <https://v.example/p> "{n * 7}" .\n' for n in range(9000))
    )
    assert run("build", cwd=built).returncode == 0
    done = subprocess.run(
        f"{sys.executable} -m triplomacy dump | head -n 1; "
        f"echo 'SELECT * {{ ?s ?p ?o }}' | {sys.executable} -m triplomacy query - | head -c 10",
        shell=True, cwd=built, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.stderr == ""


# dump


@pytest.mark.parametrize("format", ["nq", "trig", "ttl", "nt", "rdf", "jsonld"])
def test_dump_writes_each_format_to_a_file_or_standard_output(built: Path, format: str) -> None:
    name = ("dataset" if format in ("nq", "trig") else "union") + f".{format}.gz"
    expected = gzip.decompress((built / "releases/current/dumps" / name).read_bytes())
    to_file = run("dump", "--format", format, "-o", "out", cwd=built)
    to_pipe = run("dump", "--format", format, cwd=built)
    assert (to_file.returncode, to_file.stdout, to_file.stderr) == (0, "", "")
    assert (built / "out").read_bytes() == expected
    assert to_pipe.stdout == expected.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--format", "xyz"], 1, "choose one of: nq, trig, ttl, nt, rdf, jsonld"),
        (["--release", "../x"], 3, "there is no release '../x'"),
        (["--release", "20250212T180000Z-1a2b3c4d"], 3, "see what there is: triplomacy releases"),
        (["-o", "none/out"], 3, "write it elsewhere"),
        (["-o", "data"], 2, "directory"),
    ],
)
def test_a_dump_that_cannot_be_written_is_told_in_a_few_words(
    built: Path, arguments: list[str], code: int, words: str
) -> None:
    done = run("dump", *arguments, cwd=built)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


@pytest.mark.parametrize("arguments", [["dump"], ["query", "-"], ["serve", "--no-build"]])
def test_without_a_release_the_first_build_is_advised(tmp_path: Path, arguments: list[str]) -> None:
    port = ["--port", str(deaf_port())] if arguments[0] == "serve" else []
    done = run(*arguments, *port, cwd=write_site(tmp_path), input="")
    assert done.returncode == 3
    assert "there is no release yet" in done.stderr
    assert "→ triplomacy build" in done.stderr


# releases


def test_releases_lists_marks_and_switches(built: Path) -> None:
    first = Releases(built / "releases").current_version()
    assert first is not None
    run("build", cwd=write_site(built, {"triplomacy.toml": SETTINGS + 'title = "New"'}))
    second = Releases(built / "releases").current_version()
    assert second != first
    listed = run("releases", cwd=built).stdout.splitlines()
    assert sorted(line[:2] for line in listed) == ["  ", "* "]
    assert next(line for line in listed if line.startswith("*")).split()[1] == second
    switched = run("releases", "--switch", first, cwd=built)
    assert switched.returncode == 0
    assert f"* {first}" in switched.stdout
    assert Releases(built / "releases").current_version() == first


@pytest.mark.parametrize("version", ["../x", "current", "20250212T180000Z-1a2b3c4d"])
def test_switching_to_an_unknown_version_is_refused(built: Path, version: str) -> None:
    done = run("releases", "--switch", version, cwd=built)
    assert done.returncode == 3
    assert "there is no release" in done.stderr


def test_a_damaged_release_does_not_hide_the_others(built: Path) -> None:
    damaged = built / "releases/20200101T000000Z-00000000"
    damaged.mkdir()
    done = run("releases", cwd=built)
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert "cannot be read" in first
    assert second.startswith("* ")


def test_releases_of_a_site_without_one_advise_the_first_build(tmp_path: Path) -> None:
    done = run("releases", cwd=write_site(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "there is no release yet: triplomacy build\n"


# Terminals and pipes


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    write_site(tmp_path)
    code, shown = on_a_terminal("build", cwd=tmp_path)
    assert code == 0
    assert "\x1b[" in shown
    assert "made" in shown
    piped = triplomacy("build", "--force", cwd=tmp_path)
    assert piped.stderr == ""
    assert re.fullmatch(r"\S+ made\n", piped.stdout)


def test_no_control_characters_in_a_pipe_even_when_things_go_wrong(tmp_path: Path) -> None:
    write_site(tmp_path, FAULTY)
    environment = os.environ | {"TERM": "xterm-256color"}
    for arguments in (["build"], ["check"], ["releases"], ["--help"]):
        done = triplomacy(*arguments, cwd=tmp_path, env=environment)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)


# An empty folder


def test_an_empty_folder_builds_the_packaged_site_and_keeps_its_releases(tmp_path: Path) -> None:
    done = triplomacy("build", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [p.name for p in tmp_path.iterdir()] == ["releases"]
    assert triplomacy("query", "-", cwd=tmp_path, input="ASK { ?s ?p ?o }").returncode == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("check", "--site", "mistyped", cwd=tmp_path)
    assert done.returncode == 2
    assert "mistyped: there is no such folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


# serve


def test_serve_refuses_a_port_that_is_taken_before_it_builds(tmp_path: Path) -> None:
    write_site(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, cwd=tmp_path)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr
    assert "→ choose another with --host and --port" in done.stderr
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.1", "a..b", "x" * 70])
def test_serve_refuses_a_host_that_is_not_here(tmp_path: Path, host: str) -> None:
    done = run("serve", "--host", host, "--port", str(deaf_port()), cwd=write_site(tmp_path))
    assert done.returncode == 2
    assert f"cannot listen on {host}:" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_serve_refuses_a_port_that_none_is(tmp_path: Path, port: str) -> None:
    done = run("serve", "--port", port, cwd=write_site(tmp_path))
    assert done.returncode == 2
    assert "--port" in done.stderr


def descendants(pid: int) -> set[int]:
    """All processes that a process started, and those that they started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        new = [c for c in children.get(waiting.pop(), []) if c not in found]
        found.update(new)
        waiting += new
    return found


def alive(pids: set[int]) -> set[int]:
    """Those processes that still run."""
    running = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                running.add(pid)
    return running


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_stopped_server_ends_cleanly_and_leaves_no_process(built: Path, name: str) -> None:
    with serving(built, "--workers", "2") as server:
        assert httpx.get(server.url + "sparql", params={"query": "ASK {}"}).status_code == 200
        family = descendants(server.process.pid)
        assert family
        server.process.send_signal(signal.Signals[name])
        assert server.process.wait(timeout=PATIENCE) == 0
        until(lambda: not alive(family))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="threads are read from /proc")
def test_sigterm_stops_a_server_whichever_of_its_threads_gets_it(built: Path) -> None:
    with serving(built) as server:
        pid = server.process.pid
        threads = {int(path.name) for path in Path(f"/proc/{pid}/task").iterdir()} - {pid}
        assert threads
        assert ctypes.CDLL(None).tgkill(pid, max(threads), signal.SIGTERM) == 0
        assert server.process.wait(timeout=60) == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")
def test_a_killed_server_leaves_no_process_that_holds_the_port(built: Path) -> None:
    with serving(built, "--workers", "2") as server:
        family = descendants(server.process.pid)
        server.process.kill()
        until(lambda: not alive(family))


def label_of(response: httpx.Response) -> str:
    """The first label in a CSV answer."""
    return next(iter(csv.DictReader(io.StringIO(response.text))))["l"]


@contextlib.contextmanager
def asking(url: str, clients: int) -> Iterator[list[tuple[int, str, str]]]:
    """Clients that ask without a pause; yields status, label and version of every answer."""
    answers: list[tuple[int, str, str]] = []
    done = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=url) as client:
            while not done.is_set():
                try:
                    found = client.get(
                        "sparql", params={"query": SELECT}, headers={"Accept": "text/csv"}
                    )
                    answers.append((found.status_code, label_of(found), found.headers["ETag"]))
                except Exception as error:
                    answers.append((0, repr(error), ""))

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        done.set()
        for thread in threads:
            thread.join()


def wait_for_more(answers: list[tuple[int, str, str]]) -> None:
    """Wait until each client has asked and been answered again, and more than once."""
    before = len(answers)
    until(lambda: len(answers) > before + 15)


def test_a_build_beside_a_running_server_is_shown_and_no_request_fails(built: Path) -> None:
    labels = ["A call", "B call", "C call", "D call"]
    with serving(built, "--workers", "2") as server, asking(server.url, 3) as answers:
        for label in labels[1:]:
            wait_for_more(answers)
            write_site(built, {"data/facts.ttl": FACTS.replace("A call", label)})
            assert triplomacy("build", "--site", str(built)).returncode == 0
            expected = {"A visit", label}
            found = httpx.get(
                server.url + "sparql", params={"query": SELECT}, headers={"Accept": "text/csv"}
            )
            assert set(found.text.split("\r\n")[1:3]) == expected, "the next request sees it"
        wait_for_more(answers)
    assert {status for status, _, _ in answers} == {200}, [a for a in answers if a[0] != 200][:3]
    assert {label for _, label, _ in answers} <= {"A call", "A visit"}
    assert len({tag for _, _, tag in answers}) == len(labels)


def test_a_rolled_back_release_is_shown_at_once(built: Path) -> None:
    first = Releases(built / "releases").existing()
    with serving(built) as server:
        write_site(built, {"data/facts.ttl": FACTS.replace("A call", "B call")})
        triplomacy("build", "--site", str(built))
        query = {"query": "ASK { ?s ?p 'B call' }"}
        headers = {"Accept": "application/sparql-results+json"}
        shown = httpx.get(server.url + "sparql", params=query, headers=headers)
        assert shown.json()["boolean"] is True
        triplomacy("releases", "--site", str(built), "--switch", first.version)
        shown = httpx.get(server.url + "sparql", params=query, headers=headers)
        assert shown.json()["boolean"] is False


def test_the_address_is_told_before_the_first_request(built: Path) -> None:
    with reserved_port() as port:
        process = subprocess.Popen(
            [sys.executable, "-m", "triplomacy", "serve", "--port", str(port), "--workers", "1"],
            cwd=built, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], PATIENCE)[0]
            assert process.stdout.readline().startswith(b"Release ")
            assert f"Serving http://127.0.0.1:{port}/".encode() in process.stdout.readline()
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert b"Traceback" not in errors
