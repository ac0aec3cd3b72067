"""Arrays to loops: chains of elementwise statements, reductions, shifts, fills and copies become fused loops.

Numba compiles loops over numbers quickly and well, array expressions slowly and one temporary at a time.  Each
statement over arrays is a `Piece`; pieces with the same extents share a loop nest where no element is touched
twice in another order; arrays that live in one iteration become numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gast
import numpy as np

from adgen.analyses.aliases import Aliases
from adgen.analyses.effects import Effect, Effects, dotted, facts, statements_in
from adgen.analyses.sizes import Sizes
from adgen.lower.fields import ELEMENTWISE, FILLS, TAKEN, Field, Fields, Index, NotAField, aligned, array_field
from adgen.lower.nests import Joiner, Nest, Piece, accesses, apart, contract, count_names, written_alone
from adgen.lower.trees import build, constant, name, static
from adgen.lower.typing import ProgramTypes
from adgen.optimize.trees import map_children, names_stored, with_fields
from adgen.program.attempts import Attempt
from adgen.program.function import Function
from adgen.program.spans import Span, span_of, with_span
from adgen.program.types import Array, Scalar, Type

CHEAP = 2  # operations that are done again rather than kept in an array


def fuse_arrays(function: Function, sizes: Sizes) -> Function:
    """The function with its statements over arrays as loops."""
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
        self.stored = Counter(n for s in statements_in(function.body) for t in _targets(s) for n in names_stored(t))
        self.fields.entry = frozenset(p for p in function.params if not self.stored[p])
        self.counts = count_names(function.body)
        self.joiner = Joiner(self.effects, self.aliases, [self.fresh(v) for v in "ijkpqr"])
        self.groups: list[Any] = []
        self.rest: list[gast.stmt] = []
        self.span: Span | None = None

    def run(self) -> Function:
        body = self.finished(self.block(list(self.function.body)))
        return replace(self.function, body=tuple(_written(body)), types=self.types)

    def fresh(self, hint: str) -> str:
        new, k = hint, 0
        while new in self.used:
            k += 1
            new = f"{hint}{k}"
        self.used.add(new)
        return new

    # ---- blocks

    def block(self, body: list[gast.stmt]) -> list[Any]:
        outer, self.groups = self.groups, []
        span = self.span
        for position, stmt in enumerate(body):
            self.span = span_of(stmt)
            self.rest = body[position + 1 :]
            self.statement(stmt)
        done, self.groups, self.span = self.groups, outer, span
        return done

    def finished(self, groups: list[Any]) -> list[Any]:
        """Arrays that live in one iteration become numbers; what nobody reads is not made."""
        changed = True
        while changed:
            changed = False
            counts = count_names(_written(groups))
            for nest in _nests(groups):
                if not (len(nest.pieces) == 1 and nest.pieces[0].plain is not None):
                    changed |= contract(nest, self.types, counts, self.fresh)
                    kept = [s for s in nest.body if not written_alone(s, counts)]
                    changed |= len(kept) < len(nest.body)
                    nest.body = kept
        return groups

    def emit(self, stmt: gast.stmt) -> None:
        """A statement that is no piece; if it only computes, it goes in front of the nests it does not touch."""
        stmt = with_span(stmt, self.span)
        effect = self.effects.of(stmt)
        position = len(self.groups)
        if isinstance(stmt, gast.Assign) and not effect.mutates and not effect.outside:
            k = position
            while k > 0 and not _is_barrier(self.groups[k - 1]) and self.may_swap(self.groups[k - 1], effect):
                k -= 1
                if isinstance(self.groups[k], Nest):
                    position = k
        self.groups.insert(position, stmt)

    def may_swap(self, group: Any, effect: Effect) -> bool:
        stmt = group.stmt if isinstance(group, _Compound) else group
        own = self.joiner.effect(group) if isinstance(group, Nest) else self.effects.of(stmt)
        return self.joiner.independent(own, effect)

    def place(self, piece: Piece) -> None:
        """A piece joins the last nest that it can, or starts one."""
        new = self.joiner.nest(piece)
        if new is None:
            raise NotAField("too many axes")
        effect = self.joiner.effect(new)
        for k in range(len(self.groups) - 1, -1, -1):
            group = self.groups[k]
            if isinstance(group, Nest) and self.joiner.joined(group, piece):
                return
            if _is_barrier(group) or not self.may_swap(group, effect):
                break
        self.groups.append(new)

    # ---- statements

    def statement(self, stmt: gast.stmt) -> None:
        match stmt:
            case Attempt():
                self.groups.append(stmt)
            case gast.For() | gast.While() | gast.If():
                test = getattr(stmt, "test", None)
                if isinstance(stmt, gast.If) and test is not None:
                    stmt = map_children(stmt, lambda n: self.prepared(n) if n is test else n)
                fields = [f for f in ("body", "orelse") if getattr(stmt, f, None)]
                self.groups.append(_Compound(stmt, {f: self.block(getattr(stmt, f)) for f in fields}))
            case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)) if _is_sequence(
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
                self.emit(gast.Return(self.returned(value)))
            case gast.Assign() | gast.AugAssign():
                self.emit(map_children(stmt, lambda n: self.prepared(n) if n is stmt.value else n))
            case _:
                self.groups.append(stmt)

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
        if not over.rank or _is_plain(new):
            return new
        own = self.fresh("result")
        self.types[own] = Array(over.dtype, over.shape)
        self.array(own, over, None)
        return name(own)

    def assigned(self, own: str, value: gast.expr, stmt: gast.stmt) -> None:
        kind = self.types.get(own)
        found = self.reduction(value)
        if isinstance(kind, Array) and found is not None and found.axes is not None:
            operand = self.prepared(found.operand)
            try:
                self.sum_along(own, self.fields.of(operand), found.axes)
            except NotAField:
                self.emit(stmt)
            return
        new = self.prepared(value, top=True)
        if new is not value:
            stmt = gast.Assign([gast.Name(own, gast.Store(), None, None)], new, None)
        try:
            over = self.fields.of(new)
            if not isinstance(kind, Array) or (over.dtype, over.rank) != (kind.dtype, kind.rank) or not over.rank:
                raise NotAField("another type")
        except NotAField:
            self.emit(stmt)
            return
        if isinstance(new, gast.Name) or not self.aliases.is_fresh(new):
            self.emit(stmt)
            if not isinstance(new, gast.Name) and self.is_settled(own, new, contents=False):
                self.fields.views[own] = over
            return
        cheap = self.is_cheap(own, new)
        self.array(own, over, stmt if _is_plain(new) else None)
        if cheap:
            self.fields.views[own] = replace(over, place=False)

    def array(self, own: str, over: Field, plain: gast.stmt | None) -> None:
        """An array of these elements."""
        rebound = self.aliases.touch([own], _arrays_read(over, self.types)) or own in _names_read(over)
        made = self.fresh("t") if rebound else own
        if rebound:
            self.types[made] = Array(over.dtype, over.shape)
        empty = build("np.empty(n)", n=_size(over.extents))
        if over.dtype.kind != "f":
            empty.args.append(build(f"np.{over.dtype.name if over.dtype.kind != 'b' else 'bool_'}"))
        target = array_field(made, Array(over.dtype, over.shape), over.shape)
        piece = Piece(
            over,
            lambda i: [self.spanned(gast.Assign([_store(target.at(i))], over.at(i), None))],
            [self.spanned(gast.Assign([gast.Name(made, gast.Store(), None, None)], empty, None))],
            [self.spanned(gast.Assign([gast.Name(own, gast.Store(), None, None)], name(made), None))]
            if rebound
            else [],
            plain=plain,
        )
        self.place(piece)

    def stored_into(self, stmt: gast.stmt, place: gast.expr, op: gast.operator | None, value: gast.expr) -> None:
        new = self.prepared(value, top=True)
        whole = stmt if new is value else map_children(stmt, lambda n: new if n is value else n)
        try:
            target = self.fields.of(place)
            over = self.fields.of(new)
            if not target.place or not target.rank or not _fits(over, target, op, self.sizes):
                raise NotAField("no place")
            meets = self.meets(target, over)
            if meets:
                kept = self.fresh("t")
                self.types[kept] = Array(over.dtype, over.shape)
                self.array(kept, over, None)
                over = self.fields.of(name(kept))
            self.store(target, op, over)
        except NotAField:
            self.emit(whole)

    def meets(self, target: Field, over: Field) -> bool:
        """Whether elements are read that another iteration stores."""
        variables = [f"_{k}" for k in range(target.rank)]
        one = tuple(map(name, variables))
        written = target.at(aligned(target, one))
        stored = gast.Assign([written], over.at(aligned(over, one[len(one) - over.rank :])), None)
        found = [a for a in accesses([stored], self.types) if self.aliases.same(a.name, written.value.id)]  # type: ignore[attr-defined]
        return not apart(found, [v for v, d in zip(variables, target.shape, strict=True) if not d.is_one])

    def store(self, target: Field, op: gast.operator | None, over: Field) -> None:
        def body(index: Index) -> list[gast.stmt]:
            place = _store(target.at(aligned(target, index)))
            value = over.at(aligned(over, index[len(index) - over.rank :]))
            made = gast.Assign([place], value, None) if op is None else gast.AugAssign(place, op, value)
            return [self.spanned(made)]

        self.place(Piece(target, body))

    # ---- expressions

    def prepared(self, node: gast.expr, *, top: bool = False) -> gast.expr:
        """The expression with sums, and arrays that are no fields, computed before."""
        found = self.reduction(node)
        if found is not None:
            return self.summed(node, found)
        match node:
            case gast.Name() | gast.Constant() | gast.IfExp() | gast.BoolOp() | gast.ListComp() | gast.Slice():
                return node
            case gast.BinOp(op=op) if not isinstance(op, gast.MatMult):
                return self.children(node, invariants=True)
            case gast.UnaryOp() | gast.Compare():
                return self.children(node, invariants=True)
            case gast.Call(func=func) if _is_elementwise(func):
                return self.children(node, invariants=True)
            case gast.Attribute(attr="T") | gast.Subscript():
                return node if isinstance(node.value, gast.Name) else self.opaque(self.children(node), top)
            case gast.Call() | gast.BinOp():
                return self.opaque(node, top)
        return node

    def children(self, node: gast.expr, *, invariants: bool = False) -> gast.expr:
        """The operands prepared; numbers that cost something are computed once, not for each element."""

        def prepare(part: Any) -> Any:
            if not isinstance(part, gast.expr) or _is_callee(part, node):
                return part
            new = self.prepared(part)
            if invariants and _costs(new) and isinstance(kind := self.kind(new), Scalar) and self.is_field(node):
                return self.named(new, kind)
            return new

        return map_children(node, prepare)

    def opaque(self, node: gast.expr, top: bool) -> gast.expr:
        """An array computed by a function gets a name, unless it is the whole value."""
        node = self.with_named_arrays(node)
        if top:
            return node
        kind = self.kind(node)
        if not isinstance(kind, Array) or not kind.rank or self.is_field(node):
            return node
        return self.named(node, kind)

    def with_named_arrays(self, node: gast.expr) -> gast.expr:
        """The call, its elementwise operands computed before."""

        def prepare(part: Any) -> Any:
            if not isinstance(part, gast.BinOp | gast.UnaryOp | gast.Compare | gast.Call) or _is_callee(part, node):
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
        target = gast.Name(own, gast.Store(), None, None)
        self.aliases.bind(target, node)
        self.emit(gast.Assign([target], node, None))
        return name(own)

    def kind(self, node: gast.expr) -> Type | None:
        try:
            return self.infer.infer(node)
        except Exception:  # noqa: BLE001  (no type, no loop)
            return None

    def is_field(self, node: gast.expr) -> bool:
        try:
            return bool(self.fields.of(node).rank)
        except NotAField:
            return False

    # ---- sums

    def reduction(self, node: gast.expr) -> _Reduction | None:
        """``np.sum(x)``, ``np.sum(x, axis=0)``, ``np.mean(x)``."""
        if not isinstance(node, gast.Call) or dotted(node.func) not in ("np.sum", "np.mean") or not node.args:
            return None
        rest = [*node.args[1:], *[k.value for k in node.keywords]]
        if any(k.arg != "axis" for k in node.keywords) or len(rest) > 1:
            return None
        axes = static(rest[0]) if rest else None
        axes = (axes,) if isinstance(axes, int) else axes
        mean = dotted(node.func) == "np.mean"
        if axes is not None and (mean or not isinstance(axes, tuple) or not all(isinstance(a, int) for a in axes)):
            return None
        return _Reduction(node.args[0], axes, mean)

    def summed(self, node: gast.expr, found: _Reduction) -> gast.expr:
        """The sum by name, computed before; the call where its operand has no elements to tell."""
        assert isinstance(node, gast.Call)
        operand = self.prepared(found.operand)
        try:
            over = self.fields.of(operand)
            dtype = np.dtype(np.int64) if over.dtype.kind == "b" else over.dtype
            if found.axes is not None:
                own = self.fresh("t")
                self.types[own] = _sum_type(over, found.axes, dtype)
                self.sum_along(own, over, found.axes)
                return name(own)
            total = self.fresh("total")
            self.types[total] = Scalar(dtype)
            zero = gast.Constant(dtype.type(0).item(), None)
            start = self.spanned(gast.Assign([gast.Name(total, gast.Store(), None, None)], zero, None))
            target = gast.Name(total, gast.Store(), None, None)
            body = lambda i: [self.spanned(gast.AugAssign(target, gast.Add(), over.at(i)))]  # noqa: E731
            self.place(Piece(over, body, [start]))
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
        if not isinstance(kind, Array) or kind.dtype not in TAKEN or own in _names_read(over) or not kept:
            raise NotAField("a sum")
        shape = tuple(over.shape[k] for k in kept)
        extents = [over.extents[k] for k in kept]
        target = array_field(own, Array(kind.dtype, shape), shape)
        inner = axes == (over.rank - 1,) and not over.shape[-1].is_one
        zeros = build("np.empty(n)" if inner else "np.zeros(n)", n=_size(extents))
        if kind.dtype.kind != "f":
            zeros.args.append(build(f"np.{kind.dtype.name}"))
        before = [self.spanned(gast.Assign([gast.Name(own, gast.Store(), None, None)], zeros, None))]

        def at(index: Index) -> gast.expr:
            return _store(target.at(aligned(target, tuple(index[k] for k in kept))))

        if not inner:
            add = lambda i: [self.spanned(gast.AugAssign(at(i), gast.Add(), over.at(i)))]  # noqa: E731
            self.place(Piece(over, add, before))
            return
        total = self.fresh("total")
        self.types[total] = Scalar(kind.dtype)
        zero = gast.Constant(kind.dtype.type(0).item(), None)
        place = gast.Name(total, gast.Store(), None, None)
        self.place(
            Piece(
                over,
                lambda i: [self.spanned(gast.AugAssign(place, gast.Add(), over.at(i)))],
                before,
                enter=lambda _: [self.spanned(gast.Assign([place], zero, None))],
                leave=lambda i: [self.spanned(gast.Assign([at(i)], name(total), None))],
            )
        )

    # ---- what need not be kept

    def is_cheap(self, own: str, value: gast.expr) -> bool:
        """Whether elements may be computed again wherever they are read, instead of being kept."""
        element = self.fields.of(value)
        found = facts(element.at(tuple(map(constant, range(element.rank)))))
        cheap = found.operators <= CHEAP and not found.calls
        return cheap and self.is_settled(own, value, contents=True)

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


@dataclass(frozen=True)
class _Reduction:
    operand: gast.expr
    axes: tuple[int, ...] | None
    mean: bool


@dataclass
class _Compound:
    """A loop or a branch with its blocks as groups; `stmt` is what it was."""

    stmt: gast.stmt
    blocks: dict[str, list[Any]]

    def written(self) -> gast.stmt:
        return with_fields(self.stmt, **{f: _written(groups) for f, groups in self.blocks.items()})


def _written(groups: Sequence[Any]) -> list[gast.stmt]:
    done: list[gast.stmt] = []
    for group in groups:
        if isinstance(group, Nest):
            done += group.statements()
        else:
            done.append(group.written() if isinstance(group, _Compound) else group)
    return done


def _nests(groups: Sequence[Any]) -> Iterator[Nest]:
    for group in groups:
        if isinstance(group, Nest):
            yield group
        elif isinstance(group, _Compound):
            for inner in group.blocks.values():
                yield from _nests(inner)


def _targets(stmt: gast.stmt) -> list[gast.expr]:
    if isinstance(stmt, gast.Assign):
        return stmt.targets
    return [stmt.target] if isinstance(stmt, gast.For) else []


def _is_sequence(targets: Sequence[gast.expr], values: Sequence[gast.expr]) -> bool:
    """Whether a parallel assignment may be made one by one."""
    names = [t.id for t in targets if isinstance(t, gast.Name)]
    if len(names) != len(targets) or len(set(names)) != len(names):
        return False
    return not any(n in facts(v).names for k, n in enumerate(names) for v in values[k + 1 :])


def _is_barrier(group: Any) -> bool:
    """Statements that may leave the block: nothing moves across them."""
    if isinstance(group, Nest):
        return False
    stmt = group.stmt if isinstance(group, _Compound) else group
    leaves = gast.Raise | gast.Assert | gast.Return | gast.Break | gast.Continue | gast.Try
    return any(isinstance(n, leaves) for n in gast.walk(stmt))


def _is_callee(node: gast.expr, parent: gast.expr) -> bool:
    return isinstance(parent, gast.Call) and node is parent.func


def _costs(node: gast.expr) -> bool:
    """Whether a number is worth a name."""
    return any(isinstance(n, gast.Call | gast.Div | gast.Pow | gast.Mod | gast.FloorDiv) for n in gast.walk(node))


def _is_elementwise(func: gast.expr) -> bool:
    own = dotted(func).partition(".")
    if own[0] == "math":
        return True
    return own[0] == "np" and own[2] in ELEMENTWISE | {"outer", "copy", "transpose", "expand_dims"}


def _is_fill(node: gast.expr) -> bool:
    return isinstance(node, gast.Call) and dotted(node.func) in FILLS


def _is_plain(node: gast.expr) -> bool:
    """Whether NumPy fills or copies a whole array at once."""
    copies = isinstance(node, gast.Call) and (
        dotted(node.func) == "np.copy" or (isinstance(node.func, gast.Attribute) and node.func.attr == "copy")
    )
    return _is_fill(node) or (copies and not any(isinstance(n, gast.Slice | gast.BinOp) for n in gast.walk(node)))


def _store(node: gast.expr) -> gast.expr:
    assert isinstance(node, gast.Subscript)
    return gast.Subscript(node.value, node.slice, gast.Store())


def _size(extents: Sequence[gast.expr]) -> gast.expr:
    """The shape of a new array: slices of short arrays are empty."""
    parts = [build("max(n, 0)", n=e) if isinstance(e, gast.BinOp) else e for e in extents]
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def _names_read(over: Field) -> set[str]:
    index = tuple(constant(0) for _ in over.shape)
    parts = [over.at(index), *over.extents]
    return {n.id for p in parts for n in gast.walk(p) if isinstance(n, gast.Name)}


def _arrays_read(over: Field, types: Mapping[str, Type]) -> set[str]:
    return {n for n in _names_read(over) if not isinstance(types.get(n), Scalar) and n in types}


def _fits(over: Field, target: Field, op: gast.operator | None, sizes: Sizes) -> bool:
    """Whether the elements may be stored there, with NumPy's meaning."""
    if over.rank > target.rank or (op is not None and not isinstance(op, gast.Add | gast.Sub | gast.Mult | gast.Div)):
        return False
    order = "biufc"
    wider = order.index(over.dtype.kind) > order.index(target.dtype.kind)
    if wider and (op is not None or over.dtype.kind == "c" or target.dtype.kind == "b"):
        return False
    if op is not None and (target.dtype.kind == "b" or (isinstance(op, gast.Div) and target.dtype.kind in "iu")):
        return False
    own = target.shape[target.rank - over.rank :]
    return all(a.is_one or (not b.is_one and sizes.provably_equal(a, b)) for a, b in zip(over.shape, own, strict=True))


def _sum_type(over: Field, axes: tuple[int, ...], dtype: np.dtype) -> Array:
    if any(not -over.rank <= a < over.rank for a in axes):
        raise NotAField("no such axis")
    gone = {a % over.rank for a in axes}
    return Array(dtype, tuple(d for k, d in enumerate(over.shape) if k not in gone))
