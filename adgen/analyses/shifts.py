"""Maxima that are taken off before exponentials: what is made of them does not depend on them.

    m + log(sum(exp(x - m)))        exp(x - m) / sum(exp(x - m))        x - m - log(sum(exp(x - m)))

The maximum keeps the exponentials from overflowing; the derivative with respect to it is zero, whatever it is.  So
it is held constant, and the derivative is what one writes by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import gast

from adgen.analyses.effects import dotted
from adgen.analyses.running_shifts import find_running_shifts
from adgen.analyses.structure import Structure
from adgen.program.syntax import nodes_in, own_parts, static_int
from adgen.program.types import Array, Scalar, Type

METADATA = frozenset({"shape", "size", "ndim", "dtype"})


def find_shifts(
    structure: Structure, types: Mapping[str, Type], outputs: Iterable[str], is_written: Callable[[str], bool]
) -> frozenset[str]:
    """Names of maxima that no derivative depends on."""
    running = find_running_shifts(structure, types, outputs)
    values = structure.values()
    maxima = [n for n, v in values.items() if isinstance(v, gast.Call) and dotted(v.func) in ("np.max", "np.amax")]
    if not maxima:
        return running
    uses = _uses(structure, frozenset(outputs))
    found: set[str] = set()
    for name in maxima:
        shift = _Shift(structure, types, values, uses, is_written)
        if shift.cancels(name):
            found.add(name)
    return running | found


def _uses(structure: Structure, outputs: frozenset[str]) -> dict[str, list[str | None]]:
    """For each name, the names that are computed from it; None where it is used otherwise."""
    uses: dict[str, list[str | None]] = {name: [None] for name in outputs}
    for place in structure.places.values():
        statement = place.statement
        target = next(iter(getattr(statement, "targets", ())), None)
        own = target.id if isinstance(target, gast.Name) else None
        for part in own_parts(statement):
            sizes = {id(n.value) for n in nodes_in(part) if isinstance(n, gast.Attribute) and n.attr in METADATA}
            for read in nodes_in(part):
                if isinstance(read, gast.Name) and id(read) not in sizes and read is not target:
                    uses.setdefault(read.id, []).append(own)
    return uses


@dataclass
class _Shift:
    structure: Structure
    types: Mapping[str, Type]
    values: Mapping[str, gast.expr]
    uses: Mapping[str, list[str | None]]
    is_written: Callable[[str], bool]
    parts: dict[str, str] = field(default_factory=dict)  # what each name is: max, shifted, exp, sum, log

    def cancels(self, maximum: str) -> bool:
        call = self.values[maximum]
        found = _reduced(call)
        if found is None or not self._is_plain(maximum):
            return False
        self.x, axes, _ = found
        kind = self.types.get(self.x)
        if not isinstance(kind, Array) or kind.kind != "f" or self.is_written(self.x):
            return False
        self.rank = kind.rank
        self.axes = frozenset(range(kind.rank)) if axes is None else frozenset(a % max(kind.rank, 1) for a in axes)
        self.block = self.structure.definitions[maximum].places[0].block
        self.parts[maximum] = "max"
        return self._follow()

    def _follow(self) -> bool:
        """Give each name that the maximum reaches its part; whether all have one, or do not depend on it."""
        pending = list(self.parts)
        while pending:
            name = pending.pop()
            for user in self.uses.get(name, ()):
                if user is None:
                    return False
                if user in self.parts:
                    continue
                part = self._part(self.values.get(user), name)
                if part is None or not self._is_plain(user):
                    return False
                if part != "free":
                    self.parts[user] = part
                    pending.append(user)
        return all(self._is_free(user) for name in self.parts for user in self.uses.get(name, ()) if user)

    def _is_plain(self, name: str) -> bool:
        definition = self.structure.definitions.get(name)
        if definition is None or definition.kind != "plain" or self.is_written(name):
            return False
        return not hasattr(self, "block") or definition.places[0].block is self.block

    def _part(self, value: gast.expr | None, of: str) -> str | None:
        """What a value is, given the part that one of its operands plays; None if it may depend on the maximum."""
        part = self.parts[of]
        match value:
            case gast.BinOp(left=gast.Name(id=left), op=gast.Sub(), right=gast.Name(id=right)):
                if left == self.x and part == "max" and right == of:
                    return "shifted" if self._is_broadcast(right) else None
                return "free"  # judged when all parts are known
            case gast.BinOp(op=gast.Add() | gast.Div()):
                return "free"
            case gast.Call(args=[gast.Name(), *_]) if dotted(value.func) == "np.exp" and len(value.args) == 1:
                return "exp" if part == "shifted" and not value.keywords else None
            case gast.Call(args=[gast.Name()]) if dotted(value.func) == "np.log" and not value.keywords:
                return "log" if part == "sum" else None
            case gast.Call() if dotted(value.func) == "np.sum" and part == "exp":
                found = _reduced(value)
                if found is None:
                    return None
                axes = range(self.rank) if found[1] is None else [a % self.rank for a in found[1]]
                return "sum" if frozenset(axes) == self.axes else None
            case gast.Call(args=[gast.Name(), _]) if dotted(value.func) == "np.expand_dims":
                return part if part in ("max", "sum", "log") else None
            case gast.Subscript(value=gast.Name(), slice=index) if _adds_axes(index):
                return part if part in ("max", "sum", "log") else None
        return None

    def _is_free(self, user: str) -> bool:
        """Whether a value has a part, or is one of those that do not depend on the maximum."""
        if user in self.parts:
            return True
        match self.values[user]:
            case gast.BinOp(left=gast.Name(id=left), op=op, right=gast.Name(id=right)):
                parts = self.parts.get(left), self.parts.get(right)
                if isinstance(op, gast.Add):
                    return set(parts) == {"max", "log"} and self._is_alike(left, right)
                wanted = ("exp", "sum") if isinstance(op, gast.Div) else ("shifted", "log")
                return parts == wanted and self._is_broadcast(right)
        return False

    def _is_broadcast(self, name: str) -> bool:
        """Whether a reduced array meets the elements that it was made of."""
        kind = self.types.get(name)
        if isinstance(kind, Scalar):
            return len(self.axes) == self.rank
        if not isinstance(kind, Array) or kind.rank > self.rank:
            return False
        missing = self.rank - kind.rank
        return all(axis < missing or kind.shape[axis - missing].is_one for axis in self.axes)

    def _is_alike(self, one: str, other: str) -> bool:
        """Whether two reduced arrays have the same axes."""
        first, second = self.types.get(one), self.types.get(other)
        if isinstance(first, Scalar) and isinstance(second, Scalar):
            return True
        if not isinstance(first, Array) or not isinstance(second, Array) or first.rank != second.rank:
            return False
        flat = all(_is_flat(self.values, name) for name in (one, other))
        return flat or (self._is_broadcast(one) and self._is_broadcast(other) and first.rank == self.rank)


def _is_flat(values: Mapping[str, gast.expr], name: str) -> bool:
    """Whether a value is a reduction without ``keepdims``, or its logarithm."""
    value = values[name]
    if isinstance(value, gast.Call) and dotted(value.func) == "np.log":
        value = values.get(value.args[0].id, value)
    found = _reduced(value)
    return found is not None and not found[2]


def _reduced(value: gast.expr) -> tuple[str, tuple[int, ...] | None, bool] | None:
    """``np.max(x, axis=1, keepdims=True)`` as its operand, axes and `keepdims`."""
    if not isinstance(value, gast.Call) or not value.args or not isinstance(value.args[0], gast.Name):
        return None
    given = dict(zip(("axis",), value.args[1:], strict=False)) | {k.arg: k.value for k in value.keywords}
    if len(value.args) > 2 or not set(given) <= {"axis", "keepdims"}:
        return None
    keeps = given.get("keepdims")
    if keeps is not None and not (isinstance(keeps, gast.Constant) and isinstance(keeps.value, bool)):
        return None
    axis = given.get("axis")
    if axis is None or (isinstance(axis, gast.Constant) and axis.value is None):
        axes = None
    else:
        numbers = [static_int(item) for item in (axis.elts if isinstance(axis, gast.Tuple) else [axis])]
        axes = tuple(n for n in numbers if n is not None)
        if len(axes) != len(numbers):
            return None
    return value.args[0].id, axes, keeps is not None and keeps.value


def _adds_axes(index: gast.expr) -> bool:
    """Whether an index keeps everything: ``[:, None]``."""
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    return all(
        (isinstance(i, gast.Constant) and i.value is None)
        or (isinstance(i, gast.Slice) and i.lower is i.upper is i.step is None)
        for i in items
    )
