"""Nodes of the program that is written: made, and looked at."""

from __future__ import annotations

import gast

from adgen.program.syntax import nodes_in
from adgen.program.types import Type


def load(name: str) -> gast.Name:
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> gast.Name:
    return gast.Name(name, gast.Store(), None, None)


def is_condition(expr: gast.expr) -> bool:
    return isinstance(expr, gast.Compare | gast.BoolOp) or (
        isinstance(expr, gast.UnaryOp) and isinstance(expr.op, gast.Not)
    )


def is_negative(expr: gast.expr) -> bool:
    return isinstance(expr, gast.UnaryOp) and isinstance(expr.op, gast.USub)


def is_written(statements: list[gast.stmt], name: str) -> bool:
    """Whether a name is bound again (by the copies that end a loop or a branch)."""
    return any(
        isinstance(n, gast.Name) and n.id == name and isinstance(n.ctx, gast.Store)
        for s in statements
        for n in nodes_in(s)
    )


def with_items_of(expr: gast.expr, item: Type | None) -> gast.expr:
    """A display of a list, its constants as numbers of the items' type."""
    kind = getattr(item, "kind", "")
    for node in nodes_in(expr) if kind in ("f", "c") else ():
        if isinstance(node, gast.List):
            for k, one in enumerate(node.elts):
                if isinstance(one, gast.Constant) and isinstance(one.value, int | float):
                    node.elts[k] = gast.Constant(float(one.value) if kind == "f" else complex(one.value), None)
    return expr
