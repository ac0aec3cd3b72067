"""Rules that users give: both modes, second order, from partials or from functions; what is wrong is said at once."""

from __future__ import annotations

import ctypes
import ctypes.util
from _statistics import _normal_dist_inv_cdf
from typing import Any

import numpy as np
import pytest

import adgen
from adgen.errors import MissingRule
from adgen.testing import check_grads

LIBRARY = ctypes.CDLL(ctypes.util.find_library("m"))


def of_numbers(name: str, arity: int) -> Any:
    function = getattr(LIBRARY, name)
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * arity
    return function


cube_root, power, erf = of_numbers("cbrt", 1), of_numbers("pow", 2), of_numbers("erf", 1)
adgen.rule("y = cbrt(x)", cube_root, dy_dx="1 / (3 * y * y)")
adgen.rule("y = power(a, b)", power, dy_da="b * power(a, b - 1)", dy_db="y * np.log(a)", names={"power": power})
adgen.rule("y = erf(x)", erf, dy_dx=lambda x: 2 / np.sqrt(np.pi) * np.exp(-x * x))


def smoothed(x: Any, width: int) -> Any:
    return eval("np.convolve(x, np.ones(width) / width, 'same')", {"np": np, "x": x, "width": width})


def energy(x: Any, k: float) -> float:
    return float(eval("k * (x @ x)", {"x": x, "k": k}))


adgen.rule(
    "y = smoothed(x, width)",
    smoothed,
    kind="linear",
    x_bar=lambda y_bar, width: np.convolve(y_bar, np.ones(width) / width, "same"),
    like=lambda x, width: x + width,
)
adgen.rule("y = energy(x, k)", energy, let={"square": "x @ x"},
           y_dot="2 * k * (x @ x_dot) + square * k_dot", x_bar="2 * k * y_bar * x", k_bar="square * y_bar")  # fmt: skip

X = np.array([0.3, -1.2, 2.5, 0.7])


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lambda x: cube_root(x) * x, (2.0,)),
        (lambda a, b: power(a, b) + power(b, 2.0), (1.3, 0.7)),
        (lambda x: erf(x) * cube_root(2 * x), (0.6,)),
        (lambda x, k: energy(x * x, k) * k, (X, 0.8)),
        (lambda x: np.sum(smoothed(np.sin(x), 3) ** 2), (X,)),
    ],
)
def test_both_modes_and_second_order(function: Any, arguments: tuple[Any, ...]) -> None:
    check_grads(function, arguments)


def test_a_rule_of_numbers_in_a_loop() -> None:
    def total(x: Any) -> Any:
        s = 0.0
        for i in range(x.shape[0]):
            s += erf(x[i]) * x[i]
        return s

    check_grads(total, (X,))


def test_the_newest_rule_counts() -> None:
    def twice(x: float) -> float:
        return eval("2 * x", {"x": x})

    adgen.rule("y = twice(x)", twice, dy_dx="3")
    adgen.rule("y = twice(x)", twice, dy_dx="2")
    assert adgen.grad(lambda x: twice(x))(1.0) == 2.0


def test_the_refusal_shows_the_rule_to_fill_in() -> None:
    with pytest.raises(
        MissingRule, match=r'adgen\.rule\("y = \w+\(p, mu, sigma\)", _statistics\.\w+, dy_dp="\.\.\.", dy_dmu='
    ):
        adgen.grad(lambda p: _normal_dist_inv_cdf(p, 0.0, 1.0))(0.5)


def test_what_is_wrong_with_a_rule_is_said_when_it_is_given() -> None:
    with pytest.raises(TypeError, match="kind='linear'"):
        adgen.rule("y = energy(x, k)", energy, x_bar="x")
    with pytest.raises(NameError, match="give it by names"):
        adgen.rule("y = energy(x, k)", energy, dy_dx="unheard_of(x)")
    with pytest.raises(TypeError, match="unknown keyword"):
        adgen.rule("y = energy(x, k)", energy, dy_dx="x", backwards="x")
    with pytest.raises(TypeError, match="a rule is"):
        adgen.rule("y = energy(x, k)", energy, kind="magic", x_bar="x")
