"""Which arrays are sure to lie in memory row by row, so that a reshape of them is a view and not a copy."""

from __future__ import annotations

from collections.abc import Callable

import gast

from adgen.analyses.structure import Structure
from adgen.program.function import Function
from adgen.program.types import Array

# Their results share memory with the argument, or not: the argument's layout decides.
DECIDED_BY_LAYOUT = frozenset(
    {"np.reshape", "np.ravel", "np.ascontiguousarray", "np.asfortranarray", "np.require"}
)  # fmt: skip
ROW_BY_ROW = frozenset("zeros ones empty full eye identity arange linspace outer dot matmul cumsum ravel".split())
AS_THE_ARGUMENT = frozenset("copy zeros_like ones_like empty_like full_like sort array asarray reshape".split())

Resting = frozenset[str]  # parameters that must be contiguous for a fact to hold
ANYHOW: Resting = frozenset()


class Layout:
    """Contiguity of the arrays of a program in normal form, given that of its parameters."""

    def __init__(
        self,
        function: Function,
        structure: Structure,
        is_view: Callable[[gast.expr], bool],
        elementwise: Callable[[gast.expr], list[gast.expr] | None],
    ) -> None:
        self.types, self.strided, self.structure = function.types, function.strided, structure
        self.is_view, self.elementwise = is_view, elementwise

    def contiguous(self, name: str, seen: frozenset[str] = frozenset()) -> Resting | None:
        """The parameters that must be contiguous for this array to be so; None if it may not be."""
        type_ = self.types.get(name)
        if not isinstance(type_, Array) or not type_.rank or name in seen:
            return ANYHOW
        definition = self.structure.definitions.get(name)
        if definition is None:
            return None  # a global, which may be exchanged for another
        if definition.kind == "param":
            return None if name in self.strided else frozenset((name,))
        found = ANYHOW
        for place in definition.places:
            part = self._defined(name, type_.rank, place.statement, seen | {name})
            if part is None:
                return None
            found |= part
        return found

    def _defined(self, name: str, rank: int, statement: gast.stmt, seen: frozenset[str]) -> Resting | None:
        match statement:
            case gast.Assign(targets=[gast.Name()], value=value):
                return self._value(value, rank, seen)
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
                (value,) = (v for t, v in zip(targets, values, strict=True) if t.id == name)
                return self._value(value, rank, seen)
        return None

    def _value(self, value: gast.expr, rank: int, seen: frozenset[str]) -> Resting | None:
        match value:
            case gast.Name(id=name):
                return self.contiguous(name, seen)
            case gast.Subscript(value=gast.Name(id=name), slice=index) if self.is_view(value):
                return self.contiguous(name, seen) if is_stretch(index) else None
            case gast.Call(
                func=gast.Attribute(value=gast.Name(id="np"), attr="reshape"), args=[first, *_], keywords=[]
            ):
                return self._value(first, rank, seen)
        if rank <= 1 and not self.is_view(value):
            return ANYHOW  # memory of its own
        match value:
            case gast.BinOp(op=gast.MatMult()):
                return ANYHOW
            case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr=attr), args=args, keywords=keywords):
                if any(k.arg == "order" for k in keywords):
                    return None
                if attr in ROW_BY_ROW:
                    return ANYHOW
                if attr in AS_THE_ARGUMENT:
                    return self._all(args[:1], seen)
            case gast.Call(func=gast.Attribute(value=gast.Name() as source, attr="astype")):
                return self._all([source], seen)
            case gast.List():
                return ANYHOW
        operands = None if self.is_view(value) else self.elementwise(value)
        return None if operands is None else self._all(operands, seen)

    def _all(self, operands: list[gast.expr], seen: frozenset[str]) -> Resting | None:
        found = ANYHOW
        for operand in operands:
            part = self.contiguous(operand.id, seen) if isinstance(operand, gast.Name) else ANYHOW
            if part is None:
                return None
            found |= part
        return found


def is_stretch(index: gast.expr) -> bool:
    """Whether an index of numbers and slices cuts one stretch out of memory: numbers, then one slice at most."""
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    sliced = False
    for item in items:
        if isinstance(item, gast.Slice):
            if sliced or item.step is not None:
                return False
            sliced = True
        elif sliced or isinstance(item, gast.Constant) and not isinstance(item.value, int):
            return False
    return True
