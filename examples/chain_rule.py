"""The chain rule: the slope of nested functions is the product of their slopes.

    x -> f1 -> f2 -> f3          f3(f2(f1(x)))' = f3'(f2(f1(x))) f2'(f1(x)) f1'(x)

A chain is a list of functions.  adgen looks into the list and writes the product down, last function first; by hand it
is `slope_by_hand`.

In generated/chain_rule.py: each `# line ... of square` is one factor of the product.  In `chain_of_three_vjp` and
`other_chain_of_three_vjp` the same factors stand in another order, each at the value that reached its function.
"""

import numpy as np

from examples.arrays import Array1, Array2
from examples.command import figures, save, wants_plot


def square(x):
    return x**2


def leaky_relu(x):
    """x, or a fifth of it below zero."""
    return np.where(x > 0.0, x, 0.2 * x)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def chain(functions, x):
    """The functions, one after the other."""
    for function in functions:
        x = function(x)
    return x


def nested(x: Array1):
    """sigmoid(leaky_relu(x**2 - 1)), as one writes it."""
    return sigmoid(leaky_relu(square(x) - 1.0))


def chain_of_two(x: Array1):
    return chain([square, sigmoid], x)


def chain_of_three(x: Array1):
    return chain([leaky_relu, square, sigmoid], x)


def other_chain_of_three(x: Array1):
    """The same functions in another order: the slopes are others."""
    return chain([leaky_relu, sigmoid, square], x)


def several_inputs(x: Array1, y: Array1):
    """sigmoid(x + y)**2: both inputs get the same slope."""
    return square(sigmoid(x + y))


def layer_of_inputs(x: Array2, w: Array2):
    """A chain of matrices: the sum of sigmoid(x w)."""
    return np.sum(sigmoid(x @ w))


# ---- by hand, as on the blackboard

SLOPES = {
    square: lambda x: 2.0 * x,
    leaky_relu: lambda x: np.where(x > 0.0, 1.0, 0.2),
    sigmoid: lambda x: sigmoid(x) * (1.0 - sigmoid(x)),
}


def slope_by_hand(functions, x):
    """The product of the slopes, each at the value that reaches its function."""
    slope = np.ones_like(x)
    for function in functions:
        slope = slope * SLOPES[function](x)
        x = function(x)
    return slope


def slopes(x):
    """Title, values and slopes of each chain: a pullback of ones is the slope of every element."""
    from generated import chain_rule as written

    one = np.ones_like(x)
    return [
        ("square, sigmoid", chain_of_two(x), written.chain_of_two_vjp(x, one)[0]),
        ("leaky ReLU, square, sigmoid", chain_of_three(x), written.chain_of_three_vjp(x, one)[0]),
        ("leaky ReLU, sigmoid, square", other_chain_of_three(x), written.other_chain_of_three_vjp(x, one)[0]),
        ("nested", nested(x), written.nested_vjp(x, one)[0]),
    ]


def main():
    plot = wants_plot(__doc__)
    x = np.linspace(-3.0, 3.0, 7)
    print("x:", x)
    for title, values, slope in slopes(x):
        print(f"{title}\n  values {values.round(4)}\n  slopes {slope.round(4)}")
    if plot:
        x = np.linspace(-3.0, 3.0, 601)
        figure, grid = figures(2, 2)
        for axes, (title, values, slope) in zip(grid.flat, slopes(x), strict=True):
            axes.plot(x, values, label="f")
            axes.plot(x, slope, label="f'")
            axes.set_title(title, fontsize=9)
            axes.legend()
        save(figure, "chain_rule.png")


if __name__ == "__main__":
    main()
