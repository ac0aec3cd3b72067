"""Misfit of a polynomial to measurements, the polynomial evaluated by Horner's rule."""

import numpy as np

ARGNUMS = "coefficients"
SIZES = {"small": (100, 5), "medium": (10000, 10), "large": (100000, 16)}  # measurements, coefficients


def sample(size, rng):
    n, k = size
    return rng.standard_normal(k), 2.0 * rng.random(n) - 1.0, rng.standard_normal(n)


def objective(coefficients, times, measured):
    misfit = 0.0
    for i in range(times.size):
        value = 0.0
        for j in range(coefficients.size - 1, -1, -1):
            value = value * times[i] + coefficients[j]
        misfit += (value - measured[i]) ** 2
    return 0.5 * misfit


def functional(xp, scan, coefficients, times, measured):
    value = 0.0 * times
    for j in range(coefficients.shape[0] - 1, -1, -1):
        value = value * times + coefficients[j]
    return 0.5 * xp.sum((value - measured) ** 2)


def symbolic(ca, coefficients, times, measured):
    value = 0.0
    for j in range(coefficients.shape[0] - 1, -1, -1):
        value = value * times + coefficients[j]
    return 0.5 * ca.sumsqr(value - measured)


def by_hand(coefficients, times, measured):
    coefficients_bar = np.zeros_like(coefficients)
    for i in range(times.size):
        value = 0.0
        for j in range(coefficients.size - 1, -1, -1):
            value = value * times[i] + coefficients[j]
        value_bar = value - measured[i]
        for j in range(coefficients.size):
            coefficients_bar[j] += value_bar
            value_bar *= times[i]
    return coefficients_bar
