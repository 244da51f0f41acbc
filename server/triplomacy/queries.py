"""Example queries: `.rq` files whose first comment lines say what they answer.

# title: Dates and times
# question: What does the source say about when something happened?
PREFIX …

A line `# at: https://query.wikidata.org/` says that a query is meant for people to paste in there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SUFFIX = ".rq"
_HEAD = re.compile(r"#\s*(title|question|at):\s*(.*\S)")


@dataclass(frozen=True, slots=True)
class Example:
    """An example query.

    Attributes:
        name: the name of its file, without the suffix.
        title: what it is called; its name where the file does not say.
        question: the question that it answers, for people; empty where the file does not say.
        text: the query, without these comment lines.
        at: the address of the query page for which it is meant; empty for the site's own.
    """

    name: str
    title: str
    question: str
    text: str
    at: str = ""


def read_example(name: str, content: str) -> Example:
    """Read the content of one file.

    >>> read_example("all", "# title: Everything\\nSELECT * { ?s ?p ?o }\\n").title
    'Everything'
    """
    said: dict[str, str] = {}
    rest: list[str] = []
    for line in content.splitlines():
        found = _HEAD.fullmatch(line.strip())
        if found and not any(rest):
            said.setdefault(found[1], found[2])
        else:
            rest.append(line)
    text = "\n".join(rest).strip() + "\n"
    return Example(
        name, said.get("title", name), said.get("question", ""), text, said.get("at", "")
    )


def read_examples(folder: Path) -> list[Example]:
    """All example queries in `folder`, by title; none where there is no such folder."""
    files = folder.glob(f"*{_SUFFIX}")
    examples = [read_example(f.stem, f.read_text(encoding="utf-8")) for f in files]
    return sorted(examples, key=lambda e: (e.title.casefold(), e.name))
