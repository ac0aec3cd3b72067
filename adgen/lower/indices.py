"""Subscripts: masks of several axes become index arrays, stores through index arrays become loops."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gast

from adgen.analyses.effects import dotted
from adgen.errors import BackendRefused
from adgen.lower.trees import build, constant, name, static
from adgen.program.accumulation import AddAt, SubAt
from adgen.program.spans import with_span
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def loaded(lowering: Lowering, node: gast.Subscript, value: gast.expr, index: gast.expr) -> gast.expr:
    """A subscript that is read."""
    if static(index) == ():  # of arrays without axes, which may be numbers by now
        return build("np.asarray(x)[()]", x=lowering.expr(value))
    if static(index) is ... and not lowering.rank(value):
        return build("np.asarray(x)", x=lowering.expr(value))
    if not isinstance(lowering.type_of(value), Array):
        return lowering.parts(node)
    array = lowering.expr(value)
    items = spelt_axes(lowering, value, indices_of(lowering, index))
    return gast.Subscript(array, written_index(items), gast.Load())


@dataclass(frozen=True)
class Picked:
    """An index array: an expression that is cheap to write twice, and its extents."""

    expr: gast.expr
    type: Array


Item = gast.expr | Picked


def indices_of(lowering: Lowering, index: gast.expr) -> list[Item]:
    """Items of an index, lowered; masks of several axes are their index arrays."""
    found: list[Item] = []
    for item in index.elts if isinstance(index, gast.Tuple) else [index]:
        kind = None if isinstance(item, gast.Slice) else lowering.type_of(item)
        if isinstance(item, gast.Slice) or (isinstance(item, gast.Call) and dotted(item.func) == "slice"):
            found.append(_slice(lowering, item))
        elif isinstance(item, gast.List | gast.Tuple):
            array = lowering.variable(build("np.array(items)", items=gast.List(item.elts, gast.Load())), "index")
            found.append(_picked(lowering, array))
        elif isinstance(kind, Array) and kind.dtype.kind == "b" and kind.rank > 1:
            found += _mask(lowering, item, kind)
        elif isinstance(kind, Array) and kind.rank:
            found.append(Picked(lowering.expr(item), kind))
        else:
            found.append(lowering.expr(item))
    return found


def spelt_axes(lowering: Lowering, value: gast.expr, items: list[Item]) -> list[Item]:
    """``x[...]`` is ``x[:, :]``: Numba knows an ellipsis beside other items only."""
    if len(items) == 1 and isinstance(items[0], gast.Constant) and items[0].value is ... and lowering.rank(value):
        return _complete(items, lowering.rank(value))
    return items


def _picked(lowering: Lowering, node: gast.Name) -> Picked:
    kind = lowering.types[node.id]
    assert isinstance(kind, Array)
    return Picked(node, kind)


def _slice(lowering: Lowering, item: gast.expr) -> gast.expr:
    if isinstance(item, gast.Slice):
        return lowering.parts(item)
    assert isinstance(item, gast.Call)
    bounds = [None if static(a) is None else lowering.expr(a) for a in item.args]
    bounds = [None, *bounds] if len(bounds) == 1 else bounds
    return gast.Slice(*bounds, *[None] * (3 - len(bounds)))


def _mask(lowering: Lowering, item: gast.expr, kind: Array) -> list[Item]:
    """``x[mask]`` is ``x[i, j]`` with ``i, j = np.nonzero(mask)``."""
    names = [lowering.fresh("ijkl"[a % 4] + "_mask") for a in range(kind.rank)]
    whole = build("np.nonzero(mask)", mask=item)
    types = lowering.type_of(whole)
    for new, type_ in zip(names, getattr(types, "items", ()), strict=True):
        lowering.types[new] = type_
    targets = gast.Tuple([gast.Name(n, gast.Store(), None, None) for n in names], gast.Store())
    lowering.emit(gast.Assign([targets], build("np.nonzero(mask)", mask=lowering.expr(item)), None))
    return [_picked(lowering, name(n)) for n in names]


def written_index(items: list[Item]) -> gast.expr:
    parts = [i.expr if isinstance(i, Picked) else i for i in items]
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def with_bases(body: Sequence[gast.stmt], mutated: Iterable[str]) -> frozenset[str]:
    """Names that are written, and those that they may be views of."""
    bases = [
        (target.id, root(value))
        for statement in body
        for node in nodes_in(statement)
        if isinstance(node, gast.Assign)
        for target in node.targets
        for value in [node.value]
        if isinstance(target, gast.Name)
    ]
    found, known = frozenset(mutated), frozenset[str]()
    while found != known:
        known = found
        found |= {base for target, base in bases if target in known and base is not None}
    return found


def root(node: gast.expr) -> str | None:
    """The name that an expression may be a view of."""
    match node:
        case gast.Name(id=own):
            return own
        case gast.Subscript(value=value) | gast.Attribute(value=value):
            return root(value)
        case gast.Call(func=gast.Attribute(value=gast.Name(id="np")), args=[first, *_]):
            return root(first)
        case gast.Call(func=gast.Attribute(value=value)):
            return root(value)
    return None


def refuse_views_without_axes(lowering: Lowering, target: gast.expr, value: gast.expr) -> None:
    """``v = a[i, ...]`` of one element, which Numba copies, may not be written."""
    if isinstance(target, gast.Name) and target.id in lowering.mutated and isinstance(value, gast.Subscript):
        base, kind = lowering.type_of(value.value), lowering.type_of(value)
        if isinstance(base, Array) and base.rank and isinstance(kind, Array) and not kind.rank:
            raise BackendRefused(
                "numba-view",
                "a view of one element is written",
                lowering.span,
                reason="Numba makes a copy of it.",
                remedy="jit=False, or a store into the array itself: a[i, j] = value",
            )


# ---- stores -----------------------------------------------------------------------------------


def stored(lowering: Lowering, statement: Any, place: gast.Subscript) -> list[gast.stmt]:
    """``a[index] = v`` and ``a[index] += v``."""
    new = copy.copy(statement)
    augmented = isinstance(statement, gast.AugAssign)
    if static(place.slice) in ((), ...) and isinstance(lowering.type_of(place.value), Scalar):
        new.value = lowering.expr(statement.value)
        if augmented:
            new.target = place.value
        else:
            new.targets = [place.value]
        return [new]
    if not isinstance(lowering.type_of(place.value), Array):
        new.value = lowering.expr(statement.value)
        return [new]
    if static(place.slice) is ... and not lowering.rank(place.value):
        place = gast.Subscript(place.value, constant(()), gast.Store())
    items = spelt_axes(lowering, place.value, indices_of(lowering, place.slice))
    picked = [i for i in items if isinstance(i, Picked)]
    if picked and not _is_simple(items):
        if augmented and not isinstance(statement.op, AddAt | SubAt):  # repeated indices: the last one counts
            old = gast.Subscript(clone(place.value), clone(place.slice), gast.Load())
            value: gast.expr = gast.BinOp(old, statement.op, statement.value)
        else:
            value = statement.value
        op = type(statement.op) if augmented and isinstance(statement.op, AddAt | SubAt) else None
        return loops(lowering, place, items, value, op)
    target = gast.Subscript(lowering.expr(place.value), written_index(items), gast.Store())
    new.value = lowering.expr(statement.value)
    if lowering.is_pointlike(statement.value):  # an array without axes is stored as its number
        new.value = build("np.asarray(x)[()]", x=new.value)
    if augmented:
        new.target = target
    else:
        new.targets = [target]
    return [new]


def _is_simple(items: list[Item]) -> bool:
    """Stores that Numba knows: one index array of one axis, first."""
    return isinstance(items[0], Picked) and len(items) == 1 and items[0].type.rank == 1


def add_at(lowering: Lowering, node: gast.Call) -> list[gast.stmt]:
    """``np.add.at(a, i, v)`` in loops, so that repeated indices all count."""
    target, index, value = node.args
    place = gast.Subscript(target, index, gast.Store())
    op = gast.Add if dotted(node.func) == "np.add.at" else gast.Sub
    items = indices_of(lowering, place.slice)
    return loops(lowering, place, items, value, op)


EFFECTS = {"np.add.at": add_at, "np.subtract.at": add_at}


def loops(
    lowering: Lowering, place: gast.Subscript, items: list[Item], value: gast.expr, op: type[gast.operator] | None
) -> list[gast.stmt]:
    """A store through index arrays, element by element."""
    base = lowering.array(place.value)
    kind = lowering.type_of(value)
    assert base is not None
    array = lowering.variable(lowering.expr(place.value), "target", base)
    source = lowering.expr(value)
    if isinstance(kind, Array) and kind.rank:
        source = lowering.variable(source if _is_fresh(source) else build("x.copy()", x=source), "values", kind)
    else:
        source = lowering.variable(source, "value", kind) if not isinstance(source, gast.Constant) else source
    layout = Layout.of(lowering, base, [_named(lowering, i) for i in items])
    variables = [lowering.fresh("ijkpqr"[k % 6]) for k in range(len(layout.extents))]
    target = gast.Subscript(array, layout.element(array, variables), gast.Store())
    read = layout.value(source, kind, variables)
    inner: gast.stmt = gast.Assign([target], read, None) if op is None else gast.AugAssign(target, op(), read)
    inner = with_span(inner, lowering.span)
    for variable, extent in reversed(list(zip(variables, layout.extents, strict=True))):
        loop = gast.For(gast.Name(variable, gast.Store(), None, None), build("range(n)", n=extent), [inner], [], None)
        inner = with_span(loop, lowering.span)
    return [inner]


def _is_fresh(node: gast.expr) -> bool:
    return isinstance(node, gast.BinOp | gast.UnaryOp)


def _named(lowering: Lowering, item: Item) -> Item:
    if isinstance(item, Picked) and item.type.dtype.kind == "b":
        item = Picked(build("np.nonzero(mask)[0]", mask=item.expr), Array(lowering.index_dtype, item.type.shape))
    if isinstance(item, Picked):
        return Picked(lowering.variable(item.expr, "index", item.type), item.type)
    return item


@dataclass(frozen=True)
class Layout:
    """Axes of the selection ``a[items]``: their extents, and where each item stands in them."""

    items: list[Item]
    extents: list[gast.expr]
    positions: list[int]  # of each item: its axis in the selection, or of index arrays their first
    picked_rank: int

    @staticmethod
    def of(lowering: Lowering, base: Array, items: list[Item]) -> Layout:
        items = _complete(items, base.rank)
        picked = [i for i in items if isinstance(i, Picked)]
        rank = max(i.type.rank for i in picked)
        marks = [isinstance(i, Picked) or _is_number(lowering, i) for i in items]
        first, last = marks.index(True), len(marks) - 1 - marks[::-1].index(True)
        together = all(marks[first : last + 1])
        extents: list[gast.expr] = []
        positions: list[int] = []
        if not together:
            extents += _picked_extents(picked, rank)
        done = not together
        for item, mark in zip(items, marks, strict=True):
            if mark:
                if not done:
                    spot, done = len(extents), True
                    extents += _picked_extents(picked, rank)
                positions.append(0 if not together else spot)
            else:
                positions.append(len(extents))
                extents.append(item)  # replaced below, where the array is known  # pyright: ignore[reportArgumentType]
        return Layout(items, extents, positions, rank)

    def element(self, array: gast.Name, variables: list[str]) -> gast.expr:
        """The index of one element; extents of slices are filled in on the way."""
        parts: list[gast.expr] = []
        for axis, (item, position) in enumerate(zip(self.items, self.positions, strict=True)):
            if isinstance(item, Picked):
                own = variables[position + self.picked_rank - item.type.rank : position + self.picked_rank]
                ones = [d.is_one for d in item.type.shape]
                index = [constant(0) if one else name(v) for v, one in zip(own, ones, strict=True)]
                parts.append(build("a[i]", a=item.expr, i=_tuple(index)))
            elif isinstance(item, gast.Slice):
                start, step, extent = _range(array, axis, item)
                self.extents[position] = extent
                counted: gast.expr = name(variables[position])
                counted = counted if static(step) == 1 else build("i * k", i=counted, k=step)
                parts.append(counted if static(start) == 0 else build("s + i", s=start, i=counted))
            else:
                parts.append(item)
        return _tuple(parts)

    def value(self, source: gast.expr, kind: Any, variables: list[str]) -> gast.expr:
        if not isinstance(kind, Array) or not kind.rank:
            return source
        own = variables[len(variables) - kind.rank :]
        return build(
            "v[i]",
            v=source,
            i=_tuple([constant(0) if d.is_one else name(n) for n, d in zip(own, kind.shape, strict=True)]),
        )


def _complete(items: list[Item], rank: int) -> list[Item]:
    """An item for each axis; what is left out is ``:``."""
    whole = gast.Slice(None, None, None)
    here = next((k for k, i in enumerate(items) if isinstance(i, gast.Constant) and i.value is ...), None)
    if here is not None:
        items = [*items[:here], *[whole] * (rank - len(items) + 1), *items[here + 1 :]]
    return [*items, *[whole] * (rank - len(items))]


def _is_number(lowering: Lowering, item: Item) -> bool:
    return not isinstance(item, Picked | gast.Slice)


def _picked_extents(picked: list[Picked], rank: int) -> list[gast.expr]:
    extents: list[gast.expr] = []
    for axis in range(rank):
        found = [(i, axis - rank + i.type.rank) for i in picked if axis - rank + i.type.rank >= 0]
        item, own = next(((i, a) for i, a in found if not i.type.shape[a].is_one), found[0])
        extents.append(build("i.shape[a]", i=item.expr, a=own))
    return extents


def _range(array: gast.Name, axis: int, item: gast.Slice) -> tuple[gast.expr, gast.expr, gast.expr]:
    """First index, step and count of a slice."""
    size = build("a.shape[k]", a=array, k=axis)
    step = item.step or constant(1)
    if item.lower is None and item.upper is None and static(step) in (1, -1):
        start = constant(0) if static(step) == 1 else build("n - 1", n=size)
        return start, step, size
    lower, upper = item.lower or constant(None), item.upper or constant(None)
    bounds = build("slice(l, u, s).indices(n)", l=lower, u=upper, s=step, n=size)
    return build("b[0]", b=bounds), step, build("len(range(b[0], b[1], b[2]))", b=bounds)


def _tuple(parts: list[gast.expr]) -> gast.expr:
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())
