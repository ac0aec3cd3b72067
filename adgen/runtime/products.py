# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Pieces of convolutions, Vandermonde matrices and piecewise linear interpolation."""

import numpy as np

from adgen.runtime.shapes import scatter_sum

__all__ = [
    "bracket", "interp_bar", "interp_shown", "interp_slope", "interp_weight", "polynomial_slope", "to_full",
    "to_full_correlation", "vander_slope",
]  # fmt: skip


def to_full(y_bar, n, m, mode):
    """Place a 'same' or 'valid' convolution of lengths `n` and `m` in zeros of the length of the full one."""
    shorter = min(n, m)
    start = shorter - 1 if mode == "valid" else (shorter - 1) // 2
    full = np.zeros(n + m - 1, y_bar.dtype)
    full[start : start + y_bar.size] = y_bar
    return full


def to_full_correlation(y_bar, n, m, mode):
    """The same for a correlation, which is turned round where the first factor is the shorter one."""
    if n < m:
        return np.flip(to_full(np.flip(y_bar), n, m, mode))
    return to_full(y_bar, n, m, mode)


def vander_slope(x, n, increasing):
    """Derivative of each entry of ``np.vander(x, n, increasing)`` with respect to its node."""
    lower = np.vander(x, max(n - 1, 0), increasing=True) * np.arange(1, max(n, 1))
    slope = np.concatenate((np.zeros((x.size, 1), x.dtype), lower), axis=1)[:, :n]
    if increasing:
        return slope
    return np.flip(slope, 1)


def bracket(x, xp):
    """Number of the interval of `xp` in which `x` lies; the outer ones reach to infinity."""
    return np.minimum(np.maximum(np.searchsorted(xp, x, side="right") - 1, 0), xp.size - 2)


def interp_weight(x, xp, i):
    """Where `x` lies in interval `i` of `xp`, from 0 to 1; clamped outside."""
    left, right = xp[i], xp[i + 1]
    t = (x - left) / (right - left)
    return np.where(t < 0, 0, np.where(t > 1, 1, t))


def interp_slope(x, xp, fp, i):
    """Slope of the interpolant at `x`; 0 outside."""
    slope = (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i])
    return np.where((x < xp[0]) | (x > xp[-1]), 0, slope)


def interp_shown(x, xp, left, right):
    """1 where values of `fp` are seen, 0 where the constants `left` and `right` are."""
    shown = np.ones_like(x)
    if left is not None:
        shown = np.where(x < xp[0], 0, shown)
    if right is not None:
        shown = np.where(x > xp[-1], 0, shown)
    return shown


def interp_bar(v, t, i, shape):
    """Give `v` to the two ends of interval `i`, in shares ``1 - t`` and `t`."""
    return scatter_sum((1 - t) * v, i, shape) + scatter_sum(t * v, i + 1, shape)


def polynomial_slope(p, x):
    """Derivative of ``np.polyval(p, x)`` with respect to `x`, by Horner's scheme."""
    y = 0 * x
    slope = 0 * x
    for i in range(p.size):
        slope = slope * x + y
        y = y * x + p[i]
    return slope
