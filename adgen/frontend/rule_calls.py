"""Calls of functions that have a rule: what is left of them in the program."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from adgen.frontend.extents import own_sizes_of_several
from adgen.frontend.nodes import load, store
from adgen.frontend.operands import Operands
from adgen.frontend.state import NUMBER
from adgen.frontend.users_rules import row_of_user
from adgen.frontend.values import (
    NONE,
    Const,
    Handle,
    IterVal,
    ListContents,
    RangeVal,
    Ref,
    SliceVal,
    TupleVal,
    Value,
)
from adgen.program.types import Array, ListOf, Opaque, TupleOf
from adgen.rules.definitions import lists
from adgen.rules.registry import resolve

# Reductions whose `dtype` converts the elements before anything else is done.
CONVERTING = (
    *(np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod, np.trace),
    *(np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nancumsum, np.nancumprod),
)
MAKERS = frozenset(("adgen.api", name) for name in ("grad", "value_and_grad", "vjp", "jvp"))


@functools.cache
def named_result(function: Any) -> type | None:
    """The named tuple that a function of NumPy returns, if it does."""
    if function not in (
        *(np.linalg.eig, np.linalg.eigh, np.linalg.qr, np.linalg.slogdet, np.linalg.svd),
        *(np.unique_counts, np.unique_inverse, np.unique_all),
    ):
        return None
    cls = type(function(np.eye(1)))
    return cls if cls is not tuple else None


class RuleCalls(Operands):
    """Functions with rules: their arguments, their result, where it is delivered."""

    def rule_call(
        self, function: Any, rows: list[Any], args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        head, row = rows[0]
        if row.kind == "refused":
            self.refuse(
                "refused-function", f"{head.callee} can't be differentiated", reason=row.reason, remedy="see the reason"
            )
        outs = kwargs.get("out")
        if isinstance(outs, TupleVal) and len(outs.items) == 1:
            kwargs = {**kwargs, "out": outs.items[0]}
        args, kwargs = self.operands(args, kwargs, head.callee)
        if args and self.is_list_of_arrays(args[0]) and id(function) in lists.JOINS:
            return self.inline(self.function_value(lists.JOINS[id(function)]), args, kwargs)
        args, kwargs = self.structural(function, rows, args, kwargs)
        out = kwargs.pop("out", None)
        if isinstance(function, np.ufunc) and len(args) > function.nin:
            out, args = args[function.nin], args[: function.nin]
        mask = kwargs.pop("where", None) if isinstance(function, np.ufunc) else None
        if isinstance(function, np.ufunc):
            args = self.cast_arguments(args, kwargs)
        if all(isinstance(a, Const) and isinstance(a.value, NUMBER) for a in args) and args and not kwargs:
            result: Value = self.fold(function, *(a.value for a in args))
            if not isinstance(result.value, NUMBER):
                result = self.residual_call(head.callee, function, args, kwargs, hint)
        else:
            result = self.residual_call(head.callee, function, args, kwargs, hint)
        return self.deliver(result, out, mask, hint)

    def cast_arguments(self, args: tuple[Value, ...], kwargs: dict[str, Value]) -> tuple[Value, ...]:
        """Arguments in the ``dtype=`` in which a function is told to compute; how it casts does not matter."""
        dtype = kwargs.pop("dtype", NONE)
        for option in ("casting", "order", "subok"):
            kwargs.pop(option, None)
        if isinstance(dtype, Const) and dtype.value is None:
            return args
        wanted = np.dtype(self.static_value(dtype, "dtype"))

        def cast(value: Value) -> Value:
            if isinstance(value, Const):
                return Const(wanted.type(value.value))
            if not isinstance(value, Ref):
                value = self.array_from(value)
            return value if self.dtype_of(value) == wanted else self.astype(value, wanted, None)

        return tuple(map(cast, args))

    def dtype_of(self, value: Value) -> np.dtype | None:
        return getattr(self.type_or_none(value), "dtype", None)

    def astype(self, value: Value, dtype: np.dtype, hint: str | None) -> Value:
        raise NotImplementedError

    def is_list_of_arrays(self, value: Value) -> bool:
        """A list that grew at run time, of arrays with axes."""
        item = value.type.item if isinstance(value, Ref) and isinstance(value.type, ListOf) else None
        return isinstance(item, Array) and item.rank > 0

    def deliver(self, result: Value, out: Value | None, mask: Value | None, hint: str | None) -> Value:
        """Results of ``f(..., out=a, where=m)``."""
        if isinstance(out, TupleVal):
            (out,) = out.items
        if out is None or isinstance(out, Const) and out.value is None:
            if mask is not None and not (isinstance(mask, Const) and mask.value is True):
                self.refuse(
                    "where-without-out",
                    "`where=` without `out=`",
                    reason="the elements left out are whatever memory holds.",
                    remedy="np.where(mask, f(x), 0.0), or pass out=",
                )
            return result
        if mask is not None:
            result = self.call(Const(np.where), (mask, result, out), {}, hint)
        self.store_item(out, Const(Ellipsis), result)
        return out

    def argument(self, value: Value) -> Value:
        """An argument of a function with a rule: extents and iterators become plain values."""
        if isinstance(value, TupleVal):
            return TupleVal(tuple(self.argument(i) for i in value.items))
        if isinstance(value, Handle) and isinstance(self.heap[value.key], ListContents):
            return self.allocate(ListContents(tuple(self.argument(i) for i in self.heap[value.key].items)))
        if isinstance(value, Handle) and isinstance(self.heap[value.key], Ref):
            return self.heap[value.key]
        if isinstance(value, IterVal | RangeVal):
            items = self.known_items(value)
            if items is None and isinstance(value, RangeVal):
                return self.call(Const(np.arange), (value.start, value.stop, value.step), {})
            return self.allocate(ListContents(tuple(items or ())))
        if isinstance(value, SliceVal) and self.is_static(TupleVal((value.lower, value.upper, value.step))):
            return Const(slice(value.lower.value, value.upper.value, value.step.value))
        return self.plain(value)

    def residual_call(
        self, path: str, function: Any, args: tuple[Value, ...], kwargs: dict[str, Value], hint: str | None
    ) -> Value:
        type_ = self.infer(row_of_user(function) or function, args, kwargs, path)
        expr = gast.Call(
            self.callee_expression(path, function),
            [self.call_atom(a) for a in args],
            [gast.keyword(k, self.call_atom(v)) for k, v in kwargs.items()],
        )
        if isinstance(type_, TupleOf):
            several, cls = type_, named_result(function)
            return self.guarded_call(path, args, lambda: self.define_several(expr, several, hint, cls))
        if isinstance(type_, Opaque):
            self.refuse(
                "no-type",
                f"{path} gives a {type_.what} here",
                reason="only numbers and arrays carry on.",
                remedy="another function",
            )
        return self.guarded_call(path, args, lambda: self.define(expr, type_, hint))

    def guarded_call(self, path: str, args: tuple[Value, ...], define: Callable[[], Value]) -> Value:
        """A call, with what happens if it raises an exception that is caught."""
        raise NotImplementedError

    def call_atom(self, value: Value) -> gast.expr:
        """Arguments may be dtypes and functions too."""
        if isinstance(value, Const) and not isinstance(value.value, (*NUMBER, str, bytes, type(None))):
            return self.constant_expression(value.value)
        if isinstance(value, TupleVal):
            return gast.Tuple([self.call_atom(v) for v in value.items], gast.Load())
        return self.atom(value)

    def constant_expression(self, constant: Any) -> gast.expr:
        if isinstance(constant, type) and issubclass(constant, np.generic):
            return gast.Attribute(load("np"), np.dtype(constant).name.replace("bool", "bool_"), gast.Load())
        if isinstance(constant, np.dtype):
            name = constant.name.replace("bool", "bool_")
            return gast.Attribute(load("np"), name, gast.Load())
        if any(constant is c for c in (float, int, bool, complex)):
            return load(constant.__name__)
        if isinstance(constant, slice):
            return gast.Call(
                load("slice"), [gast.Constant(v, None) for v in (constant.start, constant.stop, constant.step)], []
            )
        if isinstance(constant, tuple):
            return gast.Tuple([self.call_atom(Const(v)) for v in constant], gast.Load())
        self.refuse(
            "object-value",
            f"a {type(constant).__name__} is used as a number",
            reason="only numbers and arrays exist in the derivative.",
            remedy="numbers or arrays",
        )

    def callee_expression(self, path: str, function: Any) -> gast.expr:
        if row_of_user(function):
            name = getattr(function, "__name__", path)
            return load(self.global_name(name, function, None, getattr(function, "__module__", None), name))
        if path.startswith("rt."):
            original = resolve(path)  # `function` may be its copy in a generated module
            return load(self.global_name(path[3:], original, None, "adgen.runtime", path[3:]))
        root, *attributes = path.split(".")
        expr: gast.expr = load(root)
        for attribute in attributes:
            expr = gast.Attribute(expr, attribute, gast.Load())
        return expr

    def define_several(self, expr: gast.expr, type_: TupleOf, hint: str | None, cls: type | None = None) -> Value:
        stem = hint or "t"
        names = [self.fresh(stem, temporary=hint is None) for _ in type_.items]
        items = own_sizes_of_several(type_.items, names)
        self.types.update(zip(names, items, strict=True))
        refs = [Ref(name, item) for name, item in zip(names, items, strict=True)]
        target = gast.Tuple([store(n) for n in names], gast.Store())
        self.emit(gast.Assign([target], expr, None))
        return TupleVal(tuple(refs), cls if cls is not None and len(refs) == len(getattr(cls, "_fields", ())) else None)

    def array_from(self, value: Value) -> Value:
        return self.call(Const(np.array), (value,), {})
