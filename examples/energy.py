"""A sum over particles: the iterations do not depend on each other."""

import numpy as np

from examples.arrays import Array1


def energy(x: Array1):
    """The sum of x exp(-x)."""
    e = 0.0
    for i in range(x.size):
        e += np.exp(-x[i]) * x[i]
    return e
