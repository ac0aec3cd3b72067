# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Sums that undo broadcasting, gathering and padding."""

import numpy as np

__all__ = [
    "add_rows", "diagonal_ones", "fit", "half_weights", "last_writes", "pad_bar", "reduceat_bar", "scatter_sum",
    "spread_diagonal", "stretched_to", "sum_to", "sum_to_vector",
]  # fmt: skip


def sum_to(x, shape):
    """Sum `x` over the axes along which an array of shape `shape` was broadcast to it."""
    x = np.asarray(x)
    extra = x.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(a + extra for a in range(len(shape)) if shape[a] == 1 != x.shape[a + extra])
    return np.reshape(np.sum(x, axis=axes), shape)


def stretched_to(x, shape):
    """Sum `x` over the axes that are 1 in `shape`, and repeat it along those that are 1 in `x`."""
    lengths = [1 if shape[a] == 1 else x.shape[a] for a in range(len(shape))]
    return np.zeros(shape, x.dtype) + sum_to(x, tuple(lengths))


def scatter_sum(x, index, shape):
    """Add each element of `x` at its flat position `index` in zeros of shape `shape`."""
    total = np.zeros(shape, np.asarray(x).dtype)
    np.add.at(np.reshape(total, (-1,)), np.ravel(index), np.ravel(x))
    return total


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


def pad_bar(y_bar, widths, mode):
    """Adjoint of ``np.pad(x, widths, mode)`` for the modes 'mean' and 'linear_ramp', last axis first."""
    for axis in range(len(widths) - 1, -1, -1):
        before, after = widths[axis]
        z = np.moveaxis(y_bar, axis, 0)
        stop = z.shape[0] - after
        x_bar = np.copy(z[before:stop])
        if mode == "mean":
            x_bar += (np.sum(z[:before], axis=0) + np.sum(z[stop:], axis=0)) / (stop - before)
        else:
            for k in range(before):
                x_bar[0] += k / before * z[k]
            for k in range(after):
                x_bar[-1] += (1 - (k + 1) / after) * z[stop + k]
        y_bar = np.moveaxis(x_bar, 0, axis)
    return y_bar


def spread_diagonal(x, shape, offset, axis1, axis2):
    """Zeros of shape `shape` with `x` on a diagonal: the transpose of ``np.diagonal``."""
    total = np.zeros(shape, np.asarray(x).dtype)
    index = np.diagonal(np.reshape(np.arange(total.size), shape), offset, axis1, axis2)
    np.reshape(total, (-1,))[index] = x
    return total


def diagonal_ones(x, offset, axis1, axis2):
    """Ones on a diagonal of zeros like `x`: the derivative of ``np.trace``."""
    index = np.diagonal(np.reshape(np.arange(x.size), x.shape), offset, axis1, axis2)
    return spread_diagonal(np.ones(index.shape, x.dtype), x.shape, offset, axis1, axis2)


def reduceat_bar(y_bar, x, i, axis):
    """Adjoint of ``np.add.reduceat(x, i, axis)``."""
    z = np.moveaxis(y_bar, axis, 0)
    x_bar = np.zeros_like(np.moveaxis(x, axis, 0))
    for k in range(len(i)):
        stop = i[k + 1] if k + 1 < len(i) else x.shape[axis]
        if stop > i[k]:
            x_bar[i[k] : stop] += z[k]
        else:
            x_bar[i[k]] += z[k]
    return np.moveaxis(x_bar, 0, axis)


def fit(x, length, axis):
    """Crop an axis to `length`, or pad it with zeros."""
    z = np.moveaxis(x, axis, 0)
    common = min(length, z.shape[0])
    fitted = np.zeros((length,) + z.shape[1:], x.dtype)
    fitted[:common] = z[:common]
    return np.moveaxis(fitted, 0, axis)


def half_weights(n, dtype):
    """How many of the `n` frequencies of a real signal each entry of its half spectrum stands for."""
    weight = np.ones(n // 2 + 1, dtype)
    weight[1 : (n + 1) // 2] = 2.0
    return weight


def sum_to_vector(x, size):
    """`sum_to` for vectors: `x` itself, or its sum if the vector that was broadcast to it has one element."""
    if x.shape[0] == size:
        return x
    total = np.zeros(size, x.dtype)
    total[0] = np.sum(x)
    return total


def last_writes(index):
    """Which of the writes through an index array last: of those to one place, the last."""
    flat = np.ravel(index)
    if flat.size == 0:
        return np.zeros(index.shape, np.bool_)
    lowest = np.min(flat)
    writer = np.zeros(np.max(flat) - lowest + 1, np.int64)
    for k in range(flat.size):
        writer[flat[k] - lowest] = k
    return np.reshape(np.take(writer, flat - lowest) == np.arange(flat.size), index.shape)
