"""Small pieces of programs: names, constants, calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from adgen.program.syntax import clone, static_int
from adgen.program.types import Array, ListOf, Scalar, Type


def load(name: str) -> gast.Name:
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> gast.Name:
    return gast.Name(name, gast.Store(), None, None)


def constant(value: Any) -> gast.Constant:
    return gast.Constant(value, None)


def zero_number(kind: Type | None) -> gast.expr:
    """The zero of a type of numbers."""
    return constant(0j if isinstance(kind, Scalar) and kind.kind == "c" else 0.0)


def numpy_call(name: str, *args: gast.expr, **kwargs: gast.expr) -> gast.Call:
    func = gast.Attribute(load("np"), name, gast.Load())
    return gast.Call(func, list(args), [gast.keyword(k, v) for k, v in kwargs.items()])


def is_basic(index: gast.expr, types: Mapping[str, Type]) -> bool:
    """Whether an index has no arrays: it gives a view."""
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    return not any(isinstance(i, gast.Name) and isinstance(types.get(i.id), Array | ListOf) for i in items)


def is_int(expr: gast.expr, value: int) -> bool:
    return static_int(expr) == value


def literal(value: int) -> gast.expr:
    if value < 0:
        return gast.UnaryOp(gast.USub(), constant(-value))
    return constant(value)


def added(expr: gast.expr, offset: gast.expr) -> gast.expr:
    """``expr + offset`` with small integers folded."""
    left, right = static_int(expr), static_int(offset)
    if left is not None and right is not None:
        return literal(left + right)
    if left == 0:
        return offset
    if right is not None:
        if right == 0:
            return expr
        return gast.BinOp(expr, gast.Sub() if right < 0 else gast.Add(), constant(abs(right)))
    return gast.BinOp(expr, gast.Add(), offset)


def scaled(expr: gast.expr, step: gast.expr) -> gast.expr:
    return expr if is_int(step, 1) else gast.BinOp(expr, gast.Mult(), clone(step))
