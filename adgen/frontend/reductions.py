"""What reduces several values to one: min and max, sum, any and all, and those of `math`."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.frontend.values import NONE, Const, Handle, Ref, TupleVal, Value
from adgen.program.types import Array, ListOf

if TYPE_CHECKING:
    from adgen.frontend.calls import Calls

from adgen.frontend.handlers import Args, Kwargs, handles


def plain_container(s: Calls, value: Value) -> Value:
    """The variable that holds a list of the program, or the value itself."""
    contents = s.heap[value.key] if isinstance(value, Handle) else None
    return contents if isinstance(contents, Ref) else value


# ---- min and max


@handles(max)
def _max(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _extremum(s, max, args, kwargs, hint)


@handles(min)
def _min(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _extremum(s, min, args, kwargs, hint)


def _extremum(s: Calls, function: Any, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    if len(args) == 1:
        value = plain_container(s, args[0])
        if "key" not in kwargs and isinstance(value, Ref) and isinstance(value.type, Array | ListOf):
            values = value if isinstance(value.type, Array) else s.array_from(value)
            return s.call(Const(np.max if function is max else np.min), (values,), {}, hint)
        items = list(s.must_items(value, function.__name__))
    else:
        items = list(args)
    if not items and "default" in kwargs:
        return kwargs["default"]
    if not items:
        s.refuse(
            "constant-error",
            f"ValueError: {function.__name__}() of nothing",
            reason="the call always fails.",
            remedy="default=...",
        )
    key = kwargs.get("key", NONE)
    if key != NONE or any(isinstance(i, Handle | TupleVal) for i in items):
        return _chosen(s, function, items, key)
    total = s.plain(items[0])
    for item in items[1:]:
        item = s.plain(item)
        if isinstance(total, Const) and isinstance(item, Const):
            total = s.fold(function, total.value, item.value)
        else:
            total = s.residual_call(function.__name__, function, (total, item), {}, hint)
    return total


def _chosen(s: Calls, function: Any, items: list[Value], key: Value) -> Value:
    """The first item that none exceeds by its key."""
    op = gast.Gt() if function is max else gast.Lt()
    best, best_key = items[0], _key(s, key, items[0])
    for item in items[1:]:
        item_key = _key(s, key, item)
        better = s.compare(op, item_key, best_key)
        pair = s.choose(
            better, lambda i=item, k=item_key: TupleVal((i, k)), lambda b=best, k=best_key: TupleVal((b, k))
        )
        best, best_key = pair.items
    return best


def _key(s: Calls, key: Value, item: Value) -> Value:
    return item if key == NONE else s.call(key, (item,), {})


# ---- sums and products


@handles(sum)
def _sum(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = plain_container(s, args[0])
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    if isinstance(value, Ref) and isinstance(value.type, Array):
        named: dict[str, Value] = {"axis": Const(0)} if value.type.rank > 1 else {}
        total = s.call(Const(np.sum), (value,), named)
        return total if isinstance(start, Const) and start.value == 0 else s.binary(gast.Add(), start, total, hint)
    if not s.is_walkable(value):
        return s.sum_loop(value, start)
    total = start
    for item in s.must_items(value, "sum"):
        known_zero = isinstance(total, Const) and type(total.value) is int and total.value == 0
        overloaded = known_zero and s.class_method(item, "__radd__") is not None
        total = s.plain(item) if known_zero and not overloaded else s.binary(gast.Add(), total, item)
    return total


@handles(math.fsum)
def _fsum(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.call(Const(float), (_sum(s, (args[0], Const(0.0)), {}, hint),), {}, hint)


@handles(math.prod)
def _prod(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    value = plain_container(s, args[0])
    start = kwargs.get("start", Const(1))
    if isinstance(value, Ref) and isinstance(value.type, Array | ListOf):
        product = s.call(Const(np.prod), (s.array_from(value) if isinstance(value.type, ListOf) else value,), {})
        return s.binary(gast.Mult(), start, product, hint)
    items = s.must_items(value, "prod")
    return functools.reduce(lambda a, b: b if a == Const(1) else s.binary(gast.Mult(), a, b), items, start)


def _root_of_squares(s: Calls, items: Args, hint: str | None) -> Value:
    """hypot of any number of values, by hypot of two."""
    if not items:
        return Const(0.0)
    if len(items) == 1:
        return s.call(Const(abs), items, {}, hint)
    return functools.reduce(lambda a, b: s.residual_call("math.hypot", math.hypot, (a, b), {}, hint), items)


@handles(math.hypot)
def _hypot(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    items = tuple(s.plain(a) for a in args)
    if all(isinstance(a, Const) for a in items):
        return s.fold(math.hypot, *(a.value for a in items))
    return _root_of_squares(s, items, hint)


@handles(math.dist)
def _dist(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    p, q = (s.must_items(a, "dist") for a in args)
    differences = tuple(s.binary(gast.Sub(), a, b) for a, b in zip(p, q, strict=True))
    return _hypot(s, differences, {}, hint)


@handles(math.sumprod) if hasattr(math, "sumprod") else lambda handler: handler
def _sumprod(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return s.evaluate("sum(_a * _b for _a, _b in zip(_p, _q))", p=args[0], q=args[1])


# ---- any and all


@handles(any)
def _any(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _quantifier(s, args, gast.Or(), hint, np.any)


@handles(all)
def _all(s: Calls, args: Args, kwargs: Kwargs, hint: str | None) -> Value:
    return _quantifier(s, args, gast.And(), hint, np.all)


def _quantifier(s: Calls, args: Args, op: Any, hint: str | None, function: Any) -> Value:
    value = plain_container(s, args[0])
    if isinstance(value, Ref) and isinstance(value.type, ListOf):
        value = s.array_from(value)
    if isinstance(value, Ref) and isinstance(value.type, Array):
        return s.call(Const(function), (value,), {}, hint)
    result: Value = Const(isinstance(op, gast.And))
    for item in s.must_items(value, function.__name__):
        truth = s.truth(result)
        if isinstance(truth, bool) and truth == isinstance(op, gast.Or):
            break
        result = s.short_circuit(op, result, lambda i=item: s.call(Const(bool), (i,), {}))
    return result
