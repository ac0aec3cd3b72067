"""The logarithm of a sum of exponentials, without overflow."""

import numpy as np

ARGNUMS = "x"
SIZES = {"small": 100, "medium": 10000, "large": 1000000}  # terms


def sample(size, rng):
    return (10.0 * rng.standard_normal(size),)


def objective(x):
    largest = np.max(x)
    return largest + np.log(np.sum(np.exp(x - largest)))


def functional(xp, scan, x):
    largest = xp.max(x)
    return largest + xp.log(xp.sum(xp.exp(x - largest)))


def symbolic(ca, x):
    return ca.logsumexp(x)


def by_hand(x):
    largest = -np.inf
    for i in range(x.size):
        largest = max(largest, x[i])
    x_bar = np.empty_like(x)
    total = 0.0
    for i in range(x.size):
        x_bar[i] = np.exp(x[i] - largest)
        total += x_bar[i]
    scale = 1.0 / total
    for i in range(x.size):
        x_bar[i] *= scale
    return x_bar
