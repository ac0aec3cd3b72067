"""Every row of the rule tables is evaluated, without the compiler, against independent facts.

1. The tangent that the row's kind derives agrees with differences (Richardson, central).
2. ``<y_bar, y_dot> == <x_bar, x_dot>`` for random cotangents and tangents.
3. Every adjoint broadcasts to the shape of its argument; single precision stays single.
4. Every row has a sample, and every function in a right-hand side has a row itself.
"""

from __future__ import annotations

import ast
import inspect
import math
import warnings
from typing import Any

import numpy as np
import pytest

import adgen.runtime as rt
from adgen.rules.kinds import ROWS, Head, Row
from adgen.rules.macros import MACROS
from adgen.rules.registry import registry, resolve
from tests.rules.evaluator import Scope, adjoint, call, fits, is_float, map_value, outputs_of, tangent
from tests.rules.samples import SAMPLES, Sample

DIFFERENTIABLE = ("elementwise", "linear", "bilinear", "general")


def rows_of(function: Any) -> list[tuple[Head, Row]]:
    """Rows of a function; methods of ufuncs (``np.add.outer``) are equal, never identical."""
    return registry().lookup(function) or [
        (head, row)
        for row in ROWS
        for head in row.heads
        if head.callee.count(".") == 2 and resolve(head.callee) == function
    ]


def find(sample: Sample) -> tuple[Row, Head, dict[str, Any]]:
    """The first row that fits, and the values by the names of its head."""
    function = resolve(sample.callee)
    for head, row in rows_of(function):
        bound = head.bind(function, sample.arguments, sample.keywords)
        if bound is not None:
            values = {**head.defaults, **bound}
            if fits(row, head, values):
                return row, head, values
    raise AssertionError(f"no row fits {sample}")


def present(sample: Sample) -> bool:
    registry().lookup(abs)
    return resolve(sample.callee) is not None


CASES = [s for s in SAMPLES if present(s)]
random = np.random.default_rng(7)


def like(value: Any) -> Any:
    """A random direction of the shape and kind of `value`."""

    def one(v: Any) -> Any:
        shape, kind = np.shape(v), np.asarray(v).dtype
        direction = random.normal(size=shape)
        if kind.kind == "c":
            direction = direction + 1j * random.normal(size=shape)
        return type(v)(direction) if type(v) in (float, complex) else np.asarray(direction, kind)[()]

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
        return {
            n: zipped(lambda p, m: (np.asarray(p) - np.asarray(m)) / (2 * step), plus[n], minus[n])
            for n in plus
            if is_float_output(plus[n])
        }

    table = [central(2e-3 / 2**k) for k in range(3)]
    for order in (4, 16):
        table = [
            {n: zipped(lambda a, b, o=order: (o * b - a) / (o - 1), coarse[n], fine[n]) for n in fine}
            for coarse, fine in zip(table, table[1:])
        ]
    return table[0]


def zipped(function: Any, a: Any, b: Any) -> Any:
    if isinstance(a, tuple | list):
        return [zipped(function, p, q) for p, q in zip(a, b, strict=True)]
    return function(a, b)


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
    active = [n for n in sorted(row.differentiable) if n not in sample.constant and n in values and is_float(values[n])]
    assert active, "the sample reaches no differentiable argument"
    dots = {n: like(values[n]) for n in active}
    y = outputs_of(head, call(head, values))
    y_dot = tangent(row, head, values, dots)
    if sample.difference:
        expected = differences(head, values, dots)
        for name in expected:
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
    missing = [
        head.text
        for row in ROWS
        if row.kind in DIFFERENTIABLE
        for head in row.heads
        if resolve(head.callee) is not None and (id(row), head.text) not in reached
    ]
    assert not missing, "\n".join(missing)


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
            function = resolve(name)
            assert function is not None, f"{name} in {row.heads[0].text}"
            if not name.startswith("rt.") and not registry().lookup(function):
                missing.add(name)
    assert not missing, missing


def test_every_function_in_a_runtime_function_has_a_row() -> None:
    registry().lookup(abs)
    missing = set()
    for name in dir(rt):
        function = getattr(rt, name)
        if not inspect.isfunction(function) or has_row(f"rt.{name}"):
            continue
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            called = called.replace("scipy.", "sp.")
            if called.startswith(("np.", "sp.")) and called != "np.add.at" and not has_row(called):
                missing.add(f"{called} in rt.{name}")
    assert not missing, missing


def has_row(name: str) -> bool:
    return bool(registry().lookup(resolve(name)))


def test_names_with_defaults_are_those_of_the_function() -> None:
    registry().lookup(abs)
    wrong = []
    for row in ROWS:
        for head in row.heads:
            function = resolve(head.callee)
            if function is None or row.kind not in DIFFERENTIABLE:
                continue
            try:
                parameters = inspect.signature(function).parameters
            except (TypeError, ValueError):
                continue
            if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
                continue
            wrong += [f"{head.text}: {name}" for name in head.defaults if name not in parameters]
    assert not wrong, "\n".join(wrong)


def test_names_in_right_hand_sides_are_known() -> None:
    registry().lookup(abs)
    wrong = []
    for row in ROWS:
        for head in row.heads:
            known = {
                *head.outputs,
                *row.let,
                "np",
                "math",
                "sp",
                "rt",
                "k",
                head.star,
                *MACROS,
                "isinstance",
                "len",
                "int",
                "float",
                "list",
                "tuple",
                "True",
                "False",
                "None",
                "min",
                "max",
                "abs",
                "all",
                "str",
            }
            for name in head.parameters:
                known |= set(name.strip("()").split(", "))
            arguments = set(known)
            known |= {f"{name}_bar" for name in head.outputs}
            known |= {f"{name}_dot" for name in arguments if name}
            for text in texts(row):
                nodes = [n for n in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(n, ast.Name)]
                names = {n.id for n in nodes} - {n.id for n in nodes if isinstance(n.ctx, ast.Store)}
                wrong += [f"{head.text}: {n} in {text}" for n in names - known]
    assert not wrong, "\n".join(wrong)


def texts(row: Row) -> list[str]:
    quantities = (row.partials, row.adjoints, row.tangents, row.let)
    return [*(text for group in quantities for text in group.values()), row.when or "True"]


SINGLE = [s for s in CASES if s.single and s.difference]


def narrowed(value: Any) -> Any:
    """The value in single precision."""
    if isinstance(value, tuple | list):
        return type(value)([narrowed(v) for v in value])
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value.astype(np.float32 if value.dtype.kind == "f" else np.complex64)
    return value


@pytest.mark.parametrize("sample", SINGLE, ids=str)
def test_single_precision_stays_single(sample: Sample) -> None:
    row, head, values = find(sample)
    values = {name: narrowed(v) for name, v in values.items()}
    try:
        y = outputs_of(head, call(head, values))
    except TypeError:
        return  # the function knows only double precision
    if not all(is_single(v) for v in y.values() if is_float_output(v)) or not any(map(is_float_output, y.values())):
        return  # as it does for these arguments
    active = [n for n in sorted(row.differentiable) if n not in sample.constant and n in values and is_float(values[n])]
    dots = {n: like(values[n]) for n in active}
    y_dot = tangent(row, head, values, dots)
    x_bar = adjoint(row, head, values, {n: like(v) for n, v in y.items() if is_float_output(v)})
    wide = [f"{n}_dot" for n, v in y_dot.items() if is_float_output(y[n]) and not is_single(v)]
    wide += [f"{n}_bar" for n in active if is_single(values[n]) and not is_single(x_bar[n])]
    assert not wide, wide


def is_single(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(is_single, value))
    return np.asarray(value).dtype in (np.float32, np.complex64) or not np.any(value)


RESPELT = [s for s in CASES if find(s)[0].numba and not any(isinstance(v, np.ndarray) for v in s.arguments)]


@pytest.mark.parametrize("sample", RESPELT, ids=str)
def test_spelling_for_numba_compiles_and_agrees(sample: Sample) -> None:
    numba = pytest.importorskip("numba")
    row, head, values = find(sample)
    scope = Scope(row, values)
    names = [n for n, v in values.items() if isinstance(v, float)]
    helpers = {n: numba.njit(getattr(rt, n)) for n in ("digamma", "log_ndtr")}
    space = {"np": np, "math": math, **helpers}
    exec(f"def respelt({', '.join(names)}): return {scope.expanded(row.numba).replace('rt.', '')}", space)
    compiled = numba.njit(error_model="numpy")(space["respelt"])
    close(compiled(*(values[n] for n in names)), call(head, values), 1e-13)
