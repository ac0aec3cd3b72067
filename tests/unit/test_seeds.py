"""Tangents and cotangents are made to fit, or refused; they never broadcast in silence."""

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError


def doubled(x):
    return 2.0 * x


def pair(x, y):
    return x * y, {"sum": np.sum(x)}


def test_a_cotangent_of_another_dtype_is_converted():
    _, pullback = adgen.vjp(doubled)(np.ones(3, np.float32))
    (gradient,) = pullback(np.ones(3))
    assert gradient.dtype == np.float32
    (gradient,) = pullback([1, 2, 3])
    np.testing.assert_array_equal(gradient, np.array([2.0, 4.0, 6.0], np.float32))


def test_a_tangent_of_integers_is_converted():
    _, tangent = adgen.jvp(doubled)((1.5,), (1,))
    assert tangent == 2.0
    assert isinstance(tangent, float)


@pytest.mark.parametrize("seed", [np.ones(1), np.ones((3, 1)), 1.0, np.ones(3, complex)])
def test_seeds_of_another_shape_or_kind_are_refused(seed):
    _, pullback = adgen.vjp(doubled)(np.ones(3))
    with pytest.raises(AdgenError, match="cotangent does not fit"):
        pullback(seed)
    with pytest.raises(AdgenError, match="tangent of 'x' does not fit"):
        adgen.jvp(doubled)((np.ones(3),), (seed,))


def test_containers_have_the_structure_of_the_result():
    _, pullback = adgen.vjp(pair)(np.ones(2), 3.0)
    x_bar, y_bar = pullback((np.ones(2), {"sum": 1}))
    np.testing.assert_array_equal(x_bar, [4.0, 4.0])
    assert y_bar == 2.0
    with pytest.raises(AdgenError, match="does not fit"):
        pullback((np.ones(2), {"total": 1.0}))
    with pytest.raises(AdgenError, match="does not fit"):
        pullback(np.ones(2))


def test_none_stands_for_zero():
    _, pullback = adgen.vjp(pair)(np.ones(2), 3.0)
    x_bar, _ = pullback((None, {"sum": 1.0}))
    np.testing.assert_array_equal(x_bar, [1.0, 1.0])


def test_an_argument_that_is_held_fixed_and_written_has_a_tangent_of_its_own():
    def f(a, y):
        y[0] = a * y[1]
        return np.sum(y * y)

    for jit in (False, True):
        value, tangent = adgen.jvp(f, jit=jit)((2.0, np.array([1.0, 2.0, 3.0])), (1.0, None))
        assert value == 29.0
        assert tangent == 16.0  # d (2 a)**2 / da
