"""Which values are views of which arrays, and what that asks of the derivative's own arrays."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import gast

from adgen.analyses.layout import DECIDED_BY_LAYOUT, Layout, Resting
from adgen.analyses.storage import Storage
from adgen.analyses.structure import Structure, base_name
from adgen.errors import UnsupportedSyntax
from adgen.program.spans import span_of
from adgen.program.types import Array, ListOf, Type
from adgen.transforms.matching import Match, Matcher
from adgen.transforms.nodes import is_basic, numpy_call

# Their adjoints are no views: nothing can be added to the parts of a read-only array.
READ_ONLY_VIEWS = frozenset({"np.broadcast_to", "np.broadcast_arrays", "np.diagonal", "np.diag", "np.linalg.diagonal"})


class Views:
    """Views by expression, by rule, and by the layout of what they are taken of."""

    types: Mapping[str, Type]
    matcher: Matcher
    structure: Structure
    layout: Layout
    storage: Storage

    def view_of(self, value: gast.expr) -> str | None:
        """The array whose memory the value of an expression shares, if it is a view."""
        match value:
            case gast.Subscript(value=inner):
                base = base_name(inner)
                kind = self.types.get(base or "")
                if isinstance(kind, ListOf):
                    return base if isinstance(kind.item, Array) else None
                return base if isinstance(kind, Array) and is_basic(value.slice, self.types) else None
            case gast.Attribute(attr="T", value=gast.Name(id=name)):
                return name
        match = self.matcher.match(value)
        first = None if match is None else self.viewed(match)
        if match is None or first is None or self.is_complex_part(match, first):
            return None
        if match.head.callee in READ_ONLY_VIEWS:
            return None
        if match.head.callee in DECIDED_BY_LAYOUT and self.resting(match.head.callee, first) is None:
            return None
        return first

    def viewed(self, match: Match) -> str | None:
        """The array that a rule's result is a view of."""
        first: Any = next((a for a in match.bound.values()), None) if match.row.view else None
        return first.id if isinstance(first, gast.Name) and isinstance(self.types.get(first.id), Array) else None

    def resting(self, callee: str, name: str) -> Resting | None:
        """The parameters that must be contiguous for the call to give a view; None if it may give a copy."""
        if callee in ("np.asfortranarray", "np.require") and self.types[name].rank > 1:
            return None
        return self.layout.contiguous(name)

    def may_share(self, value: gast.expr) -> str | None:
        """The array whose memory the value may share though it is no view for `view_of`."""
        match = self.matcher.match(value) if isinstance(value, gast.Call) else None
        return None if match is None or self.view_of(value) is not None else self.viewed(match)

    def is_view(self, value: gast.expr) -> bool:
        if isinstance(value, gast.Subscript | gast.Attribute):
            return self.view_of(value) is not None
        match = self.matcher.match(value)
        return match is not None and self.viewed(match) is not None

    def elementwise_operands(self, value: gast.expr) -> list[gast.expr] | None:
        match = self.matcher.match(value)
        if match is None or match.row.kind != "elementwise":
            return None
        return [e for e in match.bound.values() if isinstance(e, gast.expr)]

    @functools.cached_property
    def assumed_contiguous(self) -> frozenset[str]:
        """Parameters that must be contiguous, for views of them are written."""
        found: frozenset[str] = frozenset()
        for name, value in self.storage.views.items():
            callee = self.callee_decided_by_layout(value)
            if callee and self.storage.is_written(name):
                found |= self.resting(callee, self.storage.parent[name]) or frozenset()
        return found

    @functools.cached_property
    def laid_out(self) -> frozenset[str]:
        """Arrays whose tangents and adjoints must be contiguous too: views of those are written."""
        return frozenset(
            self.storage.root(name)
            for name, value in self.storage.views.items()
            if self.storage.is_written(name) and self.callee_decided_by_layout(value)
        )

    def callee_decided_by_layout(self, value: gast.expr) -> str:
        match = self.matcher.match(value) if isinstance(value, gast.Call) else None
        return match.head.callee if match is not None and match.head.callee in DECIDED_BY_LAYOUT else ""

    def contiguous(self, name: str, expr: gast.expr) -> gast.expr:
        """A tangent or adjoint of `name`, laid out as views of it demand; an array of rank 0 stays an array."""
        type_ = self.types[name]
        if isinstance(type_, Array) and not type_.rank and self.storage.is_written(name):
            return numpy_call("array", expr)
        match expr:
            case gast.Call(func=gast.Attribute(attr="zeros" | "full" | "copy" | "ascontiguousarray")):
                return expr
        return numpy_call("ascontiguousarray", expr) if name in self.laid_out else expr

    def is_complex_part(self, match: Match, name: str) -> bool:
        """Real and imaginary parts share memory, but their adjoints are not parts of the adjoint."""
        return match.head.callee in ("np.real", "np.imag") and self.types[name].dtype.kind == "c"

    def check_complex_parts(self) -> None:
        for statement in self.storage.stores:
            name = base_name(self.storage.target(statement))
            definition = self.structure.definitions.get(name or "")
            value = getattr(definition.places[0].statement, "value", None) if definition and definition.places else None
            match = None if value is None else self.matcher.match(value)
            if match is not None and match.bound and match.head.callee in ("np.real", "np.imag"):
                first = next(iter(match.bound.values()))
                if isinstance(first, gast.Name) and self.is_complex_part(match, first.id):
                    raise UnsupportedSyntax(
                        "complex-part",
                        "the real or imaginary part of an array is written in place",
                        span_of(statement),
                        reason="its adjoint is no part of the array's adjoint.",
                        remedy="z = new_real + 1j * z.imag",
                    )
