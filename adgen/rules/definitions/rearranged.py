# ruff: noqa: ANN001, ANN201  (specialised from their source, for any types)
"""Elements in other places: turned, shifted, cut, left out, put in between."""

import numpy as np

from adgen.rules.definitions import defines
from adgen.rules.definitions.shapes import at_places, part, sized


@defines("np.rot90", whole=True)
def rot90(m, k=1, axes=(0, 1)):
    first, second = axes
    if k % 4 == 0:
        return m[...]
    if k % 4 == 2:
        return np.flip(m, (first, second))
    if k % 4 == 1:
        return np.swapaxes(np.flip(m, second), first, second)
    return np.flip(np.swapaxes(m, first, second), second)


@defines("np.rollaxis", whole=True)
def rollaxis(a, axis, start=0):
    axis = axis % a.ndim
    place = start + a.ndim if start < 0 else start
    if axis < place:
        place = place - 1
    order = [k for k in range(a.ndim) if k != axis]
    return np.transpose(a, (*order[:place], axis, *order[place:]))


@defines("np.fft.fftshift", whole=True)
def fftshift(x, axes=None):
    axes = all_axes(axes, x.ndim)
    return np.roll(x, tuple([x.shape[k] // 2 for k in axes]), axes)


@defines("np.fft.ifftshift", whole=True)
def ifftshift(x, axes=None):
    axes = all_axes(axes, x.ndim)
    return np.roll(x, tuple([-(x.shape[k] // 2) for k in axes]), axes)


def all_axes(axes, rank):
    if axes is None:
        return tuple(range(rank))
    return tuple(axes) if isinstance(axes, tuple | list) else (axes,)


@defines("np.split", whole=True)
def split(ary, indices_or_sections, axis=0):
    if isinstance(indices_or_sections, int) and ary.shape[axis] % indices_or_sections != 0:
        raise ValueError("array split does not result in an equal division")
    return np.array_split(ary, indices_or_sections, axis)


@defines("np.array_split", whole=True)
def array_split(ary, indices_or_sections, axis=0):
    """Slices, for places may lie outside; of as many parts, the first have one more."""
    axis = axis % ary.ndim
    if isinstance(indices_or_sections, int):
        each, more = ary.shape[axis] // indices_or_sections, ary.shape[axis] % indices_or_sections
        places = [k * each + min(k, more) for k in range(indices_or_sections + 1)]
        return [part(ary, places[k], places[k + 1], axis) for k in range(indices_or_sections)]
    starts, stops = [None, *indices_or_sections], [*indices_or_sections, None]
    return [part(ary, i, j, axis) for i, j in zip(starts, stops)]


@defines("np.hsplit", whole=True)
def hsplit(ary, indices_or_sections):
    return np.split(ary, indices_or_sections, axis=0 if ary.ndim == 1 else 1)


@defines("np.vsplit", whole=True)
def vsplit(ary, indices_or_sections):
    return np.split(ary, indices_or_sections, axis=0)


@defines("np.dsplit", whole=True)
def dsplit(ary, indices_or_sections):
    return np.split(ary, indices_or_sections, axis=2)


@defines("np.delete", whole=True)
def delete(arr, obj, axis=None):
    if axis is None:
        arr, axis = np.ravel(arr), 0
    axis = axis % arr.ndim
    n = arr.shape[axis]
    if isinstance(obj, slice):
        kept = np.ones(n, bool)
        kept[obj] = False
        return at_places(arr, np.flatnonzero(kept), axis)
    if np.ndim(obj) == 0:
        if obj < -n or obj >= n:
            raise IndexError("index out of bounds")
        place = obj + n if obj < 0 else obj
        return np.concatenate([part(arr, 0, place, axis), part(arr, place + 1, n, axis)], axis=axis)
    places = np.asarray(obj)
    kept = np.ones(n, bool)
    if places.dtype == np.bool_:
        kept = ~places
    else:
        if np.any((places < -n) | (places >= n)):
            raise IndexError("index out of bounds")
        kept[places] = False
    return at_places(arr, np.flatnonzero(kept), axis)


@defines("np.insert", whole=True)
def insert(arr, obj, values, axis=None):
    """Before one place; before several, each value for itself."""
    if axis is None:
        arr, axis = np.ravel(arr), 0
    axis = axis % arr.ndim
    n = arr.shape[axis]
    new = np.asarray(values)
    new = np.reshape(new, (1,) * (arr.ndim - new.ndim) + new.shape)
    if np.ndim(obj) == 0:
        if obj < -n or obj > n:
            raise IndexError("index out of bounds")
        place = obj + n if obj < 0 else obj
        moved = np.moveaxis(new, 0, axis)
        new = np.broadcast_to(moved, sized(arr, axis, moved.shape[axis])).astype(arr.dtype)
        return np.concatenate([part(arr, 0, place, axis), new, part(arr, place, n, axis)], axis=axis)
    if np.size(obj) < 2:
        return np.insert(arr, obj, values, axis)
    places = np.asarray(obj)
    if np.any((places < -n) | (places > n)):
        raise IndexError("index out of bounds")
    order = np.argsort(np.where(places < 0, places + n, places), kind="stable")
    length = n + places.size
    after = np.where(places < 0, places + n, places)[order] + np.arange(places.size)
    source = np.zeros(length, int)
    fresh = np.zeros(length, bool)
    fresh[after] = True
    source[after] = n + order
    source[np.flatnonzero(~fresh)] = np.arange(n)
    new = np.broadcast_to(new, sized(arr, axis, places.size)).astype(arr.dtype)
    return at_places(np.concatenate([arr, new], axis=axis), source, axis)


@defines("np.resize", whole=True)
def resize(a, new_shape):
    """As many elements as there is room for, again and again."""
    shape = new_shape if isinstance(new_shape, tuple) else (new_shape,)
    total = 1
    for length in shape:
        total = total * length
    flat = np.ravel(a)
    return np.reshape(flat[np.arange(total) % np.maximum(flat.size, 1)], shape)


@defines("np.trace", whole=True)
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1)
