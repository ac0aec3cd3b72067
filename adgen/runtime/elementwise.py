# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Quotients, logarithms and slopes that stay finite where a rule needs them to."""

import numpy as np

__all__ = [
    "exprel_slope", "finite", "inverse", "log_or_zero", "log_ratio", "log_share", "quotient", "sinc_slope",
    "stop_gradient",
]  # fmt: skip


def quotient(a, b):
    """``a / b``, and 0 where `b` is 0: the symmetric subgradient of a norm at the origin."""
    return np.where(b == 0, 0, a) / np.where(b == 0, 1, b)


def inverse(x):
    """``1 / x``, and 0 where `x` is 0."""
    return np.where(x == 0, 0, 1 / np.where(x == 0, 1, x))


def log_or_zero(x):
    """``log(x)``, and 0 where `x` is 0."""
    return np.log(np.where(x == 0, 1, x))


def log_share(a, b):
    """``exp(a) / (exp(a) + exp(b))`` without overflow; 0 where both are -inf, 1/2 where both are inf."""
    apart = np.exp(-np.abs(np.where(a == b, 0, a - b)))
    share = np.where(a >= b, 1, apart) / (1 + apart)
    return np.where((a == b) & (a < 0) & np.isinf(a), 0, share)


def sinc_slope(x):
    """Derivative of ``sin(pi x) / (pi x)``; by its series near 0, where the formula cancels."""
    near = np.abs(x) < 0.2
    s = np.pi * np.where(near, x, 0)
    q = s * s
    series = -np.pi * s / 3 * (1 - q / 10 * (1 - q / 28 * (1 - q / 54 * (1 - q / 88 * (1 - q / 130 * (1 - q / 180))))))
    far = np.where(near, 1, x)
    return np.where(near, series, (np.cos(np.pi * far) - np.sinc(far)) / far)


def exprel_slope(x):
    """Derivative of ``(exp(x) - 1) / x``; by its series near 0."""
    near = np.abs(x) < 0.5
    small = np.where(near, x, 0)
    series = np.zeros_like(x)
    for k in range(14, -1, -1):
        series = small / (k + 1) * series + 1 / (k + 2)
    far = np.where(near, 1, x)
    return np.where(near, series, (np.exp(far) - np.expm1(far) / far) / far)


def log_ratio(x):
    """``log(x) / (1 - x)``; by its series near 1."""
    d = x - 1
    near = np.abs(d) < 0.05
    small = np.where(near, d, 0)
    series = np.zeros_like(x)
    for k in range(14, 0, -1):
        series = 1 / k - small * series
    far = np.where(near, 1, d)
    return np.where(near, -series, -np.log1p(far) / far)


def finite(x):
    """`x`, and 0 where it is infinite."""
    return np.where(np.isfinite(x), x, 0)


def stop_gradient(x):
    """The value itself (a new array); derivatives do not pass through it.

    Examples
    --------
    >>> import adgen
    >>> adgen.grad(lambda x: x * adgen.stop_gradient(x))(3.0)
    3.0
    """
    return 1 * x
