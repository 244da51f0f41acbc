"""The folder of releases: which there are, which is current, and the one atomic switch.

releases/
    current -> 20250212T180000Z-1a2b3c4d      a symbolic link, replaced by rename
    20250212T180000Z-1a2b3c4d/
        manifest.json  store/ or store.json  search/  dumps/  report.json  report.ttl
        description.ttl  site/
    .building-…/                              a build that runs, or one that was killed
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from triplomacy.errors import ReleaseError
from triplomacy.release.manifest import Manifest, read_manifest

CURRENT = "current"
VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class Release:
    """One release, by its folder. Nothing inside it ever changes."""

    folder: Path

    @property
    def version(self) -> str:
        """Its version, which is its folder's name."""
        return self.folder.name

    @cached_property
    def manifest(self) -> Manifest:
        """What it says about itself."""
        return read_manifest(self.folder)

    @property
    def store(self) -> Path:
        """The folder of the indexed store."""
        return self.folder / "store"

    @property
    def search(self) -> Path:
        """The folder of the index of texts; older releases have none."""
        return self.folder / "search"

    @property
    def place(self) -> Path:
        """Where its store lies on a server, if it is there and not in `store`."""
        return self.folder / "store.json"

    @property
    def dumps(self) -> Path:
        """The folder of the files that people download."""
        return self.folder / "dumps"

    @property
    def description(self) -> Path:
        """The VoID and DCAT description, in Turtle."""
        return self.folder / "description.ttl"

    @property
    def report(self) -> Path:
        """The SHACL validation report, in Turtle."""
        return self.folder / "report.ttl"

    @property
    def problems(self) -> Path:
        """The findings of the check in JSON, as `check --json` prints them."""
        return self.folder / "report.json"

    @property
    def queries(self) -> Path:
        """The folder of the example queries."""
        return self.folder / "site" / "queries"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.folder / "site" / "context.jsonld"


@dataclass(frozen=True, slots=True)
class Releases:
    """The folder that holds all releases of a site."""

    folder: Path

    def current_version(self) -> str | None:
        """The version that `current` names; None before the first build. One system call."""
        try:
            return os.readlink(self.folder / CURRENT)  # noqa: PTH115 - read on every request
        except OSError:
            return None

    def get(self, version: str) -> Release:
        """The release of that version.

        Raises:
            ReleaseError: there is none.
        """
        folder = self.folder / version
        if not VERSION.fullmatch(version) or not folder.is_dir():
            raise ReleaseError(
                f"{self.folder}: there is no release {version!r}",
                "see what there is: triplomacy releases",
            )
        return Release(folder)

    def current(self) -> Release | None:
        """The current release; None before the first build."""
        version = self.current_version()
        return None if version is None else self.get(version)

    def existing(self) -> Release:
        """The current release.

        Raises:
            ReleaseError: there is none yet.
        """
        release = self.current()
        if release is None:
            raise ReleaseError(f"{self.folder}: there is no release yet", "triplomacy build")
        return release

    def all(self) -> list[Release]:
        """All releases, the oldest first."""
        if not self.folder.is_dir():
            return []
        folders = (f for f in self.folder.iterdir() if VERSION.fullmatch(f.name) and f.is_dir())
        return [Release(f) for f in sorted(folders)]

    def switch(self, version: str) -> None:
        """Make a release current, by one atomic rename.

        Raises:
            ReleaseError: there is no such release, it is damaged, or the folder cannot be written.
        """
        self.get(version).manifest  # noqa: B018 - a damaged one must not become current
        fresh = self.folder / f".{CURRENT}-{os.getpid()}"
        try:
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(version)
            fresh.replace(self.folder / CURRENT)
        except OSError as error:
            raise ReleaseError(
                f"{self.folder}: {error.strerror or error}",
                "free some disk space or make the folder writable; nothing was changed",
            ) from error
