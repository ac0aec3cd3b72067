"""Sums of choices by the same condition are one choice."""

from __future__ import annotations

from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.optimize.trees import binary, is_number, text


def joined_choices(left: gast.expr, right: gast.expr) -> gast.expr | None:
    """One choice for the sum of two of which one is zero wherever the other is not; None for all else.

    >>> from adgen.optimize.algebra import simplify_algebra
    >>> from adgen.optimize.showing import show
    >>> print(show(simplify_algebra, '''
    ... xs_bar = np.where(flag, ys_bar, 0) + 0.01 * np.where(flag, 0, ys_bar)'''))
    xs_bar = np.where(flag, ys_bar, 0.01 * ys_bar)
    """
    one, other = _choice(left), _choice(right)
    if one is None or other is None or text(one[0]) != text(other[0]):
        return None
    condition, first, second = one
    _, third, fourth = other
    if _is_nothing(second) and _is_nothing(third):
        return _where(left, condition, first, fourth)
    if _is_nothing(first) and _is_nothing(fourth):
        return _where(left, condition, third, second)
    return None


def _choice(node: gast.expr) -> tuple[gast.expr, gast.expr, gast.expr] | None:
    """Condition and both values of ``np.where``, or of a number times it."""
    match node:
        case gast.Call(func=func, args=[condition, first, second], keywords=[]) if dotted(func) == "np.where":
            return condition, first, second
        case gast.BinOp(left=factor, op=gast.Mult(), right=gast.Call() as call) if is_number(factor):
            inner = _choice(call)
            if inner is not None:
                return inner[0], _times(factor, inner[1]), _times(factor, inner[2])
    return None


def _times(factor: gast.expr, value: gast.expr) -> gast.expr:
    return value if _is_nothing(value) else binary(factor, gast.Mult, value)


def _is_nothing(node: gast.expr) -> bool:
    return is_number(node) and node.value == 0  # type: ignore[attr-defined]


def _where(like: Any, condition: gast.expr, first: gast.expr, second: gast.expr) -> gast.Call:
    call = like if isinstance(like, gast.Call) else like.right
    return gast.Call(call.func, [condition, first, second], [])
