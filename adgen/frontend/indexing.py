"""Reading and writing through indices and slices."""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from adgen.analyses.indexing import Mask, Picks, Slice, indexed_type
from adgen.frontend.nodes import load
from adgen.frontend.operators import Operators
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    ListContents,
    ObjectContents,
    RangeVal,
    Ref,
    ShapeItem,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.types import Array, ListOf, Opaque, Scalar, TupleOf, is_differentiable
from adgen.rules.definitions import lists, shapes


class Indexing(Operators):
    """``a[i]``, ``a[i] = v`` and ``del a[i]`` on arrays, lists, tuples, dicts."""

    def subscript(self, base: Value, index: Value, hint: str | None = None) -> Value:
        base = self.plain(base)
        base, index = self.as_rows(base, index)
        match base:
            case Ref(_, Array()):
                return self.array_item(base, index, hint)
            case Ref(_, ListOf(item)):
                return self.list_item(base, item, index, hint)
            case Ref(_, TupleOf(items)) if isinstance(index, Const):
                type_ = items[index.value]
                return self.define(gast.Subscript(load(base.name), self.atom(index), gast.Load()), type_, hint)
            case Ref(_, Scalar(weak=False)) if index == TupleVal(()):
                return base
            case Ref(_, Scalar(weak=weak)):
                self.refuse(
                    "not-indexable",
                    "a number is indexed",
                    reason="it was taken to be a float.",
                    remedy="pass an array, or give its type: an annotation or a signature",
                    raises=TypeError if weak else IndexError,
                )
            case Ref(_, Opaque()):
                expr = gast.Subscript(load(base.name), self.index_expression(index), gast.Load())
                return self.define(expr, Opaque(), hint)
        return self.container_item(base, index, hint)

    def as_rows(self, base: Value, index: Value) -> tuple[Any, Value]:
        """A single number in NumPy's hands and a single bool that indexes it: as an array of one and its mask."""
        kind, chosen = self.type_or_none(base), self.joinable_type(index)
        single = isinstance(kind, Array | Scalar) and kind.rank == 0 and not getattr(kind, "weak", False)
        if not (single and isinstance(chosen, Array | Scalar) and chosen.rank == 0 and chosen.kind == "b"):
            return base, index
        one, two = (self.call(Const(np.reshape), (v, TupleVal((Const(1),))), {}) for v in (base, index))
        return one, two

    def container_item(self, base: Value, index: Value, hint: str | None) -> Value:
        if isinstance(base, Const) and any(base.value is joiner for joiner in (np.r_, np.c_)):
            items = index.items if isinstance(index, TupleVal) else (index,)
            joined = "r_" if base.value is np.r_ else "c_"
            return self.call(Const(getattr(shapes, joined)), tuple(self.row_item(i) for i in items), {}, hint)
        if isinstance(base, Const) and isinstance(self.wrap_const(base), Const) and isinstance(index, Const):
            return self.fold(operator.getitem, base.value, index.value)
        if isinstance(base, Const):
            base = self.wrap_const(base)
        contents = self.heap[base.key] if isinstance(base, Handle) else base
        if isinstance(contents, Ref):
            return self.subscript(contents, index, hint)
        if isinstance(contents, ObjectContents):
            method = self.class_method(base, "__getitem__")
            if method is not None:
                return self.call(method, (index,), {}, hint)
        if isinstance(contents, DictContents):
            return self.dict_item(base, contents, index)
        if isinstance(contents, RangeVal):
            return self.binary(gast.Add(), contents.start, self.binary(gast.Mult(), index, contents.step), hint)
        items = self.known_items(base)
        if items is None:
            self.refuse(
                "not-indexable",
                "this value can't be indexed",
                reason="it is no array, list, tuple or dict.",
                remedy="an array or a list",
                raises=TypeError,
            )
        return self.sequence_item(base, items, index, hint)

    def dict_item(self, base: Value, contents: DictContents, index: Value) -> Value:
        if not isinstance(index, Const | TupleVal):
            self.refuse(
                "dynamic-key",
                "a dict is indexed by a value known only at run time",
                reason="entries of dicts are told apart when the derivative is generated.",
                remedy="an array or a list, indexed by an integer",
            )
        key = self.key_of(index)
        if key not in contents.items and contents.factory is not None:
            made = self.call(contents.factory, (), {})
            if contents.cls is not Counter:
                self.store_container(base, Const(key), made)  # pyright: ignore[reportArgumentType]
            return made
        if key not in contents.items:
            self.refuse(
                "missing-key",
                f"no entry {key!r} in this dict",
                reason="the lookup would raise KeyError.",
                remedy="a key that is there",
                raises=KeyError,
                always=True,
            )
        return contents.items[key]

    def key_of(self, index: Value) -> Any:
        if isinstance(index, TupleVal):
            return tuple(self.key_of(item) for item in index.items)
        if isinstance(index, Const):
            return index.value
        return self.static_value(index, "a dict's key")

    def sequence_item(self, base: Value, items: tuple[Value, ...], index: Value, hint: str | None) -> Value:
        if isinstance(index, SliceVal):
            chosen = items[slice(*(self.static_or_none(v) for v in (index.lower, index.upper, index.step)))]
            if isinstance(base, Handle):
                return self.allocate(ListContents(chosen))
            return TupleVal(chosen)
        index = self.plain(index)
        if isinstance(index, Const):
            try:
                return items[index.value]
            except (IndexError, TypeError) as error:
                self.refuse(
                    "bad-index",
                    str(error),
                    reason="the lookup always fails.",
                    remedy="a valid index",
                    raises=type(error),
                    always=True,
                )
        return self.subscript(self.residual_array(base, items), index, hint)

    def residual_array(self, base: Value, items: tuple[Value, ...]) -> Ref:
        """Give a list a variable of its own, so that it can be indexed at run time."""
        raise NotImplementedError

    def list_item(self, base: Ref, item: Any, index: Value, hint: str | None) -> Value:
        if isinstance(index, SliceVal):
            return self.inline(self.function_value(lists.part), (base, index.lower, index.upper, index.step), {})
        if item is None:
            item = self.item_guesses.get(base.name)
        if item is None:
            self.refuse(
                "empty-list",
                "this list is empty",
                reason="reading from it always fails.",
                remedy="append before reading",
                raises=IndexError,
            )
        self.guard_index(base, index)
        return self.define(gast.Subscript(load(base.name), self.atom(index), gast.Load()), item, hint)

    def guard_index(self, base: Ref, index: Value) -> None:
        """Bounds, where IndexError is caught."""
        raise NotImplementedError

    # ---- arrays

    def array_item(self, base: Ref, index: Value, hint: str | None) -> Value:
        assert isinstance(base.type, Array)
        index = self.static_index(index)
        type_ = self.indexed_type(base.type, index, f"%{self.next_fresh()}")
        self.guard_index(base, index)
        expr = gast.Subscript(load(base.name), self.index_expression(index), gast.Load())
        return self.define(expr, type_, hint)

    def static_index(self, index: Value) -> Value:
        """Lists in an index become arrays; ranges become slices."""
        if isinstance(index, TupleVal):
            return TupleVal(tuple(self.static_index(item) for item in index.items))
        if isinstance(index, Handle) and isinstance(self.heap[index.key], ListContents):
            return self.array_from(index)
        if isinstance(index, Const) and isinstance(index.value, slice):
            return SliceVal(*(Const(v) for v in (index.value.start, index.value.stop, index.value.step)))
        return self.plain(index)

    def array_from(self, value: Value) -> Value:
        raise NotImplementedError

    def fitting_item(self, listed: Ref, item: Value) -> Any:
        raise NotImplementedError

    def indexed_type(self, base: Array, index: Value, fresh: str) -> Any:
        items = list(index.items) if isinstance(index, TupleVal) else [index]
        type_ = indexed_type(base, [self.index_kind(i) for i in items], self.sizes, fresh)
        if type_ is None:
            self.refuse(
                "too-many-indices",
                f"too many indices for an array of rank {base.rank}",
                reason="NumPy would raise IndexError.",
                remedy=f"at most {base.rank} indices",
                raises=IndexError,
            )
        return type_

    def index_kind(self, item: Value) -> Any:
        match item:
            case Const(None):
                return "new"
            case Const(constant) if constant is Ellipsis:
                return "ellipsis"
            case Const(constant) if isinstance(constant, bool | np.bool_):
                self.refuse(
                    "bool-index",
                    "an array is indexed by a single bool",
                    reason="it adds an axis of length 0 or 1, which is hardly ever meant.",
                    remedy="an if statement",
                )
            case SliceVal():
                return Slice(*(self.slice_bound(v) for v in (item.lower, item.upper, item.step)))
            case Ref(name, Array(dtype, shape)) if dtype.kind == "b":
                return Mask(len(shape), name)
            case Ref(_, Array(dtype, shape)) if dtype.kind in "iu":
                return Picks(shape)
            case Const(constant) if isinstance(constant, int | np.integer):
                return "int"
            case Ref(_, Scalar(dtype)) if dtype.kind in "iu":
                return "int"
            case ShapeItem():
                return "int"
        self.refuse(
            "bad-index",
            "this can't index an array",
            reason="indices are integers, slices, None, ..., and arrays of integers or bools.",
            remedy="int(...) for a float that holds an integer",
        )

    def slice_bound(self, value: Value) -> Dim | None:
        if isinstance(value, Const) and value.value is None:
            return None
        dim = getattr(self.type_or_none(value), "value", None)
        if dim is None:
            return Dim.symbol(self.atom(value).id) if isinstance(value, Ref) else Dim.symbol("unknown")
        return dim

    def index_expression(self, index: Value) -> gast.expr:
        match index:
            case TupleVal(items):
                return gast.Tuple([self.index_expression(item) for item in items], gast.Load())
            case SliceVal(lower, upper, step):
                parts = [
                    None if isinstance(v, Const) and v.value is None else self.atom(v) for v in (lower, upper, step)
                ]
                return gast.Slice(*parts)
        return self.atom(index)

    # ---- stores

    def row_item(self, item: Value) -> Value:
        """What stands in ``np.r_[...]``: arrays, numbers, and slices for ranges."""
        if isinstance(item, Const) and isinstance(item.value, str):
            self.refuse(
                "row-string",
                "a string in np.r_ or np.c_",
                reason="it tells axes and ranks in a language of its own.",
                remedy="np.concatenate with axis=",
            )
        if not isinstance(item, SliceVal):
            return item
        if isinstance(item.step, Const) and isinstance(item.step.value, complex):
            return self.call(Const(np.linspace), (item.lower, item.upper, Const(int(abs(item.step.value)))), {})
        lower = Const(0) if isinstance(item.lower, Const) and item.lower.value is None else item.lower
        step = Const(1) if isinstance(item.step, Const) and item.step.value is None else item.step
        return self.call(Const(np.arange), (lower, item.upper, step), {})

    def store_item(self, base: Value, index: Value, value: Value) -> None:
        base = self.plain(base)
        if isinstance(base, Ref) and isinstance(base.type, Array):
            row, index = self.as_rows(base, index)
            self.store_array(row, self.static_index(index), value)
        elif isinstance(base, Ref) and isinstance(base.type, ListOf):
            value, _ = self.fitting_item(base, value)
            if isinstance(base.type.item, Array):
                self.refuse(
                    "list-store",
                    "an array is put in another's place in a list of run-time length",
                    reason="which arrays of the list share memory afterwards is known only at run time.",
                    remedy="an array with one more axis",
                )
            target = gast.Subscript(load(base.name), self.index_expression(index), gast.Store())
            self.emit(gast.Assign([target], self.atom(value), None))
        elif isinstance(base, Handle):
            self.store_container(base, index, value)
        else:
            self.refuse(
                "not-writable",
                "this can't be written into",
                reason="it is no array, list or dict of the function.",
                remedy="an array or a list",
                raises=TypeError,
            )

    def store_array(self, base: Ref, index: Value, value: Value) -> None:
        assert isinstance(base.type, Array)
        if isinstance(index, Const) and index.value is Ellipsis and base.type.rank:
            index = SliceVal(Const(None), Const(None), Const(None))
        self.indexed_type(base.type, index, "stored")  # refuses bad indices
        value = self.numeric(value)
        self.check_stored_dtype(base, value)
        self.guard_index(base, index)
        target = gast.Subscript(load(base.name), self.index_expression(index), gast.Store())
        self.emit(gast.Assign([target], self.atom(value), None))

    def check_stored_dtype(self, base: Ref, value: Value) -> None:
        kind = self.type_or_none(value)
        if isinstance(kind, Scalar | Array) and is_differentiable(kind) and base.type.dtype.kind in "iub":
            self.refuse(
                "integer-store",
                f"a float is written into an array of {base.type.dtype}",
                reason="NumPy rounds it to an integer there, and the derivative is lost.",
                remedy="make the array of dtype float: np.zeros(n, dtype=float), x.astype(float)",
            )
        if isinstance(kind, Scalar | Array) and kind.dtype.kind == "c" and base.type.dtype.kind == "f":
            self.refuse(
                "complex-store",
                "a complex value is written into a real array",
                reason="NumPy drops the imaginary part.",
                remedy="write value.real",
            )

    def numeric(self, value: Value) -> Value:
        """Lists and tuples where NumPy takes an array."""
        if isinstance(value, Handle | TupleVal):
            return self.array_from(value)
        return self.plain(value)

    def store_container(self, base: Handle, index: Value, value: Value) -> None:
        contents = self.heap[base.key]
        match contents:
            case ListContents(items):
                index = self.plain(index)
                if isinstance(index, SliceVal):
                    chosen = list(items)
                    chosen[slice(*(self.static_or_none(v) for v in (index.lower, index.upper, index.step)))] = (
                        self.known_items(value) or ()
                    )
                    self.change(base.key, replace(contents, items=tuple(chosen)))
                    return
                if not isinstance(index, Const):
                    self.store_item(self.residual_array(base, items), index, value)
                    return
                chosen = list(items)
                chosen[index.value] = value
                self.change(base.key, replace(contents, items=tuple(chosen)))
            case DictContents(items):
                self.change(base.key, replace(contents, items={**items, self.key_of(index): value}))
            case Ref():
                self.store_item(contents, index, value)
            case _:
                method = self.class_method(base, "__setitem__")
                if method is None:
                    self.refuse(
                        "not-writable",
                        "this can't be written into",
                        reason="its class has no __setitem__.",
                        remedy="an array or a list",
                    )
                self.call(method, (index, value), {})
