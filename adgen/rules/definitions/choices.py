# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""Elements chosen: by conditions, by numbers, by order."""

import numpy as np

from adgen.rules.definitions import defines


@defines("np.compress", whole=True)
def compress(condition, a, axis=None, out=None):
    return np.take(a, np.flatnonzero(np.asarray(condition)), axis=axis)


@defines("np.extract", whole=True)
def extract(condition, arr):
    return np.take(np.ravel(arr), np.flatnonzero(np.asarray(condition)))


@defines("np.choose", whole=True)
def choose(a, choices, out=None, mode="raise"):
    a, n = np.asarray(a), len(choices)
    if mode == "wrap":
        a = a % n
    elif mode == "raise" and np.any((a < 0) | (a >= n)):
        raise ValueError("invalid entry in choice array")
    chosen = np.where(a <= 0, choices[0], choices[n - 1])
    for k in range(1, n - 1):
        chosen = np.where(a == k, choices[k], chosen)
    return chosen


@defines("np.select", whole=True)
def select(condlist, choicelist, default=0):
    """The first whose condition holds."""
    chosen = default
    for k in range(len(condlist) - 1, -1, -1):
        chosen = np.where(condlist[k], choicelist[k], chosen)
    return chosen


@defines("np.lexsort", whole=True)
def lexsort(keys, axis=-1):
    order = np.argsort(keys[0], axis=axis, kind="stable")
    for k in range(1, len(keys)):
        next_order = np.argsort(np.take_along_axis(keys[k], order, axis), axis=axis, kind="stable")
        order = np.take_along_axis(order, next_order, axis)
    return order


@defines("np.partition", whole=True)
def partition(a, kth, axis=-1):
    """In order altogether, which is one of the ways."""
    refuse_outside(a, kth, axis)
    return np.sort(a, axis=axis)


@defines("np.argpartition", whole=True)
def argpartition(a, kth, axis=-1):
    refuse_outside(a, kth, axis)
    return np.argsort(a, axis=axis, kind="stable")


def refuse_outside(a, kth, axis):
    n = a.size if axis is None else a.shape[axis]
    if np.any((np.asarray(kth) < -n) | (np.asarray(kth) >= n)):
        raise ValueError("kth out of bounds")


@defines("np.unique", whole=True)
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True):
    if axis is not None:
        return np.unique(ar, return_index, return_inverse, return_counts, axis=axis)
    flat = np.ravel(ar)
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    same = ordered[1:] == ordered[:-1]
    if equal_nan:
        same = same | ((ordered[1:] != ordered[1:]) & (ordered[:-1] != ordered[:-1]))
    first = np.flatnonzero(np.append(np.ones(min(flat.size, 1), bool), ~same))
    results = (ordered[first],)
    if return_index:
        results = (*results, order[first])
    if return_inverse:
        inverse = np.zeros(flat.size, int)
        inverse[order] = np.cumsum(np.append(np.zeros(min(flat.size, 1), bool), ~same))
        results = (*results, np.reshape(inverse, np.shape(ar)))
    if return_counts:
        results = (*results, np.diff(np.append(first, flat.size)))
    return results if len(results) > 1 else results[0]
