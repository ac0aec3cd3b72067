"""Every row of the rule tables is evaluated, without the compiler, against independent facts.

1. The tangent that the row's kind derives agrees with differences (Richardson, central).
2. ``<y_bar, y_dot> == <x_bar, x_dot>`` for random cotangents and tangents.
3. Every adjoint broadcasts to the shape of its argument; single precision stays single.
4. Every row has a sample, and every function in a right-hand side has a row itself.
"""

from __future__ import annotations

import ast
import warnings
from typing import Any

import numpy as np
import pytest

from adgen.rules.kinds import ROWS, Head, Row
from adgen.rules.macros import MACROS
from adgen.rules.registry import _resolve, registry
from tests.rules.evaluator import adjoint, call, fits, is_float, map_value, outputs_of, tangent
from tests.rules.samples import SAMPLES, Sample

DIFFERENTIABLE = ("elementwise", "linear", "bilinear", "general")


def rows_of(function: Any) -> list[tuple[Head, Row]]:
    """Rows of a function; methods of ufuncs (``np.add.outer``) are equal, never identical."""
    return registry().lookup(function) or [
        (head, row) for row in ROWS for head in row.heads if head.callee.count(".") == 2
        and _resolve(head.callee) == function]


def find(sample: Sample) -> tuple[Row, Head, dict[str, Any]]:
    """The first row that fits, and the values by the names of its head."""
    function = _resolve(sample.callee)
    for head, row in rows_of(function):
        bound = head.bind(function, sample.arguments, sample.keywords)
        if bound is not None:
            values = {**head.defaults, **bound}
            if fits(row, head, values):
                return row, head, values
    raise AssertionError(f"no row fits {sample}")


def present(sample: Sample) -> bool:
    registry().lookup(abs)
    return _resolve(sample.callee) is not None


CASES = [s for s in SAMPLES if present(s)]
random = np.random.default_rng(7)


def like(value: Any) -> Any:
    """A random direction of the shape and kind of `value`."""
    def one(v: Any) -> Any:
        shape, kind = np.shape(v), np.asarray(v).dtype
        direction = random.normal(size=shape)
        if kind.kind == "c":
            direction = direction + 1j * random.normal(size=shape)
        return np.asarray(direction, kind)[()]
    return map_value(one, value)


def moved(value: Any, direction: Any, step: float) -> Any:
    if isinstance(value, tuple | list):
        return type(value)([moved(v, d, step) for v, d in zip(value, direction, strict=True)])
    return value + step * direction


def differences(head: Head, values: dict[str, Any], dots: dict[str, Any]) -> dict[str, Any]:
    """Derivative along `dots` by central differences, extrapolated twice."""
    def central(step: float) -> dict[str, Any]:
        plus = outputs_of(head, call(head, {**values, **{n: moved(values[n], d, step) for n, d in dots.items()}}))
        minus = outputs_of(head, call(head, {**values, **{n: moved(values[n], d, -step) for n, d in dots.items()}}))
        return {n: zipped(lambda p, m: (np.asarray(p) - np.asarray(m)) / (2 * step), plus[n], minus[n]) for n in plus}
    table = [central(2e-3 / 2**k) for k in range(3)]
    for order in (4, 16):
        table = [{n: zipped(lambda a, b, o=order: (o * b - a) / (o - 1), coarse[n], fine[n]) for n in fine}
                 for coarse, fine in zip(table, table[1:])]
    return table[0]


def zipped(function: Any, a: Any, b: Any) -> Any:
    return [zipped(function, p, q) for p, q in zip(a, b, strict=True)] if isinstance(a, tuple | list) else function(a, b)


def inner(a: Any, b: Any) -> float:
    if isinstance(a, tuple | list):
        return sum(inner(p, q) for p, q in zip(a, b, strict=True))
    product = np.asarray(a) * np.asarray(b)
    return float(np.sum(np.real(product)))


def close(a: Any, b: Any, tolerance: float) -> None:
    if isinstance(a, tuple | list):
        for p, q in zip(a, b, strict=True):
            close(p, q, tolerance)
        return
    a, b = np.broadcast_arrays(np.asarray(a), np.asarray(b))
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("sample", CASES, ids=str)
def test_tangent_agrees_with_differences_and_adjoint_with_tangent(sample: Sample) -> None:
    row, head, values = find(sample)
    assert row.kind in DIFFERENTIABLE, row.kind
    active = [n for n in sorted(row.differentiable)
              if n not in sample.constant and n in values and is_float(values[n])]
    assert active, "the sample reaches no differentiable argument"
    dots = {n: like(values[n]) for n in active}
    y = outputs_of(head, call(head, values))
    y_dot = tangent(row, head, values, dots)
    if sample.difference:
        expected = differences(head, values, dots)
        for name in y:
            if not sample.outputs or name in sample.outputs:
                close(y_dot[name], expected[name], 1e-7)
    bars = {n: like(v) for n, v in y.items() if is_float_output(v)}
    check_identity(row, head, values, dots, y_dot, bars)
    for name in active:
        if len(active) > 1:
            only = {name: dots[name]}
            check_identity(row, head, values, only, tangent(row, head, values, only), bars)
    if len(bars) > 1:
        for name in bars:
            check_identity(row, head, values, dots, y_dot, {name: bars[name]})


def is_float_output(value: Any) -> bool:
    return isinstance(value, float) or (is_float(value) and (isinstance(value, tuple | list) or np.size(value) > 0))


def check_identity(row: Row, head: Head, values: Any, dots: Any, y_dot: Any, bars: Any) -> None:
    x_bar = adjoint(row, head, values, bars)
    left = sum(inner(bars[n], y_dot[n]) for n in bars)
    right = sum(inner(x_bar[n], dots[n]) for n in dots)
    scale = 1 + sum(abs(inner(map_value(np.abs, bars[n]), map_value(np.abs, y_dot[n]))) for n in bars)
    tolerance = 2 * max(1e-9, *(finest(v) for v in y_dot.values()))
    assert abs(left - right) < tolerance * scale, (left, right)


def finest(value: Any) -> float:
    if isinstance(value, tuple | list):
        return max(map(finest, value))
    dtype = np.asarray(value).dtype
    return float(np.finfo(dtype).eps) if dtype.kind in "fc" else 0.0


def test_every_row_has_a_sample() -> None:
    reached = {(id(row), head.text) for row, head, _ in map(find, CASES)}
    missing = [head.text for row in ROWS if row.kind in DIFFERENTIABLE for head in row.heads
               if _resolve(head.callee) is not None and (id(row), head.text) not in reached]
    assert not missing, "\n".join(missing)


NAMELESS = {"T", "shape", "size", "ndim", "dtype", "real", "imag", "pi", "e", "inf"}


def functions_named(row: Row) -> set[str]:
    """Dotted names of the functions in a row's right-hand sides, macros left out."""
    found = set()
    for text in [*row.partials.values(), *row.adjoints.values(), *row.tangents.values(), *row.let.values()]:
        for node in ast.walk(ast.parse(text.strip(), mode="eval")):
            if isinstance(node, ast.Call):
                found.add(ast.unparse(node.func))
    return found - set(MACROS)


def test_every_function_named_in_a_row_has_a_row() -> None:
    registry().lookup(abs)
    missing = set()
    for row in ROWS:
        for name in functions_named(row):
            if name in ("isinstance", "len"):
                continue
            function = _resolve(name)
            assert function is not None, f"{name} in {row.heads[0].text}"
            if not name.startswith("rt.") and not registry().lookup(function):
                missing.add(name)
    assert not missing, missing
