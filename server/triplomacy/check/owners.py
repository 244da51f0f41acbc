"""Names a blank node for people: by the nearest named node from which links lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode, Quad, Triple


@dataclass(frozen=True)
class Owners:
    """Answers who owns a blank node among `quads`."""

    quads: Sequence[Quad]

    def of(self, node: NamedNode | BlankNode | Triple) -> NamedNode | None:
        """`node` if it is named, else the nearest named subject that leads to it, if one does."""
        if isinstance(node, NamedNode):
            return node
        seen: set[object] = {node}
        nearest: list[object] = [node]
        while nearest:
            above = [s for n in nearest for s in self._subjects.get(n, ())]
            named = [s for s in above if isinstance(s, NamedNode)]
            if named:
                return min(named, key=lambda s: s.value)
            nearest = [s for s in above if s not in seen]
            seen.update(nearest)
        return None

    @cached_property
    def _subjects(self) -> dict[object, list[object]]:
        """Read only where there is a blank node to name, since it costs a look at every quad."""
        subjects: dict[object, list[object]] = {}
        for quad in self.quads:
            if isinstance(quad.object, BlankNode):
                subjects.setdefault(quad.object, []).append(quad.subject)
        return subjects
