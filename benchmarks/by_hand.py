"""Adjoints written by hand, as a person who wants speed writes them for Numba."""

import numpy as np

from examples.swing import DT


def loss_by_hand(w, x, y):
    r = x @ w
    scale = 2.0 / y.size
    for i in range(r.shape[0]):
        for j in range(r.shape[1]):
            r[i, j] = scale * (r[i, j] - y[i, j])
    return x.T @ r


def swing_by_hand(x0, k, n):
    x, v = x0, 0.0
    tape = np.empty(n)
    for i in range(n):
        tape[i] = x
        v -= k * x * DT
        x += v * DT
    x_bar, v_bar, k_bar = 1.0, 0.0, 0.0
    for i in range(n - 1, -1, -1):
        v_bar += x_bar * DT
        k_bar -= v_bar * tape[i] * DT
        x_bar -= v_bar * k * DT
    return x_bar, k_bar


def energy_by_hand(x):
    x_bar = np.empty_like(x)
    for i in range(x.size):
        x_bar[i] = np.exp(-x[i]) * (1.0 - x[i])
    return x_bar
