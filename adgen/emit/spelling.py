"""Statements that the normal form spells step by step, and a person in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import gast

from adgen.program.function import Function
from adgen.program.spans import span_of, with_span
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array

ACCUMULATING = {"np.add.at": gast.Add, "np.subtract.at": gast.Sub}
OF_ELEMENTS = {"np.nonzero", "np.tril_indices", "np.triu_indices"}  # each element's place, once


def spell(function: Function, *, compiled: bool = False) -> list[gast.stmt]:
    """The body of a function, with extents unpacked, and plain stores where no index repeats.

    ``n = x.shape[0]`` and ``m = x.shape[1]`` become ``n, m = x.shape``, for a matrix `x`; so do the items of a tuple.
    ``np.add.at(x, (np.arange(i.size), i), v)`` becomes ``x[np.arange(i.size), i] += v`` (Numba wants the loop).
    """
    return _Spelling(function, compiled).block(function.body)


class _Spelling:
    def __init__(self, function: Function, compiled: bool) -> None:
        self._types, self._compiled, self._lengths = function.types, compiled, function.lengths
        stores = [n.id for s in function.body for n in nodes_in(s) if _is_stored(n)]
        self._bound = Counter(stores)
        only_indices = function.temporaries | _only_indices(function.body)  # nobody writes into those
        self._counters: dict[str, gast.expr] = {}
        self._places: list[set[str]] = []
        for node in (n for s in function.body for n in nodes_in(s)):
            match node:
                case gast.Assign(targets=[gast.Name(id=name)], value=value) if name in only_indices:
                    if self._bound[name] == 1:
                        self._counters[name] = value
                case gast.Assign(targets=[gast.Tuple(elts=items)], value=gast.Call(func=func)):
                    names = {item.id for item in items if isinstance(item, gast.Name)}
                    if _path(func) in OF_ELEMENTS and all(n in only_indices and self._bound[n] == 1 for n in names):
                        self._places.append(names)

    def block(self, body: Sequence[gast.stmt]) -> list[gast.stmt]:
        done: list[gast.stmt] = []
        position = 0
        while position < len(body):
            run = self._run(body[position:])
            done.append(_unpacked(run) if run else self.statement(body[position]))
            position += len(run) or 1
        return done

    def statement(self, stmt: gast.stmt) -> gast.stmt:
        fields = {f: self.block(block) for f in ("body", "orelse") if (block := getattr(stmt, f, None))}
        if fields and isinstance(stmt, gast.If | gast.For | gast.While):
            new = stmt.__class__.__new__(stmt.__class__)
            new.__dict__.update(stmt.__dict__ | fields)
            return new
        match stmt:
            case gast.Expr(value=gast.Call(func=func, args=[gast.Name() as base, gast.Tuple() as index, value])):
                op = None if self._compiled else ACCUMULATING.get(_path(func))
                if op is not None and self._never_repeats(index.elts):
                    place = gast.Subscript(clone(base), clone(index), gast.Store())
                    return with_span(gast.AugAssign(place, op(), value), span_of(stmt))
        return stmt

    # ---- extents and items

    def _run(self, body: Sequence[gast.stmt]) -> list[gast.Assign]:
        """Statements that take all extents of one array, or all items of one argument, in order."""
        first = _taken(body[0])
        if first is None or first[2] != 0:
            return []
        _, whole, _ = first
        count = self._count(whole)
        if not 2 <= count <= len(body):
            return []
        run: list = list(body[:count])
        found = [_taken(s) for s in run]
        names = {f[0] for f in found if f is not None}
        all_taken = all(f is not None and f[1:] == (whole, k) for k, f in enumerate(found))
        same = len({_origin(s) for s in run}) == 1
        return run if all_taken and same and len(names) == count and whole.partition(".")[0] not in names else []

    def _count(self, whole: str) -> int:
        """How many extents, or items, there are."""
        array, dot, _ = whole.partition(".")
        type_ = self._types.get(array)
        if dot:
            return type_.rank if isinstance(type_, Array) else 0
        return self._lengths.get(array, 0)

    # ---- indices

    def _never_repeats(self, items: Sequence[gast.expr]) -> bool:
        """Whether index arrays are places of elements, or one counts 0, 1, 2, ... and the others have its length."""
        if {item.id for item in items if isinstance(item, gast.Name)} in self._places:
            return True
        counted = [extent for item in items if (extent := self._counted(item)) is not None]
        others = [item for item in items if self._counted(item) is None]
        return len(counted) == 1 and all(self._length(item) == counted[0] for item in others)

    def _counted(self, item: gast.expr) -> object | None:
        """The extent of ``np.arange(x.size)``."""
        if isinstance(item, gast.Name):
            item = self._counters.get(item.id, item)
        match item:
            case gast.Call(func=func, args=[gast.Attribute(value=gast.Name() as array, attr="size")], keywords=[]):
                return self._length(array) if _path(func) == "np.arange" else None
        return None

    def _length(self, item: gast.expr) -> object | None:
        """The extent of a vector."""
        type_ = self._types.get(item.id) if isinstance(item, gast.Name) else None
        return type_.shape[0] if isinstance(type_, Array) and type_.rank == 1 else None


def _is_stored(node: gast.AST) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)


def _only_indices(body: Sequence[gast.stmt]) -> frozenset[str]:
    """Names of the user's that are read in indices only."""
    nodes = [n for s in body for n in nodes_in(s)]
    slices = [n.slice for n in nodes if isinstance(n, gast.Subscript)]
    slices += [n.args[1] for n in nodes if isinstance(n, gast.Call) and _path(n.func) in ACCUMULATING]
    inside = {id(n) for index in slices for n in nodes_in(index)}
    names = [n for n in nodes if isinstance(n, gast.Name) and not _is_stored(n)]
    return frozenset(n.id for n in names) - {n.id for n in names if id(n) not in inside}


def _path(func: gast.expr) -> str:
    match func:
        case gast.Name(id=name):
            return name
        case gast.Attribute(value=value, attr=attr):
            return f"{_path(value)}.{attr}"
    return ""


def _taken(stmt: gast.stmt) -> tuple[str, str, int] | None:
    """``n = x.shape[0]`` as (n, x.shape, 0), and ``w = ws[0]`` as (w, ws, 0)."""
    match stmt:
        case gast.Assign(
            targets=[gast.Name(id=name)], value=gast.Subscript(value=whole, slice=gast.Constant(value=int() as k))
        ):
            path = _path(whole)
            return (name, path, k) if path.count(".") == path.endswith(".shape") else None
    return None


def _origin(stmt: gast.stmt) -> tuple[str, int, str] | None:
    span = span_of(stmt)
    return None if span is None else (span.file, span.line, span.sweep)


def _unpacked(run: Sequence[gast.Assign]) -> gast.stmt:
    targets = gast.Tuple([clone(s.targets[0]) for s in run], gast.Store())
    value = run[0].value
    assert isinstance(value, gast.Subscript)
    return with_span(gast.Assign([targets], clone(value.value), None), span_of(run[0]))
