"""Functions that have a rule and no Python source can be differentiated as they are."""

from __future__ import annotations

import cmath
import functools
import math
import operator
from typing import Any

import numpy as np
import pytest
import scipy.special

import adgen

X = np.array([0.3, -1.2, 2.5])
M = np.arange(6.0).reshape(2, 3) + 0.5
FUNCTIONS: list[tuple[Any, tuple[Any, ...]]] = [
    (np.linalg.norm, (X,)),
    (np.linalg.det, (M[:, :2],)),
    (np.sum, (M,)),
    (np.mean, (X,)),
    (np.max, (X,)),
    (np.cov, (X,)),
    (np.interp, (0.7, np.array([0.0, 1.0]), np.array([2.0, 5.0]))),
    (np.dot, (X, X + 1)),
    (np.linalg.eigvalsh, (M[:, :2] @ M[:, :2].T,)),
    (np.square, (X,)),
    (np.exp, (0.3,)),
    (np.arctan2, (0.3, 1.4)),
    (np.multiply, (X, X + 2)),
    (math.sin, (0.4,)),
    (math.atan2, (0.4, 1.3)),
    (math.hypot, (0.4,)),
    (abs, (-0.4,)),
    (pow, (1.4, 2.5)),
    (sum, (X,)),
    (max, (1.4, 2.5)),
    (float, (1.4,)),
    (operator.mul, (1.4, 2.5)),
    (functools.partial(np.sum, axis=0), (M,)),
    (functools.partial(np.linalg.norm, axis=1, keepdims=True), (M,)),
    (functools.partial(math.pow, 2.0), (1.5,)),
    (functools.partial(lambda a, x: a * x * x, 3.0), (X,)),
    (np.vectorize(lambda a: a * a), (X,)),
    (scipy.special.logsumexp, (X,)),
    (scipy.special.gammaln, (X + 3,)),
    (np.add.reduce, (X,)),
    (np.fft.rfft, (X,)),
]


@pytest.mark.parametrize(("function", "arguments"), FUNCTIONS, ids=lambda v: getattr(v, "__name__", None))
def test_both_modes_of_a_function_without_source(function: Any, arguments: tuple[Any, ...]) -> None:
    step = 1e-6
    dots = tuple(np.cos(np.arange(np.size(a))).reshape(np.shape(a))[()] for a in arguments)
    value, value_dot = adgen.jvp(function)(arguments, dots)
    np.testing.assert_allclose(value, function(*arguments), rtol=1e-12)
    plus, minus = (function(*(a + h * d for a, d in zip(arguments, dots, strict=True))) for h in (step, -step))
    np.testing.assert_allclose(value_dot, (np.asarray(plus) - np.asarray(minus)) / (2 * step), rtol=1e-6, atol=1e-6)
    value, pullback = adgen.vjp(function)(*arguments)
    bar = np.ones_like(np.asarray(value))[()]
    gradients = pullback(bar if isinstance(value, np.ndarray) else bar.item())
    right = sum(np.sum(np.real(g * d)) for g, d in zip(gradients, dots, strict=True))
    np.testing.assert_allclose(np.sum(np.real(bar * value_dot)), right, rtol=1e-9)


def test_options_of_a_library_function_are_taken_by_name() -> None:
    np.testing.assert_allclose(adgen.grad(np.linalg.norm)(X, ord=1), np.sign(X))
    np.testing.assert_allclose(adgen.grad(lambda x: np.sum(adgen.grad(np.linalg.norm)(x)))(X).shape, X.shape)
    assert adgen.grad(math.sin)(0.0) == 1.0
    assert adgen.grad(cmath.exp, argnums=0).__name__ == "exp_grad"


def test_the_source_names_the_function() -> None:
    derivative = adgen.grad(math.sin)
    derivative(0.3)
    assert "math.cos(x)" in derivative.source
