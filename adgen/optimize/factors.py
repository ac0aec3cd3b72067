"""Products of arrays that are repeated along axes: the short factors are multiplied first."""

from __future__ import annotations

import gast

from adgen.analyses.effects import facts
from adgen.optimize.adjoint_expressions import AdjointExpressions
from adgen.optimize.products import chain, tidy_product
from adgen.optimize.trees import rewrite, with_fields
from adgen.program.function import Function


def scale_short_factors(function: Function) -> Function:
    """Multiply numbers into the factor that is repeated, which has fewer elements.

    >>> from adgen.optimize.showing import show
    >>> print(show(scale_short_factors, '''
    ... X_bar = 2.0 * Y * rs_bar[:, None]
    ... Z_bar = k * X_bar * Y'''))
    X_bar = Y * (2.0 * rs_bar)[:, None]
    Z_bar = k * X_bar * Y
    """
    return _Factors.rewritten(function)


class _Factors(AdjointExpressions):
    def expression(self, node: gast.expr) -> gast.expr:
        return rewrite(node, self.rule) if "None" in facts(node).text else node

    def rule(self, node: gast.AST) -> gast.AST:
        match node:
            case gast.BinOp(op=gast.Mult()) if self.kinds.of(node).is_float:
                return self._product(node)
        return node

    def _product(self, node: gast.BinOp) -> gast.expr:
        factors = _factors(node)
        numbers = [f for f in factors if self.kinds.of(f).is_number]
        short = [f for f in factors if _is_repeated(f) and self.kinds.of(f).is_float]
        rest = [f for f in factors if f not in numbers and f not in short]
        if not numbers or len(short) != 1 or not rest:
            return node
        scaled = chain([*numbers, short[0].value])
        scaled = tidy_product(scaled, self.kinds) if isinstance(scaled, gast.BinOp) else scaled
        return chain([*rest, with_fields(short[0], value=scaled)])


def _factors(node: gast.expr) -> list[gast.expr]:
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _is_repeated(node: gast.expr) -> bool:
    """Whether a factor is ``v[:, None]``."""
    match node:
        case gast.Subscript(slice=gast.Tuple(elts=items)):
            return any(isinstance(i, gast.Constant) and i.value is None for i in items)
    return False
