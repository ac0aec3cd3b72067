"""XOR needs a hidden layer: two hidden units and one output, all sigmoid.

    x1, x2 -> h = sigmoid(x W1 + b1) -> y = sigmoid(h w2 + b2) -> cross-entropy

With the weights of the blackboard the hidden units are OR and NAND, and the output is their AND:

    h1 = sigmoid( 20 x1 + 20 x2 - 10)      h2 = sigmoid(-20 x1 - 20 x2 + 30)      y = sigmoid(20 h1 + 20 h2 - 30)

From random weights, gradient descent on the cross-entropy finds weights that do the same.

In generated/perceptron.py: the reverse sweep is the picture from right to left.  Each sigmoid has two lines, each layer
three: for the bias, for the weights (the transposed input times what comes back), and for the layer before.
"""

import numpy as np

from examples.arrays import Array1, Array2
from examples.command import curve, figures, save, wants_plot

INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])

# The weights of the blackboard: one column for each hidden unit.
W1, B1 = np.array([[20.0, -20.0], [20.0, -20.0]]), np.array([-10.0, 30.0])
W2, B2 = np.array([20.0, 20.0]), -30.0


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def output(w1, b1, w2, b2, x):
    """Probability that the answer is yes, for each row of x."""
    h = sigmoid(x @ w1 + b1)
    return sigmoid(h @ w2 + b2)


def loss(w1: Array2, b1: Array1, w2: Array1, b2: float, x: Array2, y: Array1):
    """Mean cross-entropy of the answers y."""
    p = output(w1, b1, w2, b2, x)
    return -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))


def train(x=INPUTS, y=XOR, *, steps=3000, rate=2.0, seed=3, progress=True):
    """Gradient descent from random weights: (w1, b1, w2, b2), losses."""
    from tqdm import trange

    from generated.perceptron import loss_value_and_grad

    rng = np.random.default_rng(seed)
    weights = [rng.standard_normal((2, 2)), np.zeros(2), rng.standard_normal(2), 0.0]
    history = []
    for _ in trange(steps, desc="XOR", disable=not progress):
        value, gradients = loss_value_and_grad(*weights, x, y)
        weights = [w - rate * g for w, g in zip(weights, gradients, strict=True)]
        history.append(float(value))
    return weights, history


def main():
    plot = wants_plot(__doc__)
    weights, history = train()
    for title, used in (("blackboard", (W1, B1, W2, B2)), ("trained", weights)):
        print(
            f"{title:>11}:", dict(zip(["00", "01", "10", "11"], output(*used, INPUTS).round(4).tolist(), strict=True))
        )
    print(f"loss: {history[0]:.4f} -> {history[-1]:.6f}")
    if plot:
        curve("perceptron_loss.png", history, "step", "cross-entropy")
        figure, axes = figures()
        side = np.linspace(-0.5, 1.5, 101)
        x1, x2 = np.meshgrid(side, side)
        plane = output(*weights, np.stack([x1.ravel(), x2.ravel()], axis=1)).reshape(x1.shape)
        figure.colorbar(axes.contourf(x1, x2, plane, levels=20))
        axes.scatter(*INPUTS.T, c=XOR, cmap="gray", edgecolors="red")
        axes.set_title("XOR, as the network sees it")
        save(figure, "perceptron_plane.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportCallIssue=false
