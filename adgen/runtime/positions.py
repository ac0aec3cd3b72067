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
    z = np.moveaxis(x, axis, -1)
    steps = np.diff(z)
    near = np.mod(steps + period / 2, period) - period / 2
    near = np.where((near == -period / 2) & (steps > 0), period / 2, near)
    jumps = np.abs(steps) >= (period / 2 if discont is None else discont)
    added = np.cumsum(np.where(jumps, near - steps, 0.0), axis=-1)
    return np.moveaxis(np.concatenate((np.zeros_like(z[..., :1]), added), axis=-1), -1, axis)
