"""A release made by hand, small enough to know by heart, so that tests can be exact."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from tests.stores import store_url
from triplomacy.engine.protocol import union
from triplomacy.release.folder import Release, Releases
from triplomacy.release.manifest import Manifest, write_manifest
from triplomacy.release.store import write_store

BASE = "https://w3id.org/triplomacy/"
DATA = Path(__file__).with_name("small.trig")
QUERIES = {
    "people.rq": "# title: People\n# question: Who is there?\nSELECT ?who { ?who a "
    "<http://xmlns.com/foaf/0.1/Person> }\n",
    "plain.rq": "ASK {}\n",
}


def make_site(folder: Path, version: str = "20250212T180000Z-1a2b3c4d", data: Path = DATA) -> Path:
    """Make a site in `folder` with one release of the TriG in `data`, which is current."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "triplomacy.toml").write_text(f'base = "{BASE}"\ntitle = "Small"\n')
    releases = Releases(folder / "releases")
    release = Release(releases.folder / version)
    (release.queries).mkdir(parents=True)
    release.dumps.mkdir()
    quads = list(parse(data.read_bytes(), RdfFormat.TRIG))
    write_store(store_url(), releases, release.folder, BASE, version, quads)
    release.context.write_text('{"@context": {}}\n')
    release.description.write_text("")
    release.report.write_text("")
    release.problems.write_text("[]\n")
    for name, text in QUERIES.items():
        (release.queries / name).write_text(text)
    write_manifest(
        release.folder,
        Manifest(
            version=version,
            created="2025-02-12T18:00:00+00:00",
            facts=hashlib.sha256(data.read_bytes()).hexdigest(),
            inputs="0" * 64,
            base=BASE,
            title="Small",
            description="A dataset small enough to know by heart.",
            licence="https://creativecommons.org/licenses/by/4.0/",
            publisher="Triplomacy",
            publisher_url="https://example.org/",
            languages=("en",),
            source_text="full",
            quads=len(quads),
            triples=len(list(union(quads))),
            files=(),
            software="0.1.0",
        ),
    )
    releases.switch(version)
    return folder
