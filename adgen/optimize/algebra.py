"""Arithmetic that a person would not write: zeros, ones, double signs, scattered coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from adgen.analyses.effects import dotted, facts
from adgen.optimize.axes import simplify_axes
from adgen.optimize.choices import joined_choices
from adgen.optimize.context import Facts, is_original, with_body
from adgen.optimize.kinds import Kinds, same_shape
from adgen.optimize.products import split_sign, tidy_product
from adgen.optimize.trees import (
    binary,
    constant,
    is_number,
    keep,
    map_blocks,
    map_expressions,
    names_stored,
    negated,
    rewrite,
    text,
    unchanged,
    with_fields,
)
from adgen.program.function import Function

FOLD: dict[type, Callable[[float, float], float]] = {
    gast.Add: lambda a, b: a + b,
    gast.Sub: lambda a, b: a - b,
    gast.Mult: lambda a, b: a * b,
}
MIRRORED = {gast.Lt: gast.Gt, gast.Gt: gast.Lt, gast.LtE: gast.GtE, gast.GtE: gast.LtE, gast.Eq: gast.Eq}


def simplify_algebra(function: Function) -> Function:
    """Simplify the arithmetic of derivative statements; the user's own keep their spelling.

    >>> from adgen.optimize.showing import show
    >>> print(show(simplify_algebra, '''
    ... rs_bar = 1.0 / rs.size * (2.0 * rs ** (2 - 1))
    ... y_bar = 0.0 + x * -(k * 1.0)
    ... z_bar = np.cos(x) * (1.0 * y_bar) + -y_bar'''))
    rs_bar = 2.0 / rs.size * rs
    y_bar = -x * k
    z_bar = y_bar * np.cos(x) - y_bar
    """
    body = Algebra(Facts(function)).block(list(function.body))
    return function if unchanged(function.body, body) else with_body(function, body)


@dataclass
class Algebra:
    known: Facts

    def __post_init__(self) -> None:
        self.kinds = Kinds(self.known)

    def block(self, body: list[gast.stmt]) -> list[gast.stmt]:
        return keep(body, [self.statement(stmt) for stmt in body])

    def statement(self, stmt: gast.stmt) -> gast.stmt:
        new = map_blocks(stmt, self.block)
        if is_original(stmt) or isinstance(stmt, gast.Assert | gast.Raise | gast.Return):
            return new  # results may hold the user's own arithmetic, which is not rounded anew
        new = map_expressions(new, self.expression)
        if isinstance(new, gast.AugAssign) and _is_copy(new.value):
            new = self._added(new)
        if new is stmt or not isinstance(stmt, gast.Assign | gast.Return | gast.Expr | gast.AugAssign):
            return new
        if getattr(new, "value", None) is getattr(stmt, "value", None):
            return new
        return self._guarded(stmt, new)

    def _guarded(self, old: gast.stmt, new: gast.stmt) -> gast.stmt:
        """A fresh array must stay one where somebody writes into it."""
        targets: list[str] = []
        if isinstance(old, gast.Expr):
            gained = self.known.aliases.sources(new.value) - self.known.aliases.sources(old.value)
            return old if gained else new
        if isinstance(old, gast.AugAssign):
            return new
        if isinstance(old, gast.Assign):
            targets = names_stored(old.targets[0])
            if isinstance(old.targets[0], gast.Subscript):
                targets = sorted(facts(old.targets[0].value).names)
                if not self.known.aliases.holds_objects(old.targets[0]):
                    return new
        value = self.known.guarded(targets, old.value, new.value)
        return new if value is new.value else with_fields(new, value=value)

    def _added(self, stmt: gast.AugAssign) -> gast.AugAssign:
        """What is added to another array is only read."""
        value = _uncopied(stmt.value)
        apart = not self.known.aliases.touch(facts(stmt.target).names, facts(value).names)
        return with_fields(stmt, value=value) if apart else stmt

    def expression(self, node: gast.expr) -> gast.expr:
        found = facts(node)
        return rewrite(node, self.rule) if found.operators or found.calls or ".T" in found.text else node

    def rule(self, node: Any) -> Any:
        match node:
            case gast.UnaryOp(op=gast.USub(), operand=operand):
                return self._negation(node, operand)
            case gast.BinOp(left=left, op=op, right=right):
                if _is_copy(left) or _is_copy(right):
                    left, right = _uncopied(left), _uncopied(right)
                    node = gast.BinOp(left, op, right)
                if is_number(left) and is_number(right) and type(op) in FOLD:
                    return constant(FOLD[type(op)](left.value, right.value))
                return self._binary(node, left, op, right)
            case gast.Call(func=gast.Name(id="range"), args=[start, stop]) if is_zero(start):
                return with_fields(node, args=[stop])
            case gast.Tuple(elts=[gast.Subscript(value=gast.Attribute(attr="shape")), *_]):
                return self._whole_shape(node)
            case gast.Call(func=gast.Name(id="sum_to"), args=[argument, shape]) if _is_copy(argument):
                return with_fields(node, args=[_uncopied(argument), shape])
            case gast.Call(func=func, args=[argument, *rest]) if dotted(func) == "np.sum":
                return self._sum_of_negative(node, argument, rest)
            case gast.Call(func=func, args=[shape, gast.Constant(value=float() as value)], keywords=[]) if value == 1.0:
                return (
                    gast.Call(gast.Attribute(func.value, "ones", gast.Load()), [shape], [])
                    if dotted(func) == "np.full"
                    else node
                )
            case gast.Compare(left=gast.Constant() as number, ops=[op], comparators=[right]) if type(op) in MIRRORED:
                return (
                    node if isinstance(right, gast.Constant) else gast.Compare(right, [MIRRORED[type(op)]()], [number])
                )
            case gast.Call(func=gast.Attribute(value=gast.Call() | gast.BinOp() as made, attr="copy"), args=[]):
                return made if self.known.aliases.is_fresh(made) else node
        return simplify_axes(node, self.kinds)

    def _whole_shape(self, node: gast.Tuple) -> gast.expr:
        """``(x.shape[0], x.shape[1])`` is ``x.shape``, for a matrix."""
        shape = node.elts[0].value  # type: ignore[attr-defined]
        own = self.kinds.of(shape.value).shape
        wanted = [f"{text(shape)}[{axis}]" for axis in range(len(own or ()))]
        return shape if own and wanted == [text(item) for item in node.elts] else node

    def _sum_of_negative(self, node: gast.Call, argument: gast.expr, rest: list[gast.expr]) -> gast.expr:
        """The sign of a sum stands before it, where it can become a minus."""
        negative, positive = split_sign(argument)
        if not negative or not self.kinds.of(argument).is_float:
            return node
        return negated(with_fields(node, args=[positive, *rest]))

    def _negation(self, node: gast.UnaryOp, operand: gast.expr) -> gast.expr:
        if is_number(operand):
            return node
        if self.kinds.of(node).kind not in "ifc":
            return node
        match operand:
            case gast.UnaryOp(op=gast.USub(), operand=inner):
                return inner
            case gast.BinOp(left=left, op=gast.Sub(), right=right):
                return binary(right, gast.Sub, left)
            case gast.BinOp(op=gast.Mult() | gast.Div()):
                return tidy_product(node, self.kinds)
        return node

    def _binary(self, node: gast.BinOp, left: gast.expr, op: gast.operator, right: gast.expr) -> gast.expr:
        match op:
            case gast.Add() | gast.Sub():
                return self._sum(node, left, isinstance(op, gast.Sub), right)
            case gast.Mult() | gast.Div():
                if isinstance(op, gast.Mult) and self._is_zero_product(left, right):
                    return constant(0.0)
                if isinstance(op, gast.Div) and is_zero(left) and self._is_float_number(right):
                    return constant(0.0)
                shorter = simplify_axes(node, self.kinds)
                return tidy_product(node, self.kinds) if shorter is node else self.rule(shorter)
            case gast.FloorDiv() if text(right) in {"1", "-1"} and self.kinds.of(left).kind == "i":
                return left if text(right) == "1" else self.rule(negated(left))
            case gast.Pow() if is_number(right) and right.value == 1 and self.kinds.of(left).is_float:
                return left
        return node

    def _is_zero_product(self, left: gast.expr, right: gast.expr) -> bool:
        """Zero times a number; a zero adjoint contributes nothing, even where the slope is infinite."""
        return (is_zero(left) and self._is_float_number(right)) or (is_zero(right) and self._is_float_number(left))

    def _is_float_number(self, node: gast.expr) -> bool:
        value = self.kinds.of(node)
        return value.is_number and value.kind == "f" and value.weak

    def _sum(self, node: gast.BinOp, left: gast.expr, minus: bool, right: gast.expr) -> gast.expr:
        value = self.kinds.of(node)
        if value.kind not in "ifc":
            return node
        if value.kind == "i" and value.is_number:
            return self._integer_sum(node, left, minus, right)
        if is_zero(right) and self._keeps_kind(left, right):
            return left
        if self._is_zero_array(left, node, right):
            return self.rule(negated(right)) if minus else right
        if self._is_zero_array(right, node, left):
            return left
        if is_zero(left) and self._keeps_kind(right, left):
            return self.rule(negated(right)) if minus else right
        if not value.is_float:
            return node
        if not minus and text(left) == text(right) and self.known.effects.is_pure(left):
            return self.rule(binary(constant(2.0), gast.Mult, left))
        if not minus and (chosen := joined_choices(left, right)) is not None:
            return chosen
        negative, positive = split_sign(right)
        if negative:
            return self.rule(binary(left, gast.Add if minus else gast.Sub, positive))
        negative, positive = split_sign(left)
        if negative and not minus and not is_number(left):
            return binary(right, gast.Sub, positive)
        if not minus and isinstance(right, gast.BinOp) and isinstance(right.op, gast.Add | gast.Sub):
            if self.kinds.of(right).is_float:
                inner = self.rule(binary(left, gast.Add, right.left))
                return self.rule(binary(inner, type(right.op), right.right))
        return node

    def _is_zero_array(self, zeros: gast.expr, node: gast.expr, other: gast.expr) -> bool:
        """``np.zeros_like(x) + y`` where it changes neither extents nor type."""
        if not isinstance(zeros, gast.Call) or dotted(zeros.func) not in {"np.zeros", "np.zeros_like"}:
            return False
        kinds, own = self.kinds, self.kinds.of(other)
        return same_shape(kinds.of(zeros), own) and own.dtype is not None and kinds.of(zeros).dtype == own.dtype

    def _integer_sum(self, node: gast.BinOp, left: gast.expr, minus: bool, right: gast.expr) -> gast.expr:
        """``j + 1 - 1`` is `j`: integers are exact."""
        if not (is_number(right) and isinstance(right.value, int)):
            return node
        value = -right.value if minus else right.value
        match left:
            case gast.BinOp(left=base, op=gast.Add() | gast.Sub() as op, right=gast.Constant(value=int() as inner)):
                total = value + (inner if isinstance(op, gast.Add) else -inner)
            case _:
                base, total = left, value
        if total == 0:
            return base
        if base is left and not is_zero(right):
            return node
        return binary(base, gast.Add if total > 0 else gast.Sub, constant(abs(total)))

    def _keeps_kind(self, other: gast.expr, zero: gast.expr) -> bool:
        """Adding a literal zero changes neither the type nor the extents."""
        kind = self.kinds.of(other).kind
        return kind in "fc" or (kind == "i" and isinstance(zero.value, int))


def _is_copy(node: gast.expr) -> bool:
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Attribute)
        and node.func.attr == "copy"
        and not node.args
        and not node.keywords
    )


def _uncopied(node: gast.expr) -> gast.expr:
    """Arithmetic makes a new array anyway."""
    return node.func.value if _is_copy(node) else node


def is_zero(node: gast.expr) -> bool:
    return is_number(node) and node.value == 0
