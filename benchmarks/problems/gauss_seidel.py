"""Poisson's equation by sweeps of Gauss and Seidel, in place; the misfit to a measured potential."""

import numpy as np

ARGNUMS = ("u0", "source")
SIZES = {"small": (16, 20), "medium": (64, 50), "large": (128, 200)}  # edge, sweeps


def sample(size, rng):
    n, sweeps = size
    return rng.standard_normal((n, n)), rng.standard_normal((n, n)), rng.standard_normal((n, n)), sweeps


def objective(u0, source, measured, sweeps):
    u = u0.copy()
    n, m = u.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - source[i, j])
    return 0.5 * np.sum((u - measured) ** 2)


def by_hand(u0, source, measured, sweeps):
    u = u0.copy()
    n, m = u.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - source[i, j])
    u_bar = u - measured
    source_bar = np.zeros_like(source)
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            for j in range(m - 2, 0, -1):
                t = 0.25 * u_bar[i, j]
                u_bar[i, j] = 0.0
                u_bar[i - 1, j] += t
                u_bar[i + 1, j] += t
                u_bar[i, j - 1] += t
                u_bar[i, j + 1] += t
                source_bar[i, j] -= t
    return u_bar, source_bar
