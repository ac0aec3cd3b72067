"""Slopes of special functions."""

import scipy.special

__all__ = ["multidigamma"]


def multidigamma(x, d):
    """Derivative of the logarithm of the gamma function of dimension `d`."""
    total = 0
    for i in range(d):
        total = total + scipy.special.digamma(x - 0.5 * i)
    return total
