"""Products of vectors, matrices and stacks of matrices."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.lower import objects
from adgen.lower.trees import build, call, static
from adgen.program.types import Array

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering


def matmul(lowering: Lowering, left: gast.expr, right: gast.expr, node: gast.expr) -> gast.expr:
    """``a @ b``: BLAS for vectors and matrices of one dtype, loops over stacks of them."""
    a, b = lowering.type_of(left), lowering.type_of(right)
    if not isinstance(a, Array) or not isinstance(b, Array) or "O" in (a.dtype.kind, b.dtype.kind):
        return lowering.parts(node)
    dtype = np.result_type(a.dtype, b.dtype)
    if dtype.kind not in "fc":
        return objects.in_object_mode(lowering, call("np.matmul", left, right), lowering.type_of(node))
    first, second = cast(lowering, left, a, dtype), cast(lowering, right, b, dtype)
    if max(a.rank, b.rank) <= 2:
        return gast.BinOp(first, gast.MatMult(), second)
    if a.rank == 1:
        product = gast.Call(lowering.runtime("stacked_product"), [build("np.expand_dims(x, 0)", x=first), second], [])
        return build("x[..., 0, :]", x=product)
    if b.rank == 1:
        product = gast.Call(lowering.runtime("stacked_product"), [first, build("np.expand_dims(x, -1)", x=second)], [])
        return build("x[..., 0]", x=product)
    return gast.Call(lowering.runtime("stacked_product"), [first, second], [])


def cast(lowering: Lowering, node: gast.expr, kind: Array, dtype: np.dtype) -> gast.expr:
    """The operand in the dtype of the product."""
    new = lowering.expr(node)
    return new if kind.dtype == dtype else build(f"x.astype(np.{dtype.name})", x=new)


def _matmul(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    if set(bound) != {"x1", "x2"}:
        return None
    return matmul(lowering, bound["x1"], bound["x2"], gast.BinOp(bound["x1"], gast.MatMult(), bound["x2"]))


def _dot(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``np.dot``: a product by a number, or ``@`` where they agree."""
    if set(bound) != {"a", "b"}:
        return None
    ranks = lowering.rank(bound["a"]), lowering.rank(bound["b"])
    if 0 in ranks:
        return lowering.expr(build("a * b", **bound))
    if max(ranks) > 2 and ranks[1] != 1 and not (ranks[0] > 2 and ranks[1] == 2):
        return None
    return matmul(lowering, bound["a"], bound["b"], build("a @ b", **bound))


def _vdot(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    if set(bound) != {"a", "b"} or 0 in (lowering.rank(bound["a"]), lowering.rank(bound["b"])):
        return None
    a, b = (build("np.ravel(x)", x=bound[k]) if lowering.rank(bound[k]) > 1 else bound[k] for k in ("a", "b"))
    kind = lowering.type_of(a)
    a = build("np.conj(x)", x=a) if getattr(kind, "kind", "") == "c" else copy.copy(a)
    return lowering.expr(build("a @ b", a=a, b=b))


def _inner(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    ranks = [lowering.rank(v) for v in node.args]
    if len(ranks) != 2 or node.keywords or max(ranks) > 2:
        return None
    a, b = node.args
    if 0 in ranks:
        return lowering.expr(build("a * b", a=a, b=b))
    return lowering.expr(build("a @ b.T" if ranks[1] == 2 else "a @ b", a=a, b=b))


def _cross(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """Numba knows products of vectors with three elements along the last axis."""
    kinds = [lowering.array(bound[k]) for k in ("a", "b") if k in bound]
    axis = static(bound["axis"]) if "axis" in bound else -1
    if len(kinds) < 2 or set(bound) - {"a", "b", "axis"} or any(k is None for k in kinds):
        return None
    ranks = {k.rank for k in kinds if k is not None}
    last = [lowering.sizes.reduce(k.shape[-1]) for k in kinds if k is not None]
    if axis not in (-1, max(ranks) - 1) or len(ranks) > 1 or any(lowering.sizes.value(d) != 3 for d in last):
        return None
    return build("np.cross(a, b)", a=lowering.expr(bound["a"]), b=lowering.expr(bound["b"]))


RESPELLINGS: Mapping[str, Any] = {
    "np.matmul": _matmul,
    "np.linalg.matmul": _matmul,
    "np.dot": _dot,
    "np.vdot": _vdot,
    "np.inner": _inner,
    "np.cross": _cross,
}
