# ruff: noqa: ANN001, ANN201  (the text is copied into generated modules, for arguments of any type)
"""Products of the others, shares of ties, weights of quantiles, and the transposes of running sums."""

import numpy as np

__all__ = [
    "cumprod_bar", "cumprod_dot", "gradient_bar", "gradient_bar_at", "product_of_others", "quantile_slopes",
    "quantile_weights", "quantiles_bar", "quantiles_dot", "shares", "trapezoid_heights", "trapezoid_spans",
    "trapezoid_weights",
]  # fmt: skip


def product_of_others(x, axis):
    """For each element the product of the others along `axis`, by products from both ends: zeros do no harm."""
    z = np.moveaxis(x, axis, -1)
    one = np.ones_like(z[..., :1])
    before = np.cumprod(np.concatenate((one, z[..., :-1]), axis=-1), axis=-1)
    after = np.flip(np.cumprod(np.concatenate((one, np.flip(z[..., 1:], -1)), axis=-1), axis=-1), -1)
    return np.moveaxis(before * after, -1, axis)


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None or weight.ndim == 0:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def quantile_weights(x, q, axis, method):
    """Weight of each element in the quantile `q` along `axis`; a NaN counts as absent."""
    rank = np.argsort(np.argsort(x, axis=axis, kind="stable"), axis=axis, kind="stable")
    last = np.sum(~np.isnan(x), axis=axis, keepdims=True) - 1
    position = q * last
    low = np.floor(position)
    high = np.minimum(low + 1, last)
    if method == "lower":
        part = np.zeros_like(position)
    elif method == "higher":
        part = np.where(position > low, 1.0, 0.0)
    elif method == "midpoint":
        part = np.where(position > low, 0.5, 0.0)
    elif method == "nearest":
        part = np.rint(position) - low
    else:
        part = position - low
    weight = np.zeros_like(x)
    weight += np.where(rank == low, 1.0 - part, 0.0) + np.where(rank == high, part, 0.0)
    return weight


def quantile_slopes(x, q, axis, method):
    """Derivative of `quantile_weights` with respect to `q`."""
    slope = np.zeros_like(x)
    if method == "linear":
        rank = np.argsort(np.argsort(x, axis=axis, kind="stable"), axis=axis, kind="stable")
        last = np.sum(~np.isnan(x), axis=axis, keepdims=True) - 1
        low = np.minimum(np.floor(q * last), last - 1)
        slope += np.where(rank == low + 1, last, 0) - np.where(rank == low, last, 0)
    return slope


def quantiles_dot(x_dot, x, q, axis, method, keepdims):
    """Tangent of the quantiles `q` (one axis of them)."""
    if axis is None:
        moved, moved_dot = np.ravel(x), np.ravel(x_dot)
    else:
        moved, moved_dot = np.moveaxis(x, axis, -1), np.moveaxis(x_dot, axis, -1)
    y_dot = np.zeros((q.size,) + moved.shape[:-1], x_dot.dtype)
    for k in range(q.size):
        y_dot[k] = np.sum(quantile_weights(moved, q[k], -1, method) * moved_dot, axis=-1)
    if keepdims:
        if axis is None:
            return np.reshape(y_dot, (q.size,) + (1,) * x.ndim)
        return np.expand_dims(y_dot, axis + 1 if axis >= 0 else axis)
    return y_dot


def quantiles_bar(y_bar, x, q, axis, method, keepdims):
    """Adjoint of the quantiles `q` (one axis of them)."""
    if axis is None:
        moved = np.ravel(x)
        by_q = np.reshape(y_bar, (q.size,))
    else:
        moved = np.moveaxis(x, axis, -1)
        by_q = np.reshape(y_bar, (q.size,) + moved.shape[:-1])
    x_bar = np.zeros_like(moved)
    for k in range(q.size):
        x_bar += quantile_weights(moved, q[k], -1, method) * np.expand_dims(by_q[k], -1)
    if axis is None:
        return np.reshape(x_bar, x.shape)
    return np.moveaxis(x_bar, -1, axis)


def cumprod_dot(x_dot, x, y, axis):
    """Tangent of ``y = np.cumprod(x, axis)``; right where elements are zero."""
    z, z_dot, p = np.moveaxis(x, axis, 0), np.moveaxis(x_dot, axis, 0), np.moveaxis(y, axis, 0)
    p_dot = np.zeros_like(p * z_dot)
    p_dot[:1] = z_dot[:1]
    for i in range(1, z.shape[0]):
        p_dot[i] = p_dot[i - 1] * z[i] + p[i - 1] * z_dot[i]
    return np.moveaxis(p_dot, 0, axis)


def cumprod_bar(y_bar, x, y, axis):
    """Adjoint of ``y = np.cumprod(x, axis)``; right where elements are zero."""
    z, p_bar, p = np.moveaxis(x, axis, 0), np.moveaxis(y_bar, axis, 0), np.moveaxis(y, axis, 0)
    z_bar = np.zeros_like(p * p_bar)
    carried = np.zeros_like(z_bar[:1])
    for i in range(z.shape[0] - 1, 0, -1):
        carried = carried + p_bar[i : i + 1]
        z_bar[i : i + 1] = carried * p[i - 1 : i]
        carried = carried * z[i : i + 1]
    z_bar[:1] = carried + p_bar[:1]
    return np.moveaxis(z_bar, 0, axis)


def trapezoid_weights(f, axis):
    """Weights of the trapezoidal rule with unit steps."""
    weight = np.zeros(f.shape[axis], f.dtype)
    weight[1:] += 0.5
    weight[:-1] += 0.5
    return weight


def trapezoid_spans(x, axis):
    """Weights of the trapezoidal rule with nodes `x`: half the distance between a node's neighbours."""
    z = np.moveaxis(x, axis, -1)
    wide = np.concatenate((z[..., :1], z, z[..., -1:]), axis=-1)
    return np.moveaxis(0.5 * (wide[..., 2:] - wide[..., :-2]), -1, axis)


def trapezoid_heights(f, axis):
    """Derivative of the trapezoidal rule with respect to its nodes, for values `f`."""
    z = np.moveaxis(f, axis, -1)
    wide = np.concatenate((-z[..., :1], z, -z[..., -1:]), axis=-1)
    return np.moveaxis(0.5 * (wide[..., :-2] - wide[..., 2:]), -1, axis)


def gradient_bar(y_bar, axis, edge_order):
    """Transpose of ``np.gradient(f, axis=axis)`` with unit steps."""
    z = np.moveaxis(y_bar, axis, 0)
    f_bar = np.zeros_like(z)
    f_bar[2:] += 0.5 * z[1:-1]
    f_bar[:-2] -= 0.5 * z[1:-1]
    if edge_order == 1:
        f_bar[1] += z[0]
        f_bar[0] -= z[0]
        f_bar[-1] += z[-1]
        f_bar[-2] -= z[-1]
    else:
        f_bar[0] -= 1.5 * z[0]
        f_bar[1] += 2.0 * z[0]
        f_bar[2] -= 0.5 * z[0]
        f_bar[-1] += 1.5 * z[-1]
        f_bar[-2] -= 2.0 * z[-1]
        f_bar[-3] += 0.5 * z[-1]
    return np.moveaxis(f_bar, 0, axis)


def gradient_bar_at(y_bar, x, axis, edge_order):
    """Transpose of ``np.gradient(f, x, axis=axis)`` for nodes `x`."""
    z = np.moveaxis(y_bar, axis, -1)
    f_bar = np.zeros_like(z)
    step = np.diff(x)
    p, q = step[:-1], step[1:]
    f_bar[..., :-2] -= q / (p * (p + q)) * z[..., 1:-1]
    f_bar[..., 1:-1] += (q - p) / (p * q) * z[..., 1:-1]
    f_bar[..., 2:] += p / (q * (p + q)) * z[..., 1:-1]
    if edge_order == 1:
        f_bar[..., 0] -= z[..., 0] / step[0]
        f_bar[..., 1] += z[..., 0] / step[0]
        f_bar[..., -2] -= z[..., -1] / step[-1]
        f_bar[..., -1] += z[..., -1] / step[-1]
    else:
        p, q = step[0], step[1]
        f_bar[..., 0] -= (2.0 * p + q) / (p * (p + q)) * z[..., 0]
        f_bar[..., 1] += (p + q) / (p * q) * z[..., 0]
        f_bar[..., 2] -= p / (q * (p + q)) * z[..., 0]
        r, s = step[-2], step[-1]
        f_bar[..., -3] += s / (r * (r + s)) * z[..., -1]
        f_bar[..., -2] -= (r + s) / (r * s) * z[..., -1]
        f_bar[..., -1] += (2.0 * s + r) / (s * (r + s)) * z[..., -1]
    return np.moveaxis(f_bar, -1, axis)
