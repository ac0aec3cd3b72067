"""Questions that the making of loops asks about statements and expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import gast
import numpy as np

from adgen.analyses.effects import dotted, facts
from adgen.analyses.sizes import Sizes
from adgen.lower.fields import ELEMENTWISE, FILLS, Field, NotAField
from adgen.lower.trees import build, constant, static
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, Type


def targets(stmt: gast.stmt) -> list[gast.expr]:
    if isinstance(stmt, gast.Assign):
        return stmt.targets
    return [stmt.target] if isinstance(stmt, gast.For | gast.AugAssign) else []


def is_sequence(targets: Sequence[gast.expr], values: Sequence[gast.expr]) -> bool:
    """Whether a parallel assignment may be made one by one."""
    names = [t.id for t in targets if isinstance(t, gast.Name)]
    if len(names) != len(targets) or len(set(names)) != len(names):
        return False
    return not any(n in facts(v).names for k, n in enumerate(names) for v in values[k + 1 :])


def is_callee(node: gast.expr, parent: gast.expr) -> bool:
    return isinstance(parent, gast.Call) and node is parent.func


def costs(node: gast.expr) -> bool:
    """Whether a number is worth a name."""
    return any(isinstance(n, gast.Call | gast.Div | gast.Pow | gast.Mod | gast.FloorDiv) for n in nodes_in(node))


def is_elementwise(func: gast.expr) -> bool:
    own = dotted(func).partition(".")
    if own[0] == "math":
        return True
    return own[0] == "np" and own[2] in ELEMENTWISE | {"outer", "copy", "transpose", "expand_dims"}


def is_fill(node: gast.expr) -> bool:
    return isinstance(node, gast.Call) and dotted(node.func) in FILLS


def is_plain(node: gast.expr) -> bool:
    """Whether NumPy fills or copies a whole array at once."""
    copies = isinstance(node, gast.Call) and (
        dotted(node.func) == "np.copy" or (isinstance(node.func, gast.Attribute) and node.func.attr == "copy")
    )
    return is_fill(node) or (copies and not any(isinstance(n, gast.Slice | gast.BinOp) for n in nodes_in(node)))


def store(node: gast.expr) -> gast.expr:
    assert isinstance(node, gast.Subscript)
    return gast.Subscript(node.value, node.slice, gast.Store())


def size(extents: Sequence[gast.expr]) -> gast.expr:
    """The shape of a new array: slices of short arrays are empty."""
    parts = [build("max(n, 0)", n=e) if isinstance(e, gast.BinOp) else e for e in extents]
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def names_read(over: Field) -> set[str]:
    index = tuple(constant(0) for _ in over.shape)
    parts = [over.at(index), *over.extents]
    return {n.id for p in parts for n in nodes_in(p) if isinstance(n, gast.Name)}


def arrays_read(over: Field, types: Mapping[str, Type]) -> set[str]:
    return {n for n in names_read(over) if not isinstance(types.get(n), Scalar) and n in types}


def fits(over: Field, target: Field, op: gast.operator | None, sizes: Sizes) -> bool:
    """Whether the elements may be stored there, with NumPy's meaning."""
    if over.rank > target.rank or (op is not None and not isinstance(op, gast.Add | gast.Sub | gast.Mult | gast.Div)):
        return False
    order = "biufc"
    wider = order.index(over.dtype.kind) > order.index(target.dtype.kind)
    if wider and (op is not None or over.dtype.kind == "c" or target.dtype.kind == "b"):
        return False
    if op is not None and (target.dtype.kind == "b" or (isinstance(op, gast.Div) and target.dtype.kind in "iu")):
        return False
    own = target.shape[target.rank - over.rank :]
    return all(a.is_one or (not b.is_one and sizes.provably_equal(a, b)) for a, b in zip(over.shape, own, strict=True))


def sum_type(over: Field, axes: tuple[int, ...], dtype: np.dtype) -> Array:
    if any(not -over.rank <= a < over.rank for a in axes):
        raise NotAField("no such axis")
    gone = {a % over.rank for a in axes}
    return Array(dtype, tuple(d for k, d in enumerate(over.shape) if k not in gone))


@dataclass(frozen=True)
class Reduction:
    """A sum or a mean: over all axes, or over some."""

    operand: gast.expr
    axes: tuple[int, ...] | None
    mean: bool


def reduction(node: gast.expr) -> Reduction | None:
    """``np.sum(x)``, ``np.sum(x, axis=0)``, ``np.mean(x)``."""
    if not isinstance(node, gast.Call) or dotted(node.func) not in ("np.sum", "np.mean") or not node.args:
        return None
    rest = [*node.args[1:], *[k.value for k in node.keywords]]
    if any(k.arg != "axis" for k in node.keywords) or len(rest) > 1:
        return None
    axes = static(rest[0]) if rest else None
    axes = (axes,) if isinstance(axes, int) else axes
    mean = dotted(node.func) == "np.mean"
    if axes is not None and (mean or not isinstance(axes, tuple) or not all(isinstance(a, int) for a in axes)):
        return None
    return Reduction(node.args[0], axes, mean)
