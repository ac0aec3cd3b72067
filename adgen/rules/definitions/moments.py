# ruff: noqa: ANN001, ANN002, ANN201  (specialised from their source, for any types)
"""Covariances, deviations with other keywords, order statistics and differences."""

import numpy as np

from adgen.rules.definitions import defines
from adgen.rules.definitions.shapes import part


@defines("np.cov", whole=True)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None):
    """In double precision at least, as NumPy has it."""
    x = np.atleast_2d(in_double(m))
    if not rowvar and np.ndim(m) != 1:
        x = x.T
    if y is not None:
        other = np.atleast_2d(in_double(y))
        x = np.concatenate([x, other.T if not rowvar and np.ndim(y) != 1 else other], axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    if fweights is None and aweights is None:
        centred = x - np.mean(x, axis=1, keepdims=True)
        return np.squeeze(centred @ np.conj(centred.T) / (x.shape[1] - ddof))
    if fweights is None:
        weights = aweights
    elif aweights is None:
        weights = np.asarray(fweights, dtype=float)
    else:
        weights = fweights * aweights
    total = np.sum(weights)
    centred = x - np.sum(x * weights, axis=1, keepdims=True) / total
    if aweights is None:
        factor = total - ddof
    else:
        factor = total - ddof * np.sum(weights * aweights) / total
    return np.squeeze((centred * weights) @ np.conj(centred.T) / factor)


def in_double(x):
    x = np.asarray(x)
    if x.dtype == np.complex64:
        return x.astype(complex)
    return x if x.dtype in (np.float64, np.complex128) else x.astype(float)


@defines("np.corrcoef", whole=True)
def corrcoef(x, y=None, rowvar=True, dtype=None):
    c = np.cov(x, y, rowvar)
    if np.ndim(c) == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diag(c)))
    return c / deviation[:, None] / deviation


@defines("np.mean", whole=True)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, where=True):
    """Of some elements."""
    number = np.sum(np.ones_like(a), axis=axis, keepdims=keepdims, where=where)
    return np.sum(a, axis=axis, keepdims=keepdims, where=where) / number


@defines("np.var", whole=True)
def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    if correction is not None:
        ddof = correction
    if mean is None:
        if where is True:
            return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)
        mean = np.mean(a, axis=axis, keepdims=True, where=where)
    squares = np.abs(a - mean) ** 2
    number = np.sum(np.ones_like(squares), axis=axis, keepdims=keepdims, where=where)
    return np.sum(squares, axis=axis, keepdims=keepdims, where=where) / (number - ddof)


@defines("np.std", whole=True)
def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    if mean is None and correction is not None and where is True:
        return np.std(a, axis=axis, ddof=correction, keepdims=keepdims)
    return np.sqrt(np.var(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction))


@defines("np.average", whole=True)
def average(a, axis=None, weights=None, returned=False, keepdims=False):
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        return (mean, np.full_like(mean, a.size / mean.size)) if returned else mean
    spread = np.asarray(weights)
    if spread.ndim < np.ndim(a):
        axes = tuple([k % a.ndim for k in (axis if isinstance(axis, tuple) else (axis,))])
        order = sorted(range(len(axes)), key=lambda k: axes[k])
        shape = tuple([a.shape[k] if k in axes else 1 for k in range(a.ndim)])
        spread = np.broadcast_to(np.reshape(np.transpose(spread, tuple(order)), shape), a.shape)
    total = np.sum(spread, axis=axis, keepdims=keepdims)
    mean = np.sum(a * spread, axis=axis, keepdims=keepdims) / total
    return (mean, total + np.zeros_like(mean)) if returned else mean


@defines("np.nansum", whole=True)
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    return np.sum(np.where(np.isnan(a), 0, a), axis=axis, keepdims=keepdims, initial=initial, where=where)


@defines("np.nanprod", whole=True)
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True):
    return np.prod(np.where(np.isnan(a), 1, a), axis=axis, keepdims=keepdims, initial=initial, where=where)


@defines("np.nanmean", whole=True)
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, where=True):
    there = ~np.isnan(a)
    return np.mean(np.where(there, a, 0), axis=axis, keepdims=keepdims, where=there & where)


@defines("np.nanvar", whole=True)
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    there = ~np.isnan(a)
    if mean is None:
        mean = np.nanmean(a, axis=axis, keepdims=True, where=where)
    return np.var(
        np.where(there, a, 0), axis, None, None, ddof, keepdims, where=there & where, mean=mean, correction=correction
    )


@defines("np.nanstd", whole=True)
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    return np.sqrt(np.nanvar(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction))


# Where the wanted element sits among the sorted, as alpha and beta of Hyndman and Fan (1996) say.
CONTINUOUS = {
    "weibull": (0.0, 0.0),
    "hazen": (0.5, 0.5),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "linear": (1.0, 1.0),
}


# Those that jump: what is taken from the number of elements below.
STEPS = {"inverted_cdf": 1.0, "averaged_inverted_cdf": 1.0, "closest_observation": 1.5}
# Those that take a neighbour of the linear one, or two.
NEIGHBOURS = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}


@defines("np.quantile", whole=True)
def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, weights=None):
    """Several quantiles at once, the continuous methods, and weights."""
    if weights is not None:
        return weighted_quantile(a, q, axis, keepdims, weights)
    shares = np.shape(q)
    if len(shares) > 1:
        q = np.ravel(q)
    kept = tuple(range(a.ndim)) if axis is None else axis
    if isinstance(kept, tuple):
        kept = tuple([k % a.ndim for k in kept])
        rest = [k for k in range(a.ndim) if k not in kept]
        lines = np.reshape(np.transpose(a, (*rest, *kept)), (*[a.shape[k] for k in rest], -1))
    else:
        lines = np.moveaxis(a, axis, -1)
    ordered = np.sort(lines, axis=-1)
    n = ordered.shape[-1]
    q = np.asarray(q) if np.ndim(q) else q
    if method in STEPS:
        place = n * q - STEPS[method]
    elif method in NEIGHBOURS:
        place = NEIGHBOURS[method](q * (n - 1))
    elif method == "midpoint":
        place = (np.floor(q * (n - 1)) + np.ceil(q * (n - 1))) / 2
    else:
        alpha, beta = CONTINUOUS[method]
        place = q * (n - alpha - beta + 1) + (alpha - 1)
    below = np.clip(np.floor(place).astype(int), 0, n - 1)
    above = np.clip(np.floor(place).astype(int) + 1, 0, n - 1)
    share = place - np.floor(place)
    if method in STEPS:
        whole = share == 0
        if method == "closest_observation":
            whole = whole & (np.floor(place) % 2 == 1)
        share = np.where(whole, 0.5 if method == "averaged_inverted_cdf" else 0.0, 1.0)
    value = ordered[..., below] * (1 - share) + ordered[..., above] * share
    missing = np.isnan(ordered[..., -1:])
    value = np.where(missing if np.ndim(q) else missing[..., 0], np.nan, value)
    if np.ndim(q):
        value = np.moveaxis(value, -1, 0)
    if keepdims:
        dropped = kept if isinstance(kept, tuple) else (kept % a.ndim,)
        value = np.expand_dims(value, tuple([np.ndim(q) + k for k in dropped]))
    return np.reshape(value, shares + value.shape[1:]) if len(shares) > 1 else value


@defines("np.percentile", whole=True)
def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, weights=None):
    shares = np.asarray(q) / 100 if np.ndim(q) else q / 100
    return np.quantile(a, shares, axis=axis, method=method, keepdims=keepdims, weights=weights)


def weighted_quantile(a, q, axis, keepdims, weights):
    """The first element at which the weights of those up to it reach the share `q` (the method "inverted_cdf")."""
    if axis is None:
        lines, spread = np.ravel(a), np.ravel(np.broadcast_to(weights, a.shape))
    else:
        lines = np.moveaxis(a, axis, -1)
        spread = np.broadcast_to(weights if np.ndim(weights) == 1 else np.moveaxis(weights, axis, -1), lines.shape)
    order = np.argsort(lines, axis=-1, kind="stable")
    ordered, total = np.take_along_axis(lines, order, -1), np.cumsum(np.take_along_axis(spread, order, -1), axis=-1)
    share = (total / total[..., -1:])[..., None]
    wanted = np.ravel(q) if np.ndim(q) else np.full(1, q)
    below = np.sum((share < wanted) | (share == 0), axis=-2)
    value = np.take_along_axis(ordered, np.minimum(below, lines.shape[-1] - 1), -1)
    value = np.moveaxis(value, -1, 0) if np.ndim(q) else np.take(value, 0, axis=-1)
    if not keepdims:
        return value
    dropped = tuple(range(a.ndim)) if axis is None else (axis % a.ndim,)
    return np.expand_dims(value, tuple([np.ndim(q) + k for k in dropped]))


@defines("np.nanquantile", whole=True)
def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, weights=None):
    if weights is not None:
        missing = np.isnan(a)
        moved = weights if axis is None or np.ndim(weights) > 1 else along_axis(weights, axis, a.ndim)
        return weighted_quantile(np.where(missing, np.inf, a), q, axis, keepdims, np.where(missing, 0.0, moved))
    if np.ndim(q):
        return np.stack([np.nanquantile(a, q[k], axis=axis, method=method, keepdims=keepdims) for k in range(len(q))])
    if method not in CONTINUOUS or isinstance(axis, tuple):
        return np.nanquantile(a, q, axis=axis, method=method, keepdims=keepdims)
    lines = np.ravel(a) if axis is None else np.moveaxis(a, axis, -1)
    ordered = np.sort(lines, axis=-1)  # those that are missing come last
    n = np.sum(~np.isnan(lines), axis=-1, keepdims=True)
    alpha, beta = CONTINUOUS[method]
    place = q * (n - alpha - beta + 1) + (alpha - 1)
    whole = np.floor(place)
    below, above = whole.astype(int), whole.astype(int) + 1
    last = np.maximum(n - 1, 0)
    low = np.take_along_axis(ordered, np.minimum(np.maximum(below, 0), last), -1)
    high = np.take_along_axis(ordered, np.minimum(np.maximum(above, 0), last), -1)
    value = np.sum(low * (1 - (place - whole)) + high * (place - whole), axis=-1)
    if not keepdims:
        return value
    return np.expand_dims(value, tuple(range(a.ndim)) if axis is None else (axis % a.ndim,))


@defines("np.nanmedian", whole=True)
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return np.nanquantile(a, 0.5, axis=axis, keepdims=keepdims)


@defines("np.nanpercentile", whole=True)
def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, weights=None):
    if weights is not None:
        return np.nanquantile(a, np.asarray(q) / 100, axis=axis, keepdims=keepdims, weights=weights)
    if np.ndim(q):
        return np.stack([np.nanpercentile(a, q[k], axis=axis, method=method, keepdims=keepdims) for k in range(len(q))])
    return np.nanquantile(a, q / 100, axis=axis, method=method, keepdims=keepdims)


def along_axis(line, axis, rank):
    return np.reshape(line, tuple([-1 if k == axis % rank else 1 for k in range(rank)]))


@defines("np.ediff1d", whole=True)
def ediff1d(ary, to_end=None, to_begin=None):
    pieces = [np.diff(np.ravel(ary))]
    if to_begin is not None:
        pieces = [np.ravel(to_begin), *pieces]
    if to_end is not None:
        pieces = [*pieces, np.ravel(to_end)]
    return np.concatenate(pieces)


@defines("np.trapezoid", whole=True)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = np.asarray(y)
    axis = axis % y.ndim
    n = y.shape[axis]
    heights = part(y, 1, n, axis) + part(y, 0, max(n - 1, 0), axis)
    if x is None:
        return np.sum(heights, axis=axis) * (dx / 2)
    x = np.asarray(x)
    if x.ndim == y.ndim:
        spans = np.diff(x, axis=axis)
    else:
        spans = np.diff(x)
        if x.ndim == 1:
            spans = along_axis(spans, axis, y.ndim)
    return np.sum(spans * heights, axis=axis) / 2


@defines("np.cumulative_prod", whole=True)
def cumulative_prod(x, axis=None, dtype=None, out=None, include_initial=False):
    line = 0 if axis is None else axis
    products = np.cumprod(x, axis=line)
    if not include_initial:
        return products
    return np.concatenate([np.ones_like(np.take(products, [0], axis=line)), products], axis=line)


@defines("np.gradient", whole=True)
def gradient(f, *varargs, axis=None, edge_order=1):
    axes = tuple(range(f.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    steps = varargs or (1.0,)
    if len(steps) == 1:
        steps = steps * len(axes)
    slopes = [slope_along(f, h, k, edge_order) for h, k in zip(steps, axes)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def slope_along(f, h, axis, edge_order):
    """Second order inside; at the edges the derivative of the interpolating line or parabola."""
    dtype = f.dtype if f.dtype.kind in "fc" else np.dtype(float)
    y = np.moveaxis(f, axis, -1)
    n = y.shape[-1]
    gaps = np.diff(h) if np.ndim(h) else np.full(n - 1, h)
    left, right = gaps[:-1], gaps[1:]
    inside = (
        y[..., :-2] * (-right / (left * (left + right)))
        + y[..., 1:-1] * ((right - left) / (left * right))
        + y[..., 2:] * (left / (right * (left + right)))
    )
    if edge_order == 1:
        first = (y[..., 1:2] - y[..., 0:1]) / gaps[0]
        last = (y[..., -1:] - y[..., -2:-1]) / gaps[-1]
    else:
        a, b = gaps[0], gaps[1]
        first = (
            -(2 * a + b) / (a * (a + b)) * y[..., 0:1]
            + (a + b) / (a * b) * y[..., 1:2]
            - a / (b * (a + b)) * y[..., 2:3]
        )
        a, b = gaps[-2], gaps[-1]
        last = (
            b / (a * (a + b)) * y[..., -3:-2]
            - (a + b) / (a * b) * y[..., -2:-1]
            + (2 * b + a) / (b * (a + b)) * y[..., -1:]
        )
    slope = np.moveaxis(np.concatenate([first, inside, last], axis=-1), -1, axis)
    return slope if slope.dtype == dtype else slope.astype(dtype)


# Unannotated code for arrays, read as source.
# pyright: reportArgumentType=false, reportCallIssue=false
