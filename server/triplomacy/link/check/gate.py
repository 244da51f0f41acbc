"""The links to Wikidata as part of the gate: what `triplomacy check --links` adds to a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from triplomacy.check.checking import Report
from triplomacy.errors import TriplomacyError, Unreachable, UnusableAnswer
from triplomacy.findings import Finding, Severity, in_order
from triplomacy.link.check.checking import check_links
from triplomacy.read.reading import Reading
from triplomacy.site import Site

UNCHECKED = "links-could-not-be-checked"


def with_links(
    report: Report, site: Site, reading: Reading, progress: Callable[[str], None]
) -> tuple[Report, TriplomacyError | None]:
    """The report with what is wrong with the links, and what kept us from checking them.

    Args:
        report: what the check found without them.
        site: the site.
        reading: what was read of it; nothing is asked for what could not be read.
        progress: told what is done.
    """
    if any(f.severity is Severity.UNREADABLE for f in report.findings):
        return report, None
    trouble = None
    found: tuple[Finding, ...] = ()
    try:
        found = check_links(site, reading, progress=progress).findings
    except (Unreachable, UnusableAnswer) as error:
        words = f"the links to Wikidata were not checked: {error.detail}; {error.remedy}"
        found, trouble = (Finding(Severity.WARNING, UNCHECKED, words),), error
    return dataclasses.replace(report, findings=in_order([*report.findings, *found])), trouble
