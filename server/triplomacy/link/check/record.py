"""The last check, kept in a file of the site: sorted Turtle, and so a graph of the next release."""

from __future__ import annotations

from triplomacy.errors import NotWritten
from triplomacy.link.check.checking import Checked
from triplomacy.link.check.report import RECORD, as_turtle
from triplomacy.link.files import replace_file
from triplomacy.site import Site

FILE = f"data/{RECORD}.ttl"
_HEAD = "# Written by: triplomacy link check. Every check writes it anew.\n\n"


def keep(site: Site, checked: Checked) -> None:
    """Write the record of a check.

    Raises:
        NotWritten: the site's folder cannot be written.
    """
    try:
        replace_file(site.folder / FILE, _HEAD.encode() + as_turtle(checked, site.base))
    except NotWritten as error:
        remedy = f"{error.remedy}, or keep no record: triplomacy link check --no-record"
        raise NotWritten(error.detail, remedy) from error
