"""The manifest: what a release says about itself, in `manifest.json`."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from triplomacy.errors import ReleaseError

MANIFEST_NAME = "manifest.json"
LAYOUT = 1
"""The layout of a release's folder; a server refuses a release of another layout."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that people download.

    Attributes:
        name: its name in `dumps/`.
        media_type: of the content, before compression.
        compression: `application/gzip`, or empty.
        bytes: its size.
        sha256: of the file as it lies there, in hex.
        title: what it holds, for people.
    """

    name: str
    media_type: str
    compression: str
    bytes: int
    sha256: str
    title: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says about itself.

    Attributes:
        version: `{UTC time}-{first 8 hex digits of facts}`, such as `20250212T180000Z-1a2b3c4d`.
        created: the time in the version, ISO 8601 in UTC.
        facts: SHA-256 of the dataset's canonical N-Quads (RDFC-1.0), in hex.
        inputs: SHA-256 of everything else that the release shows: settings, queries, context,
            and the version of the software that wrote it.
        base: the base IRI of its terms.
        title, description, licence, publisher, publisher_url, languages, source_text: the
            settings of the site at that time (see `site.Settings`).
        quads: how many there are in the dataset.
        triples: how many there are in the union of its graphs.
        files: what people can download.
        software: the version of Triplomacy that wrote it.
        layout: see `LAYOUT`.
    """

    version: str
    created: str
    facts: str
    inputs: str
    base: str
    title: str
    description: str
    licence: str
    publisher: str
    publisher_url: str
    languages: tuple[str, ...]
    source_text: str
    quads: int
    triples: int
    files: tuple[File, ...]
    software: str
    layout: int = LAYOUT

    @property
    def created_at(self) -> datetime:
        """The time of the release."""
        return datetime.fromisoformat(self.created).astimezone(UTC)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest.json` into a release's folder."""
    text = json.dumps(dataclasses.asdict(manifest), indent=2, ensure_ascii=False)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the release in `folder`.

    Raises:
        ReleaseError: it is missing, damaged, or of a layout that this software does not know.
    """
    path = folder / MANIFEST_NAME
    try:
        values: Any = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise TypeError("it holds no JSON object")
        if values.get("layout") != LAYOUT:
            raise ReleaseError(
                f"{path}: layout {values.get('layout')!r}, this software reads layout {LAYOUT}",
                "build the release anew: triplomacy build --force",
            )
        values["files"] = tuple(File(**f) for f in values["files"])
        values["languages"] = tuple(values["languages"])
        return Manifest(**values)
    except KeyError as error:
        raise _damaged(path, f"{error} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, getattr(error, "strerror", None) or str(error)) from error


def _damaged(path: Path, what: str) -> ReleaseError:
    return ReleaseError(
        f"{path}: the manifest is damaged: {what}",
        "build a new release, triplomacy build --force, or switch to another, triplomacy releases",
    )
