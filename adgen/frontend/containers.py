"""Containers as abstract values: lists, dicts, tuples, iterators, and the user's real objects that hold them."""

from __future__ import annotations

import enum
import functools
from typing import Any, cast

import gast
import numpy as np

from adgen.frontend.extents import item_type
from adgen.frontend.nodes import load
from adgen.frontend.state import NUMBER, Restart
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    IteratorContents,
    ListContents,
    RangeVal,
    Ref,
    TupleVal,
    Value,
)
from adgen.frontend.walking import Walking
from adgen.program.dims import Dim
from adgen.program.function import GlobalName
from adgen.program.types import ITEM, Array, ListOf, Opaque, Scalar, Type, int_type_of, show_type, type_of_number

MOST_WIDENED = 100


class Containers(Walking):
    """Values of objects that exist before the derivative runs, and the contents of containers."""

    # ---- from real objects

    def wrap(self, value: Any, name: str, holder: Any = None, module: str | None = None, path: str = "") -> Value:
        """A real object that the function reads (global, closure value, default, attribute) as a value."""
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            return self.global_array(value, name, holder, module, path)
        if isinstance(value, NUMBER) and not isinstance(value, bool | np.bool_ | enum.Enum):
            type_: Any = type_of_number(value)
            reference = self.global_name(name, value, holder, module, path)
            if type_.kind in "iu":
                type_ = int_type_of(Dim.symbol(reference))
                self.sizes.observed.setdefault(reference, int(cast("int", value)))
                self.sizes.entry_symbols.add(reference)
            self.types[reference] = type_
            return Ref(reference, type_, value)
        if isinstance(value, np.random.Generator | np.random.RandomState):
            reference = self.global_name(name, value, holder, module, path)
            self.types[reference] = Opaque("random generator")
            return Ref(reference, self.types[reference])
        if type(value) in (list, dict) or isinstance(value, tuple):
            return self.wrap_container(value, name, holder, module, path)
        return Const(value)

    def global_array(self, value: np.ndarray, name: str, holder: Any, module: str | None, path: str) -> Ref:
        reference = self.global_name(name, value, holder, module, path)
        shape = tuple(self.entry_dim(f"{reference}.shape[{k}]", size) for k, size in enumerate(value.shape))
        type_: Type = Array(value.dtype, shape)
        self.types[reference] = type_
        return Ref(reference, type_)

    def entry_dim(self, symbol: str, size: int | None) -> Dim:
        self.sizes.entry_symbols.add(symbol)
        if size is not None:
            self.sizes.observed.setdefault(symbol, int(size))
            if size <= self.most_fixed:
                self.sizes.assume(Dim.symbol(symbol), int(size))
        return Dim.symbol(symbol)

    def global_name(self, name: str, value: Any, holder: Any, module: str | None, path: str) -> str:
        for known in self.globals.values():
            if known.value is value and known.holder is holder and known.path == path:
                return known.name
        chosen = self.fresh(name)
        self.globals[chosen] = GlobalName(chosen, value, module, path or name, holder)
        return chosen

    def wrap_container(self, value: Any, name: str, holder: Any, module: str | None, path: str) -> Value:
        if isinstance(value, dict):
            if not all(isinstance(v, NUMBER + (np.ndarray, list, tuple, dict)) for v in value.values()):
                return Const(value)
            entries = {}
            for key, entry in value.items():
                # Written as it would be in the user's module, where it is looked up again at each call.
                text = f"{type(key).__name__}.{key.name}" if isinstance(key, enum.Enum) else repr(key)
                entries[key] = self.wrap(
                    entry, f"{name}_{getattr(key, 'name', key)}", holder, module, f"{path or name}[{text}]"
                )
            return self.allocate(DictContents(entries))
        if len(value) > 8 and all(isinstance(v, float) for v in value):
            reference = self.global_name(name, value, holder, module, path)
            self.types[reference] = ListOf(type_of_number(1.0))
            return Ref(reference, self.types[reference])
        items = tuple(self.wrap(v, f"{name}_{k}", holder, module, f"{path or name}[{k}]") for k, v in enumerate(value))
        if isinstance(value, list):
            return self.allocate(ListContents(items))
        return TupleVal(items, type(value) if type(value) is not tuple else None)

    def wrap_const(self, value: Const) -> Value:
        """Containers in constants (defaults, class attributes) as containers of values."""
        match value.value:
            case dict():
                return self.allocate(DictContents({k: Const(v) for k, v in value.value.items()}))
            case list():
                return self.allocate(ListContents(tuple(Const(v) for v in value.value)))
            case tuple():
                return TupleVal(
                    tuple(Const(v) for v in value.value), type(value.value) if type(value.value) is not tuple else None
                )
            case range():
                return RangeVal(*(Const(v) for v in (value.value.start, value.value.stop, value.value.step)))
        return value

    # ---- lists of the program

    def residual_array(self, base: Value, items: tuple[Value, ...]) -> Ref:
        """A tuple that is indexed at run time becomes an array, a list a list of the program."""
        reference = self.residual_list(base, items)
        if (
            not isinstance(base, Handle)
            and isinstance(reference.type, ListOf)
            and isinstance(reference.type.item, Scalar)
        ):
            statement = self.out[-1]
            statement.value = gast.Call(gast.Attribute(load("np"), "array", gast.Load()), [statement.value], [])
            type_ = Array(reference.type.item.dtype, (Dim(len(items)),))
            self.types[reference.name] = type_
            reference = Ref(reference.name, type_)
        return reference

    def residual_list(self, base: Value, items: tuple[Value, ...], hint: str = "items") -> Ref:
        values = [self.plain(item) for item in items]
        kinds: list[Any] = [
            self.type_or_none(v)
            or (type_of_number(v.value) if isinstance(v, Const) and isinstance(v.value, NUMBER) else None)
            for v in values
        ]
        if (
            any(not isinstance(k, Scalar | Array) for k in kinds)
            or len({(type(k), k.rank) for k in kinds}) > 1
            or (isinstance(kinds[0] if kinds else None, Array) and len({k.dtype for k in kinds}) > 1)
        ):
            self.refuse(
                "mixed-list",
                "this list is indexed at run time, and its items are not all alike",
                reason="the derivative needs one type for what is read from it.",
                remedy="an array, or a list of values of one type",
            )
        number = kinds[0] if kinds else None
        if isinstance(number, Scalar):
            number = Scalar(np.result_type(*(k.dtype for k in kinds)), all(k.weak for k in kinds))
        elif number is not None:
            number = functools.reduce(self.joined_items, kinds)
        expr = gast.List([self.atom(v) for v in values], gast.Load())
        reference = self.define(expr, ListOf(number), hint)
        if isinstance(base, Handle):
            self.change(base.key, reference)
        return reference

    def widen(self, listed: Ref, kind: Scalar | Array) -> None:
        """See that a list was made for items such as are put into it; else it is made anew for them."""
        assert isinstance(listed.type, ListOf)
        item: Any = listed.type.item
        if isinstance(kind, Array):
            joined: Any = self.joined_items(item, kind)
        else:
            joined = Scalar(np.result_type(item.dtype, kind.dtype))
        if joined == item or (isinstance(kind, Scalar) and joined.kind == item.kind):
            return
        if listed.type.origin is None or len(self.widened) > MOST_WIDENED:
            self.refuse(
                "mixed-list",
                f"a {show_type(kind)} is put into a list of {show_type(item)}s",
                reason="the derivative needs one type for what is read from it.",
                remedy="an array, or a list of values of one type",
            )
        self.widened[listed.type.origin] = joined
        raise Restart(listed.name)

    def joined_items(self, left: Array, right: Array) -> Type:
        """Arrays of both types in one list: extents that differ are told apart from item to item."""
        known = zip(left.shape, right.shape, strict=True)
        shape = tuple(a if self.sizes.provably_equal(a, b) else Dim.symbol(ITEM) for a, b in known)
        return item_type(Array(left.dtype, shape), self.sizes.entry_symbols)

    def container_expression(self, value: Handle) -> gast.expr:
        contents = self.heap[value.key]
        match contents:
            case ListContents(items):
                return gast.List([self.atom(item) for item in items], gast.Load())
            case IteratorContents():
                return gast.List([self.atom(item) for item in self.must_items(value, "an iterator")], gast.Load())
            case DictContents(items):
                return gast.Dict([gast.Constant(k, None) for k in items], [self.atom(v) for v in items.values()])
            case Ref(name):
                return load(name)
        self.refuse(
            "object-value",
            f"a {contents.cls.__name__} is used as a number",
            reason="objects exist only while the derivative is generated.",
            remedy="its attributes",
        )
