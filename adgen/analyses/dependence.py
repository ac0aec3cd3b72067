"""Whether two accesses to an array may meet in one element.

Indices and loop bounds that are affine in counters and in sizes become linear inequalities over integers; whether
they have a solution is decided by Fourier-Motzkin elimination with tightened constants (W. Pugh, The Omega test,
1991, without its exact part: a "may" is always allowed).  What is not affine stays unknown, and may be anything.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import gast

from adgen.analyses.sizes import Sizes
from adgen.analyses.structure import Place, Structure
from adgen.program.dims import Dim
from adgen.program.syntax import static_int
from adgen.program.types import Array, Scalar, Type

MOST_INEQUALITIES = 150
Range = tuple[Dim, Dim] | None  # first and last index along an axis; None: unknown


@dataclass(frozen=True)
class Access:
    """An access to a variable's elements by the statement at a place; `index` None is all of it."""

    name: str
    index: gast.expr | None
    place: Place


@dataclass
class Instance:
    """One execution of a statement: the values of the counters around it."""

    place: Place
    counters: dict[int, str]  # id of a loop -> symbol


class Dependences:
    """Affine facts about the indices of a program in normal form."""

    def __init__(self, structure: Structure, types: Mapping[str, Type], sizes: Sizes) -> None:
        self.structure, self.types, self.sizes = structure, types, sizes
        self._unknown = itertools.count()
        self._answers: dict[tuple, bool] = {}

    def may_meet(
        self, first: Access, second: Access, *, within: Sequence[gast.stmt] = (), strictly: bool = False
    ) -> bool:
        """Whether some execution of `second`, after one of `first`, may touch an element that `first` touches.

        Parameters
        ----------
        within
            Loops that make the array anew in each iteration: only accesses of one iteration can meet.
        strictly
            Whether an access of the same statement in the same iteration does not count as a later one.
        """
        key = (
            _text(first.index), id(first.place.block), first.place.index,
            _text(second.index), id(second.place.block), second.place.index,
            first.name, second.name, tuple(map(id, within)), strictly,
        )  # fmt: skip
        if key not in self._answers:
            self._answers[key] = self._may_meet(first, second, within, strictly)
        return self._answers[key]

    def may_meet_inside(self, first: Access, second: Access, loop: gast.stmt) -> bool:
        """Whether two accesses of a loop's body, in any of its iterations, may touch one element."""
        loops = first.place.block.loops
        return self._meet_at(first, second, loops, [id(x) for x in loops].index(id(loop)), ())

    def may_meet_apart(self, first: Access, second: Access, loop: gast.stmt, orders: Sequence[int]) -> bool:
        """Whether they may touch one element where the counters of `loop`, and of those in it, differ by these signs.

        A sign of 1 means that the counter is larger at `second`, -1 that it is smaller.
        """
        loops = first.place.block.loops
        return self._meet_at(first, second, loops, [id(x) for x in loops].index(id(loop)), orders)

    def _may_meet(self, first: Access, second: Access, within: Sequence[gast.stmt], strictly: bool) -> bool:
        one, two = first.place.block.loops, second.place.block.loops
        shared = [a for a, b in itertools.takewhile(lambda pair: pair[0] is pair[1], zip(one, two, strict=False))]
        for level in range(len(shared) + 1):
            if level == len(shared):
                same_or_later = second.place.index - first.place.index
                if same_or_later < 0 or (strictly and same_or_later == 0):
                    continue
                orders: tuple[int, ...] = (0,)
            elif any(shared[level] is loop for loop in within):
                continue
            else:
                orders = self._directions(shared[level])
            if any(self._meet_at(first, second, shared, level, (order,)) for order in orders):
                return True
        return False

    def _meet_at(
        self, first: Access, second: Access, shared: Sequence[gast.stmt], level: int, orders: Sequence[int]
    ) -> bool:
        """Whether they may meet with equal counters down to `level`, the next ones larger, smaller, or (0) any."""
        left = self._instance(first.place, "1", {})
        right = self._instance(second.place, "2", {id(loop): left.counters[id(loop)] for loop in shared[:level]})
        system = [*self._bounds(left), *self._bounds(right)]
        for loop, order in zip(shared[level:], orders, strict=False):
            if order:
                ahead = Dim.symbol(right.counters[id(loop)]) - Dim.symbol(left.counters[id(loop)])
                system.append(ahead * order - 1)
        rank = len(self.types[first.name].shape)  # type: ignore[union-attr]
        pairs = zip(self._ranges(first, left, rank), self._ranges(second, right, rank), strict=True)
        for one, two in pairs:
            if one is not None and two is not None:
                system += [two[1] - one[0], one[1] - two[0]]
        return may_hold(system)

    def _directions(self, loop: gast.stmt) -> tuple[int, ...]:
        """Signs of a loop's step: 1, -1, or both if unknown; 0 for a loop without a counter."""
        if not isinstance(loop, gast.For):
            return (0,)
        step = static_int(loop.iter.args[2]) if len(loop.iter.args) == 3 else 1
        return (1, -1) if step is None or step == 0 else (1,) if step > 0 else (-1,)

    def instance(self, place: Place) -> Instance:
        """Some execution of a statement."""
        return self._instance(place, "", {})

    def _instance(self, place: Place, tag: str, given: Mapping[int, str]) -> Instance:
        counters = {
            id(loop): given.get(id(loop), f"{loop.target.id}@{k}{tag}" if isinstance(loop, gast.For) else f"@{k}{tag}")
            for k, loop in enumerate(place.block.loops)
        }
        return Instance(place, counters)

    # ---- what loops say about their counters

    def _bounds(self, instance: Instance) -> list[Dim]:
        found: list[Dim] = []
        for loop in instance.place.block.loops:
            if not isinstance(loop, gast.For):
                continue
            counter = Dim.symbol(instance.counters[id(loop)])
            at = Instance(self.structure.places[id(loop)], instance.counters)
            args = loop.iter.args
            start = Dim(0) if len(args) == 1 else self.affine(args[0], at)
            stop = self.affine(args[0] if len(args) == 1 else args[1], at)
            step = static_int(args[2]) if len(args) == 3 else 1
            if step is None or step == 0:
                continue
            sign = 1 if step > 0 else -1
            if start is not None:
                found.append((counter - start) * sign)
            if stop is not None:
                found.append((stop - counter) * sign - 1)
        return found

    # ---- indices

    def _ranges(self, access: Access, instance: Instance, rank: int) -> list[Range]:
        """The indices that an access touches, axis by axis."""
        shape = self.types[access.name].shape  # type: ignore[union-attr]
        if access.index is None:
            return [None] * rank
        items = list(access.index.elts) if isinstance(access.index, gast.Tuple) else [access.index]
        items = [i for i in items if not (isinstance(i, gast.Constant) and i.value is None)]
        dots = [k for k, i in enumerate(items) if isinstance(i, gast.Constant) and i.value is Ellipsis]
        if dots:
            missing = rank - len(items) + 1
            items[dots[0] : dots[0] + 1] = [gast.Slice(None, None, None)] * missing
        items += [gast.Slice(None, None, None)] * (rank - len(items))
        if len(items) != rank:
            return [None] * rank
        return [self._range(item, shape[axis], instance) for axis, item in enumerate(items)]

    def _range(self, item: gast.expr, extent: Dim, instance: Instance) -> Range:
        if not isinstance(item, gast.Slice):
            place = self._position(item, extent, instance)
            return None if place is None else (place, place)
        if item.step is not None and (static_int(item.step) or 0) <= 0:
            return None
        start = Dim(0) if item.lower is None else self._position(item.lower, extent, instance)
        stop = self.sizes.reduce(extent) if item.upper is None else self._position(item.upper, extent, instance)
        return None if start is None or stop is None else (start, stop - 1)

    def _position(self, item: gast.expr, extent: Dim, instance: Instance) -> Dim | None:
        """An index counted from the start; None if it may be negative, hence counted from the end."""
        place = self.affine(item, instance)
        if place is None:
            return None
        if place.is_const and place.const < 0:
            return place + self.sizes.reduce(extent)
        return None if may_hold([*self._bounds(instance), -place - 1]) else place

    # ---- affine expressions

    def affine(self, expr: gast.expr, instance: Instance) -> Dim | None:
        """An integer expression as a linear form in counters and sizes; None if it is not one."""
        match expr:
            case gast.Constant(value=int() as value) if not isinstance(value, bool):
                return Dim(value)
            case gast.UnaryOp(op=gast.USub(), operand=operand):
                inner = self.affine(operand, instance)
                return None if inner is None else -inner
            case gast.BinOp(left=left, op=gast.Add() | gast.Sub() | gast.Mult() as op, right=right):
                one, two = self.affine(left, instance), self.affine(right, instance)
                if one is None or two is None:
                    return None
                if isinstance(op, gast.Mult):
                    return one * two.const if two.is_const else two * one.const if one.is_const else None
                return one + two if isinstance(op, gast.Add) else one - two
            case gast.Subscript(value=gast.Attribute(value=gast.Name(id=name), attr="shape"), slice=axis):
                return self._extent(name, static_int(axis))
            case gast.Attribute(value=gast.Name(id=name), attr="size"):
                kind = self.types.get(name)
                return self._extent(name, 0) if isinstance(kind, Array) and kind.rank == 1 else None
            case gast.Name(id=name):
                return self._variable(name, instance)
        return None

    def _extent(self, name: str, axis: int | None) -> Dim | None:
        kind = self.types.get(name)
        if not isinstance(kind, Array) or axis is None:
            return None
        dim = self.sizes.reduce(kind.shape[axis])
        return dim if all(s in self.sizes.entry_symbols for s in dim.symbols) else None

    def _variable(self, name: str, instance: Instance) -> Dim | None:
        kind = self.types.get(name)
        if not isinstance(kind, Scalar) or kind.kind != "i":
            return None
        for loop in reversed(instance.place.block.loops):
            if isinstance(loop, gast.For) and loop.target.id == name:
                return Dim.symbol(instance.counters[id(loop)])
        definition = self.structure.definitions.get(name)
        if definition is None or definition.kind == "param":
            return Dim.symbol(name)
        around = self.structure.loops_of(name)
        if definition.kind == "plain" and len(definition.places) == 1:
            place = definition.places[0]
            outer = instance.place.block.loops[: len(around)]
            value = getattr(place.statement, "value", None)
            if len(outer) == len(around) and all(a is b for a, b in zip(outer, around, strict=True)):
                found = None if value is None else self.affine(value, Instance(place, instance.counters))
                if found is not None:
                    return found
        return Dim.symbol(name) if not around and definition.kind != "counter" else None


def may_hold(system: Iterable[Dim]) -> bool:
    """Whether linear forms may all be at least zero for some integers; False only if they can't.

    >>> i, j, n = map(Dim.symbol, "ijn")
    >>> may_hold([i, n - i - 1])
    True
    >>> may_hold([j - i - 1, i - j])
    False
    >>> may_hold([2 * i - 1, 1 - 2 * i])
    False
    """
    rows = {_tightened(row) for row in system}
    while True:
        if any(row.is_const and row.const < 0 for row in rows):
            return False
        rows = {row for row in rows if not row.is_const}
        if not rows or len(rows) > MOST_INEQUALITIES:
            return True
        symbol = min({s for row in rows for s in row.symbols}, key=lambda s: (_growth(rows, s), s))
        lower, upper, rest = _split(rows, symbol)
        for (a, low), (b, high) in itertools.product(lower, upper):
            rest.add(_tightened(low * b + high * a))
        rows = rest


def _split(rows: Iterable[Dim], symbol: str) -> tuple[list[tuple[int, Dim]], list[tuple[int, Dim]], set[Dim]]:
    """Rows that bound a symbol from below, from above (with its coefficient's size), and the others."""
    lower, upper, rest = [], [], set()
    for row in rows:
        coefficient = dict(row.terms).get(symbol, 0)
        if coefficient > 0:
            lower.append((coefficient, row))
        elif coefficient < 0:
            upper.append((-coefficient, row))
        else:
            rest.add(row)
    return lower, upper, rest


def _growth(rows: Iterable[Dim], symbol: str) -> int:
    lower, upper, _ = _split(rows, symbol)
    return len(lower) * len(upper) - len(lower) - len(upper)


def _tightened(row: Dim) -> Dim:
    """Divided by the common divisor of its coefficients; the constant rounded down, for integers."""
    divisor = math.gcd(*(k for _, k in row.terms))
    if divisor <= 1:
        return row
    return Dim(row.const // divisor, tuple((s, k // divisor) for s, k in row.terms))


def _text(expr: gast.expr | None) -> str:
    return "" if expr is None else gast.dump(expr)
