"""The page of the shapes: every rule that the data keeps, in the words of the shapes themselves."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc

from pyoxigraph import BlankNode, NamedNode

from triplomacy.engine.protocol import Term
from triplomacy.iris import local_name
from triplomacy.namespaces import RDFS, SH
from triplomacy.web.pages.reader import TYPE, Reader, Ref, Text, Value, by_label
from triplomacy.web.pages.vocabulary import members_of

_NAME = NamedNode(f"{SH}name")
_DESCRIPTION = NamedNode(f"{SH}description")
_COMMENT = NamedNode(f"{RDFS}comment")
_MESSAGE = NamedNode(f"{SH}message")
_SEVERITY = NamedNode(f"{SH}severity")
_PATH = NamedNode(f"{SH}path")
_NODE_SHAPE = NamedNode(f"{SH}NodeShape")
_RULES = tuple(NamedNode(f"{SH}{name}") for name in ("property", "sparql"))
_TARGETS = tuple(
    NamedNode(f"{SH}{name}")
    for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
)
_SELECT = NamedNode(f"{SH}select")
# What a rule says of itself in other words; the rest are its conditions.
_SAID = {p.value for p in (_NAME, _DESCRIPTION, _COMMENT, _MESSAGE, _SEVERITY, _PATH, TYPE)}
_SAID |= {p.value for p in (*_RULES, *_TARGETS, _SELECT)}
_SAID |= {f"{SH}prefixes", f"{SH}order", f"{SH}group", f"{RDFS}isDefinedBy", f"{RDFS}label"}
_PATHS = {"inversePath": "^", "zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule: a parameter of SHACL and its values."""

    parameter: str
    values: tuple[Ref | Value, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: a shape, or a constraint of one.

    Attributes:
        anchor: its fragment; empty for a nameless one.
        name: what it looks at.
        description: why it exists.
        message: what it tells whoever breaks it.
        severity: `Violation`, `Warning` or `Info`.
        path: the property path that it looks along, empty if it looks at the thing itself.
        conditions: its parameters.
        query: its SPARQL, if it has any.
    """

    anchor: str
    name: Text
    description: Text | None
    message: Text | None
    severity: str
    path: str
    conditions: tuple[Condition, ...]
    query: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape: what it looks at, its own rule, and the rules that hang from it."""

    rule: Rule
    targets: tuple[Ref, ...]
    rules: tuple[Rule, ...]

    @property
    def size(self) -> int:
        """How many rules it states, itself counted if it has conditions of its own."""
        return len(self.rules) + bool(self.rule.conditions or self.rule.query)


@dataclass(frozen=True, slots=True)
class ShapesView:
    """What the page of the shapes shows."""

    shapes: tuple[Shape, ...]
    conditions: tuple[Shape, ...]
    severities: tuple[tuple[str, int], ...]


def shapes_view(reader: Reader, prefix: str) -> ShapesView:
    """Read all node shapes whose IRIs begin with `prefix`."""
    nodes = [n for n in reader.pointing(TYPE, _NODE_SHAPE) if n.value.startswith(prefix)]
    shapes = sorted((_shape(reader, n) for n in nodes), key=lambda s: s.rule.name.value.casefold())
    with_targets = tuple(s for s in shapes if s.targets)
    rules = [
        r for s in with_targets for r in (*([s.rule] if s.size > len(s.rules) else []), *s.rules)
    ]
    counts = {
        name: sum(r.severity == name for r in rules) for name in ("Violation", "Warning", "Info")
    }
    return ShapesView(
        with_targets,
        tuple(s for s in shapes if not s.targets),
        tuple((name, n) for name, n in counts.items() if n),
    )


def _shape(reader: Reader, node: NamedNode) -> Shape:
    own = _rule(reader, node, "Violation")
    targets = tuple(sorted((r for t in _TARGETS for r in reader.refs(node, t)), key=by_label))
    rules = [r for property in _RULES for r in reader.objects(node, property)]
    found = (_rule(reader, r, own.severity) for r in rules)
    return Shape(own, targets, tuple(sorted(found, key=lambda r: r.name.value.casefold())))


def _rule(reader: Reader, node: Term, inherited: str) -> Rule:
    paths = [path_text(reader, p) for p in reader.objects(node, _PATH)]
    severity = reader.one(node, _SEVERITY)
    anchor = node.value.rpartition("#")[2] if isinstance(node, NamedNode) else ""
    name = reader.text(node, _NAME)
    shown = Text(" ".join(paths) or anchor or "a nameless rule")
    return Rule(
        anchor,
        name or shown,
        reader.text(node, _DESCRIPTION) or reader.text(node, _COMMENT),
        reader.text(node, _MESSAGE),
        local_name(severity.iri) if severity else inherited,
        " ".join(paths),
        _conditions(reader, node),
        _query(reader, node),
    )


def _query(reader: Reader, node: Term) -> str | None:
    """The SPARQL of a rule, without the indent that it has in its file."""
    query = reader.value(node, _SELECT)
    return None if query is None else cleandoc(query)


def _conditions(reader: Reader, node: Term) -> tuple[Condition, ...]:
    if not isinstance(node, NamedNode | BlankNode):
        return ()
    values: dict[str, list[Ref | Value]] = {}
    for quad in reader.engine.quads(node):
        if quad.predicate.value.startswith(SH) and quad.predicate.value not in _SAID:
            values.setdefault(local_name(quad.predicate.value), [])
    for name, found in values.items():
        for object in reader.objects(node, NamedNode(f"{SH}{name}")):
            members = members_of(reader, object) if isinstance(object, BlankNode) else [object]
            found += [reader.end(m) for m in members]
    return tuple(Condition(name, tuple(found)) for name, found in sorted(values.items()))


def path_text(reader: Reader, path: Term, depth: int = 5) -> str:
    """A SHACL property path in the notation of SPARQL, with local names."""
    if isinstance(path, NamedNode):
        return local_name(path.value)
    if depth == 0:
        return "…"
    for alternative in reader.objects(path, NamedNode(f"{SH}alternativePath")):
        steps = members_of(reader, alternative)
        return "(" + " | ".join(path_text(reader, s, depth - 1) for s in steps) + ")"
    for name, sign in _PATHS.items():
        for inner in reader.objects(path, NamedNode(f"{SH}{name}")):
            text = path_text(reader, inner, depth - 1)
            return sign + text if sign == "^" else text + sign
    return " / ".join(path_text(reader, s, depth - 1) for s in members_of(reader, path))
