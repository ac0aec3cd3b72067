"""The numbers on the blackboard, by hand, through every transform that applies."""

import math

import numpy as np
import pytest

import adgen
from examples import computational_graphs, matrices, number_with_grad


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-13, atol=1e-13)


def test_expression_has_slope_35_at_3():
    assert adgen.grad(number_with_grad.expression)(3.0) == 35.0
    assert adgen.value_and_grad(number_with_grad.expression)(3.0) == (75.0, 35.0)
    assert adgen.jvp(number_with_grad.expression)((3.0,), (1.0,)) == (75.0, 35.0)


def test_an_integer_argument_is_promoted():
    gradient = adgen.grad(number_with_grad.expression)(3)
    assert gradient == 35.0
    assert isinstance(gradient, float)


def test_product_and_sine():
    dx1, dx2 = adgen.grad(computational_graphs.product_and_sine, argnums=(0, 1))(2.0, 3.0)
    close(dx1, 3.0 + math.cos(2.0))
    close(dx2, 2.0)


def test_product_and_sine_by_name_and_forward():
    by_name = adgen.grad(computational_graphs.product_and_sine, argnums=("x1", "x2"))(2.0, 3.0)
    close(by_name, (3.0 + math.cos(2.0), 2.0))
    for seed, slope in (((1.0, 0.0), 3.0 + math.cos(2.0)), ((0.0, 1.0), 2.0)):
        value, tangent = adgen.jvp(computational_graphs.product_and_sine)((2.0, 3.0), seed)
        close(value, 6.0 + math.sin(2.0))
        close(tangent, slope)


def test_pullback_of_product_and_sine_scales_with_its_seed():
    value, pullback = adgen.vjp(computational_graphs.product_and_sine)(2.0, 3.0)
    close(value, 6.0 + math.sin(2.0))
    close(pullback(2.0), (2.0 * (3.0 + math.cos(2.0)), 4.0))


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.7, 3.0])
def test_value_used_twice_collects_both_adjoints(x):
    close(adgen.grad(number_with_grad.used_twice)(x), 3.0 * x**2 + 2.0 * x)


@pytest.mark.parametrize("x", [-2.0, 0.5, 3.0])
def test_inverse_square(x):
    close(adgen.grad(computational_graphs.inverse_square)(x), -2.0 / x**3)
    close(adgen.grad(adgen.grad(computational_graphs.inverse_square))(x), 6.0 / x**4)


@pytest.mark.parametrize("x", [-2.0, 0.5, 3.0])
def test_quotient(x):
    close(adgen.grad(computational_graphs.quotient)(x), -1.0 / x**2)


def test_quadratic_form():
    rng = np.random.default_rng(1)
    a, x = rng.standard_normal((4, 4)), rng.standard_normal(4)
    x_bar, a_bar = adgen.grad(computational_graphs.quadratic_form, argnums=(0, 1))(x, a)
    close(x_bar, (a.T + a) @ x)
    close(a_bar, np.outer(x, x))
    close(adgen.hessian(computational_graphs.quadratic_form)(x, a), a + a.T)
    v = rng.standard_normal(4)
    close(adgen.hvp(computational_graphs.quadratic_form)(x, a, v), (a + a.T) @ v)


def test_layer_with_sigmoid():
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
    s = 1.0 / (1.0 + np.exp(-(x @ w)))
    g = s * (1.0 - s)
    x_bar, w_bar = adgen.grad(matrices.layer, argnums=("x", "w"))(x, w)
    close(x_bar, g @ w.T)
    close(w_bar, x.T @ g)


def test_relu_has_a_diagonal_jacobian():
    x = np.array([-2.0, -0.1, 0.3, 4.0])
    expected = np.diag([0.0, 0.0, 1.0, 1.0])
    for jacobian in (adgen.jacobian, adgen.jacfwd, adgen.jacrev):
        np.testing.assert_array_equal(jacobian(matrices.relu)(x), expected)
    np.testing.assert_array_equal(adgen.elementwise_grad(matrices.relu)(x), np.diag(expected))


def test_two_layers():
    x = np.array([1.0, -2.0, 0.5])
    w1 = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 1.0], [0.0, 1.0, 1.0], [2.0, 0.0, 3.0]])
    w2 = np.array([[1.0, -1.0, 2.0, 0.5], [0.0, 3.0, 1.0, -2.0]])
    expected = w2 @ np.diag((w1 @ x > 0.0).astype(float)) @ w1
    for jacobian in (adgen.jacobian, adgen.jacfwd, adgen.jacrev):
        close(jacobian(matrices.two_layers)(x, w1, w2), expected)


def test_two_layers_pull_back_to_the_weights():
    rng = np.random.default_rng(3)
    x, w1, w2, y_bar = (rng.standard_normal(shape) for shape in (3, (4, 3), (2, 4), 2))
    hidden = w1 @ x
    hidden_bar = (w2.T @ y_bar) * (hidden > 0.0)
    value, pullback = adgen.vjp(matrices.two_layers)(x, w1, w2)
    close(value, w2 @ np.maximum(0.0, hidden))
    x_bar, w1_bar, w2_bar = pullback(y_bar)
    close(x_bar, w1.T @ hidden_bar)
    close(w1_bar, np.outer(hidden_bar, x))
    close(w2_bar, np.outer(y_bar, np.maximum(0.0, hidden)))
