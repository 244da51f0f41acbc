"""Checks a site as it was read: SHACL and dangling IRIs, each finding with its file and line."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from triplomacy.check.dangling import dangling
from triplomacy.check.shacl_engines import EngineName, Result, validate
from triplomacy.findings import Finding, Severity, in_order
from triplomacy.iris import Base
from triplomacy.read.locate import Places
from triplomacy.read.reading import Reading


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found.

    Attributes:
        findings: all of them, the worst first.
        shacl: the `sh:ValidationReport` in Turtle; None where reading already failed.
    """

    findings: tuple[Finding, ...]
    shacl: bytes | None

    @property
    def passes(self) -> bool:
        """Whether a release may be made."""
        return not any(f.blocks for f in self.findings)

    @property
    def exit_code(self) -> int:
        """0 if it passes, 1 on violations, 2 on unreadable input."""
        if any(f.severity is Severity.UNREADABLE for f in self.findings):
            return 2
        return 0 if self.passes else 1


def check(reading: Reading, base: Base, engine: EngineName = "fast") -> Report:
    """Check what was read.

    Where a file could not be read, the rest is not validated: the missing facts would make a
    hundred findings out of one.
    """
    if any(f.severity is Severity.UNREADABLE for f in reading.findings):
        return Report(in_order(reading.findings), None)
    validation = validate(reading.facts, reading.shapes, engine)
    found = [_finding(r) for r in validation.results] + dangling(base, reading.quads)
    places = Places(reading.files, reading.quads)
    located = [_located(f, places) for f in found]
    return Report(in_order([*reading.findings, *located]), validation.report)


def _finding(result: Result) -> Finding:
    return Finding(
        Severity(result.severity.lower()),
        result.shape,
        result.message or "breaks this shape",
        subject=result.focus,
        value=result.value or None,
    )


def _located(finding: Finding, places: Places) -> Finding:
    if finding.subject is None or finding.file is not None:
        return finding
    file, line = places.find(finding.subject, finding.value)
    return dataclasses.replace(finding, file=file, line=line)
