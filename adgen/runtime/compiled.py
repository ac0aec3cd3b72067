# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""For Numba: reductions along the last axis, and products of stacks, in loops that it compiles for any rank."""

import numpy as np

__all__ = [
    "all_along_last",
    "any_along_last",
    "argmax_along_last",
    "argmin_along_last",
    "argsort_along_last",
    "array_of_list",
    "count_along_last",
    "cumprod_along_last",
    "max_along_last",
    "maximum_along_last",
    "mean_along_last",
    "median_along_last",
    "min_along_last",
    "minimum_along_last",
    "nanmax_along_last",
    "nanmean_along_last",
    "nanmin_along_last",
    "nansum_along_last",
    "prod_along_last",
    "ptp_along_last",
    "running_places",
    "sort_along_last",
    "stacked_diagonal",
    "stacked_inv",
    "stacked_list",
    "stacked_product",
    "stacked_solve",
    "std_along_last",
    "sum_to_shape",
    "var_along_last",
]  # fmt: skip


def all_along_last(x):
    """``np.all(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], np.bool_)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.all(x[i])
    return y


def any_along_last(x):
    """``np.any(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], np.bool_)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.any(x[i])
    return y


def argmax_along_last(x):
    """``np.argmax(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], np.int64)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.argmax(x[i])
    return y


def argmin_along_last(x):
    """``np.argmin(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], np.int64)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.argmin(x[i])
    return y


def count_along_last(x):
    """``np.count_nonzero(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], np.int64)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.count_nonzero(x[i])
    return y


def max_along_last(x):
    """``np.max(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.max(x[i])
    return y


def min_along_last(x):
    """``np.min(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.min(x[i])
    return y


def prod_along_last(x):
    """``np.prod(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.prod(x[i])
    return y


def ptp_along_last(x):
    """``np.ptp(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.ptp(x[i])
    return y


def mean_along_last(x):
    """``np.mean(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], (0.5 * x[..., :1]).dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.mean(x[i])
    return y


def median_along_last(x):
    """``np.median(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], (0.5 * x[..., :1]).dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.median(x[i])
    return y


def nanmax_along_last(x):
    """``np.nanmax(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.nanmax(x[i])
    return y


def nanmin_along_last(x):
    """``np.nanmin(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.nanmin(x[i])
    return y


def nansum_along_last(x):
    """``np.nansum(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.nansum(x[i])
    return y


def nanmean_along_last(x):
    """``np.nanmean(x, axis=-1)``."""
    y = np.empty(x.shape[:-1], (0.5 * x[..., :1]).dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.nanmean(x[i])
    return y


def var_along_last(x, ddof):
    """``np.var(x, axis=-1, ddof=ddof)``."""
    y = np.empty(x.shape[:-1], np.abs(0.5 * x[..., :1]).dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.var(x[i]) * (x.shape[-1] / (x.shape[-1] - ddof))
    return y


def std_along_last(x, ddof):
    """``np.std(x, axis=-1, ddof=ddof)``."""
    return np.sqrt(var_along_last(x, ddof))


def sort_along_last(x):
    """``np.sort(x, axis=-1)``."""
    y = np.empty(x.shape, x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.sort(x[i])
    return y


def argsort_along_last(x):
    """``np.argsort(x, axis=-1, kind="stable")``."""
    y = np.empty(x.shape, np.int64)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.argsort(x[i], kind="mergesort")
    return y


def cumprod_along_last(x):
    """``np.cumprod(x, axis=-1)``."""
    y = np.empty(x.shape, x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        y[i] = np.cumprod(x[i])
    return y


def maximum_along_last(x):
    """``np.maximum.accumulate(x, axis=-1)``."""
    y = np.empty(x.shape, x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        for k in range(x.shape[-1]):
            y[i][k] = np.maximum(y[i][k - 1], x[i][k]) if k else x[i][k]
    return y


def minimum_along_last(x):
    """``np.minimum.accumulate(x, axis=-1)``."""
    y = np.empty(x.shape, x.dtype)
    for i in np.ndindex(x.shape[:-1]):
        for k in range(x.shape[-1]):
            y[i][k] = np.minimum(y[i][k - 1], x[i][k]) if k else x[i][k]
    return y


def running_places(x, axis, sign):
    """`running_extremes`: the axis in the middle of three."""
    before, after = 1, 1
    for k in range(x.ndim):
        if k < axis % x.ndim:
            before *= x.shape[k]
        elif k > axis % x.ndim:
            after *= x.shape[k]
    z = np.reshape(np.ascontiguousarray(x), (before, x.shape[axis], after))
    places = np.zeros(z.shape, np.int64)
    for i in range(before):
        for k in range(1, x.shape[axis]):
            for j in range(after):
                best = places[i, k - 1, j]
                places[i, k, j] = k if sign * z[i, k, j] > sign * z[i, best, j] else best
    return np.reshape(places, x.shape)


def stacked_product(a, b):
    """``a @ b`` of stacks of matrices."""
    shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    y = np.empty(shape + (a.shape[-2], b.shape[-1]), a.dtype)
    left = np.broadcast_to(a, shape + a.shape[-2:])
    right = np.broadcast_to(b, shape + b.shape[-2:])
    for i in np.ndindex(shape):
        y[i] = np.ascontiguousarray(left[i]) @ np.ascontiguousarray(right[i])
    return y


def stacked_solve(a, b):
    """``np.linalg.solve(a, b)`` of stacks of matrices."""
    shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    y = np.empty(shape + (a.shape[-1], b.shape[-1]), a.dtype)
    left = np.broadcast_to(a, shape + a.shape[-2:])
    right = np.broadcast_to(b, shape + b.shape[-2:])
    for i in np.ndindex(shape):
        y[i] = np.linalg.solve(np.ascontiguousarray(left[i]), np.ascontiguousarray(right[i]))
    return y


def stacked_inv(a):
    """``np.linalg.inv(a)`` of a stack of matrices."""
    y = np.empty(a.shape, a.dtype)
    for i in np.ndindex(a.shape[:-2]):
        y[i] = np.linalg.inv(np.ascontiguousarray(a[i]))
    return y


def stacked_diagonal(x, offset):
    """``np.diagonal(x, offset, -2, -1)``."""
    row, column = max(-offset, 0), max(offset, 0)
    count = max(min(x.shape[-2] - row, x.shape[-1] - column), 0)
    y = np.empty(x.shape[:-2] + (count,), x.dtype)
    for i in np.ndindex(x.shape[:-2]):
        for k in range(count):
            y[i][k] = x[i][row + k, column + k]
    return y


def sum_to_shape(x, shape):
    """`sum_to`: each element is added where it was broadcast from."""
    total = np.zeros(shape, x.dtype)
    flat = np.reshape(total, -1)
    source = np.broadcast_to(np.reshape(np.arange(total.size), shape), x.shape)
    for i in np.ndindex(x.shape):
        flat[source[i]] += x[i]
    return total


def array_of_list(items):
    """``np.array(items)``: inline, Numba would take the loop that grows a list apart, and fails at two lists."""
    return np.array(items)


def stacked_list(items):
    """``np.array(items)`` of a list of arrays."""
    y = np.empty((len(items),) + items[0].shape, items[0].dtype)
    for k in range(len(items)):
        y[k] = items[k]
    return y
