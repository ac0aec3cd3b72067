"""Lists of arrays that differ in length; what is joined of them."""

import numpy as np

from tests.programs import program

VALUES = np.array(
    [1.3, 2.1, 0.7, 3.2, 1.9, 0.4, 1.1, 0.8, 0.3, 0.2, 0.6, 1.6, 0.65, 0.35, 0.85, 0.95, 1.05, 1.25, 0.55]
)


@program(VALUES)
def a_short_array_first(x):
    g = [x[:1]]
    for i in range(len(x)):
        g.append(x * x[i])
    s = 0.0
    for r in g:
        s += np.sum(r * x)
    return s


@program(VALUES)
def two_short_arrays_first(x):
    g = [x[:1], x[:3]]
    for i in range(len(x)):
        g.append(x * x[i])
    s = 0.0
    for r in g:
        s += np.sum(r * r[0])
    return s


@program(VALUES)
def beginnings(x):
    g = [np.ones(1)]
    for i in range(len(x)):
        g.append(x[: i + 1] * g[-1][0])
    s = 0.0
    for r in g:
        s += np.sum(r[-1] * x) + np.mean(r)
    return s


@program(VALUES)
def joined_beginnings(x):
    g = [x[:1]]
    for i in range(1, len(x)):
        g.append(x[:i] * x[i])
    y = np.concatenate(g)
    return np.sum(y * y) + y[-1]


@program(VALUES, order2=True)
def joined_ends(x):
    g = []
    for i in range(1, len(x)):
        if x[i] > 0.5:
            g.append(x[i:] * x[i])
    y = np.concatenate(g)
    return np.sum(np.sin(y)) * y[0]


@program(VALUES, order2=True)
def growing_matrices(x):
    g = [np.eye(1)]
    for i in range(2, len(x)):
        g.append(np.outer(x[:i], x[:i]))
    s = 0.0
    for m in g:
        s += np.trace(m) * m[0, 0] + np.sum(m * m[0])
    return s


@program(VALUES)
def arrays_taken_out(x):
    g = []
    for i in range(len(x)):
        g.append(x[i:] if x[i] > 1 else x[i : i + 1])
    s = 0.0
    while g:
        r = g.pop()
        s += np.sum(r * x[0]) * np.sum(r[-1:] * x)
    return s


@program(VALUES, order2=True)
def work_list_of_halves(x):
    work = [x * 1.0]
    s = 0.0
    while work:
        v = work.pop()
        if len(v) == 1:
            s += np.sin(v[0])
        else:
            m = len(v) // 2
            work.append(v[:m] * 1.1)
            work.append(v[m:] * v[0])
    return s


@program(VALUES)
def single_and_whole(x):
    g = []
    for i in range(len(x)):
        if i % 3 == 0:
            g.append(np.array([x[i]]))
        else:
            g.append(x * x[i])
    acc = np.zeros(len(x))
    for r in g:
        acc += r * r
    return np.sum(acc * acc)


@program(VALUES)
def pairs_and_singles(x):
    g = []
    for i in range(1, len(x)):
        g.append(np.array([x[i], x[i - 1]]) if x[i] > 1 else np.array([x[i]]))
    return sum(np.prod(r) for r in g) + sum(len(r) * r[0] for r in g)


@program(VALUES)
def chunks(x):
    chunks = []
    lo = 0
    while lo < len(x):
        hi = min(len(x), lo + 1 + int(x[lo]))
        chunks.append(x[lo:hi])
        lo = hi
    means = np.array([np.mean(c) for c in chunks])
    dev = [c - m for c, m in zip(chunks, means)]
    return sum(np.sum(d**2) for d in dev) + np.sum(means**3)


@program(VALUES)
def history_of_a_growing_array(x):
    v = x[:1]
    hist = [v]
    for i in range(1, len(x)):
        v = np.append(v, x[i] * v[-1])
        hist.append(v)
    return sum(np.sum(h) * h[-1] for h in hist)


@program(VALUES, order2=True)
def the_last_array_extended(x):
    hist = [x[:2]]
    for i in range(len(x)):
        last = hist[-1]
        hist.append(np.concatenate((last, [x[i]])))
    return np.sum(hist[-1] ** 2) + np.sum(hist[3] * hist[3][0])


@program(VALUES)
def windows_stacked(x):
    g = [x[:2]]
    for i in range(1, len(x) - 1):
        g.append(x[i : i + 2])
    m = np.array(g)
    return np.sum(m @ m.T) + np.sum(np.stack(g, axis=1)[0] ** 2)


@program(VALUES, order2=True)
def extended_by_a_comprehension(x):
    g = [x[:1]]
    g.extend([x[i:] for i in range(len(x)) if x[i] > 0.62])
    g += [x[:2]]
    return sum(np.sum(r * r[0]) for r in g)


@program(VALUES, order2=True)
def one_of_two_lists(x):
    if x[0] > 1:
        g = [x[:1]]
    else:
        g = [x]
    for i in range(len(x)):
        g.append(g[-1] * x[i])
    return np.sum(g[-1] * x)


@program(VALUES, order2=True)
def narrowing_layers(x):
    acts = [x]
    for k in range(1, len(x)):
        a = acts[-1]
        acts.append(np.tanh(a[:-1] + a[1:] * 0.1))
    return sum(np.sum(a) * a[0] for a in acts)


@program(VALUES, order2=True)
def pyramid(x):
    levels = [x]
    while len(levels[-1]) > 1:
        l = levels[-1]
        levels.append(0.5 * (l[: len(l) // 2] + l[len(l) - len(l) // 2 :]))
    t = 0.0
    for l in levels:
        t += np.sum(l * l) * l[0]
    return t
