"""Axes of length one that are made only to be taken away again, and other detours of shapes."""

from __future__ import annotations

import operator
from collections.abc import Collection
from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.optimize.kinds import Kinds, literal_axes
from adgen.optimize.trees import binary, negated, with_fields

KEEPING = frozenset({"np.sum", "np.mean", "np.max", "np.min", "np.prod"})


def simplify_axes(node: Any, kinds: Kinds) -> Any:
    """The same array by a shorter way; the node itself if there is none.

    >>> from adgen.optimize.algebra import simplify_algebra
    >>> from adgen.optimize.showing import show
    >>> print(show(simplify_algebra, '''
    ... xs_bar = np.sum(X, axis=1, keepdims=True)[:, 0]
    ... ys_bar = np.squeeze(np.expand_dims(xs, 0), 0)
    ... Z_bar = Y @ X.T.T
    ... Z_bar = (X.T @ Y).T
    ... Y_bar = np.expand_dims(x, (-2, -1)) * X'''))
    xs_bar = np.sum(X, axis=1)
    ys_bar = xs
    Z_bar = Y @ X
    Z_bar = Y.T @ X
    Y_bar = x * X
    """
    match node:
        case gast.BinOp(left=gast.Call() as left, op=gast.Mult(), right=right):
            number = _number_repeated(left, right, kinds)
            return node if number is None else binary(number, gast.Mult, right)
        case gast.Attribute(value=gast.Attribute(value=inner, attr="T"), attr="T"):
            return inner
        case gast.Attribute(
            value=gast.BinOp(left=gast.Attribute(value=left, attr="T"), op=gast.MatMult(), right=right), attr="T"
        ) if _is_matrix(left, kinds) and _is_matrix(right, kinds):
            return binary(gast.Attribute(right, "T", gast.Load()), gast.MatMult, left)
        case gast.Subscript(value=gast.Subscript(value=value, slice=gone), slice=back):
            return value if _is_restored(value, gone, back, kinds) else node
        case gast.Subscript(value=gast.BinOp() | gast.UnaryOp() | gast.Call() as value, slice=index):
            axes = _dropped(index)
            shorter = None if axes is None else _without(value, axes, kinds)
            return node if shorter is None else shorter
        case gast.Call(args=[value, axis], keywords=[]) if dotted(node.func) == "np.squeeze":
            axes = literal_axes(axis)
            shorter = None if axes is None or min(axes) < 0 else _without(value, axes, kinds)
            return node if shorter is None else shorter
    return node


def _number_repeated(left: gast.Call, right: gast.expr, kinds: Kinds) -> gast.expr | None:
    """The number `x` of ``np.expand_dims(x, axes) * array``, which needs no axes."""
    match left:
        case gast.Call(args=[number, axes], keywords=[]) if dotted(left.func) == "np.expand_dims":
            new, shape = literal_axes(axes), kinds.of(right).shape
            if new is not None and shape is not None and len(shape) >= len(new) and kinds.of(number).is_number:
                return number
    return None


def _is_matrix(value: gast.expr, kinds: Kinds) -> bool:
    shape = kinds.of(value).shape
    return shape is not None and len(shape) == 2


def _is_restored(value: gast.expr, gone: gast.expr, back: gast.expr, kinds: Kinds) -> bool:
    """Whether ``x[:, 0][:, None]`` is `x`, whose axis 1 has length one."""
    axes, shape = _dropped(gone), kinds.of(value).shape
    if axes is None or shape is None or any(axis >= len(shape) for axis in axes):
        return False
    if not all((extent := shape[axis]) is not None and extent.is_one for axis in axes):
        return False
    items = back.elts if isinstance(back, gast.Tuple) else [back]
    new = [isinstance(i, gast.Constant) and i.value is None for i in items]
    whole = [isinstance(i, gast.Slice) and i.lower is i.upper is i.step is None for i in items]
    return all(map(operator.or_, new, whole)) and [axis for axis, is_new in enumerate(new) if is_new] == axes


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
