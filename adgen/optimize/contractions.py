"""Sums of products as NumPy computes them in one go: ``@``, ``np.vdot``."""

from __future__ import annotations

from collections.abc import Sequence

import gast
import numpy as np

from adgen.analyses.effects import dotted, facts
from adgen.optimize.adjoint_expressions import AdjointExpressions
from adgen.optimize.kinds import Shape, literal_axes
from adgen.optimize.products import chain, tidy_product
from adgen.optimize.trees import (
    binary,
    constant,
    name,
    rewrite,
)
from adgen.program.function import Function

DOUBLE = np.dtype(np.float64)  # numbers of less precision are summed in pairs by np.sum, which loses less of them


def contract_products(function: Function) -> Function:
    """Sum products without an array of them; the user's own statements keep their spelling.

    >>> from adgen.optimize.showing import show
    >>> print(show(contract_products, '''
    ... k_bar = np.sum(2.0 * xs_bar * ys / x)
    ... y_bar = np.sum(X_bar * Y)
    ... xs_bar = np.sum(X_bar * ys[:, None], axis=0)
    ... Y_bar = np.einsum("ij,ik->jk", X, Z_bar)'''))
    k_bar = 2.0 * (xs_bar @ ys) / x
    y_bar = np.vdot(X_bar, Y)
    xs_bar = ys @ X_bar
    Y_bar = X.T @ Z_bar
    """
    return _Contractions.rewritten(function)


class _Contractions(AdjointExpressions):
    def expression(self, node: gast.expr) -> gast.expr:
        found = facts(node)
        sums = any(dotted(call.func) in {"np.sum", "np.einsum"} for call in found.calls)
        return rewrite(node, self.rule) if sums else node

    def rule(self, node: gast.AST) -> gast.AST:
        match node:
            case gast.Call(func=func, args=[terms], keywords=[]) if dotted(func) == "np.sum":
                return self._whole_sum(terms) or node
            case gast.Call(func=func, args=[terms], keywords=[gast.keyword(arg="axis", value=axis)]):
                axes = literal_axes(axis) if dotted(func) == "np.sum" else None
                return (self._sum_along(terms, axes[0]) if axes is not None and len(axes) == 1 else None) or node
            case gast.Call(func=func, args=[gast.Constant(value=str() as spelling), one, other], keywords=[]):
                return (self._product(spelling, one, other) if dotted(func) == "np.einsum" else None) or node
            case gast.UnaryOp(op=gast.USub(), operand=gast.BinOp(op=gast.Mult() | gast.Div())):
                return tidy_product(node, self.kinds)  # the sign stands first
        return node

    # ---- sums of products

    def _whole_sum(self, terms: gast.expr) -> gast.expr | None:
        numbers, arrays, under = self._factors(terms)
        whole = self.kinds.of(terms)
        if len(arrays) < 2 or not all(self._is_like(a, whole.shape) for a in arrays):
            return None
        one, other = chain(arrays[:-1]), arrays[-1]
        flat = whole.shape is not None and len(whole.shape) == 1
        total = binary(one, gast.MatMult, other) if flat else _call("vdot", one, other)
        return _scaled(total, numbers, under)

    def _sum_along(self, terms: gast.expr, axis: int) -> gast.expr | None:
        """A sum along one axis of a matrix, of which one factor is a vector along that axis."""
        numbers, arrays, under = self._factors(terms)
        shape = self.kinds.of(terms).shape
        if shape is None or len(shape) != 2 or not -2 <= axis < 2:
            return None
        axis %= 2
        vectors = [(a, v) for a in arrays if (v := self._along(a, axis, shape)) is not None]
        if len(vectors) != 1:
            return None
        place, vector = vectors[0]
        rest = [a for a in arrays if a is not place]
        if not rest or not all(self._is_like(a, shape) for a in rest):
            return None
        matrix = chain(rest)
        total = binary(matrix, gast.MatMult, vector) if axis else binary(vector, gast.MatMult, matrix)
        return _scaled(total, numbers, under)

    def _along(self, factor: gast.expr, axis: int, shape: Shape) -> gast.expr | None:
        """The vector along `axis` that is repeated along the other axis of a matrix; None for all else."""
        match factor:
            case gast.Subscript(value=vector, slice=gast.Tuple(elts=[first, second])):
                new, whole = (second, first) if axis == 0 else (first, second)
                is_new = isinstance(new, gast.Constant) and new.value is None
                is_whole = isinstance(whole, gast.Slice) and whole.lower is whole.upper is whole.step is None
                if not (is_new and is_whole):
                    return None
            case _ if axis == 1:
                vector = factor
            case _:
                return None
        return vector if self._is_like(vector, (shape[axis],)) else None

    def _factors(self, node: gast.expr) -> tuple[list[gast.expr], list[gast.expr], list[gast.expr]]:
        """Numbers, arrays, and numbers to divide by, of a product."""
        match node:
            case gast.BinOp(left=left, op=gast.Mult(), right=right):
                parts = zip(self._factors(left), self._factors(right), strict=True)
                numbers, arrays, under = ([*a, *b] for a, b in parts)
                return numbers, arrays, under
            case gast.BinOp(left=left, op=gast.Div(), right=right) if self.kinds.of(right).is_number:
                numbers, arrays, under = self._factors(left)
                return numbers, arrays, [*under, right]
        return ([node], [], []) if self.kinds.of(node).is_number else ([], [node], [])

    def _is_like(self, node: gast.expr, shape: Shape | None) -> bool:
        own = self.kinds.of(node)
        return own.dtype == DOUBLE and own.shape is not None and own.shape == shape and None not in own.shape

    # ---- einsum

    def _product(self, spelling: str, one: gast.expr, other: gast.expr) -> gast.expr | None:
        """``np.einsum`` of two arrays that is a product of (stacks of) matrices."""
        inputs, arrow, out = spelling.replace(" ", "").partition("->")
        left, _, right = inputs.partition(",")
        if not arrow or not (left + right + out).isalpha() or any(len(set(t)) < len(t) for t in (left, right, out)):
            return None
        sizes = [self.kinds.of(a) for a in (one, other)]
        if not all(k.dtype == DOUBLE and k.shape is not None for k in sizes):
            return None
        shared = [c for c in left if c in right]
        if not all(_same_extent(sizes, left.index(c), right.index(c)) for c in shared):
            return None
        stack, summed = [c for c in out if c in shared], [c for c in shared if c not in out]
        rows, columns = ([c for c in term if c not in shared] for term in (left, right))
        if {*rows, *columns, *stack} != set(out) or not len(rows) == len(columns) == len(summed) == 1:
            return None
        if {left[-1], right[-1]} & set(stack):
            return None  # matrices that lie apart in memory
        if [*stack, *columns, *rows] == list(out):  # the transpose is what is wanted
            one, other, left, right, rows, columns = other, one, right, left, columns, rows
        first = _turned(one, left, [*stack, *rows, *summed])
        second = _turned(other, right, [*stack, *summed, *columns])
        return _turned(binary(first, gast.MatMult, second), "".join([*stack, *rows, *columns]), list(out))


def _same_extent(sizes: Sequence, one: int, other: int) -> bool:
    first, second = sizes[0].shape[one], sizes[1].shape[other]
    return first is not None and first == second


def _turned(value: gast.expr, letters: str, wanted: list[str]) -> gast.expr:
    """An array with its axes in another order."""
    order = [letters.index(c) for c in wanted]
    if order == sorted(order):
        return value
    if len(order) == 2:
        return gast.Attribute(value, "T", gast.Load())
    method = gast.Attribute(value, "transpose", gast.Load())
    return gast.Call(method, [constant(k) for k in order], [])


def _scaled(total: gast.expr, numbers: Sequence[gast.expr], under: Sequence[gast.expr]) -> gast.expr:
    value = chain([*numbers, total])
    return binary(value, gast.Div, chain(under)) if under else value


def _call(function: str, *arguments: gast.expr) -> gast.Call:
    return gast.Call(gast.Attribute(name("np"), function, gast.Load()), list(arguments), [])
