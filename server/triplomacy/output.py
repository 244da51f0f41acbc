"""What the commands print: findings in three notations, a summary, a table, and progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from rich.console import Console
from rich.table import Table
from rich.text import Text

from triplomacy.engine.protocol import Answer
from triplomacy.findings import Finding, Severity, as_document, counts

_GITHUB_LEVELS = {
    Severity.UNREADABLE: "error",
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def as_text(findings: Iterable[Finding]) -> str:
    """One line a finding: `file:line  severity  subject  what is wrong and what to do`."""
    return "".join(
        f"{one_line(f.place)}  {f.severity}  {f'<{f.subject}>' if f.subject else '-'}  "
        f"{one_line(f.message)}\n"
        for f in findings
    )


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON object with the findings and their number by severity."""
    return json.dumps(as_document(findings), ensure_ascii=False, indent=2) + "\n"


def as_github(findings: Iterable[Finding], folder: Path = Path()) -> str:
    """Workflow commands that GitHub shows beside the changed lines.

    Args:
        findings: what to show.
        folder: where the site lies in the repository.
    """
    return "".join(
        f"::{_GITHUB_LEVELS[f.severity]} {_properties(f, folder)}::{_data(f)}\n" for f in findings
    )


def _properties(finding: Finding, folder: Path) -> str:
    pairs = {
        "file": None if finding.file is None else (folder / finding.file).as_posix(),
        "line": finding.line,
        "title": finding.rule.rpartition("#")[2],
    }
    return ",".join(
        f"{k}={_escaped(str(v)).replace(':', '%3A').replace(',', '%2C')}"
        for k, v in pairs.items()
        if v is not None
    )


def _data(finding: Finding) -> str:
    subject = f"<{finding.subject}> " if finding.subject else ""
    return _escaped(subject + finding.message)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def one_line(text: str) -> str:
    """`text` with its white space folded and control characters made visible."""
    folded = " ".join(text.split())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in folded)


def summary(findings: Iterable[Finding]) -> str:
    """How many findings there are of each severity."""
    found = counts(findings)
    if not any(found.values()):
        return "Nothing to mend."
    return ", ".join(
        f"{n} {s}" + ("s" if n != 1 and s not in (Severity.UNREADABLE, Severity.INFO) else "")
        for s, n in found.items()
        if n
    )


def table_of(answer: Answer) -> Table | None:
    """The solutions in an answer as a table; None if it holds no solutions."""
    if answer.format.results is not QueryResultsFormat.JSON:
        return None
    results = parse_query_results(input=answer.body, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        return None
    table = Table(*[v.value for v in results.variables])
    for row in results:
        cells = (getattr(t, "value", None) for t in row)
        table.add_row(*[Text(one_line(str(c)) if c is not None else "") for c in cells])
    return table


def console() -> Console:
    """The terminal for results."""
    return Console()


@contextmanager
def wait(title: str) -> Iterator[Callable[[str], None]]:
    """Show that work goes on: on a terminal a spinner with the step, in a pipe nothing.

    Yields a function that takes the name of each step as it begins.
    """
    errors = Console(stderr=True)
    if not errors.is_terminal:
        yield lambda step: None
        return
    with errors.status(title) as status:
        yield lambda step: status.update(f"{step}…")
