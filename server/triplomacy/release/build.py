"""Builds a release: read, check, write beside the others, switch. A crash anywhere harms nobody.

Everything is written into `.building-…`, which becomes the release's folder by one rename when it
is whole, and `current` by another. A build that is killed leaves a `.building-…` behind, which the
next one that writes removes; a lock, which the system frees when its holder dies, keeps two builds
apart.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from triplomacy import __version__
from triplomacy.check.checking import Report, check
from triplomacy.check.engine_names import EngineName
from triplomacy.engine.protocol import union
from triplomacy.errors import CheckFailed, ReleaseError, StoreError
from triplomacy.findings import as_document, counts
from triplomacy.iris import Base
from triplomacy.namespaces import prefixes
from triplomacy.read.reading import Reading, read_site, rebase, rebase_quads, without_texts
from triplomacy.release.canonical import Canonical, canonical
from triplomacy.release.description import describe_release
from triplomacy.release.dumps import FACTS, Contents, write_dumps
from triplomacy.release.folder import CURRENT, Release, Releases
from triplomacy.release.manifest import Manifest, write_manifest
from triplomacy.release.store import is_held, open_engine, remove_unused, write_store
from triplomacy.search.index import write_index
from triplomacy.site import Site

_BUILDING = ".building-"
_LOCK = ".lock"
_CONTEXT = Path("ontology/context.jsonld")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """The outcome of a build.

    Attributes:
        release: the release that is now current.
        fresh: whether it was made by this build, or was there since nothing changed.
        report: what the check found.
        respelt: literals that the server of the store spells in its own way, by their spelling
            here; they are read back as they are spelt here.
    """

    release: Release
    fresh: bool
    report: Report
    respelt: Mapping[str, str] = field(default_factory=dict)


class Rejected(CheckFailed):
    """The check found something that blocks a release.

    Attributes:
        report: all that it found.
    """

    def __init__(self, report: Report) -> None:
        found = counts(report.findings)
        blocking = sum(n for s, n in found.items() if s in ("unreadable", "violation"))
        super().__init__(
            f"{blocking} finding{'s' if blocking != 1 else ''} must be mended first; "
            "no release was made, and the current one is untouched",
            "mend what stands above, then build again",
        )
        self.report = report
        self.exit_code = report.exit_code


def build(
    site: Site,
    *,
    engine: EngineName = "fast",
    base: Base | None = None,
    force: bool = False,
    progress: Progress = lambda step: None,
) -> Built:
    """Build a release of `site` and make it current.

    Args:
        site: what to build.
        engine: which SHACL engine checks it.
        base: another base IRI for the terms of the release; the site's own by default.
        force: make a new release even if nothing changed.
        progress: told the name of each step as it begins.

    Raises:
        Rejected: the check found a violation or a file that cannot be read.
        ReleaseError: something changed, and the folder cannot be written, the disk is full, or
            another build runs.
    """
    progress("Reading")
    reading = read_site(site)
    progress("Checking")
    report = check(reading, site.base, engine)
    if not report.passes:
        raise Rejected(report)
    progress("Canonicalising")
    target = base or site.base
    published = rebase(reading, site.base, target)
    if site.settings.source_text == "excerpts":
        published = dataclasses.replace(published, quads=without_texts(published.quads))
    facts = canonical(published.quads)
    inputs = _inputs(site, target, report)
    releases = Releases(site.releases)
    same = None if force else _same(releases, facts, inputs)
    if same is not None:  # nothing to write: neither a lock nor a writable disk is needed
        return Built(same, False, report)
    with _locked(releases.folder):
        same = None if force else _same(releases, facts, inputs)
        if same is not None:  # another build made it in the meantime
            return Built(same, False, report)
        release, respelt = _write(
            site, target, releases, published, facts, inputs, report, progress
        )
        progress("Switching")
        releases.switch(release.version)
        remove_unused(releases)
    return Built(release, True, report, respelt)


def _same(releases: Releases, facts: Canonical, inputs: str) -> Release | None:
    """The current release, if it shows just these facts and inputs; a damaged one does not."""
    try:
        release = releases.current()
        if release is None:
            return None
        shown = (release.manifest.facts, release.manifest.inputs)
        if shown == (facts.sha256, inputs) and not _is_held(release):
            return None
    except ReleaseError:
        return None
    is_same = shown == (facts.sha256, inputs) and release.search.is_dir()
    return release if is_same else None


def _is_held(release: Release) -> bool:
    """Whether a release is where it was put; so we suppose of a server that does not answer now."""
    try:
        return is_held(release)
    except StoreError:
        return True


def _inputs(site: Site, base: Base, report: Report) -> str:
    """SHA-256 of all that shows in a release beside its facts."""
    digest = hashlib.sha256()
    settings = dataclasses.asdict(site.settings) | {"base": base.iri, "software": __version__}
    for key in ("releases", "wikidata"):
        settings.pop(key)
    digest.update(json.dumps(settings, sort_keys=True).encode())
    digest.update(repr(report.findings).encode())
    for path in [site.folder / _CONTEXT, *_queries(site)]:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _queries(site: Site) -> list[Path]:
    return sorted(p for p in (site.folder / "queries").glob("*.rq") if not p.is_symlink())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder of releases, and remove what killed builds left."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise _unwritable(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(
                f"{folder}: another build is running", "wait until it has finished"
            ) from None
        except OSError as error:  # a file system without locks
            raise _unwritable(folder, error) from error
        for left in folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        for link in folder.glob(f".{CURRENT}-*"):
            link.unlink(missing_ok=True)
        yield


def _write(
    site: Site,
    base: Base,
    releases: Releases,
    published: Reading,
    facts: Canonical,
    inputs: str,
    report: Report,
    progress: Progress,
) -> tuple[Release, Mapping[str, str]]:
    now = datetime.now(UTC).replace(microsecond=0)
    while (releases.folder / _version(now, facts.sha256)).exists():
        now += timedelta(seconds=1)  # two releases of the same facts in one second
    version = _version(now, facts.sha256)
    folder = releases.folder / f"{_BUILDING}{version}-{os.getpid()}"
    try:
        folder.mkdir()
        progress("Dumping")
        files = write_dumps(folder / "dumps", _contents(published, facts), prefixes(base.iri))
        progress("Indexing the texts")
        settings = site.settings
        facts_file = folder / "dumps" / FACTS
        (folder / "search").mkdir()
        write_index(folder / "search", facts_file, base, settings.languages)
        progress("Indexing")
        respelt = write_store(
            settings.store, releases, folder, base.iri, version, facts.quads, facts_file
        )
        progress("Describing")
        manifest = Manifest(
            version=version,
            created=now.isoformat(),
            facts=facts.sha256,
            inputs=inputs,
            base=base.iri,
            title=settings.title,
            description=settings.description,
            licence=settings.licence,
            publisher=settings.publisher,
            publisher_url=settings.publisher_url,
            languages=settings.languages,
            source_text=settings.source_text,
            quads=len(facts.quads),
            triples=sum(1 for _ in union(facts.quads)),
            files=files,
            software=__version__,
        )
        write_manifest(folder, manifest)
        _copy_site(site, base, folder / "site")
        _write_report(folder, report, site.base, base)
        engine = open_engine(Release(folder))
        (folder / "description.ttl").write_bytes(describe_release(engine, manifest))
        del engine
        _sync(folder)
        folder.rename(releases.folder / version)
        _sync_folder(releases.folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return releases.get(version), respelt


def _version(time: datetime, sha256: str) -> str:
    return f"{time:%Y%m%dT%H%M%SZ}-{sha256[:8]}"


def _contents(published: Reading, facts: Canonical) -> Contents:
    """The parts of the canonical dataset, told apart by the files that their graphs come from."""
    parts: dict[object, str] = {f.graph: f.part for f in published.files}

    def part(name: str) -> list[Quad]:
        return [q for q in facts.quads if parts.get(q.graph_name) == name]

    return Contents(facts.quads, part("ontology"), part("shapes"))


def _copy_site(site: Site, base: Base, folder: Path) -> None:
    """Copy what pages show beside the facts, so that a release needs its site no more.

    Queries and context name the terms of the release, so they move with its base.
    """
    (folder / "queries").mkdir(parents=True)
    for query in _queries(site):
        text = query.read_bytes().replace(f"<{site.base}".encode(), f"<{base}".encode())
        (folder / "queries" / query.name).write_bytes(text)
    context = site.folder / _CONTEXT
    text = context.read_bytes() if context.is_file() else b'{"@context": {}}\n'
    text = text.replace(f'"{site.base}'.encode(), f'"{base}'.encode())
    (folder / "context.jsonld").write_bytes(text)


def _write_report(folder: Path, report: Report, old: Base, new: Base) -> None:
    """Write the findings and the SHACL report, about the terms of the release."""

    def moved(iri: str | None) -> str | None:
        path = None if iri is None else old.path_of(iri)
        return iri if path is None else new.under(path)

    findings = [
        dataclasses.replace(f, subject=moved(f.subject), value=moved(f.value))
        for f in report.findings
    ]
    text = json.dumps(as_document(findings), ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    turtle = report.shacl or b""
    if old != new:
        quads = rebase_quads(parse(input=turtle, format=RdfFormat.TURTLE), old, new)
        triples = (q.triple for q in quads)
        names = prefixes(new.iri)
        turtle = serialize(triples, format=RdfFormat.TURTLE, prefixes=names) or b""
    (folder / "report.ttl").write_bytes(turtle)


def _sync(folder: Path) -> None:
    """Force everything to the disk before the rename, so that a power cut cannot leave a shell."""
    for place, _, names in os.walk(folder):
        for name in names:
            with Path(place, name).open("rb") as stream:
                os.fsync(stream.fileno())
        _sync_folder(Path(place))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(folder: Path, error: OSError) -> ReleaseError:
    return ReleaseError(
        f"{folder}: {error.strerror or error}",
        "free some disk space or make the folder writable; the current release is untouched",
    )
