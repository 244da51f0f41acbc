"""One release is current, by one atomic rename; reading changes nothing; damage is told."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import pytest

from tests.small import FACTS, contents, small_site
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.errors import BadRequest, ReleaseError
from triplomacy.release.build import build
from triplomacy.release.folder import Release, Releases
from triplomacy.release.unpack import unpack
from triplomacy.web.negotiation import Accept

LABELS = "SELECT ?l { ?s <https://vocab.example/label> ?l } ORDER BY ?l"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A folder with two releases, the second of them current."""
    folder = tmp_path_factory.mktemp("two")
    site = small_site(folder)
    build(site)
    build(small_site(folder, {"data/facts.ttl": FACTS.replace("A call", "B call")}))
    return Releases(site.releases)


@pytest.fixture
def two(made_once: Releases, tmp_path: Path) -> tuple[Releases, Release, Release]:
    """A copy of it, with the first and the second release."""
    releases = Releases(tmp_path / "releases")
    shutil.copytree(made_once.folder, releases.folder, symlinks=True)
    second = releases.existing()
    [first] = [r for r in releases.all() if r != second]
    return releases, first, second


def labels(release: Release) -> list[str]:
    """What the store of a release says."""
    return [row["l"].value for row in OxigraphEngine.open(release.store).select(LABELS)]


def test_switching_back_shows_the_older_facts(two: tuple[Releases, Release, Release]) -> None:
    releases, first, second = two
    assert releases.current() == second
    assert labels(second) == ["A visit", "B call"]
    releases.switch(first.version)
    assert releases.current() == first
    assert labels(releases.existing()) == ["A call", "A visit"]
    assert releases.all() == [first, second] or releases.all() == [second, first]


def test_after_switching_back_a_build_of_the_newer_facts_makes_a_release(
    two: tuple[Releases, Release, Release],
) -> None:
    releases, first, second = two
    releases.switch(first.version)
    site = small_site(releases.folder.parent, {"data/facts.ttl": FACTS.replace("A call", "B call")})
    built = build(site)
    assert built.fresh
    assert built.release.version > second.version


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(
    two: tuple[Releases, Release, Release], tmp_path: Path
) -> None:
    releases, _, second = two
    moved = releases.folder.rename(tmp_path / "elsewhere")
    assert (moved / "current").readlink() == Path(second.version)
    assert Releases(moved).existing().manifest.version == second.version


def test_a_reader_sees_one_release_or_the_other_and_never_none(
    two: tuple[Releases, Release, Release],
) -> None:
    releases, first, second = two
    seen: set[str | None] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.add(releases.current_version())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(200):
        releases.switch(first.version)
        releases.switch(second.version)
    done.set()
    watcher.join()
    assert seen <= {first.version, second.version}
    assert not list(releases.folder.glob(".current-*"))


@pytest.mark.parametrize(
    "version",
    [
        "",
        ".",
        "..",
        "../x",
        "current",
        "20250212T180000Z-1a2b3c4d",
        "../releases/20250212T180000Z-1a2b3c4d",
        "/etc",
        "\0",
        "20250212T180000Z-1a2b3c4d\n",
    ],
)
def test_an_unknown_version_is_refused(
    two: tuple[Releases, Release, Release], version: str
) -> None:
    releases, _, second = two
    with pytest.raises(ReleaseError, match="there is no release") as caught:
        releases.switch(version)
    assert caught.value.remedy == "see what there is: triplomacy releases"
    assert caught.value.exit_code == 3
    assert releases.current() == second


def test_no_release_yet_is_told_with_what_to_do(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "none")
    assert (releases.current(), releases.all(), releases.current_version()) == (None, [], None)
    with pytest.raises(ReleaseError, match="there is no release yet") as caught:
        releases.existing()
    assert caught.value.remedy == "triplomacy build"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (None, "No such file"),
        ("", "Expecting value"),
        ("[]", "no JSON object"),
        ("{}", "layout None"),
        ('{"layout": 99}', "layout 99, this software reads layout 1"),
        ('{"layout": 1}', "'files' is missing"),
        ('{"layout": 1, "files": [], "languages": []}', "missing"),
        ('{"layout": 1, "files": [{"x": 1}], "languages": []}', "unexpected keyword"),
        ('{"layout": 1, "files": 5}', "not iterable"),
        ("\x00\xff", "Expecting value"),
    ],
)
def test_a_damaged_manifest_is_told_and_cannot_become_current(
    two: tuple[Releases, Release, Release], damage: str | None, words: str
) -> None:
    releases, first, second = two
    path = first.folder / "manifest.json"
    path.unlink()
    if damage is not None:
        path.write_text(damage, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"manifest\.json") as caught:
        releases.switch(first.version)
    assert words in caught.value.detail
    assert "triplomacy build --force" in caught.value.remedy
    assert releases.current() == second


def test_a_manifest_of_a_later_version_of_ours_is_refused(
    two: tuple[Releases, Release, Release],
) -> None:
    _, first, _ = two
    path = first.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"new": 1}))
    with pytest.raises(ReleaseError, match="unexpected keyword"):
        assert Release(first.folder).manifest


def test_a_link_to_a_release_that_is_gone_is_told(two: tuple[Releases, Release, Release]) -> None:
    releases, _, second = two
    second.folder.rename(releases.folder / "gone")
    with pytest.raises(ReleaseError, match=second.version):
        releases.current()


@pytest.mark.parametrize("missing", [True, False])
def test_a_damaged_store_is_told(two: tuple[Releases, Release, Release], missing: bool) -> None:
    _, first, _ = two
    name = first.store / "CURRENT"
    if missing:
        name.unlink()
    else:
        name.write_text("MANIFEST-999999\n")
    with pytest.raises(ReleaseError, match=str(first.store)):
        OxigraphEngine.open(first.store)


def test_reading_changes_nothing_in_a_release(
    two: tuple[Releases, Release, Release], tmp_path: Path
) -> None:
    releases, first, _ = two
    before = contents(releases.folder)
    engines = [OxigraphEngine.open(first.store) for _ in range(3)]
    for engine in engines:
        assert engine.select(LABELS)
        assert list(engine.quads())
        assert engine.graphs()
        engine.answer(Query("CONSTRUCT WHERE { ?s ?p ?o }"), Accept(None))
    assert releases.get(first.version).manifest.triples
    unpack(first, "ttl", tmp_path / "x.ttl")
    del engines, engine
    assert contents(releases.folder) == before


def test_a_release_can_be_read_where_nothing_can_be_written(
    two: tuple[Releases, Release, Release],
) -> None:
    _, first, _ = two
    for path in (first.folder, *first.folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert labels(first) == ["A call", "A visit"]
    finally:
        for path in (first.folder, *first.folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)


@pytest.mark.parametrize("suffix", ["xyz", "html", "csv", "../x"])
def test_there_is_no_dump_in_an_unknown_format(
    two: tuple[Releases, Release, Release], suffix: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        unpack(two[1], suffix, None)
    assert caught.value.remedy == "choose one of: nq, trig, ttl, nt, rdf, jsonld"


@pytest.mark.parametrize("damage", [b"", b"no gzip", b"\x1f\x8b\x08\x00broken", None])
def test_a_damaged_dump_is_told(
    two: tuple[Releases, Release, Release], tmp_path: Path, damage: bytes | None
) -> None:
    path = two[1].dumps / "dataset.nq.gz"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    if damage == b"":
        unpack(two[1], "nq", tmp_path / "out")  # gzip knows no difference
        return
    with pytest.raises(ReleaseError, match=r"dataset\.nq\.gz") as caught:
        unpack(two[1], "nq", tmp_path / "out")
    assert "triplomacy build --force" in caught.value.remedy


def test_a_file_that_cannot_be_written_is_told(
    two: tuple[Releases, Release, Release], tmp_path: Path
) -> None:
    with pytest.raises(ReleaseError, match="No such file") as caught:
        unpack(two[1], "nq", tmp_path / "none" / "out")
    assert caught.value.remedy == "write it elsewhere, with -o"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_while_a_dump_is_written(
    two: tuple[Releases, Release, Release],
) -> None:
    with pytest.raises(ReleaseError, match="No space left"):
        unpack(two[1], "nq", Path("/dev/full"))
