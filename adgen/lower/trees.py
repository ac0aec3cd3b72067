"""Expressions written as text, with holes for parts that are there already."""

from __future__ import annotations

import ast
import functools
from typing import Any

import gast

from adgen.analyses.effects import dotted
from adgen.program.syntax import clone

MISSING = object()


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> gast.expr:
    return gast.ast_to_gast(ast.parse(text, mode="eval")).body


def build(text: str, **parts: gast.expr | int | None) -> gast.expr:
    """An expression; names of `text` that are keywords become those parts.

    >>> import ast
    >>> ast.unparse(gast.gast_to_ast(build("np.sum(x, axis=k)", x=build("a * b"), k=1)))
    'np.sum(a * b, axis=1)'
    """
    return _Filler(parts).visit(clone(_parsed(text)))


class _Filler(gast.NodeTransformer):
    def __init__(self, parts: dict[str, Any]) -> None:
        self.parts = parts

    def visit_Name(self, node: gast.Name) -> gast.expr:
        if node.id not in self.parts:
            return node
        part: Any = self.parts[node.id]
        return clone(part) if isinstance(part, gast.AST) else constant(part)  # type: ignore[return-value]


def constant(value: Any) -> gast.expr:
    """A constant, or a tuple of constants, as an expression."""
    if isinstance(value, tuple):
        return gast.Tuple([constant(v) for v in value], gast.Load())
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
    return gast.Constant(value, None)


def name(text: str) -> gast.Name:
    return gast.Name(text, gast.Load(), None, None)


def call(function: str, *arguments: gast.expr) -> gast.Call:
    return gast.Call(build(function), list(arguments), [])


def static(node: gast.AST | None) -> Any:
    """The value of an expression made of constants, else MISSING.

    >>> static(build("(0, -1)"))
    (0, -1)
    """
    match node:
        case gast.Constant(value=value):
            return value
        case gast.UnaryOp(op=gast.USub(), operand=operand):
            value = static(operand)
            return value if value is MISSING else -value
        case gast.Tuple(elts=elts) | gast.List(elts=elts):
            items = tuple(static(e) for e in elts)
            return MISSING if any(i is MISSING for i in items) else items
        case gast.Attribute() if dotted(node) in ("np.inf", "math.inf"):
            return float("inf")
    return MISSING


def is_static(node: gast.AST | None) -> bool:
    """Whether an expression can be written where no variable is seen: constants, dtypes."""
    match node:
        case None | gast.Constant():
            return True
        case gast.UnaryOp(operand=operand):
            return is_static(operand)
        case gast.Tuple(elts=elts) | gast.List(elts=elts):
            return all(map(is_static, elts))
        case gast.Attribute():
            return dotted(node).split(".")[0] in ("np", "math")
        case gast.Name(id="float" | "int" | "bool" | "complex"):
            return True
    return False


def text_of(node: gast.expr) -> str:
    """The expression as text, for functions that are written as text."""
    return ast.unparse(gast.gast_to_ast(clone(node)))
