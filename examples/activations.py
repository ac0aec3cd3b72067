"""Activations, each a plain function of an array: what goes between the layers of a network.

    sigmoid   s = 1 / (1 + exp(-x))      s' = s (1 - s)          x -> -x -> exp -> 1 + . -> 1 / . -> s
    tanh      t                          t' = 1 - t**2
    ReLU      max(x, 0)                  1 above 0, nothing below it, and a half at 0
    softmax   y = e / sum(e)             x_bar = y (y_bar - sum(y y_bar)),  with e = exp(x - max(x))

`python -m examples.activations --plot` draws them with their slopes.

In generated/activations.py: `sigmoid_vjp` walks its chain back, and stays right where the exponential overflows;
`softmax_vjp` knows that nothing depends on the maximum that was taken off, and so it does not appear.
"""

import math

import numpy as np
from scipy.special import erf

from examples.arrays import Array1, Array2, Array3
from examples.command import figures, save, wants_plot


def sigmoid(x: Array1):
    """From 0 to 1."""
    return 1.0 / (1.0 + np.exp(-x))


def tanh(x: Array1):
    """From -1 to 1."""
    return np.tanh(x)


def relu(x: Array1):
    """What is positive."""
    return np.maximum(x, 0.0)


def leaky_relu(x: Array1):
    """What is positive, and a hundredth of what is not."""
    return np.where(x > 0.0, x, 0.01 * x)


def elu(x: Array1):
    """exp(x) - 1 where x is negative: smooth at 0."""
    return np.where(x > 0.0, x, np.expm1(np.minimum(x, 0.0)))


def gelu(x: Array1):
    """x times the probability that a normal variable is below x."""
    return 0.5 * x * (1.0 + erf(x / math.sqrt(2.0)))


def silu(x: Array1):
    """x times sigmoid(x), also called swish."""
    return x / (1.0 + np.exp(-x))


def softplus(x: Array1):
    """log(1 + exp(x)), without overflow."""
    return np.logaddexp(x, 0.0)


def softmax(x: Array2):
    """Each row becomes probabilities; the largest is taken off first, so that nothing overflows."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def log_softmax(x: Array2):
    """The logarithms of the probabilities."""
    shifted = x - np.max(x, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def maxout(x: Array3):
    """The largest of the pieces of each unit: (n, units, pieces) -> (n, units)."""
    return np.max(x, axis=2)


def main():
    import generated.activations as written

    plot = wants_plot(__doc__)
    x = np.linspace(-4.0, 4.0, 401)
    figure, grid = figures(2, 4) if plot else (None, None)
    for k, function in enumerate((sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, softplus)):
        (slope,) = getattr(written, f"{function.__name__}_vjp")(x, np.ones_like(x))
        print(f"{function.__name__:>10}: at 1 it is {function(x[250:251])[0]:.6f}, with slope {slope[250]:.6f}")
        if plot:
            axes = grid.flat[k]
            axes.plot(x, function(x))
            axes.plot(x, slope)
            axes.set_title(function.__name__)
    if plot:
        save(figure, "activations.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportOptionalMemberAccess=false
