# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Joining, padding and spreading, in the forms that rows leave out."""

import numpy as np

from adgen.rules.definitions import defines


@defines("np.concatenate")
def concatenate(arrays, axis=0):
    """The items of one array, side by side."""
    if axis is None:
        return np.ravel(arrays)
    axis = axis % (arrays.ndim - 1)
    moved = np.moveaxis(arrays, 0, axis)
    shape = moved.shape
    return np.reshape(moved, (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))


@defines("np.stack")
def stack(arrays, axis=0):
    return np.moveaxis(arrays, 0, axis)


@defines("np.hstack")
def hstack(tup):
    if isinstance(tup, np.ndarray):
        return np.concatenate(tup, axis=0 if tup.ndim == 2 else 1)
    arrays = [np.atleast_1d(tup[k]) for k in range(len(tup))]
    return np.concatenate(arrays, axis=0 if arrays[0].ndim == 1 else 1)


@defines("np.vstack", "np.row_stack")
def vstack(tup):
    if isinstance(tup, np.ndarray):
        return np.copy(tup) if tup.ndim == 2 else np.concatenate(tup, axis=0)
    return np.concatenate([np.atleast_2d(tup[k]) for k in range(len(tup))], axis=0)


@defines("np.dstack")
def dstack(tup):
    if isinstance(tup, np.ndarray):
        return np.moveaxis(tup, 0, -1)[None] if tup.ndim == 2 else np.moveaxis(tup, 0, 2)
    return np.concatenate([np.atleast_3d(tup[k]) for k in range(len(tup))], axis=2)


@defines("np.column_stack")
def column_stack(tup):
    if isinstance(tup, np.ndarray):
        return tup.T.copy() if tup.ndim == 2 else np.concatenate(tup, axis=1)
    columns = [tup[k] for k in range(len(tup))]
    return np.concatenate([c if np.ndim(c) > 1 else np.reshape(c, (-1, 1)) for c in columns], axis=1)


@defines("np.block")
def block(arrays):
    return joined_block(arrays, depth_of(arrays), rank_of(arrays))


def depth_of(arrays):
    return 1 + depth_of(arrays[0]) if isinstance(arrays, list) else 0


def rank_of(arrays):
    return max([depth_of(arrays), *[rank_of(a) for a in arrays]]) if isinstance(arrays, list) else np.ndim(arrays)


def joined_block(arrays, depth, rank):
    if not isinstance(arrays, list):
        return np.reshape(arrays, (1,) * (rank - np.ndim(arrays)) + np.shape(arrays))
    return np.concatenate([joined_block(a, depth - 1, rank) for a in arrays], axis=rank - depth)


@defines("np.atleast_1d")
def atleast_1d(*arrays):
    return tuple([np.atleast_1d(a) for a in arrays])


@defines("np.atleast_2d")
def atleast_2d(*arrays):
    return tuple([np.atleast_2d(a) for a in arrays])


@defines("np.atleast_3d")
def atleast_3d(*arrays):
    return tuple([np.atleast_3d(a) for a in arrays])


@defines("np.broadcast_arrays")
def broadcast_arrays(*arrays):
    shape = np.shape(arrays[0])
    for a in arrays[1:]:
        shape = np.shape(np.empty(shape) + np.empty(np.shape(a)))
    return tuple([np.broadcast_to(a, shape) for a in arrays])


@defines("np.meshgrid", whole=True)
def meshgrid(*arrays, copy=True, sparse=False, indexing="xy"):
    rank = len(arrays)
    grids = [np.reshape(a, (1,) * k + (-1,) + (1,) * (rank - k - 1)) for k, a in enumerate(arrays)]
    if indexing == "xy" and rank > 1:
        grids = [np.swapaxes(g, 0, 1) for g in grids]
    return tuple(grids) if sparse else tuple([np.copy(g) for g in np.broadcast_arrays(*grids)])


@defines("np.pad", whole=True)
def pad(array, pad_width, mode="constant", constant_values=0, end_values=0, stat_length=None, reflect_type="even"):
    widths = each_axis(pad_width, array.ndim)
    constants, ends = each_axis(constant_values, array.ndim), each_axis(end_values, array.ndim)
    lengths = each_axis(stat_length, array.ndim)
    for axis in range(array.ndim):
        before, after = widths[axis]
        if mode == "constant":
            pieces = constant_edges(array, axis, before, after, *constants[axis])
        elif mode == "linear_ramp":
            pieces = ramp_edges(array, axis, before, after, *ends[axis])
        elif mode in ("edge", "wrap") or (mode in ("reflect", "symmetric") and reflect_type == "even"):
            pieces = repeated_edges(array, axis, before, after, mode)
        elif mode in ("reflect", "symmetric"):
            pieces = odd_edges(array, axis, before, after, mode)
        else:
            pieces = statistic_edges(array, axis, before, after, mode, *lengths[axis])
        pieces = [p if p.dtype == array.dtype else p.astype(array.dtype) for p in pieces]
        array = np.concatenate([pieces[0], array, pieces[1]], axis=axis)
    return array


def each_axis(value, rank):
    """NumPy's short forms of a pair for each axis, written out."""
    if not isinstance(value, tuple | list):
        return [(value, value)] * rank
    if len(value) == 1:
        return each_axis(value[0], rank)
    if not isinstance(value[0], tuple | list):
        return [(value[0], value[1])] * rank
    return [(v[0], v[-1]) for v in value]


def sized(array, axis, length):
    """The shape of `array` with another length along an axis."""
    return (*array.shape[:axis], length, *array.shape[axis + 1 :])


def part(array, start, stop, axis):
    return array[(slice(None),) * axis + (slice(start, stop),)]


def at_places(array, places, axis):
    return array[(slice(None),) * axis + (places,)]


def constant_edges(array, axis, before, after, low, high):
    return np.full(sized(array, axis, before), low), np.full(sized(array, axis, after), high)


def ramp_edges(array, axis, before, after, low, high):
    along = (1,) * axis + (-1,) + (1,) * (array.ndim - axis - 1)
    rising = np.reshape(np.arange(before) / max(before, 1), along)
    falling = np.reshape(np.arange(after, 0, -1) / max(after, 1) - 1 / max(after, 1), along)
    first = part(array, 0, 1, axis)
    last = part(array, array.shape[axis] - 1, array.shape[axis], axis)
    return low + (first - low) * rising, high + (last - high) * falling


def repeated_edges(array, axis, before, after, mode):
    n = array.shape[axis]
    return (
        at_places(array, inner_places(np.arange(-before, 0), n, mode), axis),
        at_places(array, inner_places(np.arange(n, n + after), n, mode), axis),
    )


def inner_places(places, n, mode):
    """Where in the array stands what is seen outside of it."""
    if mode == "edge":
        return np.clip(places, 0, n - 1)
    if mode == "wrap":
        return places % n
    period = 2 * np.maximum(n - 1, 1) if mode == "reflect" else 2 * n
    near = places % period
    return np.minimum(np.minimum(near, (period if mode == "reflect" else period - 1) - near), n - 1)


def odd_edges(array, axis, before, after, mode):
    """Turned around the edge: twice the value at the edge less the mirrored one, again and again."""
    n = array.shape[axis]
    return odd_part(array, axis, np.arange(-before, 0), n, mode), odd_part(
        array, axis, np.arange(n, n + after), n, mode
    )


def odd_part(array, axis, places, n, mode):
    """Two turns are a move by a period: what is far outside is what is near, and the rise over the moves."""
    first, last = part(array, 0, 1, axis), part(array, n - 1, n, axis)
    half = np.maximum(n - 1, 1) if mode == "reflect" else n
    moves, near = places // (2 * half), places % (2 * half)
    mirrored = near > half if mode == "reflect" else near >= half
    twin = 2 * half - near if mode == "reflect" else 2 * half - 1 - near
    inside = np.take(array, np.minimum(np.where(mirrored, twin, near), n - 1), axis=axis)
    along = (1,) * axis + (-1,) + (1,) * (array.ndim - axis - 1)
    turned = np.where(np.reshape(mirrored, along), 2 * last - inside, inside)
    return turned + 2 * np.reshape(moves, along) * (last - first)


def statistic_edges(array, axis, before, after, mode, low, high):
    n = array.shape[axis]
    head = array if low is None else part(array, 0, low, axis)
    tail = array if high is None else part(array, max(n - high, 0), n, axis)
    statistic = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}[mode]
    return (
        np.repeat(statistic(head, axis=axis, keepdims=True), before, axis=axis),
        np.repeat(statistic(tail, axis=axis, keepdims=True), after, axis=axis),
    )


@defines("np.diff", whole=True)
def diff(a, n=1, axis=-1, prepend=None, append=None):
    axis = axis % a.ndim
    ends = [e if e is None or np.ndim(e) else np.full(sized(a, axis, 1), e) for e in (prepend, append)]
    pieces = [piece for piece in (ends[0], a, ends[1]) if piece is not None]
    y = np.concatenate(pieces, axis=axis) if len(pieces) > 1 else a
    for _ in range(n):
        y = part(y, 1, y.shape[axis], axis) - part(y, 0, y.shape[axis] - 1, axis)
    return y


@defines("np.roll", whole=True)
def roll(a, shift, axis=None):
    if axis is None:
        return np.reshape(np.roll(np.ravel(a), shift, 0), a.shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    shifts = shift if isinstance(shift, tuple) else (shift,) * len(axes)
    for moved, k in zip(shifts, axes):
        n = a.shape[k]
        a = at_places(a, (np.arange(n) - moved) % np.maximum(n, 1), k % a.ndim)
    return a


@defines("np.repeat", whole=True)
def repeat(a, repeats, axis=None):
    if axis is None:
        return np.repeat(np.ravel(a), repeats, 0)
    n = a.shape[axis]
    if np.ndim(repeats) == 0:
        return at_places(a, np.arange(n * repeats) // np.maximum(repeats, 1), axis % a.ndim)
    return at_places(a, np.repeat(np.arange(n), repeats), axis % a.ndim)


@defines("np.full_like", whole=True)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    return np.full(a.shape if shape is None else shape, fill_value, dtype=a.dtype if dtype is None else dtype)


@defines("np.linspace", whole=True)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    number = max(num - 1, 1) if endpoint else num
    step = (stop - start) / number
    ramp = np.reshape(np.arange(num), (-1,) + (1,) * np.ndim(step))
    line = start + ramp * step
    if dtype is not None and np.issubdtype(dtype, np.integer):
        if endpoint and num > 1:
            line[-1] = stop  # as NumPy has it: rounding might leave it below
        line = np.floor(line)
    line = np.moveaxis(line, 0, axis) if axis else line
    line = in_dtype(line, dtype)
    return (line, step) if retstep else line


def in_dtype(line, dtype):
    if dtype is None:
        return line
    return (line if np.issubdtype(dtype, np.complexfloating) else np.real(line)).astype(dtype)


@defines("np.logspace", whole=True)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    return in_dtype(np.power(base, np.linspace(start, stop, num, endpoint, axis=axis)), dtype)


@defines("np.geomspace", whole=True)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    line = np.exp(np.linspace(np.log(np.abs(start)), np.log(np.abs(stop)), num, endpoint, axis=axis))
    return in_dtype(np.linspace(np.sign(start), np.sign(stop), num, endpoint, axis=axis) * line, dtype)


@defines("np.kaiser")
def kaiser(M, beta):
    middle = (M - 1) / 2
    inside = 1 - ((np.arange(M) - middle) / max(middle, 0.5)) ** 2
    return np.i0(beta * np.sqrt(inside)) / np.i0(beta)


@defines("np.lib.stride_tricks.sliding_window_view")
def sliding_window_view(x, window_shape, axis=None):
    """Each window as rows of its own: a copy, where NumPy has a view that may not be written."""
    shape = window_shape if isinstance(window_shape, tuple) else (window_shape,)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for width, k in zip(shape, axes):
        number = x.shape[k] - width + 1
        x = np.take(x, np.arange(number)[:, None] + np.arange(width), axis=k)
        x = np.moveaxis(x, (k % x.ndim) + 1, -1)
    return x


def r_(*items):
    return np.concatenate([np.atleast_1d(item) for item in items])


def c_(*items):
    return np.concatenate([item if np.ndim(item) > 1 else np.reshape(item, (-1, 1)) for item in items], axis=-1)
