"""Handwritten digits: a perceptron with three layers, in NumPy.

    x -> h1 = tanh(x w1 + b1) -> h2 = tanh(h1 w2 + b2) -> z = h2 w3 + b3 -> log sum exp(z) - z[label]

    z_bar = softmax(z) - label          and for each layer, with t = h (its input) w + b:
    t_bar = (1 - tanh(t)**2) * (what comes back),   w_bar = h^T t_bar,   b_bar = sum of t_bar,   h_bar = t_bar w^T

The images (8 x 8 pixels, 1,797 of them) come with scikit-learn.  In generated/mlp_digits.py, `loss_value_and_grad` and
`squared_loss_value_and_grad` differ in the line of `z_bar` only: softmax minus label, and score minus label.
"""

from itertools import pairwise

import numpy as np

from examples.command import figures, save, wants_plot
from examples.optimisers import adam, fresh, momentum, update

SIZES = (64, 64, 32, 10)


def logits(w1, b1, w2, b2, w3, b3, x):
    """Two hidden layers with tanh, and a linear one."""
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    return h2 @ w3 + b3


def log_sum_exp(z):
    """The logarithm of the sum of exponentials of each row, without overflow."""
    m = np.max(z, axis=1)
    return m + np.log(np.sum(np.exp(z - m[:, None]), axis=1))


def loss(w1, b1, w2, b2, w3, b3, x, labels):
    """Mean cross-entropy; `labels` has a one in the column of the right digit."""
    z = logits(w1, b1, w2, b2, w3, b3, x)
    return np.mean(log_sum_exp(z) - np.sum(labels * z, axis=1))


def squared_loss(w1, b1, w2, b2, w3, b3, x, labels):
    """Half the mean squared distance of the scores from the labels: what one tries first."""
    error = logits(w1, b1, w2, b2, w3, b3, x) - labels
    return 0.5 * np.mean(np.sum(error**2, axis=1))


def initial_weights(rng, sizes=SIZES):
    """Weights and biases of each layer, one after the other."""
    weights = []
    for n_in, n_out in pairwise(sizes):
        weights.append(rng.standard_normal((n_in, n_out)) / np.sqrt(n_in))
        weights.append(np.zeros(n_out))
    return weights


def load(rng, held_out=0.25):
    """Images as rows in [0, 1] and digits, shuffled: (x, digits) to train on, (x, digits) to test on."""
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    images = images / 16.0
    order = rng.permutation(len(digits))
    n_test = round(held_out * len(digits))
    test, train = order[:n_test], order[n_test:]
    return (images[train], digits[train]), (images[test], digits[test])


def predict(weights, x):
    return np.argmax(logits(*weights, x=x), axis=1)


def accuracy(weights, x, digits):
    return float(np.mean(predict(weights, x) == digits))


def confusion(weights, x, digits):
    """How often each digit (row) was taken for each (column)."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (digits, predict(weights, x)), 1)
    return counts


def train(x, digits, *, squared=False, optimiser=adam, rate=2e-3, epochs=30, batch=32, seed=0, progress=True):
    """Train with mini-batches: (weights, mean loss of each epoch)."""
    from tqdm import tqdm

    from generated.mlp_digits import loss_value_and_grad, squared_loss_value_and_grad

    value_and_grad = squared_loss_value_and_grad if squared else loss_value_and_grad
    rng = np.random.default_rng(seed)
    weights = initial_weights(rng)
    states = fresh(optimiser, weights)
    labels = np.eye(10)[digits]
    history = []
    with tqdm(range(epochs), desc="training", unit="epoch", disable=not progress) as bar:
        for _ in bar:
            losses = []
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch):
                rows = order[start : start + batch]
                value, gradients = value_and_grad(*weights, x=x[rows], labels=labels[rows])
                update(optimiser, weights, gradients, states, rate=rate)
                losses.append(value)
            history.append(float(np.mean(losses)))
            bar.set_postfix(loss=f"{history[-1]:.4f}")
    return weights, history


RUNS = {  # title: settings
    "cross-entropy, Adam": {},
    "cross-entropy, momentum": {"optimiser": momentum, "rate": 0.05},
    "squared, Adam": {"squared": True},
    "squared, momentum": {"squared": True, "optimiser": momentum, "rate": 0.02},
}


def main():
    plot = wants_plot(__doc__)
    (x, digits), (x_test, digits_test) = load(np.random.default_rng(0))
    results = {title: train(x, digits, **settings) for title, settings in RUNS.items()}
    for title, (weights, _) in results.items():
        print(f"{title:>24}: held-out accuracy {accuracy(weights, x_test, digits_test):.1%}")
    counts = confusion(results["cross-entropy, Adam"][0], x_test, digits_test)
    print("digits (rows) and what they were taken for (columns):", counts, sep="\n")
    if plot:
        figure, (left, right) = figures(1, 2)
        for title, (_, history) in results.items():
            left.semilogy(range(1, len(history) + 1), history, label=title)
        left.set(xlabel="epoch", ylabel="loss")
        left.legend(fontsize=7)
        right.imshow(np.log1p(counts), cmap="Blues")
        right.set(xlabel="taken for", ylabel="digit", title="confusion")
        save(figure, "mlp_digits.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportGeneralTypeIssues=false
