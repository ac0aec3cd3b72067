# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Methods of ufuncs.  Without another definition, elements are taken one after the other, as NumPy does."""

import numpy as np

import adgen.runtime as rt
from adgen.rules.definitions import defines


def reduce(ufunc, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """One element after the other; several axes as if they were one, masked elements left out."""
    if dtype is not None:
        array = np.astype(array, dtype)
    axes = tuple(range(array.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple([k % array.ndim for k in axes])
    rest = tuple([k for k in range(array.ndim) if k not in axes])
    moved = np.reshape(np.transpose(array, axes + rest), (-1, *[array.shape[k] for k in rest]))
    if where is not True:
        shown = np.reshape(np.transpose(np.broadcast_to(where, array.shape), axes + rest), moved.shape)
    if initial is None:
        total, start = moved[0], 1
    else:
        total, start = initial + np.zeros(moved.shape[1:], moved.dtype), 0
    for k in range(start, moved.shape[0]):
        total = ufunc(total, moved[k]) if where is True else np.where(shown[k], ufunc(total, moved[k]), total)
    return np.expand_dims(total, axes) if keepdims else total


def accumulate(ufunc, array, axis=0, dtype=None, out=None):
    if dtype is not None:
        array = np.astype(array, dtype)
    moved = np.moveaxis(array, axis, 0)
    running = np.empty_like(moved)
    running[:1] = moved[:1]
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
    """Elements one by one, so that those named twice are changed twice."""
    picked = np.asarray(np.reshape(np.arange(array.size), array.shape)[indices])
    places = np.ravel(picked)
    if operands:
        b = operands[0]
        values = b if np.ndim(b) == 0 else np.ravel(np.broadcast_to(b, picked.shape))
    if array.ndim > 1:
        rows = np.unravel_index(places, array.shape)
    for k in range(places.size):
        place = places[k] if array.ndim == 1 else tuple([r[k] for r in rows])
        if not operands:
            array[place] = ufunc(array[place])
        elif np.ndim(b) == 0:
            array[place] = ufunc(array[place], values)
        else:
            array[place] = ufunc(array[place], values[k])


def outer(ufunc, a, b):
    return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)


@defines("np.divmod", whole=True)
def quotient_and_rest(x1, x2):
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


@defines("np.spacing", whole=True)
def spacing(x):
    return np.copysign(np.nextafter(np.abs(x), np.inf) - np.abs(x), x)


METHODS = {"reduce": reduce, "accumulate": accumulate, "reduceat": reduceat, "at": at, "outer": outer}


@defines("np.add.reduce", whole=True)
def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.sum(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims, initial=initial, where=where)


@defines("np.subtract.reduce")
def subtract_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    if initial is None:
        initial = 2 * np.take(array, [0], axis)
        if not keepdims:
            initial = np.squeeze(initial, axis)
    return initial - np.sum(array, axis, dtype=dtype, keepdims=keepdims, where=where)


@defines("np.logaddexp2.reduce")
def logaddexp2_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    if initial is not None:
        initial = initial * np.log(2)
    array = array * np.log(2)
    return np.logaddexp.reduce(array, axis=axis, keepdims=keepdims, initial=initial, where=where) / np.log(2)


@defines("np.hypot.reduce")
def hypot_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    shown = array if where is True else np.where(where, array, 0)
    length = np.linalg.vector_norm(shown, axis=axis, keepdims=keepdims)
    return length if initial is None else np.hypot(length, initial)


@defines("np.logaddexp.reduce")
def logaddexp_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    shown = array if where is True else np.where(where, array, -np.inf)
    total = np.logaddexp.reduce(shown, axis=axis, keepdims=keepdims)
    return total if initial is None else np.logaddexp(total, initial)


@defines("np.maximum.accumulate", whole=True)
def maximum_accumulate(array, axis=0):
    """Ties: the first of the equal elements."""
    return np.take_along_axis(array, rt.running_extremes(array, axis, 1), axis)


@defines("np.minimum.accumulate", whole=True)
def minimum_accumulate(array, axis=0):
    """Ties: the first of the equal elements."""
    return np.take_along_axis(array, rt.running_extremes(array, axis, -1), axis)
