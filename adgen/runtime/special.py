# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Special functions of one number, for Numba, which has no scipy."""

import math

__all__ = ["digamma", "log_ndtr"]


def digamma(x):
    """Logarithmic derivative of the gamma function: recurrence up to 10, then the asymptotic series (DLMF 5.11.2)."""
    shift = 0.0
    while x < 10.0:
        shift -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    tail = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * 691 / 32760)))))
    return shift + math.log(x) - 0.5 / x - tail


def log_ndtr(x):
    """Logarithm of the normal distribution function; far to the left by a continued fraction (DLMF 7.9.4)."""
    if x > -4.0:
        return math.log(0.5 * math.erfc(-x / math.sqrt(2.0)))
    fraction = -x
    for k in range(60, 0, -1):
        fraction = -x + k / fraction
    return -0.5 * x * x - 0.5 * math.log(2.0 * math.pi) - math.log(fraction)
