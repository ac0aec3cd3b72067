"""Broadcasting undone: contributions are summed over the axes along which an operand was repeated."""

from __future__ import annotations

from collections.abc import Sequence

import gast

from adgen.analyses.effects import dotted
from adgen.analyses.expression_types import shape_of
from adgen.program.dims import Dim
from adgen.program.types import Type
from adgen.transforms.nodes import constant, load, numpy_call
from adgen.transforms.row_views import RowViews


class Broadcasting(RowViews):
    """Sums of contributions, in the shape of the operand that they are for."""

    def need_all(self, expr: gast.expr, without: gast.expr | None = None) -> None:
        raise NotImplementedError

    def unbroadcast(self, expr: gast.expr, argument: Type, output: Type) -> gast.expr:
        """Sum an elementwise contribution over the axes along which the argument was repeated."""
        have = shape_of(argument)
        full = shape_of(output)
        if not full:
            return expr
        kind = self.infer(expr)
        shown = () if kind is None else shape_of(kind)
        offset = len(full) - len(have)
        if kind is None or not self.shows_repeats(shown, have, full):
            expr, shown = self.widened(expr, full), full
        leading, kept, factors = [], [], []
        unsure = False
        for axis, dim in enumerate(full):
            position = axis - len(full) + len(shown)
            present = position >= 0 and not self.sizes.reduce(shown[position]).is_one
            if axis < offset:
                repeated: bool | None = True
            else:
                repeated = self.is_repeated(have[axis - offset], dim)
            if repeated is None:
                unsure = True
            if dim.is_one and axis < offset and position >= 0:
                leading.append(position)  # one element, but an axis that the argument lacks
                continue
            if not repeated or dim.is_one:
                continue
            if not present:
                factors.append(dim)
                if position >= 0:
                    (leading if axis < offset else kept).append(position)
            else:
                (leading if axis < offset else kept).append(position)
        if unsure:
            if len(shown) < len(full) or any(s.is_one and not d.is_one for s, d in zip(shown, full, strict=True)):
                expr = self.widened(expr, full)
            return self.unbroadcast_at_run_time(expr, argument)
        return self.summed(expr, leading, kept, factors, len(shown), len(have))

    def shows_repeats(self, shown: tuple[Dim, ...], have: tuple[Dim, ...], full: tuple[Dim, ...]) -> bool:
        """Whether the shape of a contribution tells along which axes it was repeated, where its operand was, too."""
        for back in range(1, len(shown) + 1):
            one, whole = self.sizes.reduce(shown[-back]), self.sizes.reduce(full[-back])
            repeated = back > len(have) or self.is_repeated(have[-back], whole) is not False
            if repeated and not one.is_one and not whole.is_one and one != whole and "%" not in str(whole):
                return False
        return True

    def widened(self, expr: gast.expr, full: tuple[Dim, ...]) -> gast.expr:
        """An expression in the full shape of the result that it belongs to.

        What is written through an index has extents without a name there; it has them already.
        """
        shape = [constant(1) if "%" in str(self.sizes.reduce(d)) else self.dim_or_size(d) for d in full]
        whole = shape[0] if len(shape) == 1 else gast.Tuple(shape, gast.Load())
        return gast.BinOp(numpy_call("zeros", whole), gast.Add(), expr)

    def is_repeated(self, have: Dim, full: Dim) -> bool | None:
        have, full = self.sizes.reduce(have), self.sizes.reduce(full)
        if have == full:
            return False
        if have.is_one:
            return True
        equal = self.sizes.equal(have, full)
        return None if equal is None else not equal

    def summed(
        self, expr: gast.expr, leading: list[int], kept: list[int], factors: list[Dim], rank: int, wanted: int
    ) -> gast.expr:
        for dim in factors:
            expr = gast.BinOp(expr, gast.Mult(), self.dim_or_size(dim))
        if leading and len(leading) == rank and not kept:
            return numpy_call("sum", expr)
        if leading and kept and len(leading) + len(kept) < rank:
            expr = numpy_call("sum", expr, axis=_literal(leading + kept))
            return numpy_call("expand_dims", expr, _literal([k - len(leading) for k in kept]))
        if kept:
            expr = numpy_call("sum", expr, axis=_literal(kept), keepdims=constant(True))
        return numpy_call("sum", expr, axis=_literal(leading)) if leading else expr

    def dim_or_size(self, dim: Dim) -> gast.expr:
        dim = self.sizes.reduce(dim)
        expr = self.dim_expression(dim)
        if not self.at_entry(dim):
            self.need_all(expr)
        return expr

    def is_summed(self, expr: gast.expr) -> bool:
        """Whether an expression was given its shape by `unbroadcast_at_run_time`."""
        from adgen import runtime

        called = self.globals.get(dotted(expr.func)) if isinstance(expr, gast.Call) else None
        return called is not None and called.value in (runtime.sum_to, runtime.sum_to_vector)

    def unbroadcast_at_run_time(self, expr: gast.expr, argument: Type) -> gast.expr:
        from adgen import runtime

        have, shown = shape_of(argument), shape_of(self.infer(expr))
        if len(have) == len(shown) == 1:
            name = self.need_runtime("sum_to_vector", runtime.sum_to_vector)
            return gast.Call(load(name), [expr, self.dim_or_size(have[0])], [])
        name = self.need_runtime("sum_to", runtime.sum_to)
        shape = gast.Tuple([self.dim_or_size(d) for d in shape_of(argument)], gast.Load())
        return gast.Call(load(name), [expr, shape], [])


def _literal(axes: Sequence[int]) -> gast.expr:
    return constant(axes[0]) if len(axes) == 1 else gast.Tuple([constant(a) for a in axes], gast.Load())
