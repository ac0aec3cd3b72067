"""Lists that change their names: buffers swapped, rows handed on."""

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])


@program(VALUES, order2=True)
def two_lists_swapped(x):
    u = [v for v in x]
    w = [0] * len(x)
    for _ in range(3):
        for i in range(1, len(x) - 1):
            w[i] = (u[i - 1] + u[i + 1]) * u[i] / 8
        u, w = w, u
    return sum(u) + sum(w)


@program(VALUES, order2=True)
def a_list_made_anew(x):
    u = [v for v in x]
    for _ in range(3):
        w = []
        for i in range(len(u)):
            w.append(u[i] * u[i - 1])
        u = w
    return sum(u)


@program(VALUES, order2=True)
def one_list_by_two_names(x):
    u = [v for v in x]
    w = u
    for k in range(3):
        for i in range(1, len(x)):
            w[i] = u[i - 1] * w[i]
    return sum(u) * w[2]


@program(VALUES, order2=True)
def the_row_before(x):
    prev = [0.0] * (len(x) + 1)
    for k in range(3):
        cur = [0.0] * (len(x) + 1)
        for j in range(len(x)):
            cur[j + 1] = prev[j] * x[k] + cur[j] + x[j] * x[k]
        prev = cur
    return prev[-1] * prev[2]


@program(VALUES, order2=True)
def time_warping(x):
    y = x[::-1] * 1.1
    n = len(x)
    prev = [np.inf] * (n + 1)
    prev[0] = 0.0
    for i in range(n):
        cur = [np.inf] * (n + 1)
        for j in range(n):
            cur[j + 1] = (x[i] - y[j]) ** 2 + min(prev[j], prev[j + 1], cur[j])
        prev = cur
    return prev[n]


@program(VALUES, order2=True)
def copied_by_a_slice(x):
    u = [v for v in x]
    for k in range(2):
        old = u[:]
        for i in range(len(u)):
            u[i] = old[i - 1] * old[i]
    return sum(u)


@program(VALUES, order2=True)
def copied_by_list(x):
    u = list(x)
    for k in range(2):
        old = list(u)
        for i in range(1, len(u)):
            u[i] += old[i - 1] * 0.3
    return u[-1] * u[0]


@program(VALUES, order2=True)
def three_lists_rotated(x):
    a, b, c = [v for v in x], [2 * v for v in x], [3 * v for v in x]
    for k in range(4):
        a[0] += b[1] * c[2]
        a, b, c = b, c, a
    return a[0] * b[0] + c[0]


@program(VALUES, 3)
def buffers_of_a_solver(x, n):
    y = list(x)
    k1 = [0.0] * len(y)
    k2 = [0.0] * len(y)
    tmp = [0.0] * len(y)

    def f(y, out):
        for i in range(len(y)):
            out[i] = y[i] * (1 - y[i - 1] / 5)

    for s in range(n):
        f(y, k1)
        for i in range(len(y)):
            tmp[i] = y[i] + 0.1 * k1[i]
        f(tmp, k2)
        for i in range(len(y)):
            y[i] += 0.05 * (k1[i] + k2[i])
    return sum(y)


# ---- lists that hold arrays which are written afterwards


@program(VALUES, VALUES * 0.5)
def held_then_scaled(x, y):
    rows = [y]
    for i in range(len(x)):
        rows.append(x * x[i])
    total = 0.0
    for row in rows:
        total += row @ row
    y *= 0.7
    return total + np.sum(y)


@program(VALUES, VALUES * 0.5)
def held_several_times_then_scaled(x, y):
    rows = []
    for i in range(len(x)):
        rows.append(x * x[i])
        rows.append(y)
    total = 0.0
    for row in rows:
        total += row @ row
    y *= 0.7
    return total + np.sum(y)


@program(VALUES, VALUES * 0.5, refused="overlap")
def held_then_scaled_then_read(x, y):
    rows = [y]
    for i in range(len(x)):
        rows.append(x * x[i])
    y *= 0.7
    total = 0.0
    for row in rows:
        total += row @ row
    return total + np.sum(y)


@program(VALUES, VALUES * 0.5, refused="overlap")
def written_through_a_list(x, y):
    rows = [y]
    for i in range(len(x)):
        rows.append(x * x[i])
    total = 0.0
    for row in rows:
        total += row @ row
        row *= 0.5
    return total + np.sum(y)
