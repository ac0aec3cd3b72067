"""Lorenz's model of 1996 with eight states, integrated by the classical Runge-Kutta method."""

import numpy as np

ARGNUMS = ("x0", "forcing")
SIZES = {"small": 200, "medium": 10000, "large": 100000}  # steps


def sample(size, rng):
    return 8.0 + rng.standard_normal(8), 8.0, 0.01 * 200 / size, size


def tendency(x, forcing):
    dx = np.empty_like(x)
    n = x.size
    for i in range(n):
        dx[i] = (x[(i + 1) % n] - x[i - 2]) * x[i - 1] - x[i] + forcing
    return dx


def objective(x0, forcing, h, steps):
    x = x0.copy()
    for _ in range(steps):
        k1 = tendency(x, forcing)
        k2 = tendency(x + 0.5 * h * k1, forcing)
        k3 = tendency(x + 0.5 * h * k2, forcing)
        k4 = tendency(x + h * k3, forcing)
        x += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return np.sum(x**2)


def functional(xp, scan, x0, forcing, h, steps):
    def tendency(x):
        return (xp.roll(x, -1) - xp.roll(x, 2)) * xp.roll(x, 1) - x + forcing

    def step(x, _):
        k1 = tendency(x)
        k2 = tendency(x + 0.5 * h * k1)
        k3 = tendency(x + 0.5 * h * k2)
        k4 = tendency(x + h * k3)
        return x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4), 0.0

    x, _ = scan(step, x0, np.zeros(steps))
    return xp.sum(x**2)


def symbolic(ca, x0, forcing, h, steps):
    def tendency(x):
        after = ca.vertcat(x[1:], x[0])
        before, two_before = ca.vertcat(x[-1], x[:-1]), ca.vertcat(x[-2:], x[:-2])
        return (after - two_before) * before - x + push

    x, push, width = ca.SX.sym("x", x0.shape[0]), ca.SX.sym("push"), ca.SX.sym("width")
    k1 = tendency(x)
    k2 = tendency(x + 0.5 * width * k1)
    k3 = tendency(x + 0.5 * width * k2)
    k4 = tendency(x + width * k3)
    step = ca.Function("step", [x, push, width], [x + width / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)])
    return ca.sumsqr(step.fold(steps)(x0, ca.repmat(forcing, 1, steps), ca.repmat(h, 1, steps)))


def by_hand(x0, forcing, h, steps):
    n = x0.size
    tape = np.empty((steps, n))
    x = x0.copy()
    k, y, slope = np.empty((4, n)), np.empty((4, n)), np.array([0.0, 0.5 * h, 0.5 * h, h])
    for step in range(steps):
        for i in range(n):
            tape[step, i] = x[i]
        stages(x, forcing, slope, y, k)
        for i in range(n):
            x[i] += h / 6.0 * (k[0, i] + 2.0 * k[1, i] + 2.0 * k[2, i] + k[3, i])
    x_bar = 2.0 * x
    forcing_bar = 0.0
    k_bar, y_bar = np.empty(n), np.empty(n)
    weight = np.array([h / 6.0, h / 3.0, h / 3.0, h / 6.0])
    for step in range(steps - 1, -1, -1):
        stages(tape[step], forcing, slope, y, k)
        old_bar = x_bar.copy()
        for i in range(n):
            y_bar[i] = 0.0
        for s in range(3, -1, -1):
            following = slope[s + 1] if s < 3 else 0.0
            for i in range(n):
                k_bar[i] = weight[s] * old_bar[i] + following * y_bar[i]
                y_bar[i] = 0.0
            for i in range(n):
                before, two_before, after = i - 1 if i > 0 else n - 1, i - 2 if i > 1 else n + i - 2, (i + 1) % n
                y_bar[after] += k_bar[i] * y[s, before]
                y_bar[two_before] -= k_bar[i] * y[s, before]
                y_bar[before] += k_bar[i] * (y[s, after] - y[s, two_before])
                y_bar[i] -= k_bar[i]
                forcing_bar += k_bar[i]
            for i in range(n):
                x_bar[i] += y_bar[i]
    return x_bar, forcing_bar


def stages(x, forcing, slope, y, k):
    n = x.size
    for s in range(4):
        for i in range(n):
            y[s, i] = x[i] + (slope[s] * k[s - 1, i] if s > 0 else 0.0)
        for i in range(n):
            before, two_before, after = i - 1 if i > 0 else n - 1, i - 2 if i > 1 else n + i - 2, (i + 1) % n
            k[s, i] = (y[s, after] - y[s, two_before]) * y[s, before] - y[s, i] + forcing
