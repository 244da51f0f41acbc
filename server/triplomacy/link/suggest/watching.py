"""Notices what other people write into a site while somebody thinks about an answer."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from triplomacy.errors import SiteError
from triplomacy.link.linked import links_of
from triplomacy.link.suggest.accepting import FILE
from triplomacy.read.files import find_files
from triplomacy.read.reading import read_site
from triplomacy.site import Site


class Watch:
    """Watches the files of a site, but for that of the links, which is read before it is written.

    Args:
        site: the site, as it was just read.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stamps = _stamps(site)

    def demand_unlinked(self, things: Collection[str]) -> None:
        """Make sure that nobody has linked one of `things` meanwhile.

        Raises:
            SiteError: somebody has.
        """
        stamps = _stamps(self._site)
        if stamps == self._stamps:  # to read a large site takes a while
            return
        self._stamps = stamps
        for link in links_of(read_site(self._site).facts, self._site.base):
            if link.thing.iri in things:
                raise SiteError(
                    f"somebody has linked <{link.thing.iri}> to {link.target} meanwhile; nothing "
                    "was written",
                    "run the command again",
                )


def _stamps(site: Site) -> dict[Path, tuple[int, int]]:
    """When each file was changed, and how large it is."""
    files = (file.path for file in find_files(site)[0] if file.name != FILE)
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in files}
