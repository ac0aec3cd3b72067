"""Operations on values that builtins and methods are written in: items, copies, conversions, classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast
import numpy as np

from adgen.frontend.calls import Calls
from adgen.frontend.extents import item_type
from adgen.frontend.nodes import load
from adgen.frontend.state import NUMBER
from adgen.frontend.values import (
    Const,
    DictContents,
    Handle,
    IteratorContents,
    IterVal,
    ListContents,
    ObjectContents,
    OptionalVal,
    Poison,
    RangeVal,
    Ref,
    ShapeItem,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.dims import Dim
from adgen.program.syntax import nodes_in
from adgen.program.types import FLOAT, Array, ListOf, Scalar, TupleOf, show_type, type_of_number

UNROLL = 64


class Operations(Calls):
    """What the handlers of builtins and of methods ask of the specialiser."""

    def must_items(self, value: Value, what: str) -> tuple[Value, ...]:
        items = self.known_items(value)
        if items is None and isinstance(value, Ref) and isinstance(value.type, Array):
            items = self.iterate_static(value)
        if items is None and isinstance(value, IterVal):
            walked = value.parts if value.kind.startswith("zip") else value.parts[:1]
            if all(map(self.is_row, walked)):
                known = tuple(self.column(p) if p in walked and isinstance(p, Ref) else p for p in value.parts)
                items = tuple(self.walk(self.iterator_over(replace(value, parts=known))))
        if items is None:
            self.refuse(
                "unknown-length",
                f"{what} needs items that are known when generating",
                reason="the number of items is decided at run time.",
                remedy="a loop over an array",
                raises=TypeError if isinstance(self.type_or_none(value), Scalar) else None,
            )
        return items

    def is_row(self, value: Value) -> bool:
        return self.is_walkable(value) or isinstance(value, Ref) and isinstance(value.type, Array)

    def is_short(self, array: Ref) -> bool:
        """Whether an array's length at the call at hand is such that its items may be taken apart."""
        length = self.sizes.value(self.sizes.reduce(array.type.shape[0]))  # pyright: ignore[reportGeneralTypeIssues]
        return length is not None and length <= UNROLL

    def evaluate(self, text: str, **values: Value) -> Value:
        """An expression of Python, in which `_name` stands for a value given by name."""
        node = gast.parse(text, mode="eval").body
        for child in nodes_in(node):
            if self.span is not None and hasattr(child, "lineno"):
                child.lineno = child.end_lineno = self.span.line
                child.col_offset = child.end_col_offset = self.span.column
        names = {f"_{name}": value for name, value in values.items()}
        hidden = {n: self.frame.variables[n] for n in names if n in self.frame.variables}
        self.frame.variables.update(names)
        try:
            return self.expression(node)
        finally:
            for name in names:
                self.frame.variables.pop(name, None)
            self.frame.variables.update(hidden)

    def iterate_static(self, array: Ref) -> tuple[Value, ...]:
        """Items of an array whose length is known, or taken to be that at hand."""
        return tuple(self.subscript(array, Const(k)) for k in range(self.static_length(array)))

    def static_length(self, array: Ref) -> int:
        """The length of an array, known or observed (which then becomes part of the types)."""
        assert isinstance(array.type, Array)
        shape: tuple[Dim, ...] = array.type.shape
        length = self.sizes.reduce(shape[0])
        if length.is_const:
            return length.const
        observed = self.sizes.value(length)
        if observed is None or observed > UNROLL:
            self.refuse(
                "unknown-length",
                "the items of this array are taken apart",
                reason="its length is known only at run time.",
                remedy="a loop, or indices",
            )
        self.sizes.assume(length, observed)
        return observed

    def describe(self, value: Value) -> str:
        raise NotImplementedError

    def static_truth(self, value: Value) -> bool:
        truth = self.truth(value)
        if not isinstance(truth, bool):
            self.refuse(
                "dynamic-filter",
                "this condition must be known when generating",
                reason="it decides how many values there are.",
                remedy="a loop with an if",
            )
        return truth

    def item(self, value: Ref) -> Value:
        """The only element of an array of size 1."""
        if value.type.rank == 0:
            return self.subscript(value, TupleVal(()))
        return self.subscript(value, TupleVal((Const(0),) * value.type.rank))

    def astype(self, value: Value, dtype: np.dtype, hint: str | None) -> Value:
        kind = self.type_or_none(value)
        if kind is not None and kind.dtype == dtype:
            return self.call(Const(np.copy), (value,), {}, hint) if isinstance(kind, Array) else value
        if isinstance(value, Ref) and isinstance(kind, Scalar):
            expr = gast.Call(self.constant_expression(dtype), [load(value.name)], [])
            return self.define(expr, Scalar(dtype, weak=False), hint)
        assert isinstance(value, Ref)
        assert isinstance(kind, Array)
        expr = gast.Call(gast.Attribute(load(value.name), "astype", gast.Load()), [self.constant_expression(dtype)], [])
        return self.define(expr, Array(dtype, kind.shape), hint)

    def copy_value(self, value: Value, *, deep: bool, known: dict[int, Value] | None = None) -> Value:
        """A copy as the module `copy` makes it; what is shared inside stays shared inside."""
        known = {} if known is None else known

        def inner(item: Value) -> Value:
            return self.copy_value(item, deep=True, known=known) if deep else item

        match value:
            case Ref(_, Array()):
                return self.call(Const(np.copy), (value,), {})
            case Ref(_, ListOf()):
                return self.evaluate("[_item for _item in _items]", items=value)
            case TupleVal(items, cls):
                return TupleVal(tuple(map(inner, items)), cls)
            case Handle(key) if key in known:
                return known[key]
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, Ref):
                    return self.copy_value(contents, deep=deep, known=known)
                new = known[key] = self.allocate(contents)
                if isinstance(contents, ListContents):
                    self.heap[new.key] = replace(contents, items=tuple(map(inner, contents.items)))
                elif isinstance(contents, DictContents):
                    self.heap[new.key] = replace(contents, items={k: inner(v) for k, v in contents.items.items()})
                elif isinstance(contents, ObjectContents):
                    self.attribute(value, "__dict__") if contents.origin is not None else None
                    attributes = {k: inner(v) for k, v in self.heap[key].attributes.items()}
                    self.heap[new.key] = replace(contents, attributes=attributes)
                return new
        return value

    def effect(self, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """An inactive effect, kept as it stands."""
        call = gast.Call(
            load(name),
            [self.shown(self.plain(a)) for a in args],
            [gast.keyword(k, self.shown(self.plain(v))) for k, v in kwargs.items()],
        )
        self.emit(gast.Expr(call))

    def warn_rounding(self) -> None:
        where = f"{self.span.file}:{self.span.line}" if self.span else "?"
        note = f"{where}: a rounded value has derivative zero"
        if note not in self.warnings:
            self.warnings.append(note)

    def residual_or_fold(self, path: str, function: Any, args: tuple[Value, ...], hint: str | None) -> Value:
        args = tuple(self.plain(a) for a in args)
        if all(isinstance(a, Const) for a in args):
            return self.fold(function, *(a.value for a in args))
        return self.residual_call(path, function, args, {}, hint)

    def class_of(self, value: Value) -> type:
        match value:
            case Const(constant):
                return type(constant)
            case ShapeItem():
                return int
            case OptionalVal():
                return self.class_of(self.decided_value(value))
            case Ref(_, Array()):
                return np.ndarray
            case Ref(_, Scalar(dtype, weak)):
                return {"f": float, "i": int, "b": bool, "c": complex, "u": int}[dtype.kind] if weak else dtype.type
            case Ref(_, ListOf()):
                return list
            case Ref(_, TupleOf()):
                return tuple
            case TupleVal(_, cls):
                return cls or tuple
            case Handle(key):
                contents = self.heap[key]
                if isinstance(contents, ObjectContents):
                    return contents.cls
                if isinstance(contents, IteratorContents):
                    return type(iter(()))
                return list if isinstance(contents, Ref) else contents.cls
            case RangeVal():
                return range
            case SliceVal():
                return slice
        return type(lambda: None)

    def decided_value(self, value: OptionalVal) -> Value:
        known = self.settled(value)
        if isinstance(known, OptionalVal):
            self.atom(Poison("it is None on some paths, and a number on others.", self.span))
        return known

    def has_attribute(self, value: Value, name: str) -> bool:
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ObjectContents):
            contents = self.heap[value.key]
            if isinstance(contents.attributes.get(name), Poison):
                self.atom(contents.attributes[name])
            return (
                name in contents.attributes
                or hasattr(contents.cls, name)
                or (contents.origin is not None and hasattr(contents.origin, name))
            )
        if isinstance(value, Const):
            return hasattr(value.value, name)
        return hasattr(self.class_of(value), name)

    def sum_loop(self, value: Value, start: Value) -> Value:
        raise NotImplementedError

    def append_residual(self, value: Ref, item: Value) -> Value:
        item, kind = self.fitting_item(value, item)
        if value.type.item is None:
            self.types[value.name] = replace(value.type, item=kind)
            object.__setattr__(value.type, "item", kind)
        call = gast.Call(gast.Attribute(load(value.name), "append", gast.Load()), [self.atom(item)], [])
        self.emit(gast.Expr(call))
        return Const(None)

    def fitting_item(self, listed: Ref, item: Value) -> tuple[Value, Scalar | Array]:
        """What is put into a list of the program, as the list takes it, and its type."""
        item = self.plain(item)
        number: Any = item.value if isinstance(item, Const) and isinstance(item.value, NUMBER) else None
        kind: Any = self.type_or_none(item) if number is None else type_of_number(number)
        known: Any = listed.type.item
        if isinstance(kind, Scalar):
            kind = Scalar(kind.dtype)
        if isinstance(known, Scalar) and isinstance(kind, Scalar):
            if number is not None and known.kind in "fc" and kind.kind in "biuf":
                return Const(complex(number) if known.kind == "c" else float(number)), known
            self.widen(listed, kind)
            if kind.kind in "biu" and known.kind in "fc":
                item = self.define(gast.Call(load("float"), [self.atom(item)], []), FLOAT)
            return item, known
        if isinstance(kind, Array):
            kind = item_type(kind, self.sizes.entry_symbols)
        alike = isinstance(known, Array) and isinstance(kind, Array)
        alike = alike and (known.rank, known.dtype) == (kind.rank, kind.dtype)
        if alike:
            self.widen(listed, kind)
        if not isinstance(kind, Scalar | Array) or known is not None and not alike:
            self.refuse(
                "mixed-list",
                f"{self.describe(item)} is put into a list of {show_type(known)}s"
                if known is not None
                else f"{self.describe(item)} is put into a list that grows at run time",
                reason="such a list holds numbers of one type, or arrays of one rank and type.",
                remedy="a list of known length, or one list for each type",
            )
        return item, kind
