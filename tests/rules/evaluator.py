"""Evaluates rows of the rule tables directly on arrays, as the documentation of `kinds` says they mean.

It knows nothing of the compiler: conditional expressions with static tests are folded, macros are
expanded, and what remains is evaluated by Python.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy
import scipy.special

import adgen.runtime as rt
from adgen.program.dims import Dim
from adgen.program.types import Array, TupleOf, Type, type_of_number
from adgen.rules.kinds import Head, Row
from adgen.rules.macros import MACROS, MISSING, Operand
from adgen.rules.registry import resolve

Values = dict[str, Any]


def type_of(value: Any) -> Type | None:
    if isinstance(value, np.ndarray):
        return Array(value.dtype, tuple(Dim(n) for n in value.shape))
    if isinstance(value, bool | int | float | complex | np.generic):
        return type_of_number(value)
    if isinstance(value, tuple | list):
        return TupleOf(tuple(type_of(v) for v in value))
    return None


def is_static(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(is_static(v) for v in value)
    if isinstance(value, type | np.dtype) or type(value).__name__ == "Const":
        return True
    return value is None or isinstance(value, bool | int | str)


class Facts:
    """What a static test may ask of a value that is not static."""

    def __init__(self, value: Any) -> None:
        array = np.asarray(value)
        self.ndim, self.dtype, self.is_array = array.ndim, array.dtype, isinstance(value, np.ndarray)


class Unknown(Exception):
    """A test that is not static."""


def _facts(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return StaticInt(value)
    if isinstance(value, list):
        return StaticList(_facts(v) for v in value)
    if isinstance(value, tuple):
        return StaticTuple(_facts(v) for v in value)
    return value if is_static(value) else Facts(value)


class StaticInt(int):
    ndim, dtype, is_array = 0, np.dtype(int), False


class StaticList(list):
    ndim = property(lambda self: np.asarray(tuple(self)).ndim)


class StaticTuple(tuple):  # noqa: SLOT001
    ndim = property(lambda self: np.asarray(tuple(self)).ndim)


def _isinstance(value: Any, classes: Any) -> bool:
    classes = classes if isinstance(classes, tuple) else (classes,)
    if isinstance(value, Facts | StaticInt) and value.is_array:
        return np.ndarray in classes
    return isinstance(value, classes)


def static_test(text: str, values: Values) -> bool:
    """Whether a test of static facts holds."""
    known = {name: _facts(value) for name, value in values.items()}
    return bool(eval(text, {"isinstance": _isinstance, "np": np, "len": len, **known}))


class Expand(ast.NodeTransformer):
    """Folds static conditions and expands macros."""

    def __init__(self, scope: Scope, bound: Mapping[str, ast.expr]) -> None:
        self.scope, self.bound = scope, bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.bound.get(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        node = self.generic_visit(node)
        if isinstance(node.value, ast.Name):
            value = self.scope.values.get(node.value.id)
            if isinstance(value, int | float | complex) and not isinstance(value, np.generic):
                facts = {"shape": "()", "size": "1", "ndim": "0"}  # numbers have these when generating
                return ast.parse(facts.get(node.attr, ast.unparse(node)), mode="eval").body
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        values = {**self.scope.statics}
        test = ast.unparse(Expand(self.scope, self.bound).visit(node.test) if self.bound else node.test)
        return self.visit(node.body if static_test(test, values) else node.orelse)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in MACROS:
            arguments = [self.visit(a) for a in node.args]
            function = MACROS[node.func.id]
            operands = [self.scope.operand(a) for a in arguments]
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            text = function(*operands)
            inner = ast.parse(text, mode="eval").body
            return Expand(self.scope, dict(zip(names, arguments))).visit(inner)
        return self.generic_visit(node)


class Scope:
    """The names of one call, with their values."""

    def __init__(self, row: Row, values: Values) -> None:
        self.row, self.values = row, dict(values)

    @property
    def statics(self) -> Values:
        return self.values

    def operand(self, node: ast.expr) -> Operand:
        value = self._value(node)
        return Operand(ast.unparse(node), type_of(value), value if is_static(value) else MISSING)

    def expanded(self, text: str) -> str:
        tree = ast.parse(text.strip(), mode="eval").body
        return ast.unparse(ast.fix_missing_locations(Expand(self, {}).visit(tree)))

    def evaluate(self, text: str) -> Any:
        return self._value(ast.parse(self.expanded(text), mode="eval").body)

    def _value(self, node: ast.expr) -> Any:
        for name in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}:
            if name not in self.values and name in self.row.let:
                self.values[name] = self.evaluate(self.row.let[name])
        space = {"np": np, "math": math, "rt": rt, "sp": scipy}
        return eval(ast.unparse(node), {**space, **self.values})


# Calls ------------------------------------------------------------------------------------------


def call(head: Head, values: Values) -> Any:
    """The primal statement."""
    function = resolve(head.callee)
    plain = [
        tuple(values[n] for n in name.strip("()").split(", ")) if name.startswith("(") else values[name]
        for name in head.parameters
        if name not in head.defaults
    ]
    named = {k: values[k] for k, d in head.defaults.items() if k in values and values[k] is not d}
    if head.star:
        plain += list(values[head.star])
    return function(*plain, **named)


def fits(row: Row, head: Head, values: Values) -> bool:
    if row.ranks is not None:
        ranks = tuple(np.ndim(values[p]) for p in head.parameters[: len(row.ranks)])
        if ranks != row.ranks:
            return False
    return not row.when or static_test(row.when, {"y": None, **values})


def is_float(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return bool(value) and all(is_float(v) for v in value)
    return not is_static(value) and np.asarray(value).dtype.kind in "fc"


def outputs_of(head: Head, result: Any) -> dict[str, Any]:
    return {head.outputs[0]: result} if len(head.outputs) == 1 else dict(zip(head.outputs, result, strict=True))


def map_value(function: Any, value: Any) -> Any:
    return type(value)([map_value(function, v) for v in value]) if isinstance(value, tuple | list) else function(value)


def zeros(value: Any) -> Any:
    return map_value(lambda v: 0.0 if type(v) is float else np.zeros_like(v)[()], value)


def tangent(row: Row, head: Head, values: Values, dots: Values) -> dict[str, Any]:
    """Tangents of all outputs, as the row's kind derives them."""
    outs = outputs_of(head, call(head, values))
    if row.kind == "elementwise" and not row.tangents:
        (out, *_) = head.outputs
        scope = Scope(row, {**values, **outs})
        total = sum(scope.evaluate(text) * dots[name] for name, text in row.partials.items() if name in dots)
        return {out: _to_dtype_kind(total, outs[out])}
    if row.kind == "linear":
        zeroed = {
            name: dots[name] if name in dots else zeros(values[name]) if is_float(values[name]) else values[name]
            for name in row.adjoints
        }
        for name in row.adjoints:
            if name not in dots and not is_float(values[name]) and values[name] is not None:
                zeroed[name] = 0
        return outputs_of(head, call(head, {**values, **zeroed}))
    if row.kind == "bilinear":
        total = None
        for name in dots:
            for version in _one_at_a_time(values[name], dots[name]):
                term = call(head, {**values, name: version})
                total = term if total is None else total + term
        return {head.outputs[0]: total}
    names = {
        f"{name}_dot": dots.get(name, zeros(values[name]) if is_float(values[name]) else 0)
        for name in row.differentiable
        if name in values
    }
    scope = Scope(row, {**values, **outs, **names})
    return {out: scope.evaluate(row.tangents[out]) if out in row.tangents else zeros(outs[out]) for out in outs}


def _one_at_a_time(value: Any, dot: Any) -> list[Any]:
    if not isinstance(value, tuple | list):
        return [dot]
    return [type(value)([dot[j] if j == k else v for j, v in enumerate(value)]) for k in range(len(value))]


def _to_dtype_kind(total: Any, like: Any) -> Any:
    return np.real(total) if np.iscomplexobj(total) and not np.iscomplexobj(like) else total


def adjoint(row: Row, head: Head, values: Values, bars: Values) -> dict[str, Any]:
    """Adjoints of all differentiable arguments, as the row's kind derives them."""
    outs = outputs_of(head, call(head, values))
    names = {f"{name}_bar": bars.get(name) for name in outs}
    result = {}
    for name in row.differentiable:
        value = values.get(name)
        if not is_float(value):
            continue
        if isinstance(value, tuple | list):
            result[name] = type(value)(
                [
                    _fit(Scope(row, {**values, **outs, **names, "k": k}).evaluate(row.adjoints[name]), v, row, name)
                    for k, v in enumerate(value)
                ]
            )
            continue
        scope = Scope(row, {**values, **outs, **names})
        if name in row.partials:
            out = head.outputs[0]
            bar = scope.evaluate(row.partials[name]) * bars[out]
        else:
            bar = scope.evaluate(row.adjoints[name])
        result[name] = _fit(bar, value, row, name)
    return result


def _fit(bar: Any, value: Any, row: Row, name: str) -> Any:
    """The shape and kind of the argument: summed for elementwise rows, otherwise it must broadcast to it."""
    bar, value = np.asarray(bar), np.asarray(value)
    if row.kind == "elementwise":
        bar = np.broadcast_to(bar, np.broadcast_shapes(bar.shape, value.shape))
        bar = rt.sum_to(bar, value.shape)
    if np.iscomplexobj(bar) and not np.iscomplexobj(value):
        bar = np.real(bar)
    assert bar.ndim <= value.ndim, f"{name}_bar has shape {bar.shape}, {name} has {value.shape}"
    return np.broadcast_to(bar, value.shape)
