"""Adjoints of what is written in place: array elements and slices, lists that grow."""

from __future__ import annotations

from typing import Any

import gast

from adgen import runtime
from adgen.analyses.structure import Place, base_name
from adgen.errors import UnsupportedSyntax
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, ListOf, Scalar
from adgen.transforms.bars import as_target
from adgen.transforms.nodes import constant, is_basic, load, numpy_call, zero_number
from adgen.transforms.reversal import Reversal


class Stores(Reversal):
    """What a store, an append or a pop does in the reverse sweep."""

    def is_mask(self, index: gast.expr) -> bool:
        items = index.elts if isinstance(index, gast.Tuple) else [index]
        arrays = [
            self.types[i.id] for i in items if isinstance(i, gast.Name) and isinstance(self.types.get(i.id), Array)
        ]
        return all(a.dtype.kind == "b" for a in arrays)

    # ---- stores

    def store_adjoint(self, statement: gast.stmt, target: gast.Subscript, value: gast.expr) -> None:
        """``a[i] = v``: v gets what a[i] had, and a[i] starts from zero."""
        self.undo(statement)
        name = base_name(target) or ""
        if isinstance(self.types.get(name), ListOf):
            self.list_store_adjoint(name, target, value)
            return
        if not self.is_active(name) or not self.has_bar(name):
            return
        index = clone(target.slice)
        self.need_all(index)
        place = gast.Subscript(self.lens(name), index, gast.Load())
        if isinstance(value, gast.Name) and self.is_active(value.id):
            expr: gast.expr = clone(place)
            if not is_basic(target.slice, self.types) and not self.is_mask(target.slice):
                expr = self.last_written(expr, index, target)
            elif self.stays_a_view(place, value.id):
                expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
            kind = self.infer(place)
            argument = self.types[value.id]
            if kind is not None and isinstance(kind, Array):
                expr = self.unbroadcast(expr, argument, kind)
            expr = self.real_part(value.id, expr)
            if self.storage.is_array(value.id) and self.storage.root(value.id) == self.storage.root(name):
                self.move_within(value.id, place, expr)
                return
            self.contribute(value.id, expr)
        if not self.needless_zero(statement, name):
            zero = constant(0.0)
            self.emit(gast.Assign([as_target(clone(place))], zero, None))

    def stays_a_view(self, place: gast.expr, source: str) -> bool:
        """Whether what a stored value gets would be a view of the adjoint, which changes later."""
        kind = self.infer(place)
        return isinstance(self.types[source], Array) or (isinstance(kind, Array) and not kind.rank)

    def move_within(self, source: str, place: gast.expr, expr: gast.expr) -> None:
        """``a[1:] = a[:-1]``: what is moved may overlap with where it goes."""
        moved = self.fresh("moved", temporary=True)
        self.types[moved] = self.infer(expr) or self.types[source]
        self.assign(moved, expr)
        self.emit(gast.Assign([as_target(clone(place))], constant(0.0), None))
        self.contribute(source, load(moved))

    def last_written(self, expr: gast.expr, index: gast.expr, target: gast.Subscript) -> gast.expr:
        """Of several writes to one element only the last one counts."""
        items = list(index.elts) if isinstance(index, gast.Tuple) else [index]
        arrays = [k for k, i in enumerate(items) if isinstance(self.infer(i) if not is_fixed(i) else None, Array)]
        ranks = {getattr(self.infer(items[k]), "rank", 1) for k in arrays}
        first = arrays[0]
        if (
            len(ranks) > 1
            or arrays != list(range(first, first + len(arrays)))
            or any(not is_fixed(i) for k, i in enumerate(items) if k not in arrays)
        ):
            raise UnsupportedSyntax(
                "repeated-index",
                "a write through this mixture of indices",
                self.span,
                reason="which of several writes to one element is the last one can't be told.",
                remedy="a loop over the elements, or a flat index",
            )
        flat = self.flat_index(target, [items[k] for k in arrays], first)
        name = self.need_runtime("last_writes", runtime.last_writes)
        mask: gast.expr = gast.Call(load(name), [flat], [])
        trailing = (
            getattr(self.infer(expr), "rank", 1)
            - ranks.pop()
            - sum(1 for i in items[:first] if isinstance(i, gast.Slice | gast.Constant) and not is_number(i))
        )
        if trailing > 0:
            places = [constant(...)] + [constant(None)] * trailing
            mask = gast.Subscript(mask, gast.Tuple(places, gast.Load()), gast.Load())
        return gast.BinOp(expr, gast.Mult(), mask)

    def flat_index(self, target: gast.expr, arrays: list[gast.expr], first: int) -> gast.expr:
        """One index array for several: equal where all of them agree."""
        if len(arrays) == 1:
            return clone(arrays[0])
        base = load(base_name(target) or "")
        flat: gast.expr | None = None
        for k, array in enumerate(arrays):
            size = gast.Subscript(gast.Attribute(clone(base), "shape", gast.Load()), constant(first + k), gast.Load())
            part = gast.BinOp(clone(array), gast.Mod(), size)
            flat = part if flat is None else gast.BinOp(gast.BinOp(flat, gast.Mult(), clone(size)), gast.Add(), part)
        assert flat is not None
        return flat

    def has_bar(self, name: str) -> bool:
        return self.storage.root(name) in self.bars

    def needless_zero(self, statement: gast.stmt, name: str) -> bool:
        """Whether what stood there before the store has no adjoint that anyone reads."""
        if self.storage.is_lens(name):
            return False
        stores = [
            s
            for s in self.storage.stores
            if self.storage.group(base_name(self.storage.target(s)) or "") == self.storage.group(name)
        ]
        definition = self.structure.definitions[name]
        if len(stores) != 1 or definition.kind != "plain" or len(definition.places) != 1:
            return False
        made = definition.places[0]
        if self.matcher.differentiable_names(made.statement.value):
            return False
        place = self.structure.places[id(statement)]
        loops = [lp for lp in place.block.loops if lp not in made.block.loops]
        index = self.storage.target(statement).slice
        items = index.elts if isinstance(index, gast.Tuple) else [index]
        counters = {i.id for i in items if isinstance(i, gast.Name)}
        if any(not isinstance(lp, gast.For) or lp.target.id not in counters for lp in loops):
            return False
        outermost = loops[0] if loops else None
        return not self.read_before(name, place, outermost)

    def read_before(self, name: str, place: Any, loop: gast.stmt | None) -> bool:
        """Whether the array is read before the store (or anywhere in the loop around it)."""
        group = self.storage.group(name)
        for other in self.structure.places.values():
            inside = loop is not None and loop in other.block.loops
            if other.index >= place.index and not inside:
                continue
            if isinstance(other.statement, gast.If | gast.For | gast.While):
                continue
            reads = {
                n.id for n in nodes_in(other.statement) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)
            }
            if other.statement is place.statement:
                reads -= {name}
            if any(self.storage.group(n) == group and isinstance(self.types.get(n), Array) for n in reads):
                return True
        return False

    def undo(self, statement: gast.stmt) -> None:
        """Put back what a store destroyed."""
        record = self.records.get(("undo", id(statement)))
        if record is None:
            return
        target = clone(self.storage.target(statement))
        place = self.now  # the index is needed before the store is undone
        self.now = Place(statement, place.index + 1, place.block, place.position)
        self.need_all(target.slice if isinstance(target, gast.Subscript) else constant(0))
        self.now = place
        base = base_name(target)
        if base is not None:
            self.need(base, contents=False)
        if isinstance(target, gast.Name):
            whole = gast.Slice(None, None, None) if self.types[target.id].shape else constant(...)
            target = gast.Subscript(load(target.id), whole, gast.Store())
        self.emit(gast.Assign([as_target(target)], self.read_record(record), None))

    def augmented_adjoint(self, statement: gast.stmt, target: gast.expr, op: gast.operator, value: gast.expr) -> None:
        """``a[i] += v``: the adjoint of a[i] goes to v and stays."""
        self.undo(statement)
        name = base_name(target) or ""
        if not (
            isinstance(value, gast.Name) and self.is_active(value.id) and self.is_active(name) and self.has_bar(name)
        ):
            return
        place: gast.expr = self.lens(name)
        if isinstance(target, gast.Subscript):
            index = clone(target.slice)
            self.need_all(index)
            place = gast.Subscript(place, index, gast.Load())
        kind = self.infer(place)
        expr = clone(place)
        if isinstance(op, gast.Sub):
            expr = gast.UnaryOp(gast.USub(), expr)
        elif self.stays_a_view(place, value.id):
            expr = gast.Call(gast.Attribute(expr, "copy", gast.Load()), [], [])
        if isinstance(kind, Array):
            expr = self.unbroadcast(expr, self.types[value.id], kind)
        self.contribute(value.id, expr)

    # ---- lists that grow

    def append_adjoint(self, statement: gast.stmt, name: str, item: gast.expr) -> None:
        if not self.is_active(name):
            return
        bar = self.materialized(name)
        popped = gast.Call(gast.Attribute(load(bar.name), "pop", gast.Load()), [], [])
        if isinstance(item, gast.Name) and self.is_active(item.id):
            self.contribute(item.id, popped, whole=True)
        else:
            self.emit(gast.Expr(popped))

    def pop_adjoint(self, name: str, value: gast.Call) -> None:
        source = value.func.value.id
        if not self.is_active(source):
            return
        item = load(self.materialized(name).name) if name in self.bars else self.zeros(name)
        self.bars.pop(name, None)
        listed = self.materialized(source)
        self.emit(gast.Expr(gast.Call(gast.Attribute(load(listed.name), "append", gast.Load()), [item], [])))

    def list_store_adjoint(self, name: str, target: gast.Subscript, value: gast.expr) -> None:
        if not self.is_active(name):
            return
        index = clone(target.slice)
        self.need_all(index)
        place = gast.Subscript(load(self.materialized(name).name), index, gast.Load())
        if isinstance(value, gast.Name) and self.is_active(value.id):
            self.contribute(value.id, clone(place))
        item = self.types[name].item
        zero = zero_number(item) if isinstance(item, Scalar) else numpy_call("zeros_like", clone(place))
        self.emit(gast.Assign([as_target(place)], zero, None))


def is_number(index: gast.expr) -> bool:
    return isinstance(index, gast.Constant) and isinstance(index.value, int)


def is_fixed(index: gast.expr) -> bool:
    """A slice, None, ... or a number: not an array, nor a variable that may be one."""
    return isinstance(index, gast.Slice | gast.Constant)
