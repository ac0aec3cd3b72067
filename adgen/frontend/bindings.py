"""Which names statements and targets bind."""

from __future__ import annotations

from typing import Any

import gast

from adgen.program.syntax import nodes_in


def target_names(target: gast.expr) -> list[str]:
    """Names that an assignment to `target` binds."""
    return [n.id for n in nodes_in(target) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]


def assigned_names(statement: gast.stmt) -> list[str]:
    """Names that a statement binds, in order; nested functions excluded."""
    names: list[str] = []
    stack: list[Any] = [statement]
    while stack:
        node = stack.pop(0)
        if isinstance(node, gast.FunctionDef | gast.Lambda | gast.ListComp | gast.GeneratorExp | gast.DictComp):
            if isinstance(node, gast.FunctionDef):
                names.append(node.name)
            continue
        if isinstance(node, gast.For):
            stack = [*node.body, *stack]
            continue
        if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
            names.append(node.id)
        stack = [*gast.iter_child_nodes(node), *stack]
    return names


def plainly_assigned(body: list[gast.stmt]) -> set[str]:
    """Names that are assigned by more than ``+=``."""
    names: set[str] = set()
    for statement in body:
        for node in nodes_in(statement):
            if isinstance(node, gast.Assign):
                names |= {n for t in node.targets for n in target_names(t)}
            elif isinstance(node, gast.AnnAssign | gast.NamedExpr | gast.For):
                names |= set(target_names(node.target))
    return names
