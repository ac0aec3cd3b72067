"""Computational graphs: values flow forward, gradients flow back, node by node.

Each gate is a plain function, and adgen writes its pullback: a gradient of the output in, gradients of the inputs out.
A graph is a list of nodes (name, gate, inputs), in an order in which each node comes after its inputs.  Add hands its
gradient on to both inputs, max routes it to the larger one, mul switches the inputs; where paths meet, gradients add.

    x --(+)-- q --(*)-- f          f = (x + y) z at (-2, 5, -4):    q = 3, f = -12
    y ---'   z ----'               df/dq = z = -4,  df/dx = df/dy = -4,  df/dz = q = 3

In generated/computational_graphs.py are the same graphs as functions: `product_of_sum_grad` returns z, z and q, no
arithmetic is left; in `neuron_grad` the slope of the sigmoid comes first, then each mul switches its inputs.
"""

import math

import numpy as np

import adgen
from examples.arrays import Array1, Array2
from examples.command import figures, save, wants_plot

# ---- gates


def add(x, y):
    return x + y


def mul(x, y):
    return x * y


def maximum(x, y):
    return max(x, y)


def negate(x):
    return -x


def sine(x):
    return math.sin(x)


def exponential(x):
    return math.exp(x)


def plus_one(x):
    return x + 1.0


def reciprocal(x):
    return 1.0 / x


def divide(v, u):
    return v / u


def square(x):
    return x**2


def identity(x):
    return 1.0 * x


def absolute(x):
    return np.sum(np.abs(x))


def inner(x, y):
    return x @ y


# ---- the same as plain functions: what one would write today


def product_of_sum(x: float, y: float, z: float):
    """(x + y) z."""
    q = x + y
    return q * z


def neuron(w0: float, x0: float, w1: float, x1: float, w2: float):
    """The sigmoid circuit 1 / (1 + exp(-(w0 x0 + w1 x1 + w2)))."""
    return 1.0 / (1.0 + math.exp(-(w0 * x0 + w1 * x1 + w2)))


def patterns(x: float, y: float, z: float, w: float):
    """2 (x y + max(z, w)): add distributes, max routes, mul switches."""
    return 2.0 * (x * y + max(z, w))


def product_and_sine(x1: float, x2: float):
    """x1 x2 + sin x1: at (2, 3) the partial derivatives are 3 + cos 2 and 2."""
    return x1 * x2 + math.sin(x1)


def inverse_square(x: float):
    """1 / x**2: the derivative is -2 / x**3."""
    return 1.0 / x**2


def quotient(x: float):
    """With u = x**2 and v = x, v / u is 1 / x: two paths lead from x to the result.  The slope is -1 / x**2."""
    u = x**2
    v = x
    return v / u


def norm_1(x: Array1):
    """The sum of |x|: the gradient is the sign of x."""
    return np.sum(np.abs(x))


def inner_product(x: Array1, y: Array1):
    """x^T y: the gradients are y and x."""
    return x @ y


def row_times_matrix(x: Array1, a: Array2):
    """x^T A: the Jacobian with respect to x is A^T."""
    return x @ a


def quadratic_form(x: Array1, a: Array2):
    """x^T A x: the gradient is (A^T + A) x with respect to x, and x x^T with respect to A."""
    return x @ a @ x


# ---- graphs


NEURON = [
    ("w0 x0", mul, ("w0", "x0")),
    ("w1 x1", mul, ("w1", "x1")),
    ("sum", add, ("w0 x0", "w1 x1")),
    ("z", add, ("sum", "w2")),
    ("-z", negate, ("z",)),
    ("exp", exponential, ("-z",)),
    ("1 + exp", plus_one, ("exp",)),
    ("f", reciprocal, ("1 + exp",)),
]
PATTERNS = [
    ("x y", mul, ("x", "y")),
    ("max", maximum, ("z", "w")),
    ("sum", add, ("x y", "max")),
    ("f", mul, ("two", "sum")),
]
X, Y, A = np.array([1.0, -2.0]), np.array([3.0, 0.5]), np.array([[0.1, 0.5], [-0.3, 0.8]])
GRAPHS = {  # what it shows: nodes, inputs
    "f = (x + y) z": ([("q", add, ("x", "y")), ("f", mul, ("q", "z"))], {"x": -2.0, "y": 5.0, "z": -4.0}),
    "sigmoid circuit": (NEURON, {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}),
    "add distributes, max routes, mul switches": (PATTERNS, {"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0, "two": 2.0}),
    "v / u, two paths": (
        [("u", square, ("x",)), ("v", identity, ("x",)), ("f", divide, ("v", "u"))],
        {"x": 2.0},
    ),
    "x1 x2 + sin x1": (
        [("x1 x2", mul, ("x1", "x2")), ("sin x1", sine, ("x1",)), ("f", add, ("x1 x2", "sin x1"))],
        {"x1": 2.0, "x2": 3.0},
    ),
    "1 / x^2": ([("x^2", square, ("x",)), ("f", reciprocal, ("x^2",))], {"x": 2.0}),
    "sum of |x|": ([("f", absolute, ("x",))], {"x": X}),
    "x^T y": ([("f", inner, ("x", "y"))], {"x": X, "y": Y}),
    "x^T A, each element pulled back by 1": ([("f", inner, ("x", "A"))], {"x": X, "A": A}),
    "x^T A x": ([("x^T A", inner, ("x", "A")), ("f", inner, ("x^T A", "x"))], {"x": X, "A": A}),
}


def forward(nodes, inputs):
    """The value of each node."""
    values = dict(inputs)
    for name, gate, operands in nodes:
        values[name] = gate(*(values[operand] for operand in operands))
    return values


def backward(nodes, values):
    """The gradient of the last node with respect to each node: the nodes in reverse, each pulled back."""
    gradients = {name: np.zeros_like(value) for name, value in values.items()}
    gradients[nodes[-1][0]] += 1.0
    for name, gate, operands in reversed(nodes):
        _, pullback = adgen.vjp(gate)(*(values[operand] for operand in operands))
        for operand, gradient in zip(operands, pullback(gradients[name][()]), strict=True):
            gradients[operand] += gradient
    return gradients


def shown(value):
    return np.array2string(np.asarray(value), precision=4, suppress_small=True).replace("\n", "")


def main():
    plot = wants_plot(__doc__)
    for title, (nodes, inputs) in GRAPHS.items():
        values = forward(nodes, inputs)
        gradients = backward(nodes, values)
        print(f"\n{title}\n{'node':>10} {'forward':>28}   backward")
        for name, value in values.items():
            print(f"{name:>10} {shown(value):>28}   {shown(gradients[name])}")
    if plot:
        plot_neuron()


def plot_neuron():
    """The sigmoid circuit and its slope, for weights around those of the lecture."""
    from generated.computational_graphs import neuron_grad

    w2 = np.linspace(-9.0, 3.0, 121)
    figure, axes = figures()
    axes.plot(w2, [neuron(2.0, -1.0, -3.0, -2.0, w) for w in w2], label="f")
    axes.plot(w2, [neuron_grad(2.0, -1.0, -3.0, -2.0, w)[4] for w in w2], label="df / dw2")
    axes.set(xlabel="w2", title="sigmoid circuit")
    axes.legend()
    save(figure, "computational_graphs.png")


if __name__ == "__main__":
    main()
