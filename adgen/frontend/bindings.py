"""Which names statements and targets bind."""

from __future__ import annotations

from collections.abc import Sequence
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


def exposed_names(body: Sequence[gast.stmt]) -> set[str]:
    """Names that a loop's body may read before it sets them: then they hold what the iteration before left.

    >>> sorted(exposed_names(gast.parse('''
    ... if i == 0:
    ...     z = x[0]
    ... t = z * x[i]''').body))
    ['i', 'x', 'z']
    """
    found: set[str] = set()
    _expose(body, set(), found)
    return found


def _expose(body: Sequence[gast.stmt], known: set[str], found: set[str]) -> set[str] | None:
    """What is set after a block, None if nothing follows it; into `found` go names that are read while not `known`."""

    def read(node: Any) -> None:
        nodes = nodes_in(node) if isinstance(node, gast.AST) else ()
        found.update(
            n.id for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and n.id not in known
        )

    for statement in body:
        match statement:
            case gast.If(test=test, body=first, orelse=second):
                read(test)
                ends = [e for e in (_expose(b, set(known), found) for b in (first, second)) if e is not None]
                if not ends:
                    return None
                known = set.intersection(*ends)
            case gast.For(target=target, iter=items, body=inner, orelse=last):
                read(items)
                _expose([*inner, *last], known | set(target_names(target)), found)
            case gast.While(test=test, body=inner, orelse=last):
                read(test)
                _expose([*inner, *last], set(known), found)
            case gast.Try(body=inner, handlers=handlers, orelse=last, finalbody=final):
                _expose([*inner, *last], set(known), found)
                for handler in handlers:
                    _expose(handler.body, set(known), found)
                after = _expose(final, set(known), found)
                known = known if after is None else after
            case gast.With(items=items, body=inner):
                for item in items:
                    read(item.context_expr)
                    known |= set(target_names(item.optional_vars)) if item.optional_vars is not None else set()
                after = _expose(inner, set(known), found)
                if after is None:
                    return None
                known = after
            case gast.Return() | gast.Raise() | gast.Break() | gast.Continue():
                read(statement)
                return None
            case gast.AugAssign(target=target, value=value):
                read(value)
                if isinstance(target, gast.Name) and target.id not in known:
                    found.add(target.id)
                read(target)
            case _:
                read(statement)
                known = known | set(assigned_names(statement))
    return known
