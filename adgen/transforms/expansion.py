"""Right-hand sides of rules, written out for one statement.

Names of the head become the statement's own operands, static conditions are folded, macros are
expanded, extents become those of variables that are at hand.
"""

from __future__ import annotations

import ast
import copy
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from adgen import runtime
from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar, TupleOf, Type
from adgen.rules.fitting import facts, static_test
from adgen.rules.kinds import Row
from adgen.rules.macros import MACROS, MISSING, Operand
from adgen.transforms.matching import static_of

METADATA = frozenset({"shape", "size", "ndim", "dtype"})


@dataclass(frozen=True)
class Bound:
    """What a name of a right-hand side stands for."""

    expr: Any  # gast.expr, or a tuple of Bound for a sequence
    type: Type | None
    static: Any = MISSING


@functools.lru_cache(maxsize=4096)
def parse_expression(text: str) -> gast.expr:
    return gast.ast_to_gast(ast.parse(text.strip(), mode="eval")).body


class Expander:
    """Expands the right-hand sides of one row for one statement.

    `infer` gives the type of an expression, `metadata` writes an extent of a value, `define` names a shared
    subexpression (a row's ``let``), `need_runtime` notes a function of `adgen.runtime`.
    """

    def __init__(
        self,
        row: Row,
        bound: Mapping[str, Bound],
        *,
        infer: Callable[[gast.expr], Type | None],
        metadata: Callable[[gast.expr, Type | None, str, int | None], gast.expr | None],
        define: Callable[[str, gast.expr], gast.expr],
        need_runtime: Callable[..., str],
        use_math: bool = False,
    ) -> None:
        self.row, self.bound = row, dict(bound)
        self.infer, self.metadata, self.define, self.need_runtime = infer, metadata, define, need_runtime
        self.use_math = use_math

    def expand(self, text: str, extra: Mapping[str, Bound] | None = None) -> gast.expr:
        names = self.bound if extra is None else {**self.bound, **extra}
        return self.visit(parse_expression(text), names)

    def visit(self, node: Any, names: Mapping[str, Bound]) -> Any:
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is not None:
            return method(node, names)
        return self.generic(node, names)

    def generic(self, node: Any, names: Mapping[str, Bound]) -> Any:
        new = copy.copy(node)
        for field, value in gast.iter_fields(node):
            if isinstance(value, list):
                setattr(new, field, [self.visit(v, names) if isinstance(v, gast.AST) else v for v in value])
            elif isinstance(value, gast.AST):
                setattr(new, field, self.visit(value, names))
        return new

    def visit_Name(self, node: gast.Name, names: Mapping[str, Bound]) -> gast.expr:
        if node.id in names:
            return self.written(names[node.id])
        if node.id in self.row.let:
            value = self.visit(parse_expression(self.row.let[node.id]), self.bound)
            expr = self.define(node.id, value)
            self.bound[node.id] = Bound(expr, self.infer(expr), static_of(expr))
            return clone(expr)
        if self.row.space is not None and node.id in self.row.space:
            value = self.row.space[node.id]
            return gast.Name(self.need_runtime(node.id, value, None), gast.Load(), None, None)
        return copy.copy(node)

    def written(self, bound: Bound) -> gast.expr:
        if isinstance(bound.expr, tuple):
            return gast.Tuple([self.written(b) for b in bound.expr], gast.Load())
        if bound.expr is None:
            return gast.Constant(None, None)
        return clone(bound.expr)

    def visit_IfExp(self, node: gast.IfExp, names: Mapping[str, Bound]) -> gast.expr:
        try:
            known = {k: self.fact(b) for k, b in names.items()}
            for name in self.row.let:
                if name not in known and any(isinstance(n, gast.Name) and n.id == name for n in nodes_in(node.test)):
                    self.visit_Name(gast.Name(name, gast.Load(), None, None), names)
                    known[name] = self.fact(self.bound[name])
            chosen = node.body if static_test(_text(node.test), known) else node.orelse
        except (NameError, TypeError, AttributeError):
            return self.generic(node, names)
        return self.visit(chosen, names)

    def fact(self, bound: Bound) -> Any:
        if isinstance(bound.expr, tuple):
            if bound.static is not MISSING:
                return bound.static
            return [self.fact(b) for b in bound.expr]
        return None if bound.expr is None else facts(bound.static, bound.type)

    def visit_Call(self, node: gast.Call, names: Mapping[str, Bound]) -> gast.expr:
        match node.func:
            case gast.Name(id=name) if name in MACROS:
                return self.macro(name, node, names)
            case gast.Attribute(value=gast.Name(id="np"), attr="shape"):
                return self.visit(gast.Attribute(node.args[0], "shape", gast.Load()), names)
            case gast.Attribute(value=gast.Name(id="rt"), attr=name):
                name = self.need_runtime(name, getattr(runtime, name))
                args = [self.visit(a, names) for a in node.args]
                if name == "sum_to" and _is_no_axes(args[1]):
                    return _sum_of_all(args[0])
                return gast.Call(
                    gast.Name(name, gast.Load(), None, None), args, [self.visit(k, names) for k in node.keywords]
                )
            case gast.Attribute(value=gast.Name(id="np"), attr="reshape"):
                call = self.generic(node, names)
                return _sum_of_all(call.args[0]) if _is_no_axes(call.args[1]) else call
            case gast.Attribute(value=gast.Name(id="np"), attr=name) if self.use_math and hasattr(math, name):
                func = gast.Attribute(gast.Name("math", gast.Load(), None, None), name, gast.Load())
                return gast.Call(func, [self.visit(a, names) for a in node.args], [])
        return self.generic(node, names)

    def macro(self, name: str, node: gast.Call, names: Mapping[str, Bound]) -> gast.expr:
        function = MACROS[name]
        bounds = [self.argument(a, names) for a in node.args]
        parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
        text = function(*(self.operand(b) for b in bounds))
        inner = dict(zip(parameters, bounds, strict=False))
        if function.__code__.co_flags & 0x04:
            rest = function.__code__.co_varnames[function.__code__.co_argcount]
            inner[rest] = Bound(tuple(bounds[len(parameters) :]), None)
        return self.visit(parse_expression(text), inner)

    def argument(self, node: gast.expr, names: Mapping[str, Bound]) -> Bound:
        if isinstance(node, gast.Name) and node.id in names:
            return names[node.id]
        items = self.items(node.value, names) if isinstance(node, gast.Subscript) else None
        if items is not None:
            index = static_of(node.slice)
            if index is MISSING and isinstance(node.slice, gast.Name):
                index = names[node.slice.id].static
            return items[index]
        expr = self.visit(node, names)
        return Bound(expr, self.infer(expr), static_of(expr))

    def items(self, node: gast.expr, names: Mapping[str, Bound]) -> tuple[Bound, ...] | None:
        """The parts of an argument that is a sequence, or of a sequence in it; None for anything else."""
        if isinstance(node, gast.Subscript):
            outer = self.items(node.value, names)
            found = None if outer is None else self.argument(node, names)
        else:
            found = names.get(node.id) if isinstance(node, gast.Name) else None
        return found.expr if found is not None and isinstance(found.expr, tuple) else None

    def operand(self, bound: Bound) -> Operand:
        if isinstance(bound.expr, tuple):
            parts = tuple(self.operand(b) for b in bound.expr)
            type_: Any = TupleOf(tuple(part.type for part in parts))  # pyright: ignore[reportArgumentType]
            return Operand("?", type_, bound.static, parts)
        if bound.expr is None:
            return Operand("None", None, None)
        return Operand("?", bound.type, bound.static)

    def visit_Subscript(self, node: gast.Subscript, names: Mapping[str, Bound]) -> gast.expr:
        if self.items(node.value, names) is not None:
            return self.written(self.argument(node, names))
        if isinstance(node.value, gast.Attribute) and node.value.attr == "shape":
            axis = static_of(node.slice)
            if isinstance(axis, int):
                value = self.argument(node.value.value, names)
                known = self.metadata(value.expr, value.type, "shape", axis)
                if known is not None:
                    return known
        return self.generic(node, names)

    def visit_Attribute(self, node: gast.Attribute, names: Mapping[str, Bound]) -> gast.expr:
        if node.attr in METADATA and not (isinstance(node.value, gast.Name) and node.value.id in ("np", "math", "rt")):
            value = self.argument(node.value, names)
            if node.attr == "ndim" and isinstance(value.type, Scalar | Array):
                return gast.Constant(value.type.rank, None)
            known = self.metadata(value.expr, value.type, node.attr, None)
            if known is not None:
                return known
        return self.generic(node, names)


def _is_no_axes(shape: gast.expr) -> bool:
    return isinstance(shape, gast.Tuple) and not shape.elts


def _sum_of_all(expr: gast.expr) -> gast.expr:
    """One number: an array without axes would be a view, written in place by what is added to it."""
    return gast.Call(gast.Attribute(gast.Name("np", gast.Load(), None, None), "sum", gast.Load()), [expr], [])


def _text(node: gast.expr) -> str:
    return ast.unparse(gast.gast_to_ast(clone(node)))
