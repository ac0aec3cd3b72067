"""The worked examples of lectures on automatic differentiation.

Each function stands with the derivative that the blackboard shows; tests/test_lecture.py compares.
"""

import math

import numpy as np

from examples.arrays import Array1, Array2


def expression(a: float):
    """(4 a + 3)(a + 2): the derivative 8 a + 11 is 35 at a = 3."""
    b = 4.0 * a
    c = b + 3.0
    d = a + 2.0
    return c * d


def product_and_sine(x1: float, x2: float):
    """x1 x2 + sin x1: at (2, 3) the partial derivatives are 3 + cos 2 and 2."""
    return x1 * x2 + math.sin(x1)


def used_twice(x: float):
    """A value that feeds two operations: its adjoint is the sum of both.  The derivative is 3 x**2 + 2 x."""
    y = x * x
    return y * x + y


def inverse_square(x: float):
    """1 / x**2: the derivative is -2 / x**3."""
    return 1.0 / x**2


def quotient(x: float):
    """With u = x**2 and v = x, v / u is 1 / x: the derivative is -1 / x**2."""
    u = x**2
    v = x
    return v / u


def quadratic_form(x: Array1, a: Array2):
    """x^T A x: the gradient is (A^T + A) x with respect to x, and x x^T with respect to A."""
    return x @ a @ x


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def layer(x: Array2, w: Array2):
    """The sum of sigmoid(X W): the gradients are G W^T and X^T G, with G = s (1 - s)."""
    return np.sum(sigmoid(x @ w))


def relu(x: Array1):
    """max(0, x): the Jacobian is diagonal, one where x > 0 and zero where x < 0."""
    return np.maximum(0.0, x)


def two_layers(x: Array1, w1: Array2, w2: Array2):
    """W2 max(0, W1 x): the Jacobian is W2 diag(W1 x > 0) W1."""
    return w2 @ np.maximum(0.0, w1 @ x)
