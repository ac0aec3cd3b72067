"""What users call, one expression a line, with its keyword variants: each goes through both modes.

A line is an expression over the arguments below, or a body with `return`.  Arguments that it names and that are
floats are differentiated; the others are constants.  Lines of the group `refused` must be refused by name.
"""

from __future__ import annotations

import numpy as np

_random = np.random.default_rng(11)


def _apart(*shape: int) -> np.ndarray:
    """Numbers so far from each other that a small step changes no order."""
    size = int(np.prod(shape))
    return (_random.permutation(size) * 0.37 - 0.17 * size + _random.uniform(0, 0.1, size)).reshape(shape)


ARGUMENTS = {
    "a": 1.3,
    "b": 0.7,
    "x": _apart(5),
    "y": _apart(5) + 0.05,
    "v": _apart(3),
    "w": np.array([0.4, 1.7, 2.2]),
    "p": np.array([0.3, 0.9, 1.4, 2.2, 3.1]),  # positive and ascending
    "q": np.array([0.15, 0.4, 0.85]),  # within (0, 1)
    "m": _apart(3, 4),
    "n": _apart(4, 3) + 0.03,
    "s": _random.normal(size=(3, 3)) / 2 + 2 * np.eye(3),
    "d": (lambda g: g @ g.T + 2 * np.eye(3))(_random.normal(size=(3, 3))),
    "t": _apart(2, 3, 4),
    "ss": _random.normal(size=(2, 3, 3)) / 2 + 2 * np.eye(3),
    "h": np.array([[1.0, np.nan, 2.5], [0.3, -1.2, 0.8]]),  # has a hole
    "z": _random.normal(size=4) + 1j * _random.normal(size=4),
    "cm": _random.normal(size=(3, 3)) + 1j * _random.normal(size=(3, 3)) + 3 * np.eye(3),
    "c": 0.8 - 0.3j,
}
CONSTANTS = {
    "i": np.array([2, 0, 2]),
    "j": np.array([0, 1, 1, 2, 0]),
    "k": 2,
    "mask": np.array([True, False, True, True, False]),
    "mask2": np.array([[True, False, True, True], [False, True, True, False], [True, True, True, True]]),
    "sorted_edges": np.array([-1.0, -0.3, 0.2, 0.9]),
}

UFUNCS = r"""
np.add(x, y)
np.add(x, y, out=np.empty(5))
np.add(x, y, where=mask, out=np.zeros(5))
np.exp(x, where=mask, out=y.copy())
np.multiply(m, n.T)
np.sqrt(p, dtype=np.float64)
np.add(x, 1, dtype=float)
np.add.reduce(x)
np.add.reduce(m, axis=1)
np.add.reduce(m, axis=(0, 1))
np.add.reduce(m, axis=None)
np.add.reduce(m, axis=1, keepdims=True)
np.add.reduce(x, initial=a)
np.add.reduce(x, where=mask)
np.add.accumulate(x)
np.add.accumulate(m, axis=1)
np.add.outer(x, v)
np.add.outer(m, v)
np.subtract.outer(x, v)
np.multiply.outer(x, m)
np.divide.outer(x, p)
np.power.outer(p, v)
np.maximum.outer(x, v)
np.hypot.outer(x, v)
np.multiply.reduce(x)
np.multiply.reduce(m, axis=1)
np.multiply.accumulate(x)
np.multiply.accumulate(m, axis=1)
np.maximum.reduce(x)
np.maximum.reduce(m, axis=1)
np.minimum.reduce(m)
np.fmax.reduce(m, axis=1)
np.fmin.reduce(x)
np.maximum.accumulate(x)
np.minimum.accumulate(m, axis=1)
np.subtract.reduce(x)
np.divide.reduce(p)
np.subtract.reduce(m, axis=1)
np.subtract.accumulate(x)
np.divide.accumulate(p)
np.logaddexp.reduce(x)
np.logaddexp.reduce(m, axis=1)
np.logaddexp.accumulate(x)
np.logaddexp2.reduce(m, axis=0)
np.hypot.reduce(x)
np.hypot.reduce(m, axis=1)
np.add.reduceat(x, [0, 2, 3])
np.add.reduceat(m, [0, 2], axis=1)
np.multiply.reduceat(x, [0, 2, 3])
np.maximum.reduceat(x, [0, 2])
o = np.zeros(3); np.add.at(o, j, x); return o
o = np.zeros(3); np.subtract.at(o, j, x); return o
o = w.copy(); np.multiply.at(o, j, x); return o
o = w.copy(); np.divide.at(o, j, p); return o
o = v.copy(); np.maximum.at(o, j, x); return o
o = v.copy(); np.minimum.at(o, j, x); return o
o = x.copy(); np.negative.at(o, [0, 2]); return o
o = p.copy(); np.power.at(o, [0, 2], a); return o
o = x.copy(); np.exp.at(o, [0, 2]); return o
np.divmod(x, p)[1]
np.modf(x)[0]
np.frexp(p)[0]
np.ldexp(x, 3)
np.remainder(x, p)
np.true_divide(x, p)
np.float_power(p, x)
np.pow(p, x)
np.abs(x) + np.absolute(y) + np.fabs(x)
np.acos(q) + np.asin(q) + np.atan(q) + np.acosh(1 + q) + np.asinh(q) + np.atanh(q)
np.atan2(x, p)
np.clip(x, -0.5, 0.5)
np.clip(x, None, a)
np.clip(x, b, None)
np.clip(x, a_min=-0.5, a_max=a)
np.clip(x, min=-0.5, max=a)
np.clip(x, -p, p)
np.nan_to_num(h)
np.nan_to_num(h, nan=1.0)
np.real_if_close(x)
np.positive(x)
np.conj(z) * z
np.sinc(x)
np.heaviside(x, a)
np.i0(x)
np.unwrap(x * 3)
np.unwrap(x * 3, period=4.0)
np.unwrap(m, axis=0, discont=2.0)
np.vecdot(m, n.T)
np.vecdot(z, z)
np.matvec(s, v)
np.matvec(ss, v)
np.vecmat(v, s)
np.vecmat(v, ss)
np.spacing(x) + x
np.convolve(x, v)
np.exp(x, out=(np.empty(5),))
np.logaddexp.reduce(x, initial=a)
np.logaddexp.reduce(m, axis=1, where=mask2)
np.hypot.reduce(m, axis=(0, 1), initial=2.0)
np.subtract.reduce(x, initial=a)
np.divide.reduce(p, initial=a, keepdims=True)
np.fmin.reduce(m, axis=None)
np.add.accumulate(x, dtype=float)
o = x.copy(); np.multiply.at(o, mask, v); return o
o = m.copy(); np.multiply.at(o, (i, [0, 1, 1]), v); return o
o = m.copy(); np.maximum.at(o, (i, [0, 1, 1]), v); return o
o = m.copy(); np.minimum.at(o, i, a); return o
o = x.copy(); np.maximum.at(o, 1, a); return o
"""

REDUCTIONS = r"""
np.sum(m)
np.sum(m, axis=0)
np.sum(m, axis=-1, keepdims=True)
np.sum(t, axis=(0, 2))
np.sum(t, axis=(0, -1), keepdims=True)
np.sum(x, initial=a)
np.sum(x, where=mask)
np.sum(m, axis=1, where=mask2, initial=2.0)
np.sum(x, dtype=np.float64)
np.sum(m, axis=0, out=np.empty(4))
np.mean(m)
np.mean(m, axis=0)
np.mean(t, axis=(0, 2), keepdims=True)
np.mean(x, where=mask)
np.mean(m, axis=1, where=mask2)
np.prod(x)
np.prod(m, axis=1)
np.prod(t, axis=(0, 2))
np.prod(m, axis=0, keepdims=True)
np.prod(x, initial=a)
np.prod(x, where=mask)
np.var(x)
np.var(m, axis=0, ddof=1)
np.var(m, axis=(0, 1), keepdims=True)
np.var(x, where=mask)
np.var(x, correction=1)
np.var(m, axis=1, mean=np.mean(m, axis=1, keepdims=True), keepdims=True)
np.std(x)
np.std(m, axis=1, ddof=1, keepdims=True)
np.std(x, where=mask)
np.std(m, axis=0, correction=1)
np.max(m)
np.max(m, axis=0)
np.max(m, axis=(0, 1), keepdims=True)
np.max(x, initial=a)
np.max(x, where=mask, initial=-9.0)
np.amax(m, axis=1)
np.min(m, axis=-1)
np.min(x, initial=a)
np.amin(x)
np.ptp(x)
np.ptp(m, axis=1)
np.ptp(m, axis=1, keepdims=True)
np.median(x)
np.median(m)
np.median(m, axis=1)
np.median(m, axis=0, keepdims=True)
np.median(t, axis=(0, 1))
np.quantile(x, 0.3)
np.quantile(m, 0.3, axis=0)
np.quantile(x, q)
np.quantile(m, q, axis=1)
np.quantile(m, q, axis=1, keepdims=True)
np.quantile(m, [0.2, 0.6], axis=(0, 1))
np.quantile(x, [0.1, 0.7])
np.quantile(x, 0.3, method="lower")
np.quantile(x, 0.3, method="midpoint")
np.quantile(x, 0.3, method="hazen")
np.quantile(x, 0.3, method="weibull")
np.quantile(x, 0.3, method="median_unbiased")
np.quantile(x, 0.35, method="nearest")
np.quantile(x, b)
np.percentile(x, 30)
np.percentile(m, [20.0, 70.0], axis=0)
np.percentile(x, 100 * q)
np.nanquantile(h, 0.4)
np.nanpercentile(h, 40, axis=1)
np.nanquantile(h, [0.4, 0.6], axis=1)
np.average(x)
np.average(x, weights=p)
np.average(m, axis=1)
np.average(m, axis=0, weights=w)
np.average(m, weights=n.T ** 2 + 1)
np.average(x, weights=p, returned=True)
np.nansum(h)
np.nansum(h, axis=1, keepdims=True)
np.nanmean(h, axis=0)
np.nanprod(h, axis=1)
np.nanvar(h)
np.nanstd(h, axis=1)
np.nanvar(h, axis=1, ddof=1)
np.nanmax(h)
np.nanmin(h, axis=0)
np.nanmedian(h, axis=1)
np.nanmedian(h)
np.nancumsum(h)
np.nancumsum(h, axis=1)
np.nancumprod(h, axis=1)
np.cumsum(x)
np.cumsum(m)
np.cumsum(m, axis=0)
np.cumsum(m, axis=-1)
np.cumprod(x)
np.cumprod(m)
np.cumprod(m, axis=1)
np.cumulative_sum(x)
np.cumulative_sum(x, include_initial=True)
np.cumulative_sum(m, axis=1)
np.cumulative_sum(m, axis=1, include_initial=True)
np.cumulative_prod(x)
np.cumulative_prod(m, axis=0)
np.cumulative_prod(x, include_initial=True)
np.diff(x)
np.diff(m, axis=0)
np.diff(x, n=2)
np.diff(x, prepend=a)
np.diff(x, append=a)
np.diff(x, prepend=v, append=0.0)
np.diff(m, axis=0, prepend=0.0)
np.ediff1d(x)
np.ediff1d(m)
np.ediff1d(x, to_begin=a, to_end=v)
np.gradient(x)
np.gradient(x, a)
np.gradient(x, 2.0)
np.gradient(x, p)
np.gradient(m)[0]
np.gradient(m)[1]
np.gradient(m, axis=0)
np.gradient(m, axis=1, edge_order=2)
np.gradient(x, edge_order=2)
np.gradient(x, p, edge_order=2)
np.gradient(m, w, axis=0)
np.gradient(m, w, np.array([0.0, 1.0, 3.0, 4.0]))
np.gradient(m, 2.0, 3.0)
np.gradient(m, 0.5, w[:1].repeat(4).cumsum())
np.gradient(t, axis=(0, 2))
np.trapezoid(x)
np.trapezoid(x, p)
np.trapezoid(m, dx=0.5)
np.trapezoid(m, w, axis=0)
np.trapezoid(m, dx=a, axis=0)
np.count_nonzero(x) * x
np.linalg.norm(x)
np.linalg.norm(x, 1)
np.linalg.norm(x, 3)
np.linalg.norm(x, 2.5)
np.linalg.norm(x, np.inf)
np.linalg.norm(x, -np.inf)
np.linalg.norm(x, -1)
np.linalg.norm(m)
np.linalg.norm(m, axis=1)
np.linalg.norm(m, axis=0, keepdims=True)
np.linalg.norm(m, ord=1, axis=1)
np.linalg.norm(m, "fro")
np.linalg.norm(m, "nuc")
np.linalg.norm(m, 2)
np.linalg.norm(m, -2)
np.linalg.norm(m, 1)
np.linalg.norm(m, -1)
np.linalg.norm(m, np.inf)
np.linalg.norm(t, axis=(1, 2))
np.linalg.norm(t, ord=2, axis=(0, 2))
np.linalg.norm(t, ord="nuc", axis=(1, 2))
np.linalg.norm(z)
np.linalg.vector_norm(m)
np.linalg.vector_norm(m, axis=1, ord=3)
np.linalg.vector_norm(m, axis=(0, 1), keepdims=True)
np.linalg.matrix_norm(m)
np.linalg.matrix_norm(m, ord="nuc", keepdims=True)
np.linalg.matrix_norm(ss, ord=2)
np.histogram_bin_edges(x, 4)
np.histogram_bin_edges(x, 4, (0.0, a))
np.histogram(x, 4, weights=y)[0]
np.histogram(x, 4, weights=y)[1]
np.histogram(x, bins=[-2.0, 0.0, 1.0], weights=y)[0]
np.histogram(x, sorted_edges, weights=y, density=True)[0]
np.histogram(x, 4, density=True)[0]
np.histogram(x, 3, range=(-1.0, 1.0), density=True, weights=p)[0]
np.histogram(x)[0] * a
np.histogram2d(x, y, 3, weights=p)[0]
np.histogram2d(x, y, (2, 3), weights=p, density=True)[0]
np.histogram2d(x, y, 2)[1]
np.quantile(x, 0.3, method="inverted_cdf")
np.quantile(x, 0.4, method="inverted_cdf")
np.quantile(x, 0.37, method="averaged_inverted_cdf")
np.quantile(x, 0.4, method="averaged_inverted_cdf")
np.quantile(x, 0.37, method="closest_observation")
np.quantile(x, 0.3, method="closest_observation")
np.quantile(x, 0.5, method="closest_observation")
np.percentile(m, [37, 60], method="closest_observation", axis=1)
np.percentile(x, [37, 60], method="averaged_inverted_cdf")
np.median(x, overwrite_input=False)
np.average(t, axis=(0, 1), weights=t[:, :, 0] ** 2)
np.average(t, axis=(1, 0), weights=t[:, :, 0].T ** 2)
np.average(m, axis=0, weights=w, returned=True)[1]
np.average(m, axis=1, returned=True)[1] * a
np.average(m, axis=-1, weights=p[:4], keepdims=True)
np.nansum(h, axis=0, initial=a)
np.nansum(h, axis=1, where=np.array([[True, True, False], [True, False, True]]))
np.nanmean(h, axis=1, where=np.array([[True, True, False], [True, False, True]]))
np.nanprod(h, axis=None, initial=a)
np.nanvar(h, axis=1, mean=np.nanmean(h, axis=1, keepdims=True))
np.nanstd(h, axis=1, where=np.array([[True, True, True], [True, False, True]]))
"""

SHAPES = r"""
np.reshape(m, (2, 6))
np.reshape(m, -1)
np.reshape(m, (4, -1), order="F")
np.reshape(m, shape=(6, 2))
np.ravel(m)
np.ravel(sorted_edges) * x[:4]
np.reshape(sorted_edges, (2, 2)) * a
np.ravel(m, order="F")
np.transpose(m)
np.transpose(t, (2, 0, 1))
np.permute_dims(t, (1, 2, 0))
np.matrix_transpose(t)
np.swapaxes(t, 0, 2)
np.moveaxis(t, 0, -1)
np.moveaxis(t, (0, 1), (2, 0))
np.rollaxis(t, 2)
np.expand_dims(m, 1)
np.expand_dims(m, (0, 2))
np.squeeze(np.expand_dims(m, 0))
np.broadcast_to(v, (4, 3))
np.broadcast_arrays(x, a)[1]
np.broadcast_arrays(v, n)[0]
np.broadcast_arrays(v, n, a)[2]
np.concatenate([x, v])
np.concatenate((m, m), axis=1)
np.concatenate([m, n], axis=None)
np.concatenate([m[k] for k in range(3)])
np.concatenate(m)
np.concatenate([x, v], dtype=float)
np.concatenate(t)
np.concatenate(t, axis=1)
np.concat([x, v])
np.stack([x, y])
np.stack([x, y], axis=1)
np.stack(m)
np.stack((m, n.T), axis=-1)
np.hstack([x, v])
np.hstack([m, m])
np.hstack((a, x))
np.hstack(m)
np.vstack([x, y])
np.vstack([m, m])
np.vstack((x, 2.0 * y))
np.vstack(t)
np.dstack([m, m])
np.dstack([x, y])
np.column_stack([x, y])
np.column_stack((m, w))
np.block([x, v])
np.block([[s, s], [s, s]])
np.block([[s, v[:, None]], [v[None], a]])
np.block([[s, np.zeros((3, 2))], [np.ones((2, 3)), 2 * np.ones((2, 2))]])
np.block([a, b])
np.block(m)
np.split(x, [2, 3])[0]
np.split(m, 2, axis=1)[1]
np.array_split(x, 3)[0]
np.array_split(x, [1, 4])[1]
np.hsplit(m, 2)[0]
np.vsplit(m, 3)[2]
np.dsplit(t, 2)[1]
np.unstack(m)[1]
np.unstack(m, axis=1)[1]
np.tile(x, 2)
np.tile(m, (2, 1))
np.tile(m, (2, 1, 3))
np.tile(a, 3)
np.repeat(x, 2)
np.repeat(x, [1, 0, 2, 1, 1])
np.repeat(m, 2, axis=1)
np.repeat(m, j[:3], axis=0)
np.roll(x, 2)
np.roll(m, 1)
np.roll(m, 1, axis=0)
np.roll(m, (1, 2), axis=(0, 1))
np.rot90(m)
np.rot90(m, 2)
np.rot90(t, axes=(1, 2))
np.flip(x)
np.flip(m)
np.flip(t, (0, 2))
np.fliplr(m)
np.flipud(m)
np.pad(x, 2)
np.pad(x, (1, 2))
np.pad(m, 1)
np.pad(m, ((1, 0), (0, 2)))
np.pad(x, 2, constant_values=a)
np.pad(x, 2, constant_values=(1.0, 2.0))
np.pad(x, 2, constant_values=(a, b))
np.pad(m, 1, constant_values=((1.0, 2.0), (3.0, a)))
np.pad(x, 2, mode="edge")
np.pad(x, 2, mode="wrap")
np.pad(x, 2, mode="reflect")
np.pad(x, 2, mode="symmetric")
np.pad(x, 2, mode="reflect", reflect_type="odd")
np.pad(x, 2, mode="symmetric", reflect_type="odd")
np.pad(x, 2, mode="mean")
np.pad(x, 2, mode="mean", stat_length=2)
np.pad(x, 2, mode="maximum")
np.pad(m, 1, mode="minimum")
np.pad(m, 1, mode="median")
np.pad(x, 2, mode="maximum", stat_length=2)
np.pad(x, 2, mode="linear_ramp")
np.pad(x, 2, mode="linear_ramp", end_values=a)
np.pad(m, 1, mode="linear_ramp", end_values=2.0)
np.pad(m, ((1, 1), (0, 2)), mode="edge")
np.pad(x, 0)
np.resize(x, (3, 4))
np.resize(x, 3)
np.atleast_1d(a)
np.atleast_2d(x)
np.atleast_3d(m)
np.atleast_1d(a, x)[0]
np.meshgrid(x, v)[0]
np.meshgrid(x, v)[1]
np.meshgrid(x, v, indexing="ij")[0]
np.meshgrid(x, v, w)[2]
np.meshgrid(x, v, sparse=True)[1]
np.meshgrid(x, v, copy=False)[1]
np.meshgrid(x)[0]
np.insert(x, 1, a)
np.insert(m, 1, x[:4], axis=0)
np.insert(x, slice(1, 3), a)
np.delete(x, 1)
np.delete(x, [0, 2])
np.delete(m, 1, axis=0)
np.delete(x, slice(0, 4, 2))
np.append(x, a)
np.append(x, v)
np.append(m, m, axis=0)
np.append(m, v)
np.array([a, b, a * b])
np.array([[a, b], [b, 1.0]])
np.array([x, y])
np.array((x, y)).T
np.array(x, ndmin=2)
np.array(m, order="F")
np.asarray([a, 2.0])
np.asfortranarray(m)
np.ascontiguousarray(m)
np.require(x)
np.copy(x)
np.astype(x, np.float64)
np.full(3, a)
np.full((2, 3), v)
np.full_like(x, a)
np.full_like(m, a, shape=(2,))
np.ones_like(x) * a
np.zeros_like(x) + x
np.linspace(a, 3.0, 4)
np.linspace(a, 3.0, 4, endpoint=False)
np.linspace(a, b)
np.linspace(v, w, 4)
np.linspace(v, w, 4, axis=1)
np.linspace(v, 2.0, 4)
np.linspace(a, b, 4, retstep=True)
np.logspace(a, b, 4)
np.logspace(a, b, 4, base=2.0)
np.geomspace(a, b, 4)
np.arange(a, 5.0)
np.arange(5) * a
np.indices((2, 3)) * a
np.eye(3) * a
np.identity(3) * a
np.tri(3) * a
np.fromfunction(lambda r, c: r * a + c, (2, 3))
np.fromiter([a, b], float)
np.vander(x)
np.vander(x, 3)
np.vander(x, 3, increasing=True)
np.c_[x, y]
np.r_[x, a, v]
np.r_[a, 0.0, 1.0]
np.c_[m, w]
np.trim_zeros(np.array([0.0, a, 0.0]))
np.lib.stride_tricks.sliding_window_view(x, 3)
np.lib.stride_tricks.sliding_window_view(m, (2, 2))
np.lib.stride_tricks.sliding_window_view(m, 2, axis=1)
np.block([[a, b], [b, a]])
np.ravel(m.T, order="F")
np.meshgrid(a, x)[0]
np.pad(x, 7, mode="reflect", reflect_type="odd")
np.pad(m, ((1, 6), (9, 2)), mode="symmetric", reflect_type="odd")
np.pad(x[:1], 3, mode="reflect", reflect_type="odd")
np.expand_dims(a, (0, 1)) * x
np.arctan2(x, y)
np.arctan2(a, b)
np.kaiser(5, a)
np.kaiser(6, a) * b
np.kaiser(1, a)
np.vander(x, 1)
np.vander(x, 0)
np.polyfit(p, x, 0)
np.linspace(a, b, 1)
np.logspace(v, w, 3)
np.logspace(a, b, 3, base=a)
np.geomspace(p, p * 2, 3, axis=1)
np.geomspace(-a, -b, 4)
"""

SELECTION = r"""
np.where(mask, x, y)
np.where(x > 0, x, 0)
np.where(x > 0, a, x)
np.where(x > a, x, -1.0)
np.select([x > 1, x > 0], [x, y], default=a)
np.select([x > 1, x > 0], [x * y, y])
np.select([x > 1], [a], b)
np.choose(i, [v, w, v * w])
np.choose(j, (x, y, x + y), mode="clip")
np.take(x, i)
np.take(m, i, axis=0)
np.take(m, i, axis=1)
np.take(x, 2)
np.take(x, [[0, 1], [2, 3]])
np.take(x, [7, 8], mode="wrap")
np.take_along_axis(m, np.argsort(m, axis=1), axis=1)
np.take_along_axis(m, np.argsort(m, axis=0), 0)
np.take_along_axis(m, np.argmax(m, axis=1, keepdims=True), axis=1)
o = m.copy(); np.put_along_axis(o, np.argmax(m, axis=1, keepdims=True), a, axis=1); return o
o = m.copy(); np.put_along_axis(o, np.argmax(m, axis=1)[:, None], w[:, None], axis=1); return o
o = x.copy(); np.put(o, [0, 2], [a, b]); return o
o = x.copy(); np.put(o, [0, 2], a); return o
o = m.copy(); np.place(o, m > 0, [a, b]); return o
o = m.copy(); np.putmask(o, m > 0, n.T); return o
o = m.copy(); np.putmask(o, m > 0, a); return o
o = np.zeros(5); np.copyto(o, x); return o
o = y.copy(); np.copyto(o, x, where=mask); return o
o = s.copy(); np.fill_diagonal(o, a); return o
o = s.copy(); np.fill_diagonal(o, v); return o
np.compress(mask, x)
np.compress([True, False, True], m, axis=0)
np.extract(x > 0, x)
np.extract(mask2, m)
x[mask]
x[x > 0]
m[mask2]
x[i]
m[i, [0, 1, 2]]
m[i][:, [0, 2]]
m[np.ix_([0, 2], [1, 3])]
np.clip(m, -0.5, 0.5)
np.sort(x)
np.sort(m, axis=0)
np.sort(m, axis=None)
np.sort(m)
np.sort(x, kind="stable")
np.sort(x)[::-1]
x[np.argsort(x)]
x[np.argsort(-x, kind="stable")]
np.take_along_axis(t, np.argsort(t, axis=-1), -1)
np.partition(x, 2)
np.partition(m, 1, axis=1)
np.partition(x, [1, 3])
x[np.argpartition(x, 2)[:2]]
np.sort_complex(z)
np.searchsorted(p, 1.0) * x
np.digitize(x, sorted_edges) * x
np.unique(x)
np.unique(m)
np.unique_values(x)
np.unique(x, return_index=True)[0]
np.unique(x, return_inverse=True)[0]
np.unique(x, return_counts=True)[0]
np.diag(x)
np.diag(x, 1)
np.diag(m)
np.diag(m, -1)
np.diagflat(m)
np.diagonal(m)
np.diagonal(t, 1, 0, 2)
np.diagonal(t, offset=-1, axis1=1, axis2=2)
np.tril(m)
np.tril(m, -1)
np.triu(s, 1)
np.triu(t)
np.trace(s)
np.trace(m, 1)
np.trace(t, axis1=1, axis2=2)
s[np.triu_indices(3)]
s[np.tril_indices(3, -1)]
s[np.diag_indices(3)]
m[np.unravel_index(np.argmax(m), m.shape)]
m.ravel()[np.ravel_multi_index(([0, 1], [1, 2]), (3, 4))]
np.piecewise(x, [x < 0, x >= 0], [lambda r: r * r, lambda r: 3 * r])
np.piecewise(x, [x < 0], [lambda r: r * a, 2.0])
np.piecewise(x, [x < 0, x > 0.5], [0.0, lambda r: r ** 2, lambda r: -r])
np.piecewise(a, [a < 0, a >= 0], [lambda r: -r, lambda r: r * r])
np.piecewise(x, [x < 0, x >= 0], [lambda r, g: r * g, lambda r, g: g], b)
np.nonzero(x > 0)[0] * a
np.argwhere(x > 0) * a
np.flatnonzero(x > 0) * a
np.bincount(j, weights=x)
np.bincount(j, x, minlength=5)
np.isin(j, [0, 1]) * x
np.trim_zeros(x)
np.union1d(x, v)
np.choose([0, 1, 0, 1, 1], [x, y])
o = m.copy(); np.put(o, [0, 5, -1], [a, b]); return o
o = n.copy(); np.put(o.T, [0, 5, 7], [a, b]); return o
o = x.copy(); np.put(o, [7, -7], [a, b], mode="wrap"); return o
o = np.zeros((7, 3)) * a; np.fill_diagonal(o, v, wrap=True); return o
o = s.copy(); np.fill_diagonal(o, [a, b]); return o
o = np.zeros((3, 3, 3)) * a; np.fill_diagonal(o, v); return o
o = m.copy(); np.put_along_axis(o, np.array([1, 5]), np.array([a, b]), axis=None); return o
np.unique_counts(x)[0]
np.unique_counts(x).values
np.unique_inverse(m).values * 2
np.unique_all(x).values
"""

PRODUCTS = r"""
np.dot(x, y)
np.dot(m, n)
np.dot(m, x[:4])
np.dot(t, n)
np.dot(a, x)
np.dot(t, x[:4])
np.dot(m, n, out=np.empty((3, 3)))
np.vdot(x, y)
np.vdot(m, n)
np.vdot(z, z)
np.inner(x, y)
np.inner(m, n.T)
np.inner(t, m)
np.inner(a, x)
np.outer(x, v)
np.outer(m, v)
np.matmul(m, n)
np.matmul(t, n)
np.matmul(ss, v)
np.matmul(v, ss)
np.matmul(ss, s)
np.matmul(s, ss)
np.matmul(x, y)
np.matmul(m, n, out=np.zeros((3, 3)))
m @ n
ss @ ss
np.tensordot(m, n.T)
np.tensordot(m, n, axes=1)
np.tensordot(t, m, axes=([1, 2], [0, 1]))
np.tensordot(t, m, axes=((2,), (1,)))
np.tensordot(x, v, axes=0)
np.tensordot(t, n, axes=(2, 0))
np.einsum("ij,jk->ik", m, n)
np.einsum("ij,jk", m, n)
np.einsum("ii", s)
np.einsum("ii->i", s)
np.einsum("i,i->", x, y)
np.einsum("i,j->ij", x, v)
np.einsum("ij->j", m)
np.einsum("ij->ji", m)
np.einsum("ij,ij->i", m, n.T)
np.einsum("...ij,...jk->...ik", ss, s)
np.einsum("ij,jk,kl->il", m, n, s)
np.einsum("ij,jk,kl->il", m, n, s, optimize=True)
np.einsum("ij,jk,kl->il", m, n, s, optimize="greedy")
np.einsum("ij,kj,i->", m, m, v)
np.einsum(m, [0, 1], n, [1, 2], [0, 2])
np.einsum(m, [0, 1], n, [1, 2])
np.einsum("ij->", m)
np.einsum("i ->i", x)
np.einsum("ijk,ijk->k", t, t)
np.kron(s, m)
np.kron(x, v)
np.kron(x, s)
np.cross(v, w)
np.cross(n, w)
np.cross(n, n[::-1])
np.cross(s, s[::-1], axis=0)
np.cross(m, w[:, None] * m ** 2, axis=0)
np.cross(n, w, axisa=1)
np.convolve(x, v)
np.convolve(x, v, mode="same")
np.convolve(x, v, "valid")
np.correlate(x, v)
np.correlate(x, v, mode="full")
np.correlate(x, v, "same")
np.correlate(z, z[:2], "full")
np.linalg.multi_dot([m, n, s])
np.linalg.multi_dot([x[:4], n, s, v])
np.linalg.multi_dot((m, n))
np.polyval(v, x)
np.polyval(v, a)
np.polyval([1.0, 2.0], x)
np.polyval([a, b], x)
np.polyder(x)
np.polyder(x, 2)
np.polyint(v)
np.polyint(v, 2)
np.polyint(v, k=a)
np.polyadd(x, v)
np.polysub(v, x)
np.polymul(x, v)
np.polydiv(x, v)[0]
np.polydiv(x, v)[1]
np.polyfit(p, x, 2)
np.polyfit(p, x, 2, w=p)
np.polyfit(p, np.column_stack([x, y]), 1)
np.polyfit(p, x, 1, full=True)[0]
np.polyfit(p, x, 1, cov=True)[0]
np.polyfit(p, x, 1, cov=True)[1]
np.poly(v)
np.poly(s)
np.roots(np.array([1.0, -6.0, 11.0, -6.0]) + 0.01 * x[:4])
np.roots(v)
np.interp(a, p, x)
np.interp(q, p, x)
np.interp(q * 5, p, x, left=0.0, right=1.0)
np.interp(q * 5, p, x, left=a, right=b)
np.interp(q, p, x, period=2.5)
np.cov(m)
np.cov(m, rowvar=False)
np.cov(m, bias=True)
np.cov(m, ddof=2)
np.cov(x)
np.cov(x, y)
np.cov(m, n.T)
np.cov(m, aweights=p[:4])
np.cov(m, fweights=[1, 2, 1, 1])
np.corrcoef(m)
np.polyfit(p[:4], z, 1, cov=True)[1]
np.corrcoef(x, y)
np.corrcoef(m, rowvar=False)
np.polynomial.polynomial.polyval(x, v)
np.polynomial.polynomial.polyder(x)
np.polynomial.polynomial.polyint(v)
np.polynomial.polynomial.polymul(x, v)
np.polynomial.polynomial.polyadd(x, v)
np.polynomial.polynomial.polyfit(p, x, 2)
np.polynomial.polynomial.polyfromroots(v)
np.polynomial.polynomial.polyvander(x, 2)
np.polynomial.polynomial.polypow(v, 2)
np.polynomial.polynomial.polydiv(x, v)[0]
np.polynomial.polynomial.polyroots(v)
np.polynomial.chebyshev.chebval(x, v)
np.polynomial.chebyshev.chebder(x)
np.polynomial.chebyshev.chebint(v)
np.polynomial.chebyshev.chebvander(x, 3)
np.polynomial.chebyshev.chebfit(p, x, 2)
np.polynomial.legendre.legval(x, v)
np.polynomial.legendre.legder(x)
np.polynomial.legendre.legint(v)
np.polynomial.legendre.legvander(x, 3)
np.polynomial.legendre.legfit(p, x, 2)
np.polynomial.hermite.hermval(x, v)
np.polynomial.hermite_e.hermeval(x, v)
np.polynomial.laguerre.lagval(x, v)
np.einsum("ij,ij->ij", m, np.expand_dims(m[0], 0))
np.einsum("ij,ij->", m, np.expand_dims(m[:, 1], 1))
np.convolve(a, x)
np.polymul(a, x)
np.cross(n, w[None])
"""

LINALG = r"""
np.linalg.solve(s, v)
np.linalg.solve(s, n[:3])
np.linalg.solve(ss, s)
np.linalg.inv(s)
np.linalg.inv(ss)
np.linalg.pinv(m)
np.linalg.pinv(m, rcond=1e-10)
np.linalg.pinv(d, hermitian=True)
np.linalg.det(s)
np.linalg.det(ss)
np.linalg.slogdet(s)[1]
np.linalg.slogdet(ss).logabsdet
np.linalg.slogdet(cm)
np.linalg.cholesky(d)
np.linalg.cholesky(d, upper=True)
np.linalg.qr(s)
np.linalg.qr(n)
np.linalg.qr(n, mode="r")
np.linalg.qr(s, mode="complete")[0]
np.linalg.qr(n, mode="complete")[0]
np.linalg.qr(m, mode="complete").R
np.linalg.qr(n, "reduced").R
np.linalg.qr(m)[1]
np.linalg.eigh(d)[0]
np.abs(np.linalg.eigh(d)[1])
np.linalg.eigh(d, "U").eigenvalues
np.linalg.eigvalsh(d)
np.linalg.eigvalsh(d, UPLO="U")
np.real(np.linalg.eig(s)[0])
np.linalg.eigvals(d).real.sum()
np.linalg.eigvals(cm)
np.linalg.svd(m)[1]
np.linalg.svd(m, compute_uv=False)
np.linalg.svd(m, full_matrices=False)[1]
np.linalg.svd(m, full_matrices=False).S
np.abs(np.linalg.svd(m, full_matrices=False)[2])
np.linalg.svdvals(m)
np.linalg.lstsq(n, x[:4])[0]
np.linalg.lstsq(n, x[:4], rcond=None)[0]
np.linalg.lstsq(n, x[:4], rcond=None)[1]
np.linalg.lstsq(n, m.T)[0]
np.linalg.lstsq(n, x[:4])[3]
np.linalg.matrix_power(s, 3)
np.linalg.matrix_power(s, -2)
np.linalg.matrix_power(s, 0) * a
np.linalg.cond(s)
np.linalg.cond(s, "fro")
np.linalg.cond(s, 1)
np.linalg.cond(s, -2)
np.linalg.cond(ss)
np.linalg.matrix_rank(s) * a
np.linalg.tensorsolve(s, v)
np.linalg.tensorinv(s, ind=1)
np.linalg.cross(v, w)
np.linalg.cross(n, w)
np.linalg.diagonal(ss)
np.linalg.diagonal(ss, offset=1)
np.linalg.trace(ss)
np.linalg.outer(x, v)
np.linalg.tensordot(m, n, axes=1)
np.linalg.vecdot(m, n.T)
np.linalg.vecdot(m, m, axis=0)
np.linalg.matmul(m, n)
np.linalg.matrix_transpose(ss)
np.linalg.svd(d, hermitian=True)[1]
np.abs(np.linalg.svd(d, hermitian=True)[0])
np.linalg.svd(s + s.T - 4 * np.eye(3), hermitian=True)[1]
np.linalg.svd(d, compute_uv=False, hermitian=True)
np.linalg.cond(ss, "fro")
np.linalg.cond(ss, 1)
np.linalg.cond(ss, np.inf)
np.linalg.lstsq(n, m.T, None)[3]
"""

FFT = r"""
scipy.linalg.solve_banded((1, 1), np.array([[0.0, 1.0, 2.0], [4.0, 5.0, 6.0], [1.0, 2.0, 0.0]]) * a, v)
scipy.linalg.solve_banded((1, 2), p[:4, None] * (1 + m.T @ m) * 0.1 + np.array([[0.0], [0.0], [9.0], [0.0]]), x[:4])
np.abs(np.fft.fft(x))
np.fft.fft(z).real
np.fft.fft(x, 8).real
np.fft.fft(m, axis=0).imag
np.fft.fft(x, norm="ortho").real
np.fft.ifft(z).real
np.fft.rfft(x).real
np.fft.rfft(x, 4, norm="forward").imag
np.fft.irfft(z)
np.fft.irfft(z, 7)
np.fft.irfft(z, n=5, norm="ortho")
np.fft.hfft(z)
np.fft.ihfft(x).real
np.fft.fft2(m).real
np.fft.ifft2(m).real
np.fft.fftn(t, axes=(0, 2)).real
np.fft.fftn(t, s=(2, 2)).real
np.fft.ifftn(t).imag
np.fft.rfft2(m).real
np.fft.irfft2(cm)
np.fft.rfftn(t).real
np.fft.irfftn(cm, s=(3, 4))
np.fft.fftshift(x)
np.fft.fftshift(m, axes=1)
np.fft.ifftshift(m)
np.fft.fftfreq(5, a)
np.fft.rfftfreq(5, d=a)
"""

SCIPY = r"""
scipy.linalg.cho_solve(scipy.linalg.cho_factor(d), v)
scipy.linalg.cho_solve(scipy.linalg.cho_factor(d, lower=True), v)
scipy.linalg.cho_solve(scipy.linalg.cho_factor(d), n[:3])
scipy.linalg.cho_solve((np.linalg.cholesky(d), True), v)
scipy.linalg.lu(s)[1]
scipy.linalg.lu(s)[2]
scipy.linalg.lu_factor(s)[0]
scipy.linalg.lu_solve(scipy.linalg.lu_factor(s), v)
scipy.linalg.lu_solve(scipy.linalg.lu_factor(s), n[:3], 1)
scipy.linalg.qr(n)[0]
scipy.linalg.eig(cm)[0]
np.abs(scipy.linalg.eig(cm)[1])
scipy.linalg.eigvals(cm)
scipy.linalg.eigvals(s, d).real
scipy.linalg.lstsq(n, x[:4])[0]
scipy.linalg.lstsq(n, x[:4])[1]
scipy.linalg.lstsq(n, m.T)[1]
scipy.linalg.solveh_banded(np.array([[0.0, 1.0, 2.0], [4.0, 5.0, 6.0]]) * a, v)
scipy.linalg.solveh_banded(np.array([[4.0, 5.0, 6.0], [1.0, 2.0, 0.0]]) * a, v, lower=True)
scipy.linalg.solve_toeplitz(w, v)
scipy.linalg.solve_toeplitz((w, w * 0.5), v)
scipy.linalg.matmul_toeplitz(w, v)
scipy.linalg.solve_circulant(w, v)
scipy.linalg.hankel(v)
scipy.linalg.companion(w)
scipy.linalg.expm_frechet(s, d)[1]
scipy.linalg.expm_frechet(s, d, compute_expm=False)
scipy.linalg.cosm(s)
scipy.linalg.sinm(cm * 0.2)
scipy.linalg.tanm(s * 0.1)
scipy.linalg.coshm(s)
scipy.linalg.sinhm(s)
scipy.linalg.tanhm(s)
scipy.linalg.pinvh(d)
scipy.linalg.orthogonal_procrustes(s, d)[0]
scipy.special.voigt_profile(x, a, b)
scipy.integrate.trapezoid(x, p)
scipy.integrate.trapezoid(m, dx=a, axis=0)
scipy.integrate.cumulative_trapezoid(x, p)
scipy.integrate.cumulative_trapezoid(x, p, initial=0)
scipy.integrate.cumulative_trapezoid(m, dx=a, axis=0)
scipy.integrate.cumulative_trapezoid(m, w, axis=0, initial=0)
scipy.signal.convolve(x, v)
scipy.signal.convolve(x, v, mode="same")
scipy.signal.convolve(v, x, mode="same")
scipy.signal.convolve(x, v, mode="valid")
scipy.signal.convolve(z, x)
scipy.signal.fftconvolve(x, v)
scipy.signal.fftconvolve(m, n[:2, :2])
scipy.signal.fftconvolve(m, s, mode="same")
scipy.signal.correlate(x, v)
scipy.signal.correlate(x, v, mode="same")
scipy.signal.correlate(v, x, mode="valid")
scipy.signal.lfilter([1.0, a], [1.0, -b, 0.2], x)
scipy.signal.lfilter(v, [1.0], x)
scipy.signal.lfilter([a], [2.0, b], m, axis=0)
scipy.fft.fft(x).real
scipy.fft.rfft(x, 8, norm="ortho").imag
scipy.fft.fft2(m).real
scipy.fft.ifftn(t, axes=(0, 1)).real
"""

LOOKED_THROUGH = r"""
np.vectorize(lambda r: r * r if r > 0 else 2 * r)(x)
np.vectorize(lambda r, g: r * g)(x, a)
np.vectorize(lambda r, g: r * g)(m, x[:4])
np.vectorize(math.sin)(m)
np.vectorize(lambda g, r: g @ r, signature="(n,m),(m)->(n)")(ss, v)
np.vectorize(lambda r: r @ r, signature="(n)->()")(m)
np.apply_along_axis(lambda r: r.sum(), 0, m)
np.apply_along_axis(lambda r: r * r, 1, m)
np.apply_along_axis(np.sort, 1, m)
np.apply_along_axis(lambda r, g: r * g, 0, m, a)
np.apply_over_axes(np.sum, t, [0, 2])
np.fromfunction(lambda r, c: a * r + c * c, (2, 3), dtype=float)
np.fromfunction(lambda r: np.exp(-a * r), (4,))
np.random.default_rng(3).normal(a, b, size=4)
np.random.default_rng(3).normal(loc=a, scale=b)
np.random.default_rng(3).normal(x, 1.0)
np.random.default_rng(3).normal(x, p)
np.random.default_rng(3).uniform(a, b + 2, size=4)
np.random.default_rng(3).uniform(low=a, high=3.0)
np.random.default_rng(3).exponential(a, size=3)
np.random.default_rng(3).laplace(a, b, 4)
np.random.default_rng(3).logistic(a, b, 4)
np.random.default_rng(3).gumbel(a, b, 4)
np.random.default_rng(3).lognormal(a, b, 4)
np.random.default_rng(3).rayleigh(a, 4)
np.random.default_rng(3).standard_normal(5) * x
np.random.default_rng(3).random(5) * x
np.random.default_rng(3).multivariate_normal(v, d, method="cholesky")
np.random.default_rng(3).weibull(2.0, 4) * a
np.random.default_rng(3).integers(0, 3, 5) * x
np.random.default_rng(3).permutation(x)
np.random.default_rng(3).choice(x, 3)
r = np.random.default_rng(3); return r.normal(a, b) * r.normal(a, b, size=3)
r = np.random.default_rng(3); g = 0.0; \nfor _ in range(4): g += r.normal(g, b)\nreturn g
np.vectorize(lambda r: (r, r * r))(x)[1]
"""

METHODS = r"""
x.sum()
m.sum(0)
m.sum(axis=1, keepdims=True)
m.mean(axis=0)
m.std(ddof=1)
m.var(1)
m.prod(axis=1)
x.max()
m.min(axis=1)
(m + 2).ptp(axis=0) if hasattr(m, "ptp") else np.ptp(m, axis=0)
x.cumsum()
m.cumprod(axis=1)
x.dot(y)
m.dot(n)
x.clip(-1, 1)
x.clip(min=0)
x.clip(max=a)
x.round(1) * a
x[:1].item() * a
x.item(2)
m.item(1, 2)
x.tolist()[1] * a
sum(x.tolist())
m.tolist()[1][2] * a
x.flatten()
m.flatten("F")
m.ravel()
m.ravel(order="F")
m.reshape(2, 6)
m.reshape((4, -1))
m.reshape(-1, order="F")
m.transpose()
t.transpose(2, 0, 1)
t.transpose((1, 0, 2))
t.swapaxes(0, 1)
m.T
t.mT
x.astype(float)
x.astype(np.float64, copy=False)
x.astype("float64")
z.conj()
z.conjugate().real
z.real
z.imag
x.real
o = z.copy(); o.real = x[:4]; return o
o = z.copy(); o.imag = x[:4]; return o
o = np.zeros((4, 3)); o.T[:] = m; return o
o = np.zeros((4, 3)); o.T[0] = x[:4]; return o
m.flat[5]
m.flat[2:7]
o = m.copy(); o.flat[3] = a; return o
o = m.copy(); o.flat[::5] = v; return o
o = m.copy(); o.flat = a; return o
o = m.copy(); o[:] = x[:4]; return o
o = 0.0\nfor r in m.flat: o += r * r\nreturn o
o = x.copy(); o.put([0, 2], [a, b]); return o
o = x.copy(); o.sort(); return o
o = m.copy(); o.sort(axis=0); return o
o = x.copy(); o.partition(2); return o
o = x.copy(); o.fill(a); return o
o = x.copy(); o *= a; return o
x.searchsorted(0.5) * x
i.choose([v, w, v * w])
x.compress(mask)
m.compress([True, False, True], axis=0)
s.diagonal()
t.diagonal(1, 1, 2)
s.trace()
s.trace(offset=1)
x.take(i)
m.take([1, 2], axis=1)
x.repeat(2)
m.repeat(2, axis=0)
np.expand_dims(m, 0).squeeze()
np.expand_dims(m, 0).squeeze(axis=0)
x.copy()
x.nonzero()[0] * a
x.argsort() * x
x.argmax() * a
x.any() * a
x.all() * a
x.nbytes * a
x.itemsize * a
x.view() * a


x.size * x.ndim * x
len(m) * a
np.float64(a) * x
np.float64(a).item()
np.sum(x).item()
a.real + a.imag
a.conjugate()

"""

PYTHON = r"""
math.sin(a) + math.cos(a) + math.tan(a) + math.asin(b) + math.acos(b) + math.atan(a)
math.sinh(a) + math.cosh(a) + math.tanh(a) + math.asinh(a) + math.acosh(a) + math.atanh(b)
math.exp(a) + math.exp2(a) + math.expm1(a) + math.log(a) + math.log(a, b) + math.log2(a) + math.log10(a) + math.log1p(a)
math.sqrt(a) + math.cbrt(a) + math.pow(a, b) + math.hypot(a, b) + math.hypot(a, b, 2.0) + math.hypot(a)
math.hypot(a, b, 1.0, 2.0)
math.atan2(a, b)
math.erf(a) + math.erfc(a) + math.gamma(a) + math.lgamma(a)
math.fabs(-a) + math.fmod(a, b) + math.remainder(a, b) + math.copysign(a, -1.0)
math.modf(a)[0] + math.frexp(a)[0] + math.ldexp(a, 2)
math.fsum([a, b, a * b])
math.fsum(x)
math.fsum(x * y)
math.prod([a, b, 2.0])
math.prod(x)
math.prod([a, b], start=b)
math.dist([a, b], [0.0, 1.0])
math.dist((a, b), (b, a))
math.dist(x, y)
math.sumprod([a, b], [b, 2.0]) if hasattr(math, "sumprod") else a
math.floor(a) * b + math.ceil(a) + math.trunc(a)
math.degrees(a) + math.radians(b)
math.ulp(a) + a
math.nextafter(a, 2.0)
math.isclose(a, b) * a
math.comb(4, 2) * a
math.factorial(3) * a
cmath.exp(c).real
cmath.polar(c)[0] + cmath.polar(c)[1]
cmath.phase(c)
cmath.rect(a, b).imag
cmath.sqrt(c).real + cmath.log(c).imag + cmath.sin(c).real + cmath.tanh(c).imag
cmath.log(c, 2).real
cmath.acos(c).real + cmath.atan(c).imag + cmath.cosh(c).real + cmath.log10(c).real
abs(c)
abs(a) + abs(x).sum()
max(a, b) + min(a, b)
max(x) + min(x)
max([a, b, 1.0]) + max(a, b, 1.0)
max(x.tolist())
sum([a, b]) + sum(x) + sum((a, b), b)
sum(m)
sum(m[0], start=a)
pow(a, b) + pow(a, 2)
a ** b + a // b + a % b + divmod(a, b)[1]
round(a, 2) + a
float(a) + int(a) * b + bool(a) * b
complex(a, b).real
operator.add(a, b) + operator.mul(a, b) + operator.truediv(a, b) + operator.pow(a, b) + operator.sub(a, b)
operator.neg(a) + operator.abs(a) + operator.matmul(x, y)
operator.index(2) * a
functools.reduce(lambda r, g: r * g, [a, b, 2.0])
functools.reduce(operator.mul, x)
functools.partial(np.sum, axis=0)(m)
list(itertools.accumulate([a, b, 1.0]))[-1]
list(itertools.accumulate(x.tolist(), operator.mul))[-1]
sum(r * g for r, g in itertools.product([a, b], [1.0, 2.0]))
sum(itertools.chain([a], [b]))
sum(map(lambda r: r * r, x))
statistics.NormalDist(0.0, 1.0).cdf(a)
"""

REFUSED = """
np.emath.sqrt(x)
np.emath.log(p)
np.emath.log(x)
np.emath.power(x, 2)
np.emath.logn(2, p)
np.emath.log2(p)
np.emath.log10(p)
np.emath.arcsin(q)
np.emath.arccos(q)
np.emath.arctanh(q)
np.frompyfunc(lambda r: r * r, 1, 1)(x).astype(float)
np.polynomial.Polynomial(v)(x)
np.polynomial.Polynomial([a, b, 1.0])(x)
np.polynomial.Chebyshev(v)(x)
np.polynomial.Legendre(v, domain=[0, 2])(x)
np.poly1d(v)(x)
np.linalg.qr(n, mode="raw")
np.linalg.qr(cm, mode="complete")[1]
o = z.copy(); o.real[1] = a; return o
np.histogram(x, bins="auto")[1]
np.histogram_bin_edges(x, "fd")
np.histogramdd(m)[1][0]
np.lib.stride_tricks.as_strided(x, (3,), (8,))
x.flags.writeable * a
x.tobytes()
o = x.copy(); o.resize(3); return o
x.strides[0] * a
np.random.default_rng(3).shuffle(x)
np.random.default_rng(3).standard_gamma(p)
np.random.default_rng(3).beta(a, b)
np.ravel(m.T, order="A")
m.flatten("K")
np.reshape(m, (2, 6), order="A")
np.power.reduce(p)
np.arctan2.reduce(p)
"""

GROUPS = {
    name: [line for line in text.strip().splitlines() if line]
    for name, text in {
        "ufuncs": UFUNCS,
        "reductions": REDUCTIONS,
        "shapes": SHAPES,
        "selection": SELECTION,
        "products": PRODUCTS,
        "linalg": LINALG,
        "fft": FFT,
        "scipy": SCIPY,
        "looked_through": LOOKED_THROUGH,
        "methods": METHODS,
        "python": PYTHON,
        "refused": REFUSED,
    }.items()
}
