"""Gradients of matrix expressions: the shapes tell what they must be.

    L = sum(X W)                 dL/dX = 1 W^T,  dL/dW = X^T 1
    L = sum(sigmoid(X W))        with S = sigmoid(X W) and G = S (1 - S):    dL/dX = G W^T,  dL/dW = X^T G

    X, W -> X W -> sigmoid -> sum -> L          back: 1 -> G -> G W^T to X, X^T G to W

A tensor times a matrix along axis n (a mode-n product) is pulled back by the transposed matrix along the same axis.
And an elementwise function of 4096 numbers has a Jacobian of 4096 x 4096 of which only the diagonal is not zero:
one sweep with a vector of ones has it all, and the matrix is never formed.

In generated/matrices.py: the last lines of `layer_grad` are the formula; in `tucker_grad` each mode-n product has two
lines, one for the tensor and one for the matrix; `wide_vjp` has no matrix.
"""

import numpy as np

from examples.arrays import Array1, Array2, Array3
from examples.command import figures, save, wants_plot


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def product(x: Array2, w: Array2):
    """The sum of X W: the gradients are 1 W^T and X^T 1."""
    return np.sum(x @ w)


def layer(x: Array2, w: Array2):
    """The sum of sigmoid(X W): the gradients are G W^T and X^T G, with G = s (1 - s)."""
    return np.sum(sigmoid(x @ w))


def relu(x: Array1):
    """max(0, x): the Jacobian is diagonal, one where x > 0 and zero where x < 0."""
    return np.maximum(0.0, x)


def two_layers(x: Array1, w1: Array2, w2: Array2):
    """W2 max(0, W1 x): the Jacobian is W2 diag(W1 x > 0) W1."""
    return w2 @ np.maximum(0.0, w1 @ x)


def mode_1(t: Array3, a: Array2):
    """t x_1 a: the sum over i of a[p, i] t[i, j, k]."""
    return np.tensordot(a, t, axes=(1, 0))


def mode_2(t: Array3, a: Array2):
    """t x_2 a: the sum over j of a[p, j] t[i, j, k]."""
    return np.einsum("pj,ijk->ipk", a, t)


def mode_3(t: Array3, a: Array2):
    """t x_3 a: the sum over k of a[p, k] t[i, j, k]."""
    return t @ a.T


def tucker(t: Array3, a: Array2, b: Array2, c: Array2):
    """Half the squared norm of t x_1 a x_2 b x_3 c."""
    y = mode_3(mode_2(mode_1(t, a), b), c)
    return 0.5 * np.sum(y**2)


def reshaped(x: Array2, w: Array1):
    """Rows joined to one vector: the gradient is w in the shape of x."""
    return x.reshape(-1) @ w


def sliced(x: Array2):
    """Differences of neighbours: what a slice does not show gets no gradient from it."""
    return 0.5 * np.sum((x[:, 1:] - x[:, :-1]) ** 2) + np.sum(x[::2, 0])


def wide(x: Array1):
    """An elementwise function; its Jacobian is diagonal."""
    return sigmoid(x) * np.sin(x) + x**2


def diagonal_of_jacobian(x):
    """One reverse sweep with ones.  For 4096 elements the matrix would take 134 MB."""
    from generated.matrices import wide_vjp

    (diagonal,) = wide_vjp(x, np.ones_like(x))
    return diagonal


def main():
    from generated.matrices import layer_grad, product_grad

    plot = wants_plot(__doc__)
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((3, 3)), rng.standard_normal((3, 2))
    x_bar, w_bar = product_grad(x, w)
    print("sum(X W):           dL/dX - 1 W^T =", abs(x_bar - np.ones((3, 2)) @ w.T).max())
    x_bar, w_bar = layer_grad(x, w)
    s = sigmoid(x @ w)
    print("sum(sigmoid(X W)):  dL/dX - G W^T =", abs(x_bar - (s * (1.0 - s)) @ w.T).max())
    print("                    dL/dW - X^T G =", abs(w_bar - x.T @ (s * (1.0 - s))).max())
    x = np.linspace(-6.0, 6.0, 4096)
    diagonal = diagonal_of_jacobian(x)
    print(f"the diagonal of a Jacobian of {x.size} x {x.size}: from {diagonal.min():.3f} to {diagonal.max():.3f}")
    if plot:
        figure, axes = figures()
        axes.plot(x, wide(x), label="f")
        axes.plot(x, diagonal, label="diagonal of the Jacobian")
        axes.legend()
        save(figure, "matrices.png")


if __name__ == "__main__":
    main()
