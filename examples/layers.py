"""The building blocks of networks, each a plain function: only the forward computation is written.

Images are (n, channels, height, width), signals (n, channels, length), and weights of convolutions are
(channels out, channels in / groups, size...), as in PyTorch; the convolutions are cross-correlations, as everywhere.
A kernel is a short loop over its own elements, so that each step is a product of whole arrays.

    linear      y = x w + b                x_bar = y_bar w^T,  w_bar = x^T y_bar,  b_bar = sum of y_bar
    embedding   y = table[indices]         table_bar[indices] += y_bar, where an index repeats it counts each time
    pooling     y = max over squares       y_bar goes to where the maximum was
    norm        y = (x - m) / s            through x itself, through the mean m and through the deviation s

In generated/layers.py: the loops of a convolution's pullback are those of the convolution, and the transposed one has a
convolution as its pullback; `pixel_shuffle_vjp` moves the pixels back; three terms meet in `batch_norm_vjp`.
`python -m examples.layers` shows which pixels one pixel of the output sees: its gradient.
"""

import numpy as np

from examples.arrays import Array1, Array2, Array3, Array4, Indices
from examples.command import figures, save, wants_plot


def linear(x: Array2, w: Array2, b: Array1):
    """x w + b."""
    return x @ w + b


def embedding(table: Array2, indices: Indices):
    """Rows of a table; where an index repeats, gradients add."""
    return table[indices]


def dropout(x: Array2, mask: Array2, rate: float):
    """What the mask of zeros and ones keeps, enlarged so that the mean stays."""
    return x * mask / (1.0 - rate)


# ---- padding


def pad_zeros(x: Array4, n: int):
    """n rows and columns of zeros on each side."""
    return np.pad(x, ((0, 0), (0, 0), (n, n), (n, n)))


def pad_reflect(x: Array3, n: int):
    """The n values next to each end, mirrored (the end itself is not repeated)."""
    return np.concatenate([x[:, :, n:0:-1], x, x[:, :, -2 : -n - 2 : -1]], axis=2)


def pad_replicate(x: Array3, n: int):
    """The values at the ends, repeated."""
    return np.concatenate([np.repeat(x[:, :, :1], n, axis=2), x, np.repeat(x[:, :, -1:], n, axis=2)], axis=2)


# ---- convolution


def conv1d(x: Array3, w: Array3, b: Array1, stride: int, padding: int, dilation: int):
    """Convolution of signals."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    length = (x.shape[2] - dilation * (w.shape[2] - 1) - 1) // stride + 1
    y = np.zeros((x.shape[0], w.shape[0], length))
    for k in range(w.shape[2]):
        start = k * dilation
        piece = x[:, :, start : start + stride * (length - 1) + 1 : stride]
        y += np.einsum("ncl,oc->nol", piece, w[:, :, k])
    return y + b[:, None]


def conv2d(x: Array4, w: Array4, b: Array1, stride: int, padding: int, dilation: int, groups: int):
    """Convolution of images; each group of channels has its own share of the outputs."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    height = (x.shape[2] - dilation * (w.shape[2] - 1) - 1) // stride + 1
    width = (x.shape[3] - dilation * (w.shape[3] - 1) - 1) // stride + 1
    y = np.zeros((x.shape[0], w.shape[0], height, width))
    n_in, n_out = w.shape[1], w.shape[0] // groups
    for group in range(groups):
        channels = slice(group * n_in, (group + 1) * n_in)
        outputs = slice(group * n_out, (group + 1) * n_out)
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                rows = slice(i * dilation, i * dilation + stride * (height - 1) + 1, stride)
                columns = slice(j * dilation, j * dilation + stride * (width - 1) + 1, stride)
                y[:, outputs] += np.einsum("nchw,oc->nohw", x[:, channels, rows, columns], w[outputs, :, i, j])
    return y + b[:, None, None]


def conv_transpose2d(x: Array4, w: Array4, b: Array1, stride: int, padding: int):
    """The transpose of a convolution: each pixel paints a kernel; w is (channels in, channels out, size, size)."""
    height = (x.shape[2] - 1) * stride + w.shape[2]
    width = (x.shape[3] - 1) * stride + w.shape[3]
    y = np.zeros((x.shape[0], w.shape[1], height, width))
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            rows = slice(i, i + stride * (x.shape[2] - 1) + 1, stride)
            columns = slice(j, j + stride * (x.shape[3] - 1) + 1, stride)
            y[:, :, rows, columns] += np.einsum("nchw,co->nohw", x, w[:, :, i, j])
    return y[:, :, padding : height - padding, padding : width - padding] + b[:, None, None]


# ---- pooling


def max_pool(x: Array4, size: int):
    """The largest of each square; the gradient goes there."""
    n, channels, height, width = x.shape
    return np.max(x.reshape(n, channels, height // size, size, width // size, size), axis=(3, 5))


def average_pool(x: Array4, size: int):
    """The mean of each square."""
    n, channels, height, width = x.shape
    return np.mean(x.reshape(n, channels, height // size, size, width // size, size), axis=(3, 5))


def max_pool1d(x: Array3, size: int, stride: int):
    """The largest of each window; windows may overlap."""
    length = (x.shape[2] - size) // stride + 1
    y = x[:, :, : stride * (length - 1) + 1 : stride]
    for k in range(1, size):
        y = np.maximum(y, x[:, :, k : k + stride * (length - 1) + 1 : stride])
    return y


def adaptive_average_pool1d(x: Array3, length: int):
    """Means of `length` windows that cover the signal, whatever its length."""
    n = x.shape[2]
    y = np.zeros((x.shape[0], x.shape[1], length))
    for k in range(length):
        start, stop = k * n // length, -(-(k + 1) * n // length)
        y[:, :, k] = np.mean(x[:, :, start:stop], axis=2)
    return y


# ---- normalisation: subtract a mean, divide by a deviation; what differs is over which axes


def batch_norm(x: Array4, gain: Array1, shift: Array1):
    """Over samples and pixels, for each channel."""
    mean = np.mean(x, axis=(0, 2, 3), keepdims=True)
    variance = np.mean((x - mean) ** 2, axis=(0, 2, 3), keepdims=True)
    return gain[:, None, None] * (x - mean) / np.sqrt(variance + 1e-5) + shift[:, None, None]


def layer_norm(x: Array2, gain: Array1, shift: Array1):
    """Over the features of each sample."""
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + 1e-5) + shift


def group_norm(x: Array4, gain: Array1, shift: Array1, groups: int):
    """Over the pixels of each group of channels of each sample."""
    parts = x.reshape(x.shape[0], groups, -1)
    mean = np.mean(parts, axis=2, keepdims=True)
    deviation = np.sqrt(np.var(parts, axis=2, keepdims=True) + 1e-5)
    y = ((parts - mean) / deviation).reshape(x.shape)
    return gain[:, None, None] * y + shift[:, None, None]


def instance_norm(x: Array4):
    """Over the pixels of each channel of each sample."""
    mean = np.mean(x, axis=(2, 3), keepdims=True)
    return (x - mean) / np.sqrt(np.var(x, axis=(2, 3), keepdims=True) + 1e-5)


# ---- rearrangement


def pixel_shuffle(x: Array4, r: int):
    """Channels become pixels: (n, c r r, h, w) -> (n, c, h r, w r)."""
    n, channels, height, width = x.shape
    y = x.reshape(n, channels // r**2, r, r, height, width)
    return y.transpose(0, 1, 4, 2, 5, 3).reshape(n, channels // r**2, height * r, width * r)


# ---- what one pixel of the output sees


def fields(x):
    """For some blocks: title, output, and the gradient of the pixel in its middle with respect to the image."""
    from generated import layers as written

    edges = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])[None, None]
    blocks = [
        ("convolution, padded", conv2d, (edges, np.zeros(1), 1, 1, 1, 1)),
        ("convolution, dilated by 2", conv2d, (edges, np.zeros(1), 1, 2, 2, 1)),
        ("transposed, stride 2", conv_transpose2d, (edges, np.zeros(1), 2, 1)),
        ("largest of 4 x 4", max_pool, (4,)),
        ("mean of 4 x 4", average_pool, (4,)),
        ("normalised", instance_norm, ()),
    ]
    found = []
    for title, block, settings in blocks:
        y = block(x, *settings)
        y_bar = np.zeros_like(y)
        y_bar[0, 0, y.shape[2] // 2, y.shape[3] // 2] = 1.0
        found.append((title, y, getattr(written, f"{block.__name__}_vjp")(x, *settings, y_bar)[0]))
    return found


def main():
    from sklearn.datasets import load_digits

    plot = wants_plot(__doc__)
    x = load_digits().images[0][None, None] / 16.0
    for title, y, x_bar in fields(x):
        shape = " x ".join(map(str, y.shape[2:]))
        print(f"{title:>26}: 8 x 8 -> {shape:>7}; one pixel sees {np.count_nonzero(x_bar):2} of 64")
    if plot:
        figure, grid = figures(2, 6)
        for (above, below), (title, y, x_bar) in zip(grid.T, fields(x), strict=True):
            above.imshow(y[0, 0], cmap="gray")
            above.set_title(title, fontsize=9)
            below.imshow(x_bar[0, 0], cmap="coolwarm")
            below.set_title("gradient of one pixel", fontsize=9)
        save(figure, "layers.png")


if __name__ == "__main__":
    main()

# Unannotated code for arrays, read as source.
# pyright: reportGeneralTypeIssues=false
