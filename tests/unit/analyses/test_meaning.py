"""Derivatives that are zero though the result depends on the argument are announced, once, and no others are."""

import math
import warnings

import numpy as np
import pytest

import adgen


def root_by_bisection(c):
    low, high = 0.0, 10.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        if middle * middle < c:
            low = middle
        else:
            high = middle
    return low


def root_with_a_newton_step(c):
    x = root_by_bisection(c)
    return x - (x * x - c) / (2.0 * x)


def rounded_to_a_grid(x):
    return np.round(x * 4.0) / 4.0


def whole_part(x):
    return 2.0 * math.floor(x)


def steps_until_small(x):
    count = 0.0
    while x > 0.1:
        x = x * 0.5
        count += 1.0
    return count


def side(x):
    return 1.0 if x > 0.0 else -1.0


def counted_then_left(x):
    total = 0.0
    for k in range(20):
        if k * x > 3.0:
            break
        total += 1.0
    return total


def position_of_the_largest(x):
    return 1.0 * np.argmax(x)


def unused(x):
    return 3.0


def only_its_size(x):
    return 2.0 * x.size + len(x)


def rounded_in_part(x):
    return np.floor(x) + x


def rounded_on_purpose(x):
    return np.floor(adgen.stop_gradient(x))


def selected(x):
    return x if x > 0.0 else 0.0


MEANINGLESS = [
    (root_by_bisection, 2.0, "implicit function theorem", "which branch runs"),
    (whole_part, 2.3, "before it is rounded", "rounded here"),
    (steps_until_small, 2.3, "implicit function theorem", "which branch runs"),
    (side, 2.3, "implicit function theorem", "which branch runs"),
    (counted_then_left, 0.7, "implicit function theorem", "which branch runs"),
]


@pytest.mark.parametrize(("function", "x", "remedy", "reason"), MEANINGLESS)
@pytest.mark.parametrize("make", [adgen.grad, adgen.value_and_grad])
def test_a_meaningless_derivative_is_announced(make, function, x, remedy, reason):
    with pytest.warns(adgen.MeaninglessDerivative) as caught:
        result = make(function)(x)
    (warning,) = caught.list
    text = str(warning.message)
    assert "test_meaning.py:" in text
    assert remedy in text
    assert reason in text
    assert (result if make is adgen.grad else result[1]) == 0.0


def test_rounding_is_announced_with_its_line():
    line = rounded_to_a_grid.__code__.co_firstlineno + 1
    with pytest.warns(adgen.MeaninglessDerivative, match=rf"test_meaning.py:{line}: .*rounded here"):
        adgen.jvp(rounded_to_a_grid)((1.3,), (1.0,))


def test_it_is_announced_once():
    derivative = adgen.grad(side)
    with pytest.warns(adgen.MeaninglessDerivative):
        derivative(0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        derivative(0.4)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (unused, 0.3),
        (only_its_size, np.ones(3)),
        (rounded_in_part, 0.3),
        (selected, 0.3),
        (rounded_on_purpose, 2.3),
        (root_with_a_newton_step, 2.0),
    ],
)
def test_other_derivatives_are_not_announced(function, x):
    with warnings.catch_warnings():
        warnings.simplefilter("error", adgen.MeaninglessDerivative)
        adgen.grad(function)(x)


def test_second_derivatives_that_vanish_are_not_announced():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert adgen.hessian(lambda x: abs(x))(0.3) == 0.0
        assert adgen.grad(adgen.grad(selected))(0.3) == 0.0


def test_positions_are_announced():
    with pytest.warns(adgen.MeaninglessDerivative):
        adgen.grad(position_of_the_largest)(np.array([1.0, 3.0, 2.0]))


def test_the_newton_step_that_the_message_suggests_gives_the_derivative():
    assert abs(adgen.grad(root_with_a_newton_step)(2.0) - 0.5 / math.sqrt(2.0)) < 1e-6
