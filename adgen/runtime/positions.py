# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Where elements come from, and how often something wraps around: what the derivative sees nothing of."""

import numpy as np

__all__ = ["first_positions", "running_extremes", "turns"]


def first_positions(x):
    """Where each of the different elements of `x`, in ascending order, stands first in the flat array."""
    return np.unique(x, return_index=True)[1]


def running_extremes(x, axis, sign):
    """For each place the position along `axis` of the largest (`sign` 1) or smallest (-1) element up to there."""
    z = np.moveaxis(sign * x, axis, -1)
    best = np.maximum.accumulate(z, -1)
    first = np.ones_like(z[..., :1], dtype=bool)
    better = np.concatenate((first, z[..., 1:] > best[..., :-1]), axis=-1)
    places = np.where(better, np.arange(z.shape[-1]), 0)
    return np.moveaxis(np.maximum.accumulate(places, -1), -1, axis)


def turns(x, discont, axis, period):
    """The multiples of `period` that ``np.unwrap`` adds to angles."""
    return np.unwrap(x, discont, axis, period=period) - x
