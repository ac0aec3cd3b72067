"""Axes of length one that are made only to be taken away again, and other detours of shapes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.optimize.kinds import Kinds, literal_axes
from adgen.optimize.trees import negated, with_fields

KEEPING = frozenset({"np.sum", "np.mean", "np.max", "np.min", "np.prod"})


def simplify_axes(node: Any, kinds: Kinds) -> Any:
    """The same array by a shorter way; the node itself if there is none.

    >>> from adgen.optimize.algebra import simplify_algebra
    >>> from adgen.optimize.showing import show
    >>> print(show(simplify_algebra, '''
    ... xs_bar = np.sum(X, axis=1, keepdims=True)[:, 0]
    ... ys_bar = np.squeeze(np.expand_dims(xs, 0), 0)
    ... Z_bar = Y @ X.T.T'''))
    xs_bar = np.sum(X, axis=1)
    ys_bar = xs
    Z_bar = Y @ X
    """
    match node:
        case gast.Attribute(value=gast.Attribute(value=inner, attr="T"), attr="T"):
            return inner
        case gast.Subscript(value=gast.BinOp() | gast.UnaryOp() | gast.Call() as value, slice=index):
            axes = _dropped(index)
            shorter = None if axes is None else _without(value, axes, kinds)
            return node if shorter is None else shorter
        case gast.Call(args=[value, axis], keywords=[]) if dotted(node.func) == "np.squeeze":
            axes = literal_axes(axis)
            shorter = None if axes is None or min(axes) < 0 else _without(value, axes, kinds)
            return node if shorter is None else shorter
    return node


def _dropped(index: gast.expr) -> list[int] | None:
    """The axes at which an index (``:, 0``) takes the first and only entry."""
    items = index.elts if isinstance(index, gast.Tuple) else [index]
    whole = [isinstance(i, gast.Slice) and i.lower is i.upper is i.step is None for i in items]
    first = [isinstance(i, gast.Constant) and type(i.value) is int and i.value == 0 for i in items]
    if not any(first) or not all(a or b for a, b in zip(whole, first, strict=True)):
        return None
    return [axis for axis, is_first in enumerate(first) if is_first]


def _without(value: gast.expr, axes: Collection[int], kinds: Kinds) -> gast.expr | None:
    """An expression without its axes of length one; None if that is no shorter."""
    match value:
        case gast.UnaryOp(op=gast.USub(), operand=operand):
            inner = _without(operand, axes, kinds)
            return None if inner is None else negated(inner)
        case gast.BinOp(left=left, op=gast.Add() | gast.Sub() | gast.Mult() | gast.Div(), right=right):
            one = left if kinds.of(left).is_number else _without(left, axes, kinds)
            other = right if kinds.of(right).is_number else _without(right, axes, kinds)
            return None if one is None or other is None else with_fields(value, left=one, right=other)
        case gast.Call(func=func, args=[inner, axis], keywords=[]) if dotted(func) == "np.expand_dims":
            return inner if set(literal_axes(axis) or ()) == set(axes) else None
        case gast.Call(func=func, keywords=[gast.keyword(arg="axis") as axis, gast.keyword(arg="keepdims") as keep]):
            if dotted(func) not in KEEPING or not (isinstance(keep.value, gast.Constant) and keep.value.value is True):
                return None
            given = literal_axes(axis.value) or ()
            shape = kinds.of(value).shape
            if any(a < 0 for a in given) and shape is not None:
                given = tuple(a % len(shape) for a in given)
            return with_fields(value, keywords=[axis]) if set(given) == set(axes) else None
    return None
