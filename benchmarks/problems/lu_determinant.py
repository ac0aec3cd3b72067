"""Logarithm of a determinant through an LU factorisation in place (Doolittle, no pivoting)."""

import numpy as np

ARGNUMS = "matrix"
SIZES = {"small": 10, "medium": 50, "large": 200}  # rows


def sample(size, rng):
    return (rng.standard_normal((size, size)) / np.sqrt(size) + 4.0 * np.eye(size),)


def objective(matrix):
    n = matrix.shape[0]
    lu = matrix.copy()
    for k in range(n):
        for i in range(k + 1, n):
            lu[i, k] /= lu[k, k]
            for j in range(k + 1, n):
                lu[i, j] -= lu[i, k] * lu[k, j]
    total = 0.0
    for k in range(n):
        total += np.log(np.abs(lu[k, k]))
    return total


def functional(xp, scan, matrix):
    return xp.linalg.slogdet(matrix)[1]


def by_hand(matrix):
    n = matrix.shape[0]
    lu = matrix.copy()
    for k in range(n):
        for i in range(k + 1, n):
            lu[i, k] /= lu[k, k]
            for j in range(k + 1, n):
                lu[i, j] -= lu[i, k] * lu[k, j]
    lu_bar = np.zeros((n, n))
    for k in range(n):
        lu_bar[k, k] = 1.0 / lu[k, k]
    for k in range(n - 1, -1, -1):
        for i in range(n - 1, k, -1):
            factor = lu[i, k]
            factor_bar = lu_bar[i, k]
            for j in range(k + 1, n):
                factor_bar -= lu_bar[i, j] * lu[k, j]
                lu_bar[k, j] -= lu_bar[i, j] * factor
            lu_bar[i, k] = factor_bar / lu[k, k]
            lu_bar[k, k] -= factor_bar * factor / lu[k, k]
    return lu_bar
