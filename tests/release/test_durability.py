"""A build that is killed, starved or crowded out leaves the current release as it was.

The kills are of two kinds: at exact places (each step, and both sides of each rename), and at
random moments of the real command.
"""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.small import FACTS, contents, small_site, write_site
from tests.waiting import PATIENCE
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.errors import ReleaseError
from triplomacy.release import build as building
from triplomacy.release.build import build
from triplomacy.release.folder import Releases
from triplomacy.site import Site, open_site

LABELS = "SELECT ?l { ?s <https://vocab.example/label> ?l } ORDER BY ?l"
STEPS = ("Reading", "Checking", "Canonicalising", "Dumping", "Indexing", "Describing", "Switching")


def edit(folder: Path, label: str) -> Site:
    """The site in `folder` after an edit that makes another release."""
    return open_site(write_site(folder, {"data/facts.ttl": FACTS.replace("A call", label)}))


def is_whole(releases: Releases) -> bool:
    """Whether the current release can be read from end to end, and its checksums fit."""
    release = releases.existing()
    done = subprocess.run(
        ["sha256sum", "--status", "--strict", "-c", "SHA256SUMS"], cwd=release.dumps, check=False
    )
    rows = OxigraphEngine.open(release.store).select(LABELS)
    return (
        done.returncode == 0
        and len(rows) == 2
        and release.manifest.version == release.version
        and release.description.stat().st_size > 0
        and release.problems.stat().st_size > 0
    )


def nothing_is_left(releases: Releases) -> bool:
    """Whether nothing lies in the folder but releases, the link and the lock."""
    names = {p.name for p in releases.folder.iterdir()}
    return names == {"current", ".lock", *(r.version for r in releases.all())}


# Killed at exact places


def kill_me() -> None:
    """End this process as a crash of the machine would: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def build_and_die_at_step(folder: Path, wanted: str) -> None:
    """Build, until the step begins."""

    def step(name: str) -> None:
        if name == wanted:
            kill_me()

    build(open_site(folder), progress=step)


def build_and_die_at_call(folder: Path, owner: str, name: str, number: int, after: bool) -> None:
    """Build, until some function is called for the n-th time; `after` it has run, or before."""
    target: object = {"Path": Path, "os": os, "build": building}[owner]
    real = getattr(target, name)
    calls = 0

    def fatal(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number and not after:
            kill_me()
        result = real(*arguments, **named)
        if calls == number:
            kill_me()
        return result

    setattr(target, name, fatal)
    build(open_site(folder))


@contextlib.contextmanager
def forked(target: Callable[..., None], *arguments: object) -> Iterator[int]:
    """Run `target` in a fork of a process that has all modules loaded; yields its exit code."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "triplomacy.release.build"])
    process = context.Process(target=target, args=arguments)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None
    yield process.exitcode
    process.close()


def check_after_kill(folder: Path, before: str) -> None:
    """The promise: the old release or a whole new one is current, and the next build works."""
    releases = Releases(open_site(folder).releases)
    assert is_whole(releases)
    killed_new = releases.current_version() != before
    again = build(open_site(folder))
    assert again.fresh != killed_new
    assert is_whole(releases)
    assert nothing_is_left(releases)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_old_release_stays(tmp_path: Path, step: str) -> None:
    before = build(small_site(tmp_path)).release.version
    edit(tmp_path, "B call")
    with forked(build_and_die_at_step, tmp_path, step) as code:
        assert code == -signal.SIGKILL
    assert Releases(tmp_path / "releases").current_version() == before
    check_after_kill(tmp_path, before)


@pytest.mark.parametrize(
    ("owner", "name", "number", "after", "switched"),
    [
        ("build", "write_dumps", 1, True, False),
        ("build", "write_manifest", 1, False, False),
        ("build", "write_manifest", 1, True, False),
        ("os", "fsync", 1, False, False),
        ("os", "fsync", 20, True, False),
        ("Path", "rename", 1, False, False),
        ("Path", "rename", 1, True, False),
        ("Path", "symlink_to", 1, False, False),
        ("Path", "symlink_to", 1, True, False),
        ("Path", "replace", 1, False, False),
        ("Path", "replace", 1, True, True),
    ],
)
def test_killed_beside_a_rename_one_release_or_the_other_is_current(
    tmp_path: Path, owner: str, name: str, number: int, after: bool, switched: bool
) -> None:
    before = build(small_site(tmp_path)).release.version
    edit(tmp_path, "B call")
    with forked(build_and_die_at_call, tmp_path, owner, name, number, after) as code:
        assert code == -signal.SIGKILL
    assert (Releases(tmp_path / "releases").current_version() != before) is switched
    check_after_kill(tmp_path, before)


def test_killed_in_the_first_build_of_all_there_is_no_release_and_the_next_build_works(
    tmp_path: Path,
) -> None:
    site = small_site(tmp_path)
    with forked(build_and_die_at_step, tmp_path, "Describing") as code:
        assert code == -signal.SIGKILL
    assert Releases(site.releases).current() is None
    assert build(site).fresh
    assert nothing_is_left(Releases(site.releases))


def command(folder: Path) -> subprocess.Popen[bytes]:
    """`triplomacy build`, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "triplomacy", "build", "--site", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_at_random_moments_nothing_is_ever_broken(tmp_path: Path) -> None:
    """The real command, by the clock, and by what can be seen in the folder, in turns."""
    chance = random.Random(20250212)
    releases = Releases(small_site(tmp_path).releases)
    began = time.monotonic()
    assert command(tmp_path).wait() == 0
    lasts = time.monotonic() - began
    shown = ("", "/store", "/dumps", "/dumps/SHA256SUMS", "/manifest.json", "/description.ttl")
    killed = number = 0
    seen = {releases.current_version()}
    while killed < 10:  # of some 15; a build that ends before its time shows how long one lasts
        assert number < 100
        number += 1
        before = releases.current_version()
        edit(tmp_path, f"C{number}")
        process = command(tmp_path)
        began = time.monotonic()
        limit = began + lasts * chance.uniform(0.3, 1.1)
        sign = chance.choice(shown) if number % 2 else None
        while process.poll() is None:
            if sign is None and time.monotonic() > limit:
                break
            if sign is not None and list(releases.folder.glob(f".building-*{sign}")):
                break
            time.sleep(0.001)
        process.kill()
        if process.wait() == -signal.SIGKILL:
            killed += 1
        else:
            lasts = min(lasts, time.monotonic() - began)
        assert is_whole(releases)
        after = releases.current_version()
        assert after == before or after not in seen, "the old release, or a new one"
        seen.add(after)
        left = [p for p in releases.folder.iterdir() if p.name.startswith(".building-")]
        assert len(left) <= 1, "a build removes what killed ones left"
    edit(tmp_path, "D call")
    assert command(tmp_path).wait() == 0
    assert is_whole(releases)
    assert nothing_is_left(releases)


# Two at once


def test_of_two_builds_at_once_one_is_refused(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    refused: list[ReleaseError] = []

    def meanwhile(step: str) -> None:
        if step == "Dumping":
            done = subprocess.run(
                [sys.executable, "-m", "triplomacy", "build", "--site", str(tmp_path)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 3
            assert "another build is running" in done.stderr
            assert "wait until it has finished" in done.stderr
            with pytest.raises(ReleaseError, match="another build is running") as caught:
                build(site)
            refused.append(caught.value)

    assert build(site, progress=meanwhile).fresh
    assert refused
    assert is_whole(Releases(site.releases))
    assert len(Releases(site.releases).all()) == 1


# A disk that is full, or cannot be written

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS))


def failing(error: OSError) -> Callable[..., None]:
    """A function that fails as the system would."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("error", [NO_SPACE, READ_ONLY])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Path, "mkdir"),
        (building, "write_store"),
        (building, "write_index"),
        (building, "write_dumps"),
        (building, "write_manifest"),
        (building, "_copy_site"),
        (building, "describe_release"),
        (building.os, "fsync"),
        (Path, "rename"),
        (Path, "symlink_to"),
        (Path, "replace"),
    ],
)
def test_a_disk_that_fails_at_any_stage_is_told_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: OSError
) -> None:
    before = build(small_site(tmp_path)).release
    kept = contents(before.folder)
    site = edit(tmp_path, "B call")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing(error))
        with pytest.raises(ReleaseError, match=str(error.strerror)) as caught:
            build(site)
    assert "free some disk space or make the folder writable" in caught.value.remedy
    assert caught.value.exit_code == 3
    releases = Releases(site.releases)
    assert releases.current_version() == before.version
    assert contents(before.folder) == kept
    assert not list(releases.folder.glob(".building-*"))
    assert build(site).fresh


def test_where_nothing_changed_nothing_has_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that `serve` starts from a disk that is read-only, as in a container."""
    site = small_site(tmp_path)
    before = build(site).release
    monkeypatch.setattr(Path, "mkdir", failing(READ_ONLY))
    monkeypatch.setattr(building.fcntl, "flock", failing(READ_ONLY))
    built = build(site)
    assert (built.release, built.fresh) == (before, False)


@contextlib.contextmanager
def tmpfs(folder: Path, *options: str) -> Iterator[None]:
    """A small file system in memory at `folder`; skips where that is not allowed."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this user may not mount a file system: the same is tested with fakes above")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("size", ["40k", "120k", "200k"])
def test_a_disk_that_is_really_full_is_told(tmp_path: Path, size: str) -> None:
    site = small_site(tmp_path)
    with tmpfs(tmp_path / "releases", "-o", f"size={size}"):
        with pytest.raises(ReleaseError, match="No space left"):
            build(site)
        assert not list((tmp_path / "releases").glob(".building-*"))
        assert Releases(site.releases).current() is None


def test_a_disk_that_is_really_read_only_is_told_and_can_still_be_read(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    with tmpfs(tmp_path / "releases", "-o", "size=20m"):
        build(site)
        remounted = ["mount", "-o", "remount,ro", str(tmp_path / "releases")]
        subprocess.run(remounted, check=True, capture_output=True)
        releases = Releases(site.releases)
        assert is_whole(releases)
        assert not build(site).fresh
        with pytest.raises(ReleaseError, match="Read-only file system"):
            build(edit(tmp_path, "B call"))
        with pytest.raises(ReleaseError, match="Read-only file system"):
            releases.switch(releases.existing().version)


def test_a_limit_on_the_size_of_files_is_told(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(ReleaseError, match=r"too large|I/O error"):
            build(site)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert build(site).fresh


def test_a_file_in_the_place_of_the_folder_of_releases_is_told(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"releases": "I am a file"})
    with pytest.raises(ReleaseError, match=r"releases: (File exists|Not a directory)"):
        build(site)


def test_everything_is_on_the_disk_before_the_release_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the rename must not leave a release with empty files."""
    synced: set[tuple[int, int]] = set()
    missing: list[str] = []
    real = Path.rename

    def note(handle: int) -> None:
        status = os.fstat(handle)
        synced.add((status.st_dev, status.st_ino))

    def rename(self: Path, target: Path) -> Path:
        for path in (self, *self.rglob("*")):
            status = path.stat()
            if (status.st_dev, status.st_ino) not in synced:
                missing.append(str(path))
        return real(self, target)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", rename)
    build(small_site(tmp_path))
    assert synced
    assert missing == []
