# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Methods of ufuncs.  Without another definition, elements are taken one after the other, as NumPy does."""

import numpy as np

import adgen.runtime as rt
from adgen.rules.definitions import defines


def reduce(ufunc, array, axis=0, keepdims=False):
    moved = np.moveaxis(array, axis, 0)
    total = moved[0]
    for k in range(1, moved.shape[0]):
        total = ufunc(total, moved[k])
    return np.expand_dims(total, axis) if keepdims else total


def accumulate(ufunc, array, axis=0):
    moved = np.moveaxis(array, axis, 0)
    running = np.empty_like(moved)
    running[0] = moved[0]
    for k in range(1, moved.shape[0]):
        running[k] = ufunc(running[k - 1], moved[k])
    return np.moveaxis(running, 0, axis)


def reduceat(ufunc, array, indices, axis=0):
    moved = np.moveaxis(array, axis, 0)
    starts = np.asarray(indices)
    stops = np.append(starts[1:], moved.shape[0])
    pieces = np.empty((starts.size, *moved.shape[1:]), moved.dtype)
    for k in range(starts.size):
        total = moved[starts[k]]
        for i in range(starts[k] + 1, stops[k]):
            total = ufunc(total, moved[i])
        pieces[k] = total
    return np.moveaxis(pieces, 0, axis)


def at(ufunc, array, indices, *operands):
    if not operands:
        for i in indices:
            array[i] = ufunc(array[i])
        return
    b = operands[0]
    if np.ndim(b) == 0:
        for k in range(len(indices)):
            array[indices[k]] = ufunc(array[indices[k]], b)
    else:
        for k in range(len(indices)):
            array[indices[k]] = ufunc(array[indices[k]], b[k])


def outer(ufunc, a, b):
    return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)


METHODS = {"reduce": reduce, "accumulate": accumulate, "reduceat": reduceat, "at": at, "outer": outer}


@defines("np.add.reduce")
def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.sum(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)


@defines("np.subtract.reduce")
def subtract_reduce(array, axis=0, keepdims=False):
    return (
        2 * np.take(array, 0, axis) - np.sum(array, axis)
        if not keepdims
        else (2 * np.take(array, [0], axis) - np.sum(array, axis, keepdims=True))
    )


@defines("np.logaddexp2.reduce")
def logaddexp2_reduce(array, axis=0, keepdims=False):
    return np.logaddexp.reduce(array * np.log(2), axis=axis, keepdims=keepdims) / np.log(2)


@defines("np.hypot.reduce")
def hypot_reduce(array, axis=0, keepdims=False):
    return np.linalg.norm(array, axis=axis, keepdims=keepdims)


@defines("np.maximum.accumulate")
def maximum_accumulate(array, axis=0):
    """Ties: the first of the equal elements."""
    return np.take_along_axis(array, rt.running_extremes(array, axis, 1), axis)


@defines("np.minimum.accumulate")
def minimum_accumulate(array, axis=0):
    """Ties: the first of the equal elements."""
    return np.take_along_axis(array, rt.running_extremes(array, axis, -1), axis)
