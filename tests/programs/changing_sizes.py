"""Sizes that change: of arrays that grow, and of what was made of them before."""

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])


@program(VALUES, 1, order2=True)
def made_of_it_before_it_grew(x, n):
    v = x[:1]
    for i in range(n):
        a = v * 2
        v = np.append(v, x[i + 1])
    return np.sum(a * v) + np.sum(v * v)


@program(VALUES, 1, order2=True)
def twice_before_it_grew(x, n):
    v = x[:1]
    b = x[:1]
    for i in range(n):
        b = v * v
        v = np.append(v, x[i + 1])
        s = np.sum(b * v)
    return s + np.sum(b * v)


@program(VALUES)
def the_one_before(x):
    v = x * 1.0
    s = 0.0
    while len(v) > 1:
        old = v
        v = v[1:] * 0.5
        if len(v) == 1:
            s += np.sum(old * v)
    return s + np.sum(old * v)


@program(VALUES, 2)
def sliced_again(x, k):
    y = x[:k]
    z = x[:k] * 2
    k = 1
    w = x[:k]
    return np.sum(y * w) + np.sum(z * w) + np.sum(y * z)


@program(VALUES, 3)
def a_first_selection(x, n):
    s = 0.0
    for i in range(n):
        y = x[x > x[i]]
        if i == 0:
            z = y * 1.0
        if len(y) == 1:
            s += np.sum(y * z)
        s += np.sum(z[:1] * y)
    return s


@program(VALUES)
def grown_by_a_helper(x):
    def grow(v, t):
        return np.append(v, t)

    v = x[:1]
    s = 0.0
    for t in x:
        w = grow(v, t)
        s += np.sum(w[:1] * v) + np.sum(w * x[0])
        if len(v) == 1:
            s += np.sum(w * v)
        v = w
    return s


@program(VALUES, order2=True)
def rows_added(x):
    m = np.zeros((1, 2))
    s = 0.0
    for t in x:
        r = np.array([[t, t * t]])
        s += np.sum(m * r)
        m = np.vstack((m, r))
        if len(m) == 3:
            s += np.sum(m @ m.T)
    return s + np.sum(m * m[0])


@program(VALUES)
def sizes_that_are_counted(x):
    k = 0
    s = 0.0
    for t in x:
        k += 1
        y = x[:k]
        s += np.sum(y * y[:1]) + np.sum(y * x[k - 1 : k])
        if k == len(x):
            s += y @ x
        if k == 1:
            s += np.sum(y * x)
    return s


@program(VALUES, order2=True)
def grown_in_a_dict(x):
    d = {"v": x[:1]}
    s = 0.0
    for t in x:
        old = d["v"]
        d["v"] = np.append(d["v"], t)
        if len(old) == 1:
            s += np.sum(old * d["v"])
        s += np.sum(d["v"][: len(old)] * old)
    return s


@program(VALUES, 2, order2=True)
def reshaped_by_a_counter(x, k):
    y = np.append(x, x[0])
    s = 0.0
    for w in (1, 2, 3):
        m = y.reshape(w, -1)
        s += np.sum(m * m[:1]) + np.sum(m[:, :1] * m)
    for w in range(1, k + 1):
        m = y.reshape(-1, w)
        s += np.sum(m * m[:1]) * np.sum(m[:, :1] * m)
    return s


@program(VALUES, 2, order2=True)
def halves_from_a_helper(x, k):
    def split(v, j):
        return v[:j], v[j:]

    a, b = split(x, k)
    c, d = split(x, 1)
    e, f = split(b, 1)
    return np.sum(a * c) + np.sum(b * e) + np.sum(d[:1] * f) + np.sum(a * e)


@program(VALUES, 1.0, order2=True)
def selections_against_each_other(x, c):
    y = x[x > c]
    z = x[x > 3 * c]
    m = y[:, None] * z
    return (
        np.sum(m * m[:1])
        + np.sum(m.sum(axis=0) * z)
        + np.sum(m.mean(axis=1) * y)
        + np.sum(m / m.sum(axis=1, keepdims=True) * z)
    )
