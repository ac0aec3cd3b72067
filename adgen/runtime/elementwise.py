"""Quotients, logarithms and slopes that stay finite where a rule needs them to."""

import numpy as np

__all__ = ["log_or_zero", "quotient", "sinc_slope"]


def quotient(a, b):
    """``a / b``, and 0 where `b` is 0: the symmetric subgradient of a norm at the origin."""
    return np.where(b == 0, 0, a) / np.where(b == 0, 1, b)


def log_or_zero(x):
    """``log(x)``, and 0 where `x` is 0."""
    return np.log(np.where(x == 0, 1, x))


def sinc_slope(x):
    """Derivative of ``sin(pi x) / (pi x)``; by its series near 0, where the formula cancels."""
    near = np.abs(x) < 0.2
    s = np.pi * np.where(near, x, 0)
    q = s * s
    series = -np.pi * s / 3 * (1 - q / 10 * (1 - q / 28 * (1 - q / 54 * (1 - q / 88 * (1 - q / 130 * (1 - q / 180))))))
    far = np.where(near, 1, x)
    return np.where(near, series, (np.cos(np.pi * far) - np.sinc(far)) / far)
