"""Slopes of norms, and which triangle or column is meant."""

from __future__ import annotations

from adgen.rules.macros.operands import Missing, Operand, axes_of, macro


@macro
def as_column(e: Operand, b: Operand) -> str:
    """A vector as a matrix of one column, where `b` is a vector."""
    return "np.expand_dims(e, 1)" if b.rank == 1 else "e"


@macro
def triangle(a: Operand, lower: Operand, unit_diagonal: Operand) -> str:
    """The triangle that a triangular solver reads."""
    if isinstance(lower.static, Missing):
        return "np.tril(a) if lower else np.triu(a)"
    shift = ", -1" if lower.static else ", 1"
    return f"np.{'tril' if lower.static else 'triu'}(a{shift if unit_diagonal.static else ''})"


@macro
def signs(x: Operand) -> str:
    """The derivative of the modulus, element by element."""
    return "rt.quotient(np.conj(x), np.abs(x))" if x.is_complex else "np.sign(x)"


INFINITY = float("inf")


@macro
def norm_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of ``np.linalg.norm``, of whichever kind its arguments ask for."""
    number_of_axes = x.rank if axis.static is None else len(axes_of(axis.static, x.rank))
    if ord.static is None:
        return "vector_slope(y, x, 2, axis, keepdims)"
    return f"{'vector' if number_of_axes == 1 else 'matrix'}_slope(y, x, ord, axis, keepdims)"


@macro
def vector_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of the norm of vectors: ``x / y`` for order 2."""
    whole = "unreduce(y, x, axis, keepdims)"
    if ord.static == 2:
        return f"rt.quotient(conj(x), {whole})"
    if ord.static == 1:
        return "signs(x)"
    if ord.static == 0:
        return "np.zeros_like(x)"
    if ord.static in (INFINITY, -INFINITY):
        return f"signs(x) * rt.shares(np.abs(x) == {whole}, np.abs(x), axis)"
    return f"signs(x) * rt.quotient(np.abs(x), {whole}) ** (ord - 1)"


@macro
def matrix_slope(y: Operand, x: Operand, ord: Operand, axis: Operand, keepdims: Operand) -> str:  # noqa: A002
    """Derivative of the norm of matrices."""
    whole = "unreduce(y, x, axis, keepdims)"
    if ord.static in (None, "fro"):
        return f"rt.quotient(conj(x), {whole})"
    rows, columns = axes_of(axis.static, x.rank)
    if ord.static in (1, -1, INFINITY, -INFINITY):
        summed = rows if abs(ord.static) == 1 else columns
        sums = f"np.sum(np.abs(x), axis={summed}, keepdims=True)"
        other = columns if summed == rows else rows
        return f"signs(x) * rt.shares({sums} == {whole}, {sums}, {other})"
    call = {"nuc": "rt.polar_factor({})", 2: "rt.extreme_pair({}, 0)", -2: "rt.extreme_pair({}, -1)"}[ord.static]
    if (rows, columns) == (x.rank - 2, x.rank - 1):
        return call.format("x")
    moved = f"np.moveaxis(x, {(rows, columns)}, (-2, -1))"
    return f"np.moveaxis({call.format(moved)}, (-2, -1), {(rows, columns)})"
