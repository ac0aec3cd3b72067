"""Handwritten digits: a perceptron with three layers, in NumPy.

The images (8 x 8 pixels, 1,797 of them) come with scikit-learn.  The gradient that training needs is in
``generated/``, written from `loss` by the build step.
"""

from itertools import pairwise

import numpy as np

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


def adam(weights, gradients, moments, step, rate=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam (Kingma and Ba 2015), in place."""
    for w, g, (m, v) in zip(weights, gradients, moments, strict=True):
        m += (1.0 - beta1) * (g - m)
        v += (1.0 - beta2) * (g * g - v)
        w -= rate * (m / (1.0 - beta1**step)) / (np.sqrt(v / (1.0 - beta2**step)) + eps)


def train(x, digits, *, epochs=30, batch=32, seed=0, progress=True):
    """Train with mini-batches: (weights, mean loss of each epoch)."""
    from tqdm import tqdm

    from generated.mlp_digits import loss_value_and_grad

    rng = np.random.default_rng(seed)
    weights = initial_weights(rng)
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    labels = np.eye(10)[digits]
    history, step = [], 0
    with tqdm(range(epochs), desc="training", unit="epoch", disable=not progress) as bar:
        for _ in bar:
            losses = []
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch):
                rows = order[start : start + batch]
                value, gradients = loss_value_and_grad(*weights, x=x[rows], labels=labels[rows])
                step += 1
                adam(weights, gradients, moments, step)
                losses.append(value)
            history.append(float(np.mean(losses)))
            bar.set_postfix(loss=f"{history[-1]:.4f}")
    return weights, history


def main():
    rng = np.random.default_rng(0)
    (x, digits), (x_test, digits_test) = load(rng)
    weights, _ = train(x, digits)
    print(f"held-out accuracy: {100.0 * accuracy(weights, x_test, digits_test):.1f} %")


if __name__ == "__main__":
    main()
