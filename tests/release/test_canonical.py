"""The same facts have the same hash, whatever files, prefixes and labels they came in."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, serialize

from tests.small import write_site
from triplomacy.read.reading import read_site
from triplomacy.release.canonical import canonical
from triplomacy.site import open_site

IRIS = st.sampled_from([NamedNode(f"https://e.example/{n}") for n in "abc"])
BLANKS = st.sampled_from([BlankNode(n) for n in "xyz"])
N_QUADS = "application/n-quads"
GRAPHS = st.sampled_from([NamedNode("https://e.example/g"), NamedNode("https://e.example/h")])
LITERALS = st.builds(Literal, st.sampled_from(["", "a", 'é\n\r\t"\\'])) | st.builds(
    Literal, st.just("a"), language=st.sampled_from(["en", "de-AT"])
)
QUADS = st.lists(
    st.builds(Quad, IRIS | BLANKS, IRIS, IRIS | BLANKS | LITERALS, GRAPHS), max_size=12
)


def relabelled(quads: list[Quad], labels: list[str]) -> list[Quad]:
    """`quads` with other labels for the same blank nodes."""
    names = dict(zip("xyz", labels, strict=True))

    def other(term: object) -> object:
        return BlankNode(names[term.value]) if isinstance(term, BlankNode) else term

    return [Quad(other(q.subject), q.predicate, other(q.object), q.graph_name) for q in quads]  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(QUADS, st.randoms(use_true_random=False), st.permutations(["p", "q", "c14n0"]))
def test_neither_order_nor_labels_nor_repetition_count(
    quads: list[Quad], chance: random.Random, labels: list[str]
) -> None:
    other = relabelled(quads, labels)
    chance.shuffle(other)
    one, two = canonical(quads), canonical([*other, *other[:3]])
    assert one == two


@settings(max_examples=40, deadline=None)
@given(QUADS)
def test_canonical_quads_are_as_many_and_sorted(quads: list[Quad]) -> None:
    found = canonical(quads)
    lines = [serialize([q], format=RdfFormat.N_QUADS) for q in found.quads]
    assert lines == sorted(lines)
    assert len(lines) == len(set(quads))
    assert found.sha256 == hashlib.sha256(b"".join(lines)).hexdigest()


@settings(max_examples=40, deadline=None)
@given(QUADS)
def test_somebody_elses_implementation_finds_the_same_lines(quads: list[Quad]) -> None:
    # PyLD 3.3 is wrong where a blank node stands twice in one statement (see the next test).
    quads = [q for q in quads if q.subject != q.object]
    theirs = jsonld.JsonLdProcessor().normalize(
        (serialize(quads, format=RdfFormat.N_QUADS) or b"").decode(),
        {"algorithm": "URDNA2015", "inputFormat": N_QUADS, "format": N_QUADS},
    )
    assert hashlib.sha256(theirs.encode()).hexdigest() == canonical(quads).sha256


def test_labels_follow_the_hashes_that_the_standard_defines() -> None:
    """RDF Dataset Canonicalization §4.6 by hand: `x p x`, `y p x`; the lower hash is c14n0."""
    p, g = "<https://e.example/p>", "<https://e.example/g>"
    of_x = hashlib.sha256(f"_:a {p} _:a {g} .\n_:z {p} _:a {g} .\n".encode()).hexdigest()
    of_y = hashlib.sha256(f"_:a {p} _:z {g} .\n".encode()).hexdigest()
    x, y = ("c14n0", "c14n1") if of_x < of_y else ("c14n1", "c14n0")
    lines = sorted([f"_:{x} {p} _:{x} {g} .\n", f"_:{y} {p} _:{x} {g} .\n"])
    predicate, graph = NamedNode(p[1:-1]), NamedNode(g[1:-1])
    quads = [Quad(BlankNode(s), predicate, BlankNode("x"), graph) for s in "xy"]
    assert canonical(quads).sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda q: Quad(q.subject, q.predicate, Literal("b"), q.graph_name),
        lambda q: Quad(q.subject, q.predicate, q.object, NamedNode("https://e.example/other")),
        lambda q: Quad(q.subject, q.predicate, Literal("a", language="en"), q.graph_name),
    ],
)
def test_other_facts_have_another_hash(change: object) -> None:
    e = NamedNode("https://e.example/a")
    quad = Quad(e, e, Literal("a"), e)
    assert canonical([quad]).sha256 != canonical([change(quad)]).sha256  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("01", "1", "integer"),
        ("+5", "5", "integer"),
        ("1.50", "1.5", "decimal"),
        ("1", "true", "boolean"),
        ("2025-02-12+00:00", "2025-02-12Z", "date"),
    ],
)
def test_one_value_in_two_spellings_is_one_fact(one: str, other: str, type_: str) -> None:
    e = NamedNode("https://e.example/a")
    xsd = NamedNode(f"http://www.w3.org/2001/XMLSchema#{type_}")
    first, second = (canonical([Quad(e, e, Literal(s, datatype=xsd), e)]) for s in (one, other))
    assert first == second
    [kept] = first.quads
    store = Store()
    store.add(kept)
    assert list(store) == [kept], "the store spells it alike"


@pytest.mark.parametrize("type_", ["string", "integer", "date"])
def test_texts_and_ill_typed_literals_keep_their_spelling(type_: str) -> None:
    e = NamedNode("https://e.example/a")
    xsd = NamedNode(f"http://www.w3.org/2001/XMLSchema#{type_}")
    [kept] = canonical([Quad(e, e, Literal("01-x", datatype=xsd), e)]).quads
    assert kept.object.value == "01-x"


def test_control_characters_are_escaped_as_the_standard_has_it() -> None:
    """RDF Dataset Canonicalization §5: canonical N-Quads escape these, and no others."""
    e = NamedNode("https://e.example/a")
    expected = rb'"\b\t\n\f\r\"\\\u0000\u001F\u007F' + '\x80é\u2028"'.encode()
    line = (
        b"<https://e.example/a> <https://e.example/a> " + expected + b" <https://e.example/a> .\n"
    )
    quad = Quad(e, e, Literal('\b\t\n\f\r"\\\0\x1f\x7f\x80é\u2028'), e)
    assert canonical([quad]).sha256 == hashlib.sha256(line).hexdigest()


def test_no_facts_have_the_hash_of_nothing() -> None:
    assert canonical([]).sha256 == hashlib.sha256(b"").hexdigest()


def test_prefixes_order_and_comments_of_files_do_not_count(tmp_path) -> None:  # type: ignore[no-untyped-def]
    one = """@prefix a: <https://e.example/> .
a:x a:p [ a:q 1 ] ; a:r "é" . a:y a:p 2 ."""
    two = """# other words, the same facts
PREFIX b: <https://e.example/>
<https://e.example/y> b:p "2"^^<http://www.w3.org/2001/XMLSchema#integer> .
b:x b:r "\\u00e9" ; b:p _:n . _:n b:q 1 ."""
    hashes = set()
    for name, text in (("1", one), ("2", two)):
        folder = write_site(tmp_path / name, {"data/facts.ttl": text})
        hashes.add(canonical(read_site(open_site(folder)).quads).sha256)
    assert len(hashes) == 1
