"""Reductions over axes: Numba knows ``axis`` for sums only, and no ``keepdims``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast

from adgen.lower.loops import at, helper, nested, shape
from adgen.lower.trees import MISSING, build, constant, static
from adgen.program.types import Array

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering

# Functions of a whole array that Numba has, and the function of `adgen.runtime` that takes them along the last axis.
ALONG = {
    "sum": "", "prod": "prod_along_last", "max": "max_along_last", "min": "min_along_last",
    "amax": "max_along_last", "amin": "min_along_last", "mean": "mean_along_last", "any": "any_along_last",
    "all": "all_along_last", "argmax": "argmax_along_last", "argmin": "argmin_along_last", "var": "var_along_last",
    "std": "std_along_last", "median": "median_along_last", "ptp": "ptp_along_last",
    "count_nonzero": "count_along_last", "nansum": "nansum_along_last", "nanmax": "nanmax_along_last",
    "nanmin": "nanmin_along_last", "nanmean": "nanmean_along_last",
}  # fmt: skip


def reduction(function: str) -> Any:
    """The respelling of one reduction."""

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        if not set(bound) <= {"a", "axis", "keepdims", "ddof", "where", "dtype", "initial"} or "a" not in bound:
            return None
        kind = lowering.type_of(bound["a"])
        keep = static(bound["keepdims"]) if "keepdims" in bound else False
        axis = static(bound["axis"]) if "axis" in bound else None
        if not isinstance(kind, Array) or keep not in (True, False) or axis is MISSING:
            return None
        starts = function in NEUTRAL and set(bound) & {"where", "initial"}
        if starts or (function in ("max", "min", "amax", "amin") and "initial" in bound):
            new = started(lowering, function, bound)
            return None if new is None else lowering.expr(new)
        if "initial" in bound or ("dtype" in bound and function != "sum") or "where" in bound:
            return None
        if "ddof" in bound and not isinstance(static(bound["ddof"]), int):
            return None
        operand = bound["a"]
        if "dtype" in bound:
            operand = build("x.astype(d)", x=operand, d=bound["dtype"])
        return reduced(lowering, function, operand, kind, axis, keep, static(bound["ddof"]) if "ddof" in bound else 0)

    return respell


def started(lowering: Lowering, function: str, bound: Mapping[str, Any]) -> gast.expr | None:
    """A reduction that starts with a number: joined with the rest, or one more element, for there may be no others."""
    operand, initial = bound["a"], bound.get("initial", constant(NEUTRAL.get(function)))
    if "where" in bound and static(bound["where"]) is not True:
        operand = build("np.where(m, x, i)", m=bound["where"], x=operand, i=NEUTRAL.get(function, initial))
    options = [gast.keyword(k, bound[k]) for k in ("axis", "keepdims", "dtype") if k in bound]
    rank, axis = lowering.rank(bound["a"]), static(bound["axis"]) if "axis" in bound else None
    if function not in NEUTRAL:
        array = lowering.variable(lowering.expr(operand), "x", lowering.type_of(operand))
        if axis is None:
            operand = build("np.append(np.ravel(x), i)", x=array, i=initial)
            options = []
        elif isinstance(axis, int):
            lengths = [build("1" if k == axis % rank else f"x.shape[{k}]", x=array) for k in range(rank)]
            more = build("np.full(s, i, x.dtype)", s=gast.Tuple(lengths, gast.Load()), i=initial, x=array)
            operand = build("np.concatenate((x, y), axis=k)", x=array, y=more, k=axis % rank)
        else:
            return None
    rest = build(f"np.{function}(x)", x=operand)
    assert isinstance(rest, gast.Call)
    rest.keywords = options
    if function not in NEUTRAL:
        keep = axis is None and static(bound.get("keepdims")) is True
        return build("np.full(s, x)", s=constant((1,) * rank), x=rest) if keep else rest
    if static(initial) == NEUTRAL[function]:
        return rest
    return build("i + x" if function == "sum" else "i * x", i=initial, x=rest)


def reduced(
    lowering: Lowering, function: str, operand: gast.expr, kind: Array, axis: Any, keep: bool, ddof: int = 0
) -> gast.expr | None:
    """``function(operand, axis, keepdims=keep)`` of an array."""
    axes = sorted(
        {a % kind.rank for a in (axis if isinstance(axis, tuple) else (axis,))}
        if axis is not None
        else range(kind.rank)
    )
    if not kind.rank:
        return None
    array = lowering.expr(operand)
    dtype = getattr(lowering.type_of(build(f"np.{function}(x)", x=operand)), "dtype", None)
    cast = dtype is not None and dtype.itemsize < 8 and dtype.kind in "fc" and function != "sum"
    if len(axes) == kind.rank:
        value = scaled(build(f"np.{function}(x)", x=array), function, ddof, lowering, operand)
        if value is None:
            return None
        value = build(f"np.{dtype.name}(x)", x=value) if cast and dtype is not None else value
        return build("np.full(s, x)", s=constant((1,) * kind.rank), x=value) if keep else value
    if function == "sum" and kind.kind in "fc" and kind.dtype.itemsize >= 8:
        new = summed(lowering, array, kind, axes)
    elif function == "sum":
        new = build("np.sum(x, axis=k)", x=array, k=constant(axes[0] if len(axes) == 1 else tuple(axes)))
    else:
        new = gast.Call(lowering.runtime(ALONG[function]), [last(lowering, array, kind.rank, axes)], [])
        if ddof:
            if function not in ("var", "std"):
                return None
            new.args.append(constant(ddof))
        elif function in ("var", "std"):
            new.args.append(constant(0))
        new = build(f"x.astype(np.{dtype.name})", x=new) if cast and dtype is not None else new
    if keep:
        for k in axes:
            new = build("np.expand_dims(x, k)", x=new, k=k)
    return new


def summed(lowering: Lowering, array: gast.expr, kind: Array, axes: list[int]) -> gast.Call:
    """Sums over some axes, in the order of memory."""
    index = [f"i{k}" for k in range(kind.rank)]
    extents = [f"x.shape[{k}]" for k in range(kind.rank)]
    kept = [k for k in range(kind.rank) if k not in axes]
    own = at("y", [index[k] for k in kept])
    outer = kept[-1] + 1  # the axes behind are summed in one number
    lines = [f"y = np.zeros({shape([extents[k] for k in kept])}, np.{kind.dtype.name})"]
    body = [f"{own} += {at('x', index)}"]
    if outer < kind.rank:
        zero = "0.0" if kind.kind == "f" else "0j"
        inner = nested(index[outer:], extents[outer:], [f"total += {at('x', index)}"])
        body = [f"total = {zero}", *inner, f"{own} += total"]
    lines += nested(index[:outer], extents[:outer], body)
    return gast.Call(helper(lowering, "summed", ["x"], [*lines, "return y"]), [array], [])


def scaled(value: gast.expr, function: str, ddof: int, lowering: Lowering, operand: gast.expr) -> gast.expr | None:
    if not ddof:
        return value
    if function not in ("var", "std"):
        return None
    size = build("np.size(x)", x=lowering.expr(operand))
    factor = build("n / (n - d)", n=size, d=ddof)
    factor = build("math.sqrt(x)", x=factor) if function == "std" else factor
    return gast.BinOp(value, gast.Mult(), factor)


def last(lowering: Lowering, array: gast.expr, rank: int, axes: list[int]) -> gast.expr:
    """The array with the reduced axes merged into one, the last."""
    order = [k for k in range(rank) if k not in axes] + axes
    new = array
    if order != sorted(order):
        new = (
            gast.Attribute(new, "T", gast.Load())
            if order == [1, 0]
            else build("x.transpose(axes)", x=new, axes=constant(tuple(order)))
        )
    if len(axes) == 1:
        return new
    whole = lowering.variable(build("np.ascontiguousarray(x)", x=new), "rows")
    return build(f"np.reshape(x, x.shape[:-{len(axes)}] + (-1,))", x=whole)


# Numbers that change nothing.
NEUTRAL = {"sum": 0, "prod": 1}

RESPELLINGS: Mapping[str, Any] = {f"np.{function}": reduction(function) for function in ALONG}
