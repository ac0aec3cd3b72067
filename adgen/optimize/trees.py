"""Building and rebuilding trees.  Nodes are never changed in place; unchanged parts are kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import gast

from adgen.analyses.effects import facts
from adgen.program.spans import span_of

Node = TypeVar("Node", bound=gast.AST)
LEAVES = (gast.expr_context, gast.operator, gast.unaryop, gast.cmpop, gast.boolop)
LOAD, STORE = gast.Load(), gast.Store()


def name(text: str) -> gast.Name:
    return gast.Name(text, gast.Load(), None, None)


def target(text: str) -> gast.Name:
    return gast.Name(text, gast.Store(), None, None)


def constant(value: Any) -> gast.Constant:
    return gast.Constant(value, None)


def binary(left: gast.expr, op: type[gast.operator], right: gast.expr) -> gast.BinOp:
    return gast.BinOp(left, op(), right)


def negated(value: gast.expr) -> gast.expr:
    return gast.UnaryOp(gast.USub(), value)


def assign(to: gast.expr | str, value: gast.expr, like: gast.stmt | None = None) -> gast.Assign:
    """``to = value``, with the span of the statement `like`."""
    return spanned(gast.Assign([target(to) if isinstance(to, str) else to], value, None), like)


def augment(to: gast.expr, op: type[gast.operator], value: gast.expr, like: gast.stmt | None = None) -> gast.AugAssign:
    return spanned(gast.AugAssign(to, op(), value), like)


def spanned(stmt: Node, like: gast.AST | None) -> Node:
    span = span_of(like)
    if span is not None:
        stmt.span = span  # type: ignore[attr-defined]
    return stmt


def with_fields(node: Node, **fields: Any) -> Node:
    """A copy of a node with some fields replaced; the span is kept."""
    cls = node.__class__
    new = cls.__new__(cls)
    new.__dict__.update(node.__dict__)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def map_children(node: Node, change: Callable[[Any], Any]) -> Node:
    """Apply `change` to the child nodes; the same node if none changed."""
    changed: dict[str, Any] = {}
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, gast.AST):
            if not isinstance(value, LEAVES):
                new = change(value)
                if new is not value:
                    changed[field] = new
        elif isinstance(value, list) and value and isinstance(value[0], gast.AST | None):
            items = [change(v) if isinstance(v, gast.AST) and not isinstance(v, LEAVES) else v for v in value]
            if any(a is not b for a, b in zip(items, value, strict=True)):
                changed[field] = items
    return with_fields(node, **changed) if changed else node


def rewrite(node: gast.AST, rule: Callable[[gast.AST], gast.AST]) -> Any:
    """Rebuild an expression from the leaves up."""

    def visit(inner: gast.AST) -> gast.AST:
        if inner.__class__ in ATOMS:
            return rule(inner)
        return rule(map_children(inner, visit))

    return visit(node)


ATOMS = (gast.Name, gast.Constant)


def replace_nodes(node: gast.AST, replacements: Mapping[int, gast.AST]) -> Any:
    """Replace nodes by identity; the outermost of nested ones wins."""

    def visit(inner: gast.AST) -> gast.AST:
        found = replacements.get(id(inner))
        if found is not None:
            return found
        return inner if inner.__class__ in ATOMS else map_children(inner, visit)

    return visit(node)


def substitute(node: gast.AST, values: Mapping[str, gast.expr]) -> Any:
    """Replace loads of names by copies of expressions."""

    def visit(inner: gast.AST) -> gast.AST:
        if isinstance(inner, gast.Name):
            if inner.id in values and isinstance(inner.ctx, gast.Load):
                return copy(values[inner.id])
            return inner
        return inner if isinstance(inner, gast.Constant) else map_children(inner, visit)

    return visit(node)


def rename(node: gast.AST, names: Mapping[str, str]) -> Any:
    """Rename names wherever they stand, in statements and expressions."""

    def visit(inner: gast.AST) -> gast.AST:
        if isinstance(inner, gast.Name):
            new = names.get(inner.id)
            return inner if new is None else with_fields(inner, id=new)
        return inner if isinstance(inner, gast.Constant) else map_children(inner, visit)

    return visit(node)


def copy(node: Node) -> Node:
    """A deep copy (a node stands in one place only)."""
    fields = {}
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, gast.AST):
            fields[field] = value if isinstance(value, LEAVES) else copy(value)
        elif isinstance(value, list):
            fields[field] = [copy(v) if isinstance(v, gast.AST) else v for v in value]
    return with_fields(node, **fields)


def map_expressions(stmt: Node, change: Callable[[Any], Any]) -> Node:
    """Apply `change` to the expressions of one statement, not to those of nested statements."""

    def visit(child: gast.AST) -> gast.AST:
        return child if isinstance(child, gast.stmt) else change(child)

    return map_children(stmt, visit)


Block = Sequence[gast.stmt]


def map_blocks(stmt: Node, change: Callable[[list[gast.stmt]], list[gast.stmt]]) -> Node:
    """Apply `change` to the statement lists of a compound statement."""
    fields = {}
    for field in ("body", "orelse", "finalbody"):
        block = getattr(stmt, field, None)
        if block:
            new = change(block)
            if new is not block:
                fields[field] = new
    return with_fields(stmt, **fields) if fields else stmt


def unchanged(old: Block, new: list[gast.stmt]) -> bool:
    return len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))


def keep(old: Block, new: list[gast.stmt]) -> Any:
    """The old list if the new one holds the same statements."""
    return old if unchanged(old, new) else new


def text(node: gast.AST) -> str:
    return facts(node).text


def is_number(node: gast.AST) -> bool:
    """A finite literal."""
    return isinstance(node, gast.Constant) and type(node.value) in (int, float) and math.isfinite(node.value)


def names_stored(target_: gast.AST) -> list[str]:
    """Plain names that an assignment target binds."""
    if isinstance(target_, gast.Name):
        return [target_.id]
    if isinstance(target_, gast.Tuple | gast.List):
        return [n for item in target_.elts for n in names_stored(item)]
    return []


def fresh_name(stem: str, taken: Iterable[str]) -> str:
    """The first of ``t1``, ``t2``, ... that is not taken."""
    taken = set(taken)
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"
