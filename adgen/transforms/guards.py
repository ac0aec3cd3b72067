"""Partials that may be infinite: where they are, and how a zero cotangent still contributes zero."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import gast
import numpy as np

from adgen.program.syntax import clone, nodes_in
from adgen.program.types import Array, Scalar, Type
from adgen.rules.macros import MISSING
from adgen.transforms.matching import static_of
from adgen.transforms.nodes import constant, numpy_call

# Functions that are finite where their slope is infinite: any zero cotangent there must be caught.
FINITE_WHERE_SINGULAR = frozenset(
    {
        "np.sqrt",
        "math.sqrt",
        "np.cbrt",
        "math.cbrt",
        "np.arcsin",
        "np.arccos",
        "math.asin",
        "math.acos",
        "operator.pow",
        "np.power",
        "np.hypot",
        "math.hypot",
        "np.arccosh",
        "math.acosh",
        "np.linalg.norm",
        "math.pow",
        "pow",
        "np.float_power",
        "sp.special.xlogy",
        "sp.special.xlog1py",
        "sp.special.entr",
        "sp.special.rel_entr",
    }
)
# Functions that discard some of their operands' elements, whose cotangent is then zero.
SELECTING = frozenset(
    """where select choose piecewise clip maximum minimum fmax fmin max min amax amin take compress
 extract nan_to_num nansum nanmean nanmax nanmin sort partition median percentile quantile diag diagonal tril triu
 take_along_axis delete""".split()
)

# Functions for data with gaps: where they are called, an element that is discarded may be NaN.
FOR_GAPS = frozenset(
    """isnan isfinite nan_to_num nansum nanmean nanprod nanmax nanmin nanmedian nanpercentile nanquantile nancumsum
 nancumprod""".split()
)

# Functions whose value overflows to infinity, while what is made of it may be finite, as 1 / (1 + exp(-x)).
OVERFLOWING = frozenset({"exp", "exp2", "expm1", "cosh", "sinh"})

# Functions that are 0, and flat, where this operand is infinite.
LEVELLING = frozenset(
    {(name, "b") for name in ("operator.truediv", "np.divide")}
    | {(name, "a") for name in ("operator.pow", "np.power")}
    | {("np.reciprocal", "x"), ("np.exp", "x")}
)
# Functions of one operand that are flat where it is infinite.
FLAT = frozenset({"arctan", "tanh", "erf", "erfc", "expit"})

Facts = Callable[[gast.expr], str]


def selects(value: gast.expr) -> bool:
    """Whether an expression discards some of its operands' elements."""
    match value:
        case gast.Subscript():
            return True
        case gast.Call(func=gast.Attribute(attr=name)) | gast.Call(func=gast.Name(id=name)):
            return name in SELECTING
    return False


def overflowing_names(values: Mapping[str, gast.expr]) -> frozenset[str]:
    """Names that are infinite where an exponential is, by the expressions that define them, in order."""
    found: set[str] = set()
    for name, value in values.items():
        if _is_call(value, OVERFLOWING) or any(n in found for n in _passed_on(value)):
            found.add(name)
    return frozenset(found)


def vanishing_names(values: Mapping[str, gast.expr]) -> frozenset[str]:
    """Results whose cotangent may be zero where their slope is infinite, by an exponential that overflows."""
    overflowing = overflowing_names(values)
    found: set[str] = set()
    for name, value in reversed(list(values.items())):
        if name in found:
            found.update(_passed_on(value))
        for operand in _bounded(value, overflowing):
            found.add(operand)
    return frozenset(n for n in found if n in values and _is_steep(values[n], overflowing))


def has_gaps(values: Mapping[str, gast.expr]) -> bool:
    """Whether a program is written for data with NaN in it."""
    return any(_is_call(value, FOR_GAPS) for value in values.values())


def _is_steep(value: gast.expr, overflowing: frozenset[str]) -> bool:
    """Whether a partial is infinite, or undefined, where an exponential overflows."""
    match value:
        case gast.BinOp(left=gast.Name(id=left), op=gast.Pow()):
            return left in overflowing
        case gast.BinOp(left=gast.Name(id=left), op=gast.Div(), right=gast.Name(id=right)):
            return left in overflowing and right in overflowing
    return _is_call(value, OVERFLOWING)


def _is_call(value: gast.expr | None, functions: frozenset[str]) -> bool:
    match value:
        case gast.Call(func=gast.Attribute(value=gast.Name(id="np"), attr=attr)):
            return attr in functions
    return False


def _names(*nodes: gast.expr) -> list[str]:
    return [n.id for n in nodes if isinstance(n, gast.Name)]


def _passed_on(value: gast.expr) -> list[str]:
    """Operands whose infinity makes a result infinite."""
    match value:
        case gast.BinOp(left=left, op=gast.Add() | gast.Sub() | gast.Mult(), right=right):
            return _names(left, right)
        case gast.BinOp(left=left, op=gast.Pow(), right=right) if (number(right) or 0) > 0:
            return _names(left)
        case gast.BinOp(left=left, op=gast.Div()):
            return _names(left)
        case gast.UnaryOp(operand=operand):
            return _names(operand)
        case gast.Call(args=[operand]) if _is_call(value, frozenset({"square", "negative"})):
            return _names(operand)
        case gast.Call(args=[left, right]) if _is_call(value, frozenset({"add", "subtract", "multiply"})):
            return _names(left, right)
    return []


def _bounded(value: gast.expr, overflowing: frozenset[str]) -> list[str]:
    """Operands whose infinity makes the slope of a result zero, or that may be discarded."""
    match value:
        case gast.BinOp(left=left, op=gast.Div(), right=gast.Name(id=right)) if right in overflowing:
            return [right, *_names(left)]
        case gast.Call(args=[left, gast.Name(id=right)]) if _is_call(value, frozenset({"divide", "true_divide"})):
            return [right, *_names(left)] if right in overflowing else []
        case gast.BinOp(left=left, op=gast.Pow(), right=right) if (number(right) or 0) < 0:
            return _names(left)
        case gast.Call(args=[left, right]) if _is_call(value, frozenset({"power"})) and (number(right) or 0) < 0:
            return _names(left)
        case gast.Call(args=[operand]) if _is_call(value, frozenset({"reciprocal", "exp"})):
            return _names(operand)
        case gast.Call(func=gast.Attribute(attr=attr), args=[operand]) if attr in FLAT:
            return _names(operand)
        case gast.Call(args=[_, *chosen]) if _is_call(value, frozenset({"where"})):
            return _names(*chosen)
    return []


def is_regular(partial: gast.expr, sign: Facts) -> bool:
    """Whether a partial is finite for all finite operands, as far as its form tells."""
    for node in nodes_in(partial):
        match node:
            case gast.BinOp(op=gast.Div(), right=right):
                if sign(right) != "positive":
                    return False
            case gast.BinOp(op=gast.Pow(), right=right):
                exponent = number(right)
                if exponent is None or exponent < 0:
                    return False
            case gast.Call(func=gast.Attribute(attr="log" | "reciprocal" | "power")):
                return False
            case gast.Call(func=gast.Name(id=called)) if called not in ("abs", "float", "max", "min"):
                return False
    return True


def literal_sign(expr: gast.expr) -> str:
    """The sign of a number literal; all else is unknown."""
    value = number(expr)
    return "positive" if value is not None and value > 0 else "unknown"


def number(expr: gast.expr) -> float | None:
    """The value of an expression of number literals (``3 - 1``), else None."""
    static = static_of(expr)
    if static is not MISSING:
        return static if isinstance(static, int | float) else None
    match expr:
        case gast.BinOp(left=left, op=op, right=right):
            a, b = number(left), number(right)
            if a is None or b is None:
                return None
            match op:
                case gast.Add():
                    return a + b
                case gast.Sub():
                    return a - b
                case gast.Mult():
                    return a * b
    return None


def tamed(partial: gast.expr, test: gast.expr, types: Mapping[str, Type], result: str = "") -> gast.expr:
    """A partial that is finite where the test fails: there its operands (or its divisor) are taken to be 1.

    The dividend may name the `result` of the function, which is infinite where the divisor is zero.
    """

    def chosen(expr: gast.expr) -> gast.expr:
        return numpy_call("where", clone(test), expr, constant(1.0))

    def chosen_names(expr: gast.expr, names: Callable[[str], bool]) -> gast.expr:
        found: list[Any] = [n for n in nodes_in(expr) if isinstance(n, gast.Name) and names(n.id)]
        return replaced(expr, {id(n): chosen(clone(n)) for n in found})

    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        return gast.BinOp(chosen_names(partial.left, lambda n: n == result), gast.Div(), chosen(partial.right))
    narrow = any(
        isinstance(n, gast.Name)
        and isinstance(types.get(n.id), Array)
        and types[n.id].dtype in (np.float32, np.complex64)
        for n in nodes_in(partial)
    )
    # np.where makes double precision of two Python numbers.
    return chosen_names(partial, lambda n: is_float(types.get(n)) and not (narrow and isinstance(types[n], Scalar)))


def is_float(type_: Type | None) -> bool:
    return isinstance(type_, Array | Scalar) and type_.dtype.kind in "fc"


def replaced(node: Any, changes: Mapping[int, gast.expr | None]) -> Any:
    """A copy of an expression with some of its nodes (by identity) exchanged."""
    if id(node) in changes:
        new = changes[id(node)]
        return None if new is None else clone(new)
    if not isinstance(node, gast.AST):
        return node
    new = copy.copy(node)
    for field, value in gast.iter_fields(node):
        if isinstance(value, list):
            setattr(new, field, [replaced(v, changes) for v in value])
        elif isinstance(value, gast.AST):
            setattr(new, field, replaced(value, changes))
    return new
