"""An answer that must end early is unreadable, wherever it ends and whoever reads it."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QuerySolutions,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from triplomacy.errors import ResultTooLarge
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.web.answering import ending

VALUES = 'SELECT * { VALUES (?x ?y) { (<http://x/a> "one, \\"1\\"") ("<b>" "two\\n2"@en) } }'
TRIPLES = [
    Triple(NamedNode(f"http://x/{n}"), NamedNode("http://x/p"), Literal(f'a "{n}" <b>\n.'))
    for n in range(3)
]
ERROR = ResultTooLarge("The answer has more than 2 rows")


def written(format: Format) -> bytes:
    if format.rdf is not None:
        body = serialize(TRIPLES, format=format.rdf)
    else:
        body = Store().query(VALUES).serialize(None, format.results)  # type: ignore[union-attr]
    assert body is not None
    return body


def read(format: Format, body: bytes) -> None:
    """Read the whole of it, as strictly as its format allows."""
    if format.suffix == "csv":
        list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))
    elif format.rdf is not None:
        list(parse(body, format.rdf))
    else:
        results = parse_query_results(body, format.results)
        assert isinstance(results, QuerySolutions)
        list(results)


@pytest.mark.parametrize("format", [*RESULTS_FORMATS, *RDF_FORMATS], ids=lambda f: f.suffix)
def test_an_answer_that_ends_anywhere_is_unreadable(format: Format) -> None:
    whole = written(format)
    read(format, whole)
    last = ending(format, ERROR)
    assert b"THE ANSWER WAS CUT SHORT: The answer has more than 2 rows" in last
    for cut in range(len(whole)):
        with pytest.raises((SyntaxError, ValueError, csv.Error)):
            read(format, whole[:cut] + last)
        if "json" in format.media_type:
            with pytest.raises(ValueError, match=r"."):
                json.loads(whole[:cut] + last)
        if "xml" in format.media_type:
            with pytest.raises(ET.ParseError):
                ET.fromstring(whole[:cut] + last)
