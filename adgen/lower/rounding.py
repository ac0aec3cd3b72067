"""What is rounded to whole numbers is computed as NumPy computes it, whatever liberties the rest of the code has.

A quotient that is whole but for rounding may be computed as a product with a reciprocal, a product and a sum without
rounding between, sums in another order: a floor may then jump by one.  So operations whose result is rounded are
calls of functions compiled without those liberties, which LLVM inlines.  What a loop carries is not followed: it
differs by rounding anyway.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.lower.helpers import Helper
from adgen.lower.trees import name, static
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type

ROUNDINGS = frozenset(
    """np.floor np.ceil np.trunc np.fix np.rint np.round np.around math.floor math.ceil math.trunc int round np.int64
    np.int32 np.intp np.floor_divide np.mod np.remainder np.fmod math.fmod np.divmod divmod""".split()
)
HANDED_ON = frozenset(
    """np.abs np.absolute np.fabs math.fabs abs np.minimum np.maximum np.fmin np.fmax min max np.where np.clip
    np.asarray np.ascontiguousarray np.ravel np.copy float np.float64""".split()
)
ALLOCATIONS = frozenset("np.empty np.empty_like np.zeros np.zeros_like".split())
EXACT = {gast.Div: ("quotient", "/"), gast.Mult: ("product", "*"), gast.Add: ("total", "+"), gast.Sub: ("rest", "-")}
FLAGS = re.compile(r", fastmath=\{[^}]*\}")


def round_as_written(
    body: list[gast.stmt],
    decorator: str,
    type_of: Callable[[gast.expr], Type | None],
    fresh: Callable[[str], str],
    helpers: dict[str, Helper],
) -> None:
    """Write operations whose result is rounded as calls; the functions called are added to the helpers."""
    strict = FLAGS.sub(", fastmath=False", decorator)  # said: else those of the caller hold
    if strict == decorator:
        return
    walk = _Rounded(body, type_of)
    for operand, wholly in _rounded(body, type_of):
        walk.follow(operand, None, wholly)
    for node in walk.found:
        stem, sign = EXACT[type(node.op)]
        text = f"(a, b):\n    return a {sign} b\n"
        if text not in helpers:
            own = fresh(f"exact_{stem}")
            helpers[text] = Helper(own, f"{strict}\ndef {own}{text}")
        walk.replace(node, gast.Call(name(helpers[text].name), [node.left, node.right], []))


def _rounded(body: Iterable[gast.AST], type_of: Callable[[gast.expr], Type | None]) -> Iterator[tuple[gast.expr, bool]]:
    """Operands of roundings, and those compared with whole numbers, of which only the quotients are made exact."""
    for statement in body:
        for node in nodes_in(statement):
            match node:
                case gast.BinOp(left=left, op=gast.FloorDiv() | gast.Mod(), right=right):
                    yield from ((left, True), (right, True))
                case gast.Call(func=gast.Attribute(value=array, attr="astype"), args=[dtype, *_]) if "int" in dotted(
                    dtype
                ):
                    yield array, True
                case gast.Call(func=function, args=args) if dotted(function) in ROUNDINGS:
                    yield from ((argument, True) for argument in args)
                case gast.Compare(left=left, comparators=[right]):
                    yield from (
                        (one, False) for one, other in ((left, right), (right, left)) if _is_whole(other, type_of)
                    )


class _Rounded:
    """The walk from a rounding back to what it is made of."""

    def __init__(self, body: list[gast.stmt], type_of: Callable[[gast.expr], Type | None]) -> None:
        self.type_of = type_of
        self.found: list[gast.BinOp] = []
        self.seen: set[int] = set()
        self.names: set[tuple[str, type, bool]] = set()
        self.values: dict[str, list[gast.expr]] = {}
        self.holders: dict[int, tuple[gast.AST, str, int | None]] = {}
        for statement in body:
            for node in nodes_in(statement):
                self.note(node)

    def note(self, node: gast.AST) -> None:
        for field, value in gast.iter_fields(node):
            for k, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, gast.BinOp):
                    self.holders[id(part)] = (node, field, k if isinstance(value, list) else None)
        match node:
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)) if len(targets) == len(
                values
            ):
                for target, value in zip(targets, values, strict=True):
                    self.define(target, value)
            case gast.Assign(targets=[target], value=value):
                self.define(target, value)
            case gast.AugAssign(target=target):
                self.define(target, target)

    def define(self, target: gast.AST, value: gast.AST) -> None:
        while isinstance(target, gast.Subscript):
            target = target.value
        if isinstance(target, gast.Name) and isinstance(value, gast.expr) and not _allocates(value):
            self.values.setdefault(target.id, []).append(value)

    def is_carried(self, own: str) -> bool:
        """Whether a value is made of the one that its name had before."""
        met: set[str] = set()
        open_names = [own]
        while open_names:
            for value in self.values.get(open_names.pop(), ()):
                new = {n.id for n in nodes_in(value) if isinstance(n, gast.Name)} - met
                met |= new
                open_names += new
        return own in met

    def follow(self, node: gast.expr, reader: gast.AST | None, wholly: bool) -> None:
        """Note the operations that a rounded value is made of; `reader` is the one that takes its result."""
        match node:
            case gast.BinOp(left=left, op=op, right=right):
                if id(node) not in self.seen and self.matters(node, reader, wholly):
                    self.seen.add(id(node))
                    self.found.append(node)
                self.follow(left, op, wholly)
                self.follow(right, op, wholly)
            case gast.UnaryOp(operand=operand):
                self.follow(operand, reader, wholly)
            case gast.IfExp(body=body, orelse=orelse):
                self.follow(body, reader, wholly)
                self.follow(orelse, reader, wholly)
            case gast.Subscript(value=gast.Name() as array):
                self.follow(array, reader, wholly)
            case gast.Call(func=function, args=args) if dotted(function) in HANDED_ON:
                for argument in args:
                    self.follow(argument, reader, wholly)
            case gast.Name(id=own) if (own, type(reader), wholly) not in self.names:
                self.names.add((own, type(reader), wholly))
                for value in () if self.is_carried(own) else self.values.get(own, ()):
                    self.follow(value, reader, wholly)

    def matters(self, node: gast.BinOp, reader: gast.AST | None, wholly: bool) -> bool:
        """Whether Numba's flags allow another result than NumPy's."""
        if not isinstance(node.op, gast.Div):
            if not wholly or not isinstance(reader, gast.Add | gast.Sub | gast.Mult):
                return False
        if not isinstance(node.op, gast.Add | gast.Sub) and _is_power_of_two(node.right):
            return False  # no rounding
        kind = self.type_of(node)
        return type(node.op) in EXACT and not (isinstance(kind, Array | Scalar) and kind.kind in "iub")

    def replace(self, node: gast.BinOp, new: gast.expr) -> None:
        holder, field, k = self.holders[id(node)]
        if k is None:
            setattr(holder, field, new)
        else:
            getattr(holder, field)[k] = new
        for side, part in enumerate((node.left, node.right)):
            if id(part) in self.holders:
                self.holders[id(part)] = (new, "args", side)


def _is_whole(node: gast.expr, type_of: Callable[[gast.expr], Type | None]) -> bool:
    """Whether it is a whole number, but for zero: the sign of a quotient needs no care."""
    value: Any = static(node)
    if isinstance(value, int | float):
        return value != 0 and float(value).is_integer()
    kind = type_of(node)
    return isinstance(kind, Array | Scalar) and kind.kind in "iu"


def _allocates(value: gast.expr) -> bool:
    return isinstance(value, gast.Call) and dotted(value.func) in ALLOCATIONS


def _is_power_of_two(node: gast.expr) -> bool:
    value: Any = static(node)
    return isinstance(value, int | float) and value != 0 and abs(math.frexp(value)[0]) == 0.5
