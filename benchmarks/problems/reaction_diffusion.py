"""Two reacting and diffusing substances (Gray and Scott) on a periodic square, stepped in place by slices."""

import numpy as np

ARGNUMS = ("u0", "v0", "feed", "kill")
SIZES = {"small": (32, 50), "medium": (128, 50), "large": (256, 100)}  # edge, steps


def sample(size, rng):
    n, steps = size
    u0 = 1.0 - 0.1 * rng.random((n, n))
    v0 = 0.3 * rng.random((n, n))
    return u0, v0, 0.04, 0.06, steps


def laplacian(w):
    inner = w[:-2, 1:-1] + w[2:, 1:-1] + w[1:-1, :-2] + w[1:-1, 2:]
    return inner - 4.0 * w[1:-1, 1:-1]


def objective(u0, v0, feed, kill, steps):
    u, v = u0.copy(), v0.copy()
    for _ in range(steps):
        for w in (u, v):
            w[0, :] = w[-2, :]
            w[-1, :] = w[1, :]
            w[:, 0] = w[:, -2]
            w[:, -1] = w[:, 1]
        reaction = u[1:-1, 1:-1] * v[1:-1, 1:-1] ** 2
        du = 0.16 * laplacian(u) - reaction + feed * (1.0 - u[1:-1, 1:-1])
        dv = 0.08 * laplacian(v) + reaction - (feed + kill) * v[1:-1, 1:-1]
        u[1:-1, 1:-1] += du
        v[1:-1, 1:-1] += dv
    return np.mean(v**2)


def functional(xp, scan, u0, v0, feed, kill, steps):
    """On the inner points, wrapped around at each step; the rim of the last step counts in the mean."""

    def wrapped(w):
        rows = xp.concatenate([w[-1:], w, w[:1]])
        return xp.concatenate([rows[:, -1:], rows, rows[:, :1]], 1)

    def step(state, _):
        u, v, _ = state
        around_u, around_v = wrapped(u), wrapped(v)
        reaction = u * v**2
        du = 0.16 * laplacian(around_u) - reaction + feed * (1.0 - u)
        dv = 0.08 * (laplacian(around_v)) + reaction - (feed + kill) * v
        return (u + du, v + dv, xp.sum(around_v**2) - xp.sum(v**2)), 0.0

    u, v = u0[1:-1, 1:-1], v0[1:-1, 1:-1]
    (_, v, rim), _ = scan(step, (u, v, 0.0 * xp.sum(v)), np.zeros(steps))
    return (xp.sum(v**2) + rim) / (v0.shape[0] * v0.shape[1])


def by_hand(u0, v0, feed, kill, steps):
    n, m = u0.shape
    tape_u, tape_v = np.empty((steps, n, m)), np.empty((steps, n, m))
    u, v = u0.copy(), v0.copy()
    for step in range(steps):
        wrap(u)
        wrap(v)
        now_u, now_v = tape_u[step], tape_v[step]
        for i in range(n):
            for j in range(m):
                now_u[i, j] = u[i, j]
                now_v[i, j] = v[i, j]
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                a, b = now_u[i, j], now_v[i, j]
                reaction = a * b * b
                around_u = now_u[i - 1, j] + now_u[i + 1, j] + now_u[i, j - 1] + now_u[i, j + 1] - 4.0 * a
                around_v = now_v[i - 1, j] + now_v[i + 1, j] + now_v[i, j - 1] + now_v[i, j + 1] - 4.0 * b
                u[i, j] = a + 0.16 * around_u - reaction + feed * (1.0 - a)
                v[i, j] = b + 0.08 * around_v + reaction - (feed + kill) * b
    u_bar, v_bar = np.zeros((n, m)), 2.0 / v.size * v
    new_u, new_v = np.empty((n, m)), np.empty((n, m))
    feed_bar = kill_bar = 0.0
    for step in range(steps - 1, -1, -1):
        now_u, now_v = tape_u[step], tape_v[step]
        for i in range(n):
            for j in range(m):
                inside = 0 < i < n - 1 and 0 < j < m - 1
                if inside:
                    a, b, p, q = now_u[i, j], now_v[i, j], u_bar[i, j], v_bar[i, j]
                    feed_bar += p * (1.0 - a) - q * b
                    kill_bar -= q * b
                    r_bar = q - p
                    new_u[i, j] = p * (1.0 - feed - 0.64) + r_bar * b * b
                    new_v[i, j] = q * (1.0 - feed - kill - 0.32) + r_bar * 2.0 * a * b
                else:
                    new_u[i, j] = u_bar[i, j]
                    new_v[i, j] = v_bar[i, j]
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                p, q = 0.16 * u_bar[i, j], 0.08 * v_bar[i, j]
                new_u[i - 1, j] += p
                new_u[i + 1, j] += p
                new_u[i, j - 1] += p
                new_u[i, j + 1] += p
                new_v[i - 1, j] += q
                new_v[i + 1, j] += q
                new_v[i, j - 1] += q
                new_v[i, j + 1] += q
        unwrap(new_u)
        unwrap(new_v)
        u_bar, new_u = new_u, u_bar
        v_bar, new_v = new_v, v_bar
    return u_bar, v_bar, feed_bar, kill_bar


def wrap(w):
    n, m = w.shape
    for j in range(m):
        w[0, j] = w[n - 2, j]
        w[n - 1, j] = w[1, j]
    for i in range(n):
        w[i, 0] = w[i, m - 2]
        w[i, m - 1] = w[i, 1]


def unwrap(w_bar):
    n, m = w_bar.shape
    for i in range(n):
        w_bar[i, 1] += w_bar[i, m - 1]
        w_bar[i, m - 2] += w_bar[i, 0]
        w_bar[i, m - 1] = w_bar[i, 0] = 0.0
    for j in range(m):
        w_bar[1, j] += w_bar[n - 1, j]
        w_bar[n - 2, j] += w_bar[0, j]
        w_bar[n - 1, j] = w_bar[0, j] = 0.0
