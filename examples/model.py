"""Least squares: the mean squared residual of a linear model."""

import numpy as np

from examples.arrays import Array2


def loss(w: Array2, x: Array2, y: Array2):
    """Mean of the squared residuals of ``x @ w``."""
    r = x @ w - y
    return np.mean(r**2)
