"""The last check, kept in a file of the site: sorted Turtle, and so a graph of the next release."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from triplomacy.errors import SiteError
from triplomacy.link.checking import Checked
from triplomacy.link.report import RECORD, as_turtle
from triplomacy.site import Site

FILE = f"data/{RECORD}.ttl"
_HEAD = "# Written by: triplomacy link check. Every check writes it anew.\n\n"


def keep(site: Site, checked: Checked) -> str:
    """Write the record of a check; gives the file's name.

    Raises:
        SiteError: the site's folder cannot be written.
    """
    path = site.folder / FILE
    text = _HEAD.encode() + as_turtle(checked, site.base)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SiteError(
            f"{path}: {error.strerror or error}", "make it writable, or check with --no-record"
        ) from error
    return FILE
