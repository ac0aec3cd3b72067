"""Which rule applies to a statement, and with which arguments."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from adgen.analyses.expression_types import is_module
from adgen.analyses.types import OPERATOR_FUNCTIONS
from adgen.program.function import GlobalName
from adgen.program.syntax import nodes_in
from adgen.program.types import Array, Scalar, TupleOf, Type, is_differentiable
from adgen.rules.fitting import fits
from adgen.rules.kinds import Head, Row
from adgen.rules.macros import MISSING
from adgen.rules.registry import registry, resolve


@dataclass(frozen=True)
class Application:
    """A call, an operator or an attribute, as a function with arguments."""

    function: Any
    args: tuple[gast.expr, ...]
    kwargs: Mapping[str, gast.expr]


@dataclass(frozen=True)
class Match:
    """A row, and the expressions bound to the names of its head."""

    head: Head
    row: Row
    bound: Mapping[str, Any]  # name -> expression, or tuple of expressions

    def operands(self) -> list[tuple[str, int | None, gast.expr]]:
        """Differentiable arguments: the head's name, the position in a sequence, the expression."""
        found: list[tuple[str, int | None, gast.expr]] = []
        for name in self.bound:
            if name not in self.row.differentiable:
                continue
            value = self.bound[name]
            if isinstance(value, tuple):
                found += [(name, k, item) for k, item in enumerate(value)]
            elif isinstance(value, gast.Tuple | gast.List):
                found += [(name, k, item) for k, item in enumerate(value.elts)]
            else:
                found.append((name, None, value))
        return found


def application(expr: gast.expr, names: Mapping[str, GlobalName]) -> Application | None:
    """The function that an expression applies; None for atoms, subscripts and displays."""
    match expr:
        case gast.BinOp(left=left, op=op, right=right):
            return Application(OPERATOR_FUNCTIONS[type(op).__name__], (left, right), {})
        case gast.UnaryOp(op=op, operand=operand):
            return Application(OPERATOR_FUNCTIONS[type(op).__name__], (operand,), {})
        case gast.Compare(left=left, ops=[op], comparators=[right]):
            return Application(OPERATOR_FUNCTIONS.get(type(op).__name__), (left, right), {})
        case gast.Attribute(value=value, attr="T"):
            return Application(np.transpose, (value,), {})
        case gast.Attribute(value=value, attr="real" | "imag" as part):
            return Application(getattr(np, part), (value,), {})
        case gast.Call(func=gast.Attribute(value=value, attr="astype")) if not is_module(value):
            return Application("astype", (value,), {})
        case gast.Call(func=gast.Attribute(value=value, attr="copy"), args=[]):
            return Application(np.copy, (value,), {})
        case gast.Call(func=func, args=args, keywords=keywords):
            function = callee(func, names)
            return Application(function, tuple(args), {k.arg: k.value for k in keywords})
    return None


def callee(func: gast.expr, names: Mapping[str, GlobalName]) -> Any:
    path = dotted(func)
    if path is None:
        return None
    if path in names:
        return names[path].value
    return _resolve_path(path)


@functools.lru_cache(maxsize=2048)
def _resolve_path(path: str) -> Any:
    return resolve(path)


def dotted(node: gast.expr) -> str | None:
    match node:
        case gast.Name(id=name):
            return name
        case gast.Attribute(value=value, attr=attr):
            base = dotted(value)
            return None if base is None else f"{base}.{attr}"
    return None


def type_of_atom(node: gast.expr, types: Mapping[str, Type]) -> Type | None:
    from adgen.program.types import type_of_number

    match node:
        case gast.Name(id=name):
            return types.get(name)
        case gast.Constant(value=value) if isinstance(value, bool | int | float | complex):
            return type_of_number(value)
        case gast.Tuple(elts=elts) | gast.List(elts=elts):
            items = [type_of_atom(e, types) for e in elts]
            return None if None in items else TupleOf(tuple(t for t in items if t is not None))
    return None


def static_of(node: Any) -> Any:
    """The value of an expression made of constants, else MISSING."""
    match node:
        case gast.Constant(value=value):
            return value
        case gast.Tuple(elts=elts) | gast.List(elts=elts):
            items = [static_of(e) for e in elts]
            if any(i is MISSING for i in items):
                return MISSING
            return tuple(items) if isinstance(node, gast.Tuple) else items
        case gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=value)):
            return -value
        case gast.Attribute():
            path = dotted(node)
            if path and path.startswith("np."):
                found = _resolve_path(path)
                return found if isinstance(found, type) else MISSING
        case gast.Name(id="float" | "int" | "bool" | "complex" as name):
            return {"float": float, "int": int, "bool": bool, "complex": complex}[name]
        case tuple():
            items = [static_of(e) for e in node]
            return MISSING if any(i is MISSING for i in items) else tuple(items)
    return MISSING


class Matcher:
    """Finds the row for an expression of a program."""

    def __init__(self, types: Mapping[str, Type], names: Mapping[str, GlobalName]) -> None:
        self.types, self.names = types, names
        self._cache: dict[int, tuple[gast.expr, Match | None]] = {}

    def match(self, expr: gast.expr) -> Match | None:
        """The first row that fits, or None (no function, or no row)."""
        cached = self._cache.get(id(expr))
        if cached is None or cached[0] is not expr:
            cached = (expr, self._find(expr))
            self._cache[id(expr)] = cached
        return cached[1]

    def _find(self, expr: gast.expr) -> Match | None:
        call = application(expr, self.names)
        if call is None or call.function is None or isinstance(call.function, str):
            return None
        for head, row in registry().lookup(call.function):
            if row.kind == "refused":
                return None
            if row.kind == "constant":
                return Match(head, row, {})
            bound = head.bind(call.function, call.args, call.kwargs)
            if bound is not None and fits(head, row, bound, self.type_of, static_of):
                return Match(head, row, bound)
        return None

    def refusal(self, expr: gast.expr) -> tuple[str, str] | None:
        """The function that an expression calls and the reason for which its table refuses it, if it does."""
        call = application(expr, self.names)
        if call is None or call.function is None or isinstance(call.function, str):
            return None
        return next(((h.callee, r.reason) for h, r in registry().lookup(call.function) if r.kind == "refused"), None)

    def type_of(self, value: Any) -> Type | None:
        if isinstance(value, tuple):
            items = [self.type_of(v) for v in value]
            return None if None in items else TupleOf(tuple(t for t in items if t is not None))
        return type_of_atom(value, self.types)

    def differentiable_names(self, expr: gast.expr) -> list[str]:
        """Variables that the value of an expression depends on differentiably."""
        match expr:
            case gast.Name(id=name):
                return [name]
            case gast.Subscript(value=gast.Name(id=name)):
                return [name]
            case gast.Tuple(elts=elts) | gast.List(elts=elts):
                return [n for e in elts for n in self.differentiable_names(e)]
            case gast.Call(func=gast.Attribute(value=gast.Name(id=name), attr="astype" | "pop" | "copy")) if isinstance(
                self.types.get(name), Array | Scalar
            ) or getattr(self.types.get(name), "item", None):
                return [name]
            case gast.Call(
                func=gast.Attribute(value=gast.Name(id="np"), attr="float32" | "float64" | "complex128" | "complex64"),
                args=[gast.Name(id=name)],
            ):
                return [name]
        match = self.match(expr)
        if match is None:
            return []
        return [n for _, _, e in match.operands() for n in leaf_names(e) if is_differentiable(self.types.get(n))]

    def held_constant(self, expr: gast.expr) -> Sequence[tuple[str, str]]:
        """Float arguments for which the row has no derivative: (name in the head, variable)."""
        match = self.match(expr)
        if match is None or match.row.kind == "constant":
            return ()
        return [
            (key, n)
            for key, value in match.bound.items()
            if key not in match.row.differentiable
            for n in leaf_names(value)
            if is_differentiable(self.types.get(n))
        ]


def leaf_names(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [n for v in value for n in leaf_names(v)]
    return [n.id for n in nodes_in(value) if isinstance(n, gast.Name)]
