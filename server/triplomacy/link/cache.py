"""A cache on disk of what Wikidata answered, an entry a file, each with its age.

An entry is written beside its place and moved there, so whoever is killed leaves it as it was; one
that is damaged counts as absent. So nothing here is ever worth an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from triplomacy.site import Site, packaged_site

_FOLDER = ".triplomacy-cache"
_TEMPORARY = ".writing-"
_IGNORED = "# what can be asked again\n*\n"


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was answered, and when."""

    value: dict[str, Any]
    fetched: datetime


class Cache:
    """Answers to one kind of question.

    Args:
        folder: where they lie; None keeps nothing.
        days: for which an answer counts as fresh.
        clock: tells the time.
    """

    def __init__(
        self, folder: Path | None, days: float, clock: Callable[[], datetime] = now
    ) -> None:
        self._folder = folder
        self._age = timedelta(days=days)
        self._clock = clock

    def get(self, key: str) -> Entry | None:
        """The fresh answer under `key`, which is a number such as Q7747; None if there is none."""
        if self._folder is None:
            return None
        try:
            held = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            fetched = datetime.fromisoformat(held["fetched"])
            age = self._clock() - fetched
            fresh = timedelta() <= age < self._age  # never from a future to which clocks went
            if held["key"] != key or not fresh or not isinstance(held["value"], dict):
                return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return Entry(held["value"], fetched)

    def put(self, key: str, value: dict[str, Any]) -> None:
        """Keep an answer, if the disk lets us."""
        if self._folder is not None:
            held = {"key": key, "fetched": self._clock().isoformat(), "value": value}
            with contextlib.suppress(OSError):
                _write(self._folder / f"{key}.json", json.dumps(held))


def cache_for(site: Site, question: str, days: float) -> Cache:
    """The cache of a site for answers to one kind of question.

    It lies in the site's folder, from which git keeps away by itself; where that cannot be written,
    or is that of the package, in the user's folder for caches (XDG Base Directory Specification),
    or nowhere.

    Args:
        site: the site.
        question: all that an answer depends on beside its key.
        days: for which an answer counts as fresh.
    """
    name = hashlib.sha256(question.encode()).hexdigest()[:16]
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    own = () if site.folder == packaged_site() else (site.folder / _FOLDER,)
    for root in (*own, user / "triplomacy"):
        folder = root / "wikidata" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if root.name == _FOLDER and not (root / ".gitignore").exists():
                _write(root / ".gitignore", _IGNORED)
            _tidy(folder)
        except OSError:
            continue
        return Cache(folder, days)
    return Cache(None, days)


def _tidy(folder: Path) -> None:
    """Remove what killed writers left; nobody writes for an hour."""
    old = now().timestamp() - 3600
    for left in folder.glob(f"{_TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < old:
                left.unlink()


def _write(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=_TEMPORARY, delete=False
    ) as stream:
        try:
            stream.write(text)
            stream.flush()
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink(missing_ok=True)
            raise
