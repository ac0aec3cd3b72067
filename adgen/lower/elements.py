"""Elementwise operations: single precision is kept, special functions get compiled forms."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from adgen.analyses.effects import dotted
from adgen.lower.trees import build, static
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type

if TYPE_CHECKING:
    from adgen.lower.lowering import Lowering

SINGLE = (np.dtype(np.float32), np.dtype(np.complex64))


def operator(lowering: Lowering, node: gast.BinOp) -> gast.expr:
    """An arithmetic operation on numbers and arrays."""
    new = lowering.parts(node)
    if not lowering.has_single or not _is_single(lowering.type_of(node)):
        return new
    new.left = narrowed(lowering, node.left, new.left)
    new.right = narrowed(lowering, node.right, new.right)
    return new


def _is_single(type_: Type | None) -> bool:
    return isinstance(type_, Scalar | Array) and type_.dtype in SINGLE


def narrowed(lowering: Lowering, old: gast.expr, new: gast.expr) -> gast.expr:
    """Python numbers do not widen single precision; Numba has no such numbers, so they are cast."""
    kind = lowering.type_of(old)
    if isinstance(kind, Scalar) and kind.dtype not in SINGLE and kind.kind in "iufc":
        return build(f"np.{'complex64' if kind.kind == 'c' else 'float32'}(x)", x=new)
    return new


UFUNC_ARGUMENTS = frozenset({"where", "maximum", "minimum"})


def kept_single(lowering: Lowering, node: gast.Call, new: gast.Call) -> gast.expr:
    """A call whose result is of single precision stays so."""
    if not lowering.has_single:
        return new
    kind = lowering.type_of(node)
    if not _is_single(kind):
        return new
    assert isinstance(kind, Scalar | Array)
    own = dotted(node.func).partition(".")[2]
    if own in ("float32", "complex64"):
        return new
    for k, argument in enumerate(node.args):
        if len(new.args) == len(node.args) and not own.startswith(SHAPED):
            new.args[k] = narrowed(lowering, argument, new.args[k])
    if isinstance(kind, Scalar):
        return build(f"np.{kind.dtype.name}(x)", x=new)
    return build(f"x.astype(np.{kind.dtype.name})", x=new) if own in WIDENED else new


# Functions whose other arguments are counts, axes and shapes, not numbers to be narrowed.
SHAPED = (
    "sum prod max min mean var std cumsum cumprod expand_dims swapaxes moveaxis transpose roll repeat reshape zeros "
    "ones empty full eye arange linspace diag tri broadcast_to concatenate stack take linalg diff searchsorted"
)  # fmt: skip
SHAPED = tuple(SHAPED.split())
WIDENED = frozenset("mean var std linspace sinc convolve correlate interp".split())


def without_branches(lowering: Lowering, node: gast.expr) -> gast.expr:
    """``a / b if x != 0.0 else 0.0`` as a quotient that loops can be vectorised with.

    Numerator and denominator are at hand whether `x` is zero or not.
    """
    match node:
        case gast.IfExp(
            test=gast.Compare(left=gast.Name(), ops=[gast.NotEq()], comparators=[gast.Constant(value=0.0)]) as test,
            body=gast.BinOp(left=above, op=gast.Div(), right=below),
            orelse=gast.Constant(value=0.0),
        ) if all(_is_arithmetic(lowering, part) for part in (above, below)):
            a, b = (lowering.variable(lowering.expr(part), "t", lowering.type_of(part)) for part in (above, below))
            return build("(a if c else 0.0) / (b if c else 1.0)", a=a, b=b, c=test)
        case gast.BinOp(left=left, op=op, right=right):
            return gast.BinOp(without_branches(lowering, left), op, without_branches(lowering, right))
        case gast.UnaryOp(op=op, operand=operand):
            return gast.UnaryOp(op, without_branches(lowering, operand))
    return node


def _is_arithmetic(lowering: Lowering, node: gast.expr) -> bool:
    """Whether it is a number that costs next to nothing, and whose computing can't fail."""
    parts = gast.Name | gast.Constant | gast.BinOp | gast.UnaryOp | gast.Subscript | gast.Tuple
    cheap = gast.Add | gast.Sub | gast.Mult | gast.USub | gast.expr_context
    kind = lowering.type_of(node)
    if not isinstance(kind, Scalar) or kind.dtype != np.float64:
        return False
    return all(isinstance(n, parts | cheap) for n in nodes_in(node)) and all(
        isinstance(lowering.type_of(n.value), Array) for n in nodes_in(node) if isinstance(n, gast.Subscript)
    )


def where(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    if not {"condition", "x", "y"} <= set(bound):
        return None
    parts = [bound["condition"], bound["x"], bound["y"]]
    if all(lowering.rank(p) == 0 for p in parts):
        c, x, y = (
            build("np.asarray(x)[()]", x=lowering.expr(p))
            if isinstance(lowering.type_of(p), Array)
            else lowering.expr(p)
            for p in parts
        )
        kind = lowering.type_of(node)
        chosen = build("x if c else y", c=c, x=x, y=y)
        return build(f"np.{kind.dtype.name}(x)", x=chosen) if _is_single(kind) else chosen  # type: ignore[union-attr]
    return None


def clip(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    low, high = bound.get("a_min", bound.get("min")), bound.get("a_max", bound.get("max"))
    if not set(bound) <= {"a", "a_min", "a_max", "min", "max"}:
        return None
    new = copy.copy(bound["a"])
    if low is not None and static(low) is not None:
        new = build("np.maximum(x, low)", x=new, low=low)
    if high is not None and static(high) is not None:
        new = build("np.minimum(x, high)", x=new, high=high)
    return lowering.expr(new)


def number(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``float(a)`` of an array without axes, or of one element."""
    kind = lowering.type_of(node.args[0]) if node.args else None
    if not isinstance(kind, Array):
        return None
    return gast.Call(node.func, [build("x.item()", x=lowering.expr(node.args[0]))], [])


def absolute(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``abs(a)`` of an array."""
    return lowering.expr(build("np.abs(x)", x=node.args[0])) if lowering.rank(node.args[0]) else None


def fmod(lowering: Lowering, bound: Mapping[str, Any], node: gast.Call) -> gast.expr | None:
    """``math.fmod``, which Numba knows as NumPy's."""
    return lowering.expr(gast.Call(build("np.fmod"), node.args, [])) if len(node.args) == 2 else None


def ndim(lowering: Lowering, bound: Mapping[str, Any], _: gast.Call) -> gast.expr:
    return gast.Constant(lowering.rank(bound["a"]), None)


RESPELLINGS: Mapping[str, Any] = {
    "np.clip": clip,
    "np.ndim": ndim,
    "abs": absolute,
    "math.fmod": fmod,
    "float": number,
    "int": number,
}
