"""Heat in a rod: one array, updated in place, step by step.

The rod has length one and its ends are kept at zero.  `misfit` compares the final temperatures with measured
ones; its gradient with respect to the initial temperatures answers "what must it have been at the start?".
"""

import numpy as np

from examples.arrays import Array1


def diffuse(u: Array1, steps: int, rate: float):
    """Explicit Euler steps of u_t = u_xx, in place; `rate` is dt / dx**2, stable up to 0.5."""
    for step in range(steps):
        u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])


def diffuse_by_points(u: Array1, steps: int, rate: float):
    """The same, written point by point."""
    n = u.size
    old = np.empty(n)
    for step in range(steps):
        for i in range(n):
            old[i] = u[i]
        for i in range(1, n - 1):
            u[i] = old[i] + rate * (old[i + 1] - 2.0 * old[i] + old[i - 1])


def misfit(u0: Array1, measured: Array1, steps: int, rate: float):
    """Half the sum of the squared differences after `steps` steps."""
    u = u0.copy()
    u[0] = 0.0
    u[-1] = 0.0
    for step in range(steps):
        u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return 0.5 * np.sum((u - measured) ** 2)


def misfit_by_points(u0: Array1, measured: Array1, steps: int, rate: float):
    """`misfit`, with a helper that writes into its argument."""
    u = u0.copy()
    u[0] = 0.0
    u[-1] = 0.0
    diffuse_by_points(u, steps, rate)
    total = 0.0
    for i in range(u.size):
        total += (u[i] - measured[i]) ** 2
    return 0.5 * total


def sample(n: int = 41, steps: int = 60, rate: float = 0.4):
    """A rod with two hot spots: (true initial temperatures, measured final ones, steps, rate)."""
    x = np.linspace(0.0, 1.0, n)
    u0 = np.exp(-200.0 * (x - 0.3) ** 2) + 0.6 * np.exp(-300.0 * (x - 0.7) ** 2)
    u0[0] = u0[-1] = 0.0
    measured = u0.copy()
    diffuse(measured, steps, rate)
    return u0, measured, steps, rate
