"""Derivatives stay right where intermediate values overflow, underflow or vanish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adgen

FAR = np.array([-1e300, -800.0, -710.0, -37.0, -1e-300, 0.0, 1e-300, 37.0, 710.0, 800.0, 1e300])


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with np.errstate(all="ignore"):
        yield


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def sigmoid_power(x: np.ndarray) -> np.ndarray:
    return (1 + np.exp(-x)) ** -1


def sigmoid_reciprocal(x: np.ndarray) -> np.ndarray:
    return np.reciprocal(1 + np.exp(-x))


def sigmoid_divide(x: np.ndarray) -> np.ndarray:
    return np.divide(1.0, np.add(1.0, np.exp(-x)))


def sigmoid_by_halves(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid_of_the_other(x: np.ndarray) -> np.ndarray:
    return 1 - 1 / (1 + np.exp(x))


def sigmoid_slope(x: np.ndarray) -> np.ndarray:
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2


@pytest.mark.parametrize(
    "f",
    [sigmoid, sigmoid_power, sigmoid_reciprocal, sigmoid_divide, sigmoid_by_halves, sigmoid_of_the_other],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("jit", [False, True])
def test_the_slope_of_a_sigmoid_is_right_far_out(f: Callable[..., Any], jit: bool) -> None:
    (gradient,) = adgen.vjp(f, jit=jit)(FAR)[1](np.ones_like(FAR))
    tangent = adgen.jvp(f, jit=jit)((FAR,), (np.ones_like(FAR),))[1]
    near = 1e-15 if f is sigmoid_of_the_other else 1e-300
    np.testing.assert_allclose(gradient, sigmoid_slope(FAR), rtol=1e-12, atol=near)
    np.testing.assert_allclose(tangent, sigmoid_slope(FAR), rtol=1e-12, atol=near)


@pytest.mark.parametrize("x", [-800.0, 0.3, 800.0])
def test_the_slope_of_a_sigmoid_of_a_number_is_right_far_out(x: float) -> None:
    expected = float(sigmoid_slope(np.array(x)))
    assert adgen.grad(sigmoid)(x) == pytest.approx(expected, rel=1e-12, abs=0)
    assert adgen.jvp(sigmoid)((x,), (1.0,))[1] == pytest.approx(expected, rel=1e-12, abs=0)


FINITE = {
    "swish": (lambda x: x / (1 + np.exp(-x)), [0.0, 0.0, 0.0, -3.0718971e-15, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0]),
    "exponential unit": (
        lambda x: np.where(x > 0, x, np.exp(x) - 1),
        [0.0, 0.0, 4.47628623e-309, 8.53304763e-17, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ),
    "Gompertz": (
        lambda x: np.exp(-np.exp(x)),
        [0.0, 0.0, -4.47628623e-309, -8.53304763e-17, *[-np.exp(-1)] * 3, 0.0, 0.0, 0.0, 0.0],
    ),
    "secant": (
        lambda x: 1 / np.cosh(x),
        [0.0, 0.0, 8.9525725e-309, 1.70660953e-16, 1e-300, 0.0, -1e-300, -1.70660953e-16, -8.9525725e-309, 0.0, 0.0],
    ),
    "a squared sigmoid": (
        lambda x: 1 / (1 + np.exp(-x)) ** 2,
        [0.0, 0.0, 0.0, 1.45625804e-32, 0.25, 0.25, 0.25, 1.70660953e-16, 8.9525725e-309, 0.0, 0.0],
    ),
    "softplus": (
        lambda x: np.logaddexp(0, x),
        [0.0, 0.0, 4.47628623e-309, 8.53304763e-17, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    ),
    "tanh": (lambda x: np.tanh(x), [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
}


@pytest.mark.parametrize("name", FINITE)
def test_what_is_finite_has_a_finite_slope(name: str) -> None:
    f, expected = FINITE[name]
    (gradient,) = adgen.vjp(f)(FAR)[1](np.ones_like(FAR))
    tangent = adgen.jvp(f)((FAR,), (np.ones_like(FAR),))[1]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-300)
    np.testing.assert_allclose(tangent, expected, rtol=1e-7, atol=1e-300)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_slopes_of_lengths_and_angles_do_not_depend_on_the_scale(scale: float) -> None:
    def length(a: float, b: float) -> Any:
        return np.hypot(a, b)

    def angle(a: float, b: float) -> Any:
        return np.arctan2(a, b)

    np.testing.assert_allclose(adgen.grad(length, argnums=(0, 1))(3 * scale, 4 * scale), (0.6, 0.8), rtol=1e-14)
    slopes = adgen.grad(angle, argnums=(0, 1))(3 * scale, 4 * scale)
    np.testing.assert_allclose(np.multiply(slopes, scale), (0.16, -0.12), rtol=1e-14)


@pytest.mark.parametrize("shift", [-1e5, -800.0, 0.0, 800.0, 1e5])
def test_softmax_is_right_for_large_arguments(shift: float) -> None:
    def total(x: np.ndarray) -> Any:
        return np.logaddexp.reduce(x)

    def softmax(x: np.ndarray) -> Any:
        e = np.exp(x - np.max(x))
        return e / np.sum(e)

    x = np.array([0.0, 1.0, -2.0]) + shift
    p = np.exp([0.0, 1.0, -2.0]) / np.sum(np.exp([0.0, 1.0, -2.0]))
    np.testing.assert_allclose(adgen.grad(total)(x), p, rtol=1e-9)
    np.testing.assert_allclose(adgen.jacobian(softmax)(x), np.diag(p) - np.outer(p, p), rtol=1e-9, atol=1e-12)
