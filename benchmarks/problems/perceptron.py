"""A multilayer perceptron with cross-entropy loss on one batch."""

import numpy as np

ARGNUMS = ("w1", "b1", "w2", "b2", "w3", "b3")
SIZES = {"small": (32, 32, 64, 10), "medium": (256, 64, 64, 10), "large": (256, 784, 128, 10)}  # batch, layers


def sample(size, rng):
    batch, inputs, hidden, classes = size

    def layer(n, m):
        return rng.standard_normal((n, m)) / np.sqrt(n), 0.1 * rng.standard_normal(m)

    labels = np.eye(classes)[rng.integers(0, classes, batch)]
    return *layer(inputs, hidden), *layer(hidden, hidden), *layer(hidden, classes), rng.random((batch, inputs)), labels


def objective(w1, b1, w2, b2, w3, b3, x, labels):
    hidden = np.tanh(x @ w1 + b1)
    hidden = np.tanh(hidden @ w2 + b2)
    logits = hidden @ w3 + b3
    loss = 0.0
    for i in range(logits.shape[0]):
        largest = np.max(logits[i])
        loss += largest + np.log(np.sum(np.exp(logits[i] - largest))) - np.sum(labels[i] * logits[i])
    return loss / logits.shape[0]


def functional(xp, scan, w1, b1, w2, b2, w3, b3, x, labels):
    logits = xp.tanh(xp.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3
    return xp.sum(xp.logsumexp(logits) - xp.sum(labels * logits, axis=1)) / x.shape[0]


def by_hand(w1, b1, w2, b2, w3, b3, x, labels):
    h1 = x @ w1
    tanh_of_sum(h1, b1)
    h2 = h1 @ w2
    tanh_of_sum(h2, b2)
    z_bar = h2 @ w3
    n, classes = z_bar.shape
    for i in range(n):
        largest = -np.inf
        for j in range(classes):
            z_bar[i, j] += b3[j]
            largest = max(largest, z_bar[i, j])
        total = 0.0
        for j in range(classes):
            z_bar[i, j] = np.exp(z_bar[i, j] - largest)
            total += z_bar[i, j]
        for j in range(classes):
            z_bar[i, j] = (z_bar[i, j] / total - labels[i, j]) / n
    h2_bar = z_bar @ w3.T
    through_tanh(h2_bar, h2)
    h1_bar = h2_bar @ w2.T
    through_tanh(h1_bar, h1)
    return x.T @ h1_bar, sum_rows(h1_bar), h1.T @ h2_bar, sum_rows(h2_bar), h2.T @ z_bar, sum_rows(z_bar)


def tanh_of_sum(h, b):
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            h[i, j] = np.tanh(h[i, j] + b[j])


def through_tanh(h_bar, h):
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            h_bar[i, j] *= 1.0 - h[i, j] ** 2


def sum_rows(a):
    total = np.zeros(a.shape[1])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]
    return total
