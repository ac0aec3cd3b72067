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


def functional(xp, scan, u0, source, measured, sweeps):
    """Within a row, the sweep is a triangular system whose inverse is known."""
    m = u0.shape[1]
    steps = np.arange(m - 2)[:, None] - np.arange(m - 2)
    inverse = xp.asarray(np.where(steps >= 0, 0.25 ** np.maximum(steps, 0), 0.0))

    def row(above, now):
        this, below, given = now
        known = 0.25 * (above[1:-1] + below[1:-1] + this[2:] - given)
        new = xp.concatenate([this[:1], inverse @ known + 0.25 * inverse[:, 0] * this[0], this[-1:]])
        return new, new

    def sweep(u, _):
        _, inner = scan(row, u[0], (u[1:-1], u[2:], source[1:-1, 1:-1]))
        return xp.concatenate([u[:1], inner, u[-1:]]), 0.0

    u, _ = scan(sweep, u0, np.zeros(sweeps))
    return 0.5 * xp.sum((u - measured) ** 2)


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
