"""Arrays to loops: chains of elementwise statements, reductions, shifts, fills and copies become fused loops.

Numba compiles loops over numbers quickly and well, array expressions slowly and one temporary at a time.  Each
statement over arrays is a `Piece`; pieces with the same extents share a loop nest where no element is touched
twice in another order; arrays that live in one iteration become numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from adgen.analyses.aliases import Aliases
from adgen.analyses.effects import Effects, facts, statements_in
from adgen.analyses.sizes import Sizes
from adgen.lower.fields import TAKEN, Field, Fields, Index, NotAField, aligned, array_field
from adgen.lower.groups import Compound, Schedule, allocated_once, finished, written
from adgen.lower.nests import Joiner, Piece, count_names, meets
from adgen.lower.pieces import (
    Reduction,
    arrays_read,
    costs,
    fits,
    is_callee,
    is_elementwise,
    is_plain,
    is_sequence,
    names_read,
    reduction,
    size,
    store,
    sum_type,
    targets,
)
from adgen.lower.trees import build, constant, name
from adgen.lower.typing import ProgramTypes
from adgen.optimize.trees import map_children, names_stored
from adgen.program.attempts import Attempt
from adgen.program.function import Function
from adgen.program.spans import Span, span_of, with_span
from adgen.program.types import Array, Scalar, Type

CHEAP = 2  # operations that are done again rather than kept in an array


def fuse_arrays(function: Function, sizes: Sizes) -> Function:
    """The function with its statements over arrays as loops.

    >>> from adgen.optimize.showing import show
    >>> print(show(lambda f: fuse_arrays(f, Sizes()), '''
    ... ys = np.sin(xs) * k
    ... s = np.sum(ys * ys)'''))
    total = 0.0
    for i in range(xs.shape[0]):
        ys = np.sin(xs[i]) * k
        total += ys * ys
    s = total
    """
    if not any(isinstance(t, Array) and t.rank for t in function.types.values()):
        return function
    return _Fusion(function, sizes).run()


class _Fusion:
    def __init__(self, function: Function, sizes: Sizes) -> None:
        self.types: dict[str, Type] = dict(function.types)
        self.function = replace(function, types=self.types)
        self.sizes = sizes
        self.infer = ProgramTypes(self.types, sizes, dict(function.globals))
        self.fields = Fields(self.infer)
        self.aliases, self.effects = Aliases(self.function), Effects(self.function)
        self.used = set(self.types) | set(function.globals) | {"np", "math", "numba", "sp"}
        self.used |= {n.id for s in function.body for n in gast.walk(s) if isinstance(n, gast.Name)}
        self.stored = Counter(n for s in statements_in(function.body) for t in targets(s) for n in names_stored(t))
        self.fields.entry = frozenset(p for p in function.params if not self.stored[p])
        self.counts = count_names(function.body)
        self.joiner = Joiner(self.effects, self.aliases, [self.fresh(v) for v in "ijkpqr"])
        self.schedule, self.rest = Schedule(self.joiner), list[gast.stmt]()
        self.span: Span | None = None

    def run(self) -> Function:
        body = finished(self.block(list(self.function.body)), self.types, self.fresh)
        body = allocated_once(body, self.types, self.fields.entry)
        return replace(self.function, body=tuple(written(body)), types=self.types)

    def bound(self, own: str, value: gast.expr) -> gast.stmt:
        return self.spanned(gast.Assign([gast.Name(own, gast.Store(), None, None)], value, None))

    def fresh(self, hint: str) -> str:
        new, k = hint, 0
        while new in self.used:
            k += 1
            new = f"{hint}{k}"
        self.used.add(new)
        return new

    # ---- blocks

    def block(self, body: list[gast.stmt]) -> list[Any]:
        outer, self.schedule = self.schedule, Schedule(self.joiner)
        span = self.span
        for position, stmt in enumerate(body):
            self.span = span_of(stmt)
            self.rest = body[position + 1 :]
            self.statement(stmt)
        done, self.schedule, self.span = self.schedule.groups, outer, span
        return done

    # ---- statements

    def statement(self, stmt: gast.stmt) -> None:
        match stmt:
            case Attempt():
                self.schedule.groups.append(stmt)
            case gast.For() | gast.While() | gast.If():
                test = getattr(stmt, "test", None)
                if isinstance(stmt, gast.If) and test is not None:
                    stmt = map_children(stmt, lambda n: self.prepared(n) if n is test else n)
                fields = [f for f in ("body", "orelse") if getattr(stmt, f, None)]
                self.schedule.groups.append(Compound(stmt, {f: self.block(getattr(stmt, f)) for f in fields}))
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)) if is_sequence(
                targets, values
            ):
                for target, value in zip(targets, values, strict=True):
                    self.statement(with_span(gast.Assign([target], value, None), self.span))
            case gast.Assign(targets=[gast.Name(id=own)], value=value):
                self.assigned(own, value, stmt)
            case gast.Assign(targets=[gast.Subscript() as place], value=value):
                self.stored_into(stmt, place, None, value)
            case gast.AugAssign(target=gast.Name() as place, op=op, value=value) if isinstance(
                self.types.get(place.id), Array
            ):
                self.stored_into(stmt, place, op, value)
            case gast.AugAssign(target=gast.Subscript() as place, op=op, value=value):
                self.stored_into(stmt, place, op, value)
            case gast.Return(value=value) if value is not None:
                self.schedule.emit(self.spanned(gast.Return(self.returned(value))))
            case gast.Assign() | gast.AugAssign():
                self.schedule.emit(map_children(stmt, lambda n: self.prepared(n) if n is stmt.value else n))
            case _:
                self.schedule.groups.append(stmt)

    def returned(self, value: gast.expr) -> gast.expr:
        if isinstance(value, gast.Tuple):
            return gast.Tuple([self.returned(v) for v in value.elts], value.ctx)
        new = self.prepared(value)
        if isinstance(new, gast.Name | gast.Constant) or not self.aliases.is_fresh(new):
            return new
        try:
            over = self.fields.of(new)
        except NotAField:
            return new
        if not over.rank or is_plain(new):
            return new
        own = self.fresh("result")
        self.types[own] = Array(over.dtype, over.shape)
        self.array(own, over, None)
        return name(own)

    def assigned(self, own: str, value: gast.expr, stmt: gast.stmt) -> None:
        kind = self.types.get(own)
        found = reduction(value)
        if isinstance(kind, Array) and found is not None and found.axes is not None:
            operand = self.prepared(found.operand)
            try:
                self.sum_along(own, self.fields.of(operand), found.axes)
            except NotAField:
                self.schedule.emit(stmt)
            return
        new = self.prepared(value, top=True)
        if new is not value:
            stmt = self.bound(own, new)
        try:
            over = self.fields.of(new)
            if not isinstance(kind, Array) or (over.dtype, over.rank) != (kind.dtype, kind.rank) or not over.rank:
                raise NotAField("another type")
        except NotAField:
            self.schedule.emit(stmt)
            return
        if isinstance(new, gast.Name) or not self.aliases.is_fresh(new):
            self.schedule.emit(stmt)
            if not isinstance(new, gast.Name) and self.is_settled(own, new, contents=False):
                self.fields.views[own] = over
            return
        cheap = self.is_cheap(own, new)
        try:
            self.array(own, over, stmt if is_plain(new) else None)
        except NotAField:
            self.schedule.emit(stmt)
        if cheap:
            self.fields.views[own] = replace(over, place=False)

    def array(self, own: str, over: Field, plain: gast.stmt | None) -> None:
        """An array of these elements."""
        rebound = self.aliases.touch([own], arrays_read(over, self.types)) or own in names_read(over)
        made = self.fresh("t") if rebound else own
        if rebound:
            self.types[made] = Array(over.dtype, over.shape)
        empty = build("np.empty(n)", n=size(over.extents))
        if over.dtype.kind != "f":
            empty.args.append(build(f"np.{over.dtype.name if over.dtype.kind != 'b' else 'bool_'}"))
        target = array_field(made, Array(over.dtype, over.shape), over.shape)
        piece = Piece(
            over,
            lambda i: [self.spanned(gast.Assign([store(target.at(i))], over.at(i), None))],
            [self.bound(made, empty)],
            [self.bound(own, name(made))] if rebound else [],
            plain=plain,
        )
        self.schedule.place(piece)

    def stored_into(self, stmt: gast.stmt, place: gast.expr, op: gast.operator | None, value: gast.expr) -> None:
        new = self.prepared(value, top=True)
        whole = stmt if new is value else map_children(stmt, lambda n: new if n is value else n)
        try:
            target = self.fields.of(place)
            over = self.fields.of(new)
            if not target.place or not target.rank or not fits(over, target, op, self.sizes):
                raise NotAField("no place")
            if meets(target, over, self.types, self.aliases):
                kept = self.fresh("t")
                self.types[kept] = Array(over.dtype, over.shape)
                self.array(kept, over, None)
                over = self.fields.of(name(kept))
            self.store(target, op, over)
        except NotAField:
            self.schedule.emit(whole)

    def store(self, target: Field, op: gast.operator | None, over: Field) -> None:
        def body(index: Index) -> list[gast.stmt]:
            place = store(target.at(aligned(target, index)))
            value = over.at(aligned(over, index[len(index) - over.rank :]))
            made = gast.Assign([place], value, None) if op is None else gast.AugAssign(place, op, value)
            return [self.spanned(made)]

        self.schedule.place(Piece(target, body))

    # ---- expressions

    def prepared(self, node: gast.expr, *, top: bool = False) -> gast.expr:
        """The expression with sums, and arrays that are no fields, computed before."""
        found = reduction(node)
        if found is not None:
            return self.summed(node, found)
        match node:
            case gast.Name() | gast.Constant() | gast.IfExp() | gast.BoolOp() | gast.ListComp() | gast.Slice():
                return node
            case gast.BinOp(op=op) if not isinstance(op, gast.MatMult):
                return self.children(node, invariants=True)
            case gast.UnaryOp() | gast.Compare():
                return self.children(node, invariants=True)
            case gast.Call(func=func) if is_elementwise(func):
                return self.children(node, invariants=True)
            case gast.Attribute(attr="T") | gast.Subscript():
                return node if isinstance(node.value, gast.Name) else self.opaque(self.children(node), top)
            case gast.Call() | gast.BinOp():
                return self.opaque(node, top)
        return node

    def children(self, node: gast.expr, *, invariants: bool = False) -> gast.expr:
        """The operands prepared; numbers that cost something are computed once, not for each element."""

        def prepare(part: Any) -> Any:
            if not isinstance(part, gast.expr) or is_callee(part, node):
                return part
            new = self.prepared(part)
            if (
                invariants
                and costs(new)
                and isinstance(kind := self.fields.kind(new), Scalar)
                and self.fields.is_array(node)
            ):
                return self.named(new, kind)
            return new

        return map_children(node, prepare)

    def opaque(self, node: gast.expr, top: bool) -> gast.expr:
        """An array computed by a function gets a name, unless it is the whole value."""
        node = self.with_named_arrays(node)
        if top:
            return node
        kind = self.fields.kind(node)
        if not isinstance(kind, Array) or not kind.rank or self.fields.is_array(node):
            return node
        return self.named(node, kind)

    def with_named_arrays(self, node: gast.expr) -> gast.expr:
        """The call, its elementwise operands computed before."""

        def prepare(part: Any) -> Any:
            if not isinstance(part, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Call) or is_callee(part, node):
                return part
            new = self.prepared(part)
            try:
                over = self.fields.of(new)
                if not over.rank or not self.aliases.is_fresh(new):
                    return new
                own = self.fresh("t")
                self.types[own] = Array(over.dtype, over.shape)
                self.array(own, over, None)
            except NotAField:
                return new
            return name(own)

        return map_children(node, prepare)

    def named(self, node: gast.expr, kind: Type) -> gast.Name:
        own = self.fresh("t")
        self.types[own] = kind
        self.aliases.bind(name(own), node)
        self.schedule.emit(self.bound(own, node))
        return name(own)

    # ---- sums

    def summed(self, node: gast.expr, found: Reduction) -> gast.expr:
        """The sum by name, computed before; the call where its operand has no elements to tell."""
        assert isinstance(node, gast.Call)
        operand = self.prepared(found.operand)
        try:
            over = self.fields.of(operand)
            dtype = np.dtype(np.int64) if over.dtype.kind == "b" else over.dtype
            if found.axes is not None:
                own = self.fresh("t")
                self.types[own] = sum_type(over, found.axes, dtype)
                self.sum_along(own, over, found.axes)
                return name(own)
            total = self.fresh("total")
            self.types[total] = Scalar(dtype)
            target = gast.Name(total, gast.Store(), None, None)
            body = lambda i: [self.spanned(gast.AugAssign(target, gast.Add(), over.at(i)))]  # noqa: E731
            self.schedule.place(Piece(over, body, [self.bound(total, gast.Constant(dtype.type(0).item(), None))]))
        except NotAField:
            return gast.Call(node.func, [operand, *node.args[1:]], node.keywords)
        if not found.mean:
            return name(total)
        size = over.extents[0]
        for extent in over.extents[1:]:
            size = build("n * m", n=size, m=extent)
        return build("s / n", s=name(total), n=size)

    def sum_along(self, own: str, over: Field, axes: tuple[int, ...]) -> None:
        """An array of sums; those along the last axis are kept in a number while they grow."""
        kind = self.types[own]
        axes = tuple(a % over.rank for a in axes)
        kept = [k for k in range(over.rank) if k not in axes]
        if not isinstance(kind, Array) or kind.dtype not in TAKEN or own in names_read(over) or not kept:
            raise NotAField("a sum")
        shape = tuple(over.shape[k] for k in kept)
        extents = [over.extents[k] for k in kept]
        target = array_field(own, Array(kind.dtype, shape), shape)
        inner = axes == (over.rank - 1,) and not over.shape[-1].is_one
        zeros = build("np.empty(n)" if inner else "np.zeros(n)", n=size(extents))
        if kind.dtype.kind != "f":
            zeros.args.append(build(f"np.{kind.dtype.name}"))
        before = [self.bound(own, zeros)]

        def at(index: Index) -> gast.expr:
            return store(target.at(aligned(target, tuple(index[k] for k in kept))))

        if not inner:
            add = lambda i: [self.spanned(gast.AugAssign(at(i), gast.Add(), over.at(i)))]  # noqa: E731
            self.schedule.place(Piece(over, add, before))
            return
        total = self.fresh("total")
        self.types[total] = Scalar(kind.dtype)
        zero = gast.Constant(kind.dtype.type(0).item(), None)
        place = gast.Name(total, gast.Store(), None, None)
        piece = Piece(over, lambda i: [self.spanned(gast.AugAssign(place, gast.Add(), over.at(i)))], before)
        piece.enter = lambda _: [self.bound(total, zero)]
        piece.leave = lambda i: [self.spanned(gast.Assign([at(i)], name(total), None))]
        self.schedule.place(piece)

    # ---- what need not be kept

    def is_cheap(self, own: str, value: gast.expr) -> bool:
        """Whether elements may be computed again wherever they are read, instead of being kept."""
        element = self.fields.of(value)
        found = facts(element.at(tuple(map(constant, range(element.rank)))))
        return found.operators <= CHEAP and not found.calls and self.is_settled(own, value, contents=True)

    def is_settled(self, own: str, value: gast.expr, *, contents: bool) -> bool:
        """Whether the rest of the block sees the same value whenever it evaluates the expression again."""
        if self.stored[own] != 1 or own in self.function.params:
            return False
        rest = self.effects.block(self.rest)
        found = facts(value)
        if rest.defines & (found.names | {own}) or self.aliases.touch(rest.mutates, [own] if contents else []):
            return False
        if contents and self.aliases.touch(rest.mutates, found.contents):
            return False
        return count_names(self.rest)[own] + 1 == self.counts[own]

    def spanned(self, stmt: gast.stmt) -> gast.stmt:
        return with_span(stmt, self.span)
