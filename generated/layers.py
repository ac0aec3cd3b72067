# Written by adgen from examples.layers.  Edit the original, then run `adgen build`.
# adgen: rules 4898df4e105f0e9c text d9db4115e8272e2c
# adgen: examples.layers:linear source 5b7a6aab5fd56984 options 7fb8d78a75c07b33
# adgen: examples.layers:embedding source 6c66a36d60b00bbd options 5abe248e5c85ba81
# adgen: examples.layers:dropout source d35d49f7e442120f options 3888318457be0639
# adgen: examples.layers:pad_zeros source d6ef77f20e0ebc39 options 3888318457be0639
# adgen: examples.layers:pad_reflect source faddc2ae99036ab6 options 3888318457be0639
# adgen: examples.layers:pad_replicate source 0c1f57c602228edd options 3888318457be0639
# adgen: examples.layers:conv1d source 8e16045281f2c191 options 7fb8d78a75c07b33
# adgen: examples.layers:conv2d source f3b4f1f99f06967d options 7fb8d78a75c07b33
# adgen: examples.layers:conv_transpose2d source 1a82b81482fe93d1 options 7fb8d78a75c07b33
# adgen: examples.layers:max_pool source cd7f10abff8ed525 options 3888318457be0639
# adgen: examples.layers:average_pool source fb85278a69f2462b options 3888318457be0639
# adgen: examples.layers:max_pool1d source f194a8f95ad68d88 options 3888318457be0639
# adgen: examples.layers:adaptive_average_pool1d source 47a9ebbeb8cc1ec7 options 3888318457be0639
# adgen: examples.layers:batch_norm source 96fcbaa8f6d5e27a options d5edb1d57ad34a06
# adgen: examples.layers:layer_norm source 9784a7e1b8986a6d options d5edb1d57ad34a06
# adgen: examples.layers:group_norm source bc3251d059e296ae options d5edb1d57ad34a06
# adgen: examples.layers:instance_norm source c41e5e5e52890b32 options 3888318457be0639
# adgen: examples.layers:pixel_shuffle source dce8a84086bee169 options 3888318457be0639
import numpy as np


def add_rows(x, rows, values):
    """``np.add.at(x, rows, values)`` of a matrix; NumPy adds to many elements faster than to many rows."""
    rows, values = np.ravel(rows), np.reshape(values, (-1, x.shape[1]))
    if x.shape[1] < rows.size:
        for k in range(x.shape[1]):
            np.add.at(x[:, k], rows, values[:, k])
    else:
        np.add.at(x, rows, values)


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


def shares(chosen, x, axis):
    """Weights that sum to 1 over `axis`, equal where `chosen` holds and 0 elsewhere, in the dtype of `x`."""
    weight = np.where(chosen, np.ones_like(x), np.zeros_like(x))
    if axis is None or weight.ndim == 0:
        return weight / np.maximum(np.sum(weight), 1)
    return weight / np.maximum(np.expand_dims(np.sum(weight, axis=axis), axis), 1)


def linear_vjp(x, w, b, result_bar):
    """Vector-Jacobian product of `linear` (layers.py:23) with respect to `x`, `w`, `b`, reverse mode."""
    if not w.shape[1] == b.shape[0]:
        raise ValueError("linear_vjp: the sizes of the arguments do not agree as this test wants")
    # line 25: return x @ w + b
    b_bar = np.sum(result_bar, axis=0)
    x_bar = result_bar @ w.T
    w_bar = x.T @ result_bar
    return x_bar, w_bar, b_bar


def embedding_vjp(table, indices, result_bar):
    """Vector-Jacobian product of `embedding` (layers.py:28) with respect to `table`, reverse mode."""
    # line 30: return table[indices]
    table_bar = np.zeros_like(table)
    add_rows(table_bar, indices, result_bar)
    return (table_bar,)


def dropout_vjp(x, mask, rate, result_bar):
    """Vector-Jacobian product of `dropout` (layers.py:33) with respect to `x`, reverse mode."""
    if not (x.shape[0] == mask.shape[0] and x.shape[1] == mask.shape[1]):
        raise ValueError("dropout_vjp: the sizes of the arguments do not agree as this test wants")
    # line 35: return x * mask / (1.0 - rate)
    x_bar = result_bar * mask / (1.0 - rate)
    return (x_bar,)


def pad_zeros_vjp(x, n, result_bar):
    """Vector-Jacobian product of `pad_zeros` (layers.py:41) with respect to `x`, reverse mode."""
    # line 43: return np.pad(x, ((0, 0), (0, 0), (n, n), (n, n)))
    x_bar = result_bar[:, :, n : n + x.shape[2], n : n + x.shape[3]]
    return (x_bar.copy(),)


def pad_reflect_vjp(x, n, result_bar):
    """Vector-Jacobian product of `pad_reflect` (layers.py:46) with respect to `x`, reverse mode."""
    t = x[:, :, n:0:-1]
    # line 48: return np.concatenate([x[:, :, n:0:-1], x, x[:, :, -2 : -n - 2 : -1]], axis=2)
    x_bar = result_bar[:, :, t.shape[2] : t.shape[2] + x.shape[2]].copy()
    x_bar[:, :, -2 : -n - 2 : -1] += result_bar[:, :, t.shape[2] + x.shape[2] :]
    x_bar[:, :, n:0:-1] += result_bar[:, :, : t.shape[2]]
    return (x_bar,)


def pad_replicate_vjp(x, n, result_bar):
    """Vector-Jacobian product of `pad_replicate` (layers.py:51) with respect to `x`, reverse mode."""
    t1 = x[:, :, :1]
    t2 = np.repeat(t1, n, axis=2)
    # line 53: return np.concatenate([np.repeat(x[:, :, :1], n, axis=2), x, np.repeat(x[:, :, -1 ...
    x_bar = result_bar[:, :, t2.shape[2] : t2.shape[2] + x.shape[2]].copy()
    x_bar[:, :, -1:] += np.sum(
        np.reshape(result_bar[:, :, t2.shape[2] + x.shape[2] :], (x.shape[0], x.shape[1], 1, n)),
        axis=3,
    )
    x_bar[:, :, :1] += np.sum(
        np.reshape(result_bar[:, :, : t2.shape[2]], (x.shape[0], x.shape[1], t1.shape[2], n)),
        axis=3,
    )
    return (x_bar,)


def conv1d_vjp(x, w, b, stride, padding, dilation, result_bar):
    """Vector-Jacobian product of `conv1d` (layers.py:59) with respect to `x`, `w`, `b`, reverse mode."""
    if not (x.shape[1] == w.shape[1] and w.shape[0] == b.shape[0]):
        raise ValueError("conv1d_vjp: the sizes of the arguments do not agree as this test wants")
    x1 = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    t1 = w.shape[2] - 1
    length = (x1.shape[2] - dilation * t1 - 1) // stride + 1
    # line 68: return y + b[:, None]
    b_bar = np.sum(result_bar, axis=(0, 2))
    x1_bar = np.zeros((x.shape[0], w.shape[1], 2 * padding + x.shape[2]))
    w_bar = np.zeros_like(w)
    for k in range(w.shape[2]):
        start = k * dilation
        t2 = start + stride * (length - 1) + 1
        piece = x1[:, :, start:t2:stride]
        # line 67: y += np.einsum("ncl,oc->nol", piece, w[:, :, k])
        t3_bar = sum_to(result_bar, (x.shape[0], b.shape[0], piece.shape[2]))
        piece_bar = np.einsum("nol,oc->ncl", t3_bar, w[:, :, k])
        w_bar[:, :, k] += np.einsum("nol,ncl->oc", t3_bar, piece)
        # line 66: piece = x[:, :, start : start + stride * (length - 1) + 1 : stride]
        x1_bar[:, :, start:t2:stride] += piece_bar
    # line 61: x = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    x_bar = x1_bar[:, :, padding : padding + x.shape[2]]
    return x_bar, w_bar, b_bar


def conv2d_vjp(x, w, b, stride, padding, dilation, groups, result_bar):
    """Vector-Jacobian product of `conv2d` (layers.py:71) with respect to `x`, `w`, `b`, reverse mode."""
    if not w.shape[0] == b.shape[0]:
        raise ValueError("conv2d_vjp: the sizes of the arguments do not agree as this test wants")
    x1 = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    t1 = w.shape[2] - 1
    height = (x1.shape[2] - dilation * t1 - 1) // stride + 1
    t2 = w.shape[3] - 1
    width = (x1.shape[3] - dilation * t2 - 1) // stride + 1
    t3 = w.shape[0] // groups
    n_in = w.shape[1]
    # line 86: return y + b[:, None, None]
    b_bar = np.sum(result_bar, axis=(0, 2, 3))
    x1_bar = np.zeros_like(x1)
    w_bar = np.zeros_like(w)
    for group in range(groups):
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                t4 = (group + 1) * t3
                t5 = w[group * t3 : t4, :, i, j]
                t6 = (group + 1) * n_in
                t7 = i * dilation + stride * (height - 1) + 1
                t8 = j * dilation + stride * (width - 1) + 1
                t9 = x1[
                    :, group * n_in : t6, i * dilation : t7 : stride, j * dilation : t8 : stride
                ]
                # line 85: y[:, outputs] += np.einsum("nchw,oc->nohw", x[:, channels, rows, colu ...
                t10_bar = sum_to(
                    result_bar[:, group * t3 : t4],
                    (x.shape[0], t5.shape[0], t9.shape[2], t9.shape[3]),
                )
                w_bar[group * t3 : t4, :, i, j] += stretched_to(
                    np.einsum("nohw,nchw->oc", t10_bar, t9), t5.shape
                )
                x1_bar[
                    :, group * n_in : t6, i * dilation : t7 : stride, j * dilation : t8 : stride
                ] += stretched_to(np.einsum("nohw,oc->nchw", t10_bar, t5), t9.shape)
    # line 73: x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    x_bar = x1_bar[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return x_bar, w_bar, b_bar


def conv_transpose2d_vjp(x, w, b, stride, padding, result_bar):
    """Vector-Jacobian product of `conv_transpose2d` (layers.py:89) with respect to `x`, `w`, `b`, reverse mode."""
    if not (x.shape[1] == w.shape[0] and w.shape[1] == b.shape[0]):
        raise ValueError(
            "conv_transpose2d_vjp: the sizes of the arguments do not agree as this test wants"
        )
    height = (x.shape[2] - 1) * stride + w.shape[2]
    width = (x.shape[3] - 1) * stride + w.shape[3]
    # line 99: return y[:, :, padding : height - padding, padding : width - padding] + b[:, None ...
    y_bar = np.zeros((x.shape[0], w.shape[1], height, width))
    y_bar[:, :, padding : height - padding, padding : width - padding] += result_bar
    b_bar = np.sum(result_bar, axis=(0, 2, 3))
    w_bar = np.zeros_like(w)
    x_bar = np.zeros_like(x)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            t1 = i + stride * (x.shape[2] - 1) + 1
            t2 = stride * (x.shape[3] - 1)
            # line 98: y[:, :, rows, columns] += np.einsum("nchw,co->nohw", x, w[:, :, i, j])
            t3_bar = sum_to(
                y_bar[:, :, i:t1:stride, j : j + t2 + 1 : stride],
                (x.shape[0], b.shape[0], x.shape[2], x.shape[3]),
            )
            x_bar += np.einsum("nohw,co->nchw", t3_bar, w[:, :, i, j])
            w_bar[:, :, i, j] += np.einsum("nohw,nchw->co", t3_bar, x)
    return x_bar, w_bar, b_bar


def max_pool_vjp(x, size, result_bar):
    """Vector-Jacobian product of `max_pool` (layers.py:105) with respect to `x`, reverse mode."""
    n, channels, height, width = x.shape
    t = np.reshape(x, (n, channels, height // size, size, width // size, size))
    # line 108: return np.max(x.reshape(n, channels, height // size, size, width // size, size), ...
    share = shares(t == np.expand_dims(np.max(t, axis=(3, 5)), (3, 5)), t, (3, 5))
    x_bar = np.reshape(share * np.expand_dims(result_bar, (3, 5)), x.shape)
    return (x_bar,)


def average_pool_vjp(x, size, result_bar):
    """Vector-Jacobian product of `average_pool` (layers.py:111) with respect to `x`, reverse mode."""
    n, channels, height, width = x.shape
    t = np.reshape(x, (n, channels, height // size, size, width // size, size))
    # line 114: return np.mean(x.reshape(n, channels, height // size, size, width // size, size) ...
    t_bar = np.expand_dims(result_bar / (size * size), (3, 5))
    x_bar = np.reshape(np.zeros_like(t) + t_bar, x.shape)
    return (x_bar,)


def max_pool1d_vjp(x, size, stride, y1_bar):
    """Vector-Jacobian product of `max_pool1d` (layers.py:117) with respect to `x`, reverse mode."""
    length = (x.shape[2] - size) // stride + 1
    t1 = stride * (length - 1) + 1
    y = x[:, :, :t1:stride]
    y2_tape = []
    y_tape = []
    for k in range(1, size):
        y_tape.append(y)
        y2 = np.maximum(y, x[:, :, k : k + stride * (length - 1) + 1 : stride])
        y2_tape.append(y2)
        y = y2
    y_bar = y1_bar
    x_bar = np.zeros_like(x)
    for k in range(size - 1, 0, -1):
        y = y_tape.pop()
        y2 = y2_tape.pop()
        t2 = k + stride * (length - 1) + 1
        t3 = x[:, :, k:t2:stride]
        # line 122: y = np.maximum(y, x[:, :, k : k + stride * (length - 1) + 1 : stride])
        t4 = np.where(y == t3, 0.5 * y_bar, 0)
        t5_bar = sum_to(
            np.zeros((x.shape[0], x.shape[1], y2.shape[2])) + np.where(y < t3, y_bar, t4),
            (x.shape[0], x.shape[1], t3.shape[2]),
        )
        y_bar = sum_to(
            np.zeros((x.shape[0], x.shape[1], y2.shape[2])) + np.where(y > t3, y_bar, t4),
            (x.shape[0], x.shape[1], y.shape[2]),
        )
        x_bar[:, :, k:t2:stride] += t5_bar
    # line 120: y = x[:, :, : stride * (length - 1) + 1 : stride]
    x_bar[:, :, :t1:stride] += y_bar
    return (x_bar,)


def adaptive_average_pool1d_vjp(x, length, y_bar):
    """Vector-Jacobian product of `adaptive_average_pool1d` (layers.py:126) with respect to `x`, reverse mode."""
    n = x.shape[2]
    x_bar = np.zeros_like(x)
    for k in range(length):
        t = k * n // length
        stop = -(-(k + 1) * n // length)
        # line 132: y[:, :, k] = np.mean(x[:, :, start:stop], axis=2)
        x_bar[:, :, t:stop] += (y_bar[:, :, k] / x[:, :, t:stop].shape[2])[:, :, None]
    return (x_bar,)


def batch_norm_vjp(x, gain, shift, result_bar):
    """Vector-Jacobian product of `batch_norm` (layers.py:139) with respect to `x`, `gain`, `shift`, reverse mode."""
    if not (gain.shape[0] == x.shape[1] and gain.shape[0] == shift.shape[0]):
        raise ValueError(
            "batch_norm_vjp: the sizes of the arguments do not agree as this test wants"
        )
    mean = np.mean(x, axis=(0, 2, 3), keepdims=True)
    t1 = x - mean
    variance = np.mean(t1 ** 2, axis=(0, 2, 3), keepdims=True)
    t2 = gain[:, None, None]
    t3 = x - mean
    t4 = t2 * t3
    t5 = np.sqrt(variance + 1e-05)
    # line 143: return gain[:, None, None] * (x - mean) / np.sqrt(variance + 1e-5) + shift[:, No ...
    shift_bar = np.sum(result_bar, axis=(0, 2, 3))
    t4_bar = result_bar / t5
    t5_bar = -np.sum(result_bar * t4 / t5 / t5, axis=(0, 2, 3), keepdims=True)
    variance_bar = 0.5 * t5_bar / t5
    x_bar = t4_bar * t2
    mean_bar = -np.sum(x_bar, axis=(0, 2, 3), keepdims=True)
    gain_bar = np.sum(t4_bar * t3, axis=(0, 2, 3))
    # line 142: variance = np.mean((x - mean) ** 2, axis=(0, 2, 3), keepdims=True)
    t1_bar = (2 / (x.shape[0] * x.shape[2] * x.shape[3])) * variance_bar * t1
    mean_bar -= np.sum(t1_bar, axis=(0, 2, 3), keepdims=True)
    x_bar += t1_bar + mean_bar / (x.shape[0] * x.shape[2] * x.shape[3])
    return x_bar, gain_bar, shift_bar


def layer_norm_vjp(x, gain, shift, result_bar):
    """Vector-Jacobian product of `layer_norm` (layers.py:146) with respect to `x`, `gain`, `shift`, reverse mode."""
    if not (gain.shape[0] == x.shape[1] and gain.shape[0] == shift.shape[0]):
        raise ValueError(
            "layer_norm_vjp: the sizes of the arguments do not agree as this test wants"
        )
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    t1 = x - mean
    t2 = gain * t1
    t3 = np.sqrt(variance + 1e-05)
    # line 150: return gain * (x - mean) / np.sqrt(variance + 1e-5) + shift
    shift_bar = np.sum(result_bar, axis=0)
    t2_bar = result_bar / t3
    t3_bar = -np.sum(result_bar * t2 / t3 / t3, axis=1, keepdims=True)
    variance_bar = 0.5 * t3_bar / t3
    gain_bar = np.sum(t2_bar * t1, axis=0)
    x_bar = t2_bar * gain
    mean_bar = -np.sum(x_bar, axis=1, keepdims=True)
    # line 149: variance = np.var(x, axis=-1, keepdims=True)
    x_bar += (2 / gain.shape[0]) * variance_bar * t1 + mean_bar / gain.shape[0]
    return x_bar, gain_bar, shift_bar


def group_norm_vjp(x, gain, shift, groups, result_bar):
    """Vector-Jacobian product of `group_norm` (layers.py:153) with respect to `x`, `gain`, `shift`, reverse mode."""
    if not (gain.shape[0] == x.shape[1] and gain.shape[0] == shift.shape[0]):
        raise ValueError(
            "group_norm_vjp: the sizes of the arguments do not agree as this test wants"
        )
    parts = np.reshape(x, (x.shape[0], groups, -1))
    mean = np.mean(parts, axis=2, keepdims=True)
    deviation = np.sqrt(np.var(parts, axis=2, keepdims=True) + 1e-05)
    t1 = parts - mean
    t2 = t1 / deviation
    y = np.reshape(t2, (x.shape[0], x.shape[1], x.shape[2], x.shape[3]))
    # line 159: return gain[:, None, None] * y + shift[:, None, None]
    shift_bar = np.sum(result_bar, axis=(0, 2, 3))
    y_bar = result_bar * gain[:, None, None]
    gain_bar = np.sum(result_bar * y, axis=(0, 2, 3))
    # line 158: y = ((parts - mean) / deviation).reshape(x.shape)
    t2_bar = np.reshape(y_bar, t2.shape)
    parts_bar = t2_bar / deviation
    deviation_bar = -np.sum(t2_bar * t2 / deviation, axis=2, keepdims=True)
    mean_bar = -np.sum(parts_bar, axis=2, keepdims=True)
    # line 157: deviation = np.sqrt(np.var(parts, axis=2, keepdims=True) + 1e-5)
    t3_bar = 0.5 * deviation_bar / deviation
    parts_bar += (2 / parts.shape[2]) * t3_bar * t1 + mean_bar / parts.shape[2]
    # line 155: parts = x.reshape(x.shape[0], groups, -1)
    x_bar = np.reshape(parts_bar, x.shape)
    return x_bar, gain_bar, shift_bar


def instance_norm_vjp(x, result_bar):
    """Vector-Jacobian product of `instance_norm` (layers.py:162) with respect to `x`, reverse mode."""
    mean = np.mean(x, axis=(2, 3), keepdims=True)
    t1 = x - mean
    t2 = np.sqrt(np.var(x, axis=(2, 3), keepdims=True) + 1e-05)
    # line 165: return (x - mean) / np.sqrt(np.var(x, axis=(2, 3), keepdims=True) + 1e-5)
    t1_bar = result_bar / t2
    t2_bar = -np.sum(result_bar * t1 / t2 / t2, axis=(2, 3), keepdims=True)
    t3_bar = 0.5 * t2_bar / t2
    x_bar = (2 / (x.shape[2] * x.shape[3])) * t3_bar * t1 + t1_bar
    mean_bar = -np.sum(t1_bar, axis=(2, 3), keepdims=True)
    # line 164: mean = np.mean(x, axis=(2, 3), keepdims=True)
    x_bar += mean_bar / (x.shape[2] * x.shape[3])
    return (x_bar,)


def pixel_shuffle_vjp(x, r, result_bar):
    """Vector-Jacobian product of `pixel_shuffle` (layers.py:171) with respect to `x`, reverse mode."""
    n, channels, height, width = x.shape
    y = np.reshape(x, (n, channels // r ** 2, r, r, height, width))
    # line 175: return y.transpose(0, 1, 4, 2, 5, 3).reshape(n, channels // r**2, height * r, wi ...
    y_bar = np.transpose(
        np.reshape(result_bar, np.transpose(y, (0, 1, 4, 2, 5, 3)).shape), (0, 1, 3, 5, 2, 4)
    )
    # line 174: y = x.reshape(n, channels // r**2, r, r, height, width)
    x_bar = np.reshape(y_bar, x.shape)
    return (x_bar.copy(),)
