"""Functions along an axis, said in words that Numba takes: sorts, running products, norms, softmax."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast

from adgen.lower.shapes import transposed
from adgen.lower.trees import MISSING, build, constant, static
from adgen.program.types import Array

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def moved(lowering: Lowering, function: str, array: gast.expr, axis: int, *more: gast.expr) -> gast.expr:
    """A function of `adgen.runtime` along the last axis, taken along another one."""
    rank = lowering.rank(array)
    order = [k for k in range(rank) if k != axis % rank] + [axis % rank]
    last = transposed(lowering, lowering.expr(array), order)
    found = gast.Call(lowering.runtime(function), [last, *more], [])
    return transposed(lowering, found, [order.index(k) for k in range(rank)])


def axis_of(bound: Mapping[str, Any], default: Any) -> Any:
    return static(bound["axis"]) if "axis" in bound else default


def argsort(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Every kind of sorting gives an order; the stable one is the one that Numba shares with NumPy."""
    axis, kind = axis_of(bound, -1), lowering.array(bound["a"])
    if kind is None or not kind.rank or not set(bound) <= {"a", "axis", "kind", "stable"} or kind.kind == "c":
        return None
    if axis is None or (kind.rank == 1 and axis in (0, -1)):
        flat = bound["a"] if kind.rank == 1 else build("np.ravel(x)", x=bound["a"])
        return build("np.argsort(x, kind='mergesort')", x=lowering.expr(flat))
    return moved(lowering, "argsort_along_last", bound["a"], axis) if isinstance(axis, int) else None


def sort(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    axis, kind = axis_of(bound, -1), lowering.array(bound["a"])
    if kind is None or not kind.rank or not set(bound) <= {"a", "axis", "kind", "stable"} or kind.kind == "c":
        return None
    if axis is None or (kind.rank == 1 and axis in (0, -1)):
        flat = bound["a"] if kind.rank == 1 else build("np.ravel(x)", x=bound["a"])
        return build("np.sort(x)", x=lowering.expr(flat))
    return moved(lowering, "sort_along_last", bound["a"], axis) if isinstance(axis, int) else None


def cumprod(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    axis, kind = axis_of(bound, None), lowering.array(bound["a"])
    if kind is None or not kind.rank or not set(bound) <= {"a", "axis"} or kind.kind not in "fc":
        return None
    if kind.rank == 1 or axis is None:
        return build("np.cumprod(x)", x=lowering.expr(bound["a"]))
    return moved(lowering, "cumprod_along_last", bound["a"], axis) if isinstance(axis, int) else None


def running(function: str) -> Any:
    """``np.maximum.accumulate`` and the like."""

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        kind, axis = lowering.array(bound["array"]), axis_of(bound, 0)
        if kind is None or not kind.rank or not set(bound) <= {"array", "axis"} or not isinstance(axis, int):
            return None
        if function == "cumsum":
            return lowering.expr(build("np.cumsum(x, axis=k)", x=bound["array"], k=axis))
        return moved(lowering, function, bound["array"], axis)

    return respell


def without_nan(function: str, instead: float) -> Any:
    """``nancumsum`` and the like: nan counts as the neutral number."""

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        kind = lowering.array(bound["a"])
        if kind is None or kind.kind != "f" or not set(bound) <= {"a", "axis", "keepdims"}:
            return None
        array = lowering.variable(lowering.expr(bound["a"]), "x", kind)
        new = build(f"np.{function}(np.where(np.isnan(x), v, x))", x=array, v=constant(instead))
        assert isinstance(new, gast.Call)
        new.keywords = [gast.keyword(k, bound[k]) for k in ("axis", "keepdims") if k in bound]
        return lowering.expr(new)

    return respell


# ---- norms


def norm(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Norms of vectors along an axis, of whole arrays, and those of matrices that are sums of elements."""
    kind, axis, order = lowering.array(bound["x"]), axis_of(bound, None), static(bound.get("ord", constant(None)))
    matrix = getattr(node.func, "attr", "") == "matrix_norm"
    keep = static(bound["keepdims"]) if "keepdims" in bound else False
    if kind is None or not kind.rank or kind.kind not in "fc" or not set(bound) <= {"x", "ord", "axis", "keepdims"}:
        return None
    if axis is MISSING or order is MISSING or keep is MISSING:
        return None
    if matrix:
        axis, order = (-2, -1), "fro" if order is None else order
    elif getattr(node.func, "attr", "") == "vector_norm":
        order = 2 if order is None else order
        if isinstance(axis, tuple) and order not in (2, 2.0, 1, 1.0, math.inf, -math.inf):
            return None
    elif axis is None and kind.rank > 1 and order is not None:
        axis = (0, 1)
    matrix = matrix or (isinstance(axis, tuple) and getattr(node.func, "attr", "") == "norm")
    text = matrix_norm(order, axis, kind.rank, keep) if matrix else vector_norm(order)
    if text is None:
        return None
    array = lowering.variable(lowering.expr(bound["x"]), "x", kind)
    size = build("np.abs(x)", x=array)
    square = build("x * x" if kind.kind == "f" else "np.abs(x) ** 2", x=array)
    new = build(text, s=size, q=square, x=array, a=constant(axis), keep=gast.Constant(keep, None))
    return lowering.expr(new)


def vector_norm(order: Any) -> str | None:
    """The norm of this order, of `x` with sizes `s` and squares `q` of its elements."""
    if order in (None, 2):
        return "np.sqrt(np.sum(q, axis=a, keepdims=keep))"
    if order in (math.inf, -math.inf):
        return f"np.{'max' if order > 0 else 'min'}(s, axis=a, keepdims=keep)"
    if order == 0:
        return "np.sum(np.where(x != 0.0, 1.0, 0.0), axis=a, keepdims=keep)"
    if order == 1:
        return "np.sum(s, axis=a, keepdims=keep)"
    return f"np.sum(s ** {order!r}, axis=a, keepdims=keep) ** {1 / order!r}" if isinstance(order, int | float) else None


def matrix_norm(order: Any, axis: Any, rank: int, keep: bool) -> str | None:
    if not isinstance(axis, tuple) or len(axis) != 2:
        return None
    if order in (None, "fro"):
        return "np.sqrt(np.sum(q, axis=a, keepdims=keep))"
    if order not in (1, -1, math.inf, -math.inf):
        return None  # it has to do with singular values
    row, column = (k % rank for k in axis)
    summed, chosen = (row, column) if abs(order) == 1 else (column, row)
    of = f"np.sum(s, axis={summed}, keepdims=True)"
    largest = f"np.{'max' if order > 0 else 'min'}({of}, axis={chosen}, keepdims=True)"
    return largest if keep else f"np.sum({largest}, axis={(row, column)})"


# ---- sums of exponentials


def shifted(lowering: Lowering, x: gast.expr, kind: Array, axis: Any) -> tuple[gast.expr, gast.Name, gast.Name]:
    """The axes, ``exp(x - m)`` and the maximum `m`; an infinite maximum is not subtracted."""
    array = lowering.variable(lowering.expr(x), "x", kind)
    whole = build("np.max(x, axis=a, keepdims=True)", x=array, a=constant(axis))
    top = lowering.variable(lowering.expr(whole), "top", lowering.type_of(whole))
    top = lowering.variable(build("np.where(np.isfinite(m), m, 0.0)", m=top), "top", lowering.types.get(top.id))
    e = lowering.variable(build("np.exp(x - m)", x=array, m=top), "e", kind)
    return constant(axis), e, top


def softmax(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind, axis = lowering.array(bound["x"]), axis_of(bound, None)
    if kind is None or not kind.rank or kind.kind != "f" or kind.dtype.itemsize < 8 or axis is MISSING:
        return None
    a, e, top = shifted(lowering, bound["x"], kind, axis)
    if getattr(node.func, "attr", "") == "softmax":
        return lowering.expr(build("e / np.sum(e, axis=a, keepdims=True)", e=e, a=a))
    total = build("x - m - np.log(np.sum(e, axis=a, keepdims=True))", x=bound["x"], m=top, e=e, a=a)
    return lowering.expr(total)


def logsumexp(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    kind, axis = lowering.array(bound["a"]), axis_of(bound, None)
    keep = static(bound["keepdims"]) if "keepdims" in bound else False
    if kind is None or not kind.rank or kind.kind != "f" or kind.dtype.itemsize < 8 or axis is MISSING:
        return None
    if keep not in (True, False) or not set(bound) <= {"a", "axis", "keepdims"}:
        return None
    a, e, top = shifted(lowering, bound["a"], kind, axis)
    whole = build("np.log(np.sum(e, axis=a, keepdims=True)) + m", e=e, a=a, m=top)
    return lowering.expr(whole if keep else build("np.sum(x, axis=a)", x=whole, a=a))


# ---- stacks of matrices


def diagonal(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Diagonals of the matrices of a stack: the last axis of the result."""
    array = node.args[0] if node.args else None
    kind = None if array is None else lowering.array(array)
    if array is None or kind is None or kind.rank < 2:
        return None
    linalg = getattr(getattr(node.func, "value", None), "attr", "") == "linalg"
    axes = (-2, -1) if linalg else (0, 1)
    axes = tuple(static(bound[k]) if k in bound else own for k, own in zip(("axis1", "axis2"), axes, strict=True))
    if not all(isinstance(a, int) for a in axes):
        return None
    first, second = (a % kind.rank for a in axes)
    if kind.rank == 2 and (first, second) == (0, 1):
        return build("np.diag(x, k)", x=lowering.expr(array), k=lowering.expr(bound.get("offset", constant(0))))
    order = [k for k in range(kind.rank) if k not in (first, second)] + [first, second]
    stack = transposed(lowering, lowering.expr(array), order)
    return gast.Call(lowering.runtime("stacked_diagonal"), [stack, lowering.expr(bound.get("offset", constant(0)))], [])


def of_stacks(function: str) -> Any:
    """A function of matrices, one by one over a stack of them."""

    def respell(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
        kinds = [lowering.array(a) for a in node.args]
        if node.keywords or None in kinds or len({k.dtype for k in kinds if k is not None}) > 1:
            return None
        ranks = [k.rank for k in kinds if k is not None]
        if min(ranks) < 2 or max(ranks) == 2 or any(k.kind not in "fc" for k in kinds if k is not None):
            return None
        return gast.Call(lowering.runtime(function), [lowering.expr(a) for a in node.args], [])

    return respell


def least_squares(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Singular values below the rounding of the largest count as zero, if nothing else is said."""
    kinds = [lowering.array(bound[n]) for n in ("a", "b")]
    if any(k is None or k.kind not in "fc" for k in kinds) or not set(bound) <= {"a", "b", "rcond"}:
        return None
    if len({k.dtype for k in kinds if k is not None}) > 1 or lowering.rank(bound["a"]) != 2:
        return None
    assert kinds[0] is not None
    a = lowering.variable(lowering.expr(bound["a"]), "a", kinds[0])
    eps = f"np.finfo(np.{kinds[0].dtype.name}).eps * max(x.shape[0], x.shape[1])"
    least = lowering.expr(bound["rcond"]) if "rcond" in bound else build(eps, x=a)
    return build("np.linalg.lstsq(a, b, r)", a=a, b=lowering.expr(bound["b"]), r=least)


RESPELLINGS: Mapping[str, Any] = {
    "np.maximum.accumulate": running("maximum_along_last"),
    "np.minimum.accumulate": running("minimum_along_last"),
    "np.add.accumulate": running("cumsum"),
    "np.linalg.lstsq": least_squares,
    "np.argsort": argsort,
    "np.sort": sort,
    "np.cumprod": cumprod,
    "np.nancumsum": without_nan("cumsum", 0.0),
    "np.nancumprod": without_nan("cumprod", 1.0),
    "np.nanprod": without_nan("prod", 1.0),
    "np.linalg.norm": norm,
    "np.linalg.vector_norm": norm,
    "np.linalg.matrix_norm": norm,
    "sp.special.softmax": softmax,
    "sp.special.log_softmax": softmax,
    "sp.special.logsumexp": logsumexp,
    "np.diagonal": diagonal,
    "np.linalg.diagonal": diagonal,
    "np.linalg.solve": of_stacks("stacked_solve"),
    "np.linalg.inv": of_stacks("stacked_inv"),
}
