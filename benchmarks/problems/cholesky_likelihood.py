"""Negative log-likelihood of a Gaussian process, through a Cholesky factorisation in place."""

import math

import numpy as np

ARGNUMS = ("length", "amplitude", "noise")
SIZES = {"small": 10, "medium": 50, "large": 200}  # measurements


def sample(size, rng):
    places = np.sort(4.0 * rng.random(size))
    return 0.7, 1.3, 0.2, places, np.sin(places) + 0.1 * rng.standard_normal(size)


def objective(length, amplitude, noise, places, measured):
    n = places.size
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            factor[i, j] = amplitude**2 * math.exp(-0.5 * ((places[i] - places[j]) / length) ** 2)
        factor[i, i] += noise**2
    for j in range(n):
        for k in range(j):
            for i in range(j, n):
                factor[i, j] -= factor[i, k] * factor[j, k]
        factor[j, j] = math.sqrt(factor[j, j])
        for i in range(j + 1, n):
            factor[i, j] /= factor[j, j]
    total = 0.5 * n * math.log(2.0 * math.pi)
    white = measured.copy()
    for i in range(n):
        for j in range(i):
            white[i] -= factor[i, j] * white[j]
        white[i] /= factor[i, i]
        total += 0.5 * white[i] ** 2 + math.log(factor[i, i])
    return total


def functional(xp, scan, length, amplitude, noise, places, measured):
    n = places.shape[0]
    distances = (places[:, None] - places[None, :]) / length
    kernel = amplitude**2 * xp.exp(-0.5 * distances**2) + noise**2 * xp.eye(n)
    square = xp.sum(measured * xp.linalg.solve(kernel, measured))
    return 0.5 * (n * math.log(2.0 * math.pi) + square + xp.linalg.slogdet(kernel)[1])


def by_hand(length, amplitude, noise, places, measured):
    n = places.size
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            factor[i, j] = amplitude**2 * math.exp(-0.5 * ((places[i] - places[j]) / length) ** 2)
        factor[i, i] += noise**2
    for i in range(n):
        for j in range(i + 1):
            s = factor[i, j]
            for k in range(j):
                s -= factor[i, k] * factor[j, k]
            factor[i, j] = math.sqrt(s) if i == j else s / factor[j, j]
    white = measured.copy()
    for i in range(n):
        s = white[i]
        for j in range(i):
            s -= factor[i, j] * white[j]
        white[i] = s / factor[i, i]
    white_bar, bar = white.copy(), np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        t = white_bar[i] / factor[i, i]
        bar[i, i] = (1.0 - t * white[i] * factor[i, i]) / factor[i, i]
        for j in range(i):
            bar[i, j] = -t * white[j]
            white_bar[j] -= t * factor[i, j]
    for i in range(n - 1, -1, -1):
        for j in range(i, -1, -1):
            if i == j:
                s_bar = 0.5 * bar[i, i] / factor[i, i]
            else:
                s_bar = bar[i, j] / factor[j, j]
                bar[j, j] -= s_bar * factor[i, j]
            bar[i, j] = s_bar
            if i == j:
                for k in range(j):
                    bar[i, k] -= 2.0 * s_bar * factor[i, k]
            else:
                for k in range(j):
                    bar[i, k] -= s_bar * factor[j, k]
                    bar[j, k] -= s_bar * factor[i, k]
    length_bar = amplitude_bar = noise_bar = 0.0
    for i in range(n):
        noise_bar += 2.0 * noise * bar[i, i]
        for j in range(i + 1):
            distance = ((places[i] - places[j]) / length) ** 2
            t = bar[i, j] * math.exp(-0.5 * distance)
            amplitude_bar += 2.0 * amplitude * t
            length_bar += amplitude**2 * t * distance / length
    return length_bar, amplitude_bar, noise_bar
