"""``np.add.at`` for rows of a matrix, for which NumPy has no quick loop."""

from __future__ import annotations

from dataclasses import replace

import gast

from adgen.analyses.effects import dotted, statements_in
from adgen.optimize.context import Facts, is_forward, with_body
from adgen.optimize.kinds import Kinds
from adgen.optimize.trees import keep, map_blocks, name, negated, unchanged, with_fields
from adgen.program.function import Function, GlobalName
from adgen.rules.registry import resolve

NAME = "add_rows"
SIGNS = {"np.add.at": 1, "np.subtract.at": -1}


def scatter_rows(function: Function) -> Function:
    """Add to the rows of a matrix by `adgen.runtime.add_rows`.

    >>> from adgen.optimize.showing import array, show
    >>> print(show(scatter_rows, '''
    ... np.add.at(X_bar, rows, Y_bar)
    ... np.add.at(xs_bar, rows, ys_bar)''', types={"rows": array("n", dtype=int)}))
    add_rows(X_bar, rows, Y_bar)
    np.add.at(xs_bar, rows, ys_bar)
    """
    found = any(isinstance(s, gast.Expr) for s in statements_in(function.body))
    if not found or NAME in function.types or NAME in function.params:
        return function
    helper = GlobalName(NAME, resolve(f"rt.{NAME}"), "adgen.runtime", NAME)
    if function.globals.get(NAME, helper) != helper:
        return function
    kinds = Kinds(Facts(function))

    def block(body: list[gast.stmt]) -> list[gast.stmt]:
        return keep(body, [map_blocks(statement(stmt), block) for stmt in body])

    def statement(stmt: gast.stmt) -> gast.stmt:
        match stmt:
            case gast.Expr(value=gast.Call(func=func, args=[matrix, rows, values], keywords=[])):
                if dotted(func) in SIGNS and not is_forward(stmt) and _adds_rows(matrix, rows, values, kinds):
                    values = values if SIGNS[dotted(func)] == 1 else negated(values)
                    return with_fields(stmt, value=gast.Call(name(NAME), [matrix, rows, values], []))
        return stmt

    body = block(list(function.body))
    if unchanged(function.body, body):
        return function
    return replace(with_body(function, body), globals={**function.globals, NAME: helper})


def _adds_rows(matrix: gast.expr, rows: gast.expr, values: gast.expr, kinds: Kinds) -> bool:
    """Whether each of `rows` is the number of a row, and `values` has a row for it."""
    shape, index, given = (kinds.of(part).shape for part in (matrix, rows, values))
    if shape is None or index is None or given is None or kinds.of(rows).kind not in "iu":
        return False
    return len(shape) == 2 and len(index) > 0 and given == (*index, shape[1]) and None not in given
