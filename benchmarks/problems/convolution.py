"""A convolutional layer in loops, with a rectifier and a squared loss."""

import numpy as np

ARGNUMS = ("kernels", "biases")
SIZES = {"small": (2, 1, 2, 10), "medium": (8, 3, 8, 24), "large": (16, 8, 16, 32)}  # batch, channels in, out, edge


def sample(size, rng):
    batch, inputs, outputs, edge = size
    images = rng.standard_normal((batch, inputs, edge, edge))
    wanted = rng.standard_normal((batch, outputs, edge - 2, edge - 2))
    return rng.standard_normal((outputs, inputs, 3, 3)), rng.standard_normal(outputs), images, wanted


def objective(kernels, biases, images, wanted):
    batch, outputs, height, width = wanted.shape
    loss = 0.0
    for b in range(batch):
        for o in range(outputs):
            for y in range(height):
                for x in range(width):
                    value = biases[o]
                    for c in range(images.shape[1]):
                        for p in range(3):
                            for q in range(3):
                                value += kernels[o, c, p, q] * images[b, c, y + p, x + q]
                    loss += (max(value, 0.0) - wanted[b, o, y, x]) ** 2
    return loss / wanted.size


def functional(xp, scan, kernels, biases, images, wanted):
    values = xp.convolve_images(images, kernels) + biases[:, None, None]
    return xp.mean((xp.where(values > 0.0, values, 0.0) - wanted) ** 2)


def by_hand(kernels, biases, images, wanted):
    kernels_bar, biases_bar = np.zeros_like(kernels), np.zeros_like(biases)
    batch, outputs, height, width = wanted.shape
    scale = 2.0 / wanted.size
    for b in range(batch):
        for o in range(outputs):
            for y in range(height):
                for x in range(width):
                    value = biases[o]
                    for c in range(images.shape[1]):
                        for p in range(3):
                            for q in range(3):
                                value += kernels[o, c, p, q] * images[b, c, y + p, x + q]
                    if value > 0.0:
                        value_bar = scale * (value - wanted[b, o, y, x])
                        biases_bar[o] += value_bar
                        for c in range(images.shape[1]):
                            for p in range(3):
                                for q in range(3):
                                    kernels_bar[o, c, p, q] += value_bar * images[b, c, y + p, x + q]
    return kernels_bar, biases_bar
