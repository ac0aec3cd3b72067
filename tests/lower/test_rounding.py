"""What is rounded to whole numbers, compiled, is what NumPy makes of it: the grid is met exactly."""

import math

import numpy as np
import pytest

import adgen
from adgen.options import Options
from adgen.pipeline import generate

GRID = np.arange(200) * 0.7


def bins(x, h):
    k = np.floor(x / h)
    return np.sum(k * k * x)


def table(x, h):
    ys = np.arange(210.0) ** 1.5
    s = 0.0
    for i in range(x.shape[0]):
        t = (x[i] - 0.0) / h
        k = min(max(int(math.floor(t)), 0), 208)
        s += (ys[k] * (1 + k - t) + ys[k + 1] * (t - k)) * k
    return s


def shifted(x, h):
    n = 10.0 / 7.0
    return np.sum(np.floor(x * n - 1.0 + h) * x)


def parity(x, h):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i] * (int(x[i] / h) % 2)
    return s


def wrapped(x, h):
    s = 0.0
    for i in range(x.shape[0]):
        for j in range(i):
            d = x[i] - x[j]
            d -= h * np.round(d / h)
            s += d * d * (1.0 + np.round(d / h * 2.0))
    return s


def branches(x, h):
    s = 0.0
    for i in range(x.shape[0]):
        if x[i] / h >= i:
            s += 3.0 * x[i]
    return s


FUNCTIONS = [bins, table, shifted, parity, wrapped, branches]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_quotients_that_are_rounded_are_exact(function) -> None:
    options = Options(jit=True)
    text = generate(function, {"x": GRID, "h": 0.7}, "value_and_grad", ("x",), options=options).text
    assert "exact_product(" in text if function is shifted else "exact_quotient(" in text


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_compiled_code_rounds_as_numpy_does(function) -> None:
    value, gradient = adgen.value_and_grad(function)(GRID, 0.7)
    compiled, compiled_gradient = adgen.value_and_grad(function, jit=True)(GRID, 0.7)
    np.testing.assert_allclose(compiled, value, rtol=1e-12)
    np.testing.assert_allclose(compiled_gradient, gradient, rtol=1e-9, atol=1e-9)


def test_other_quotients_stay_as_they_are() -> None:
    text = generate(lambda x, h: np.sum(x / h), {"x": GRID, "h": 0.7}, "grad", ("x",), options=Options(jit=True)).text
    assert "exact" not in text
