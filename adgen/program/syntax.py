"""Walking and copying syntax trees.

The compiler does little else, and these take a third of the time of `ast.walk` and `copy.deepcopy`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import gast

# Nodes without contents, of which it does not matter that they stand in several places.
MARKS = frozenset(
    getattr(gast, name)
    for name in (
        "Load Store Del Param Add Sub Mult Div FloorDiv Mod Pow MatMult LShift RShift BitOr BitXor BitAnd "
        "And Or Not USub UAdd Invert Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn"
    ).split()
)
LEAVES = frozenset({gast.Name, gast.Constant, *MARKS})
WITHOUT_NODES = frozenset("ctx op ops attr arg id type_comment".split())  # fields that hold texts and marks


@functools.cache
def parts_of(kind: type[gast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold other nodes."""
    return () if kind in LEAVES else tuple(field for field in kind._fields if field not in WITHOUT_NODES)


def nodes_in(tree: gast.AST) -> Iterator[gast.AST]:
    """A node and all below it, but for contexts (`Load`) and operators: as `ast.walk` gives them."""
    todo = [tree]
    for node in todo:
        for name in parts_of(node.__class__):
            value: Any = getattr(node, name, None)
            if value.__class__ is list:
                todo += [v for v in value if isinstance(v, gast.AST)]
            elif isinstance(value, gast.AST):
                todo.append(value)
        yield node


def own_parts(statement: gast.stmt) -> list[gast.AST]:
    """The expressions of a statement, without those of the statements inside of it."""
    return [part for part in gast.iter_child_nodes(statement) if not isinstance(part, gast.stmt)]


def clone(tree: Any) -> Any:
    """A copy of a tree, with its annotations (spans), that shares no node with it that may be changed."""
    cls = tree.__class__
    new = cls.__new__(cls)
    contents = tree.__dict__
    if cls in LEAVES:
        new.__dict__.update(contents)
        return new
    for name, value in contents.items():
        if isinstance(value, list):
            value = [clone(v) if isinstance(v, gast.AST) else v for v in value]
        elif isinstance(value, gast.AST) and value.__class__ not in MARKS:
            value = clone(value)
        new.__dict__[name] = value
    return new


def static_int(expr: gast.expr) -> int | None:
    """The value of an integer that is written out."""
    match expr:
        case gast.Constant(value=int() as value):
            return value
        case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=int() as value)):
            return -value
    return None
