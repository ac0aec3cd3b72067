"""Passes that rewrite the expressions of adjoint statements, one by one."""

from __future__ import annotations

import gast

from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.kinds import Kinds
from adgen.optimize.trees import keep, map_blocks, map_expressions, unchanged
from adgen.program.function import Function


class AdjointExpressions:
    """Walks to the expressions that `expression` rewrites; values and tangents keep their spelling."""

    def __init__(self, known: Facts) -> None:
        self.kinds = Kinds(known)

    @classmethod
    def rewritten(cls, function: Function) -> Function:
        body = cls(Facts(function)).block(list(function.body))
        return function if unchanged(function.body, body) else with_body(function, body)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        return keep(body, [self.statement(stmt) for stmt in body])

    def statement(self, stmt: gast.stmt) -> gast.stmt:
        new = map_blocks(stmt, self.block)
        if is_forward(stmt) or isinstance(stmt, gast.Assert | gast.Raise | gast.Return):
            return new
        return map_expressions(new, self.expression)

    def expression(self, node: gast.expr) -> gast.expr:
        raise NotImplementedError
