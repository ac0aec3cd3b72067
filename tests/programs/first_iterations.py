# ruff: noqa: F823, F841  (they are read before the text sets them)
"""Variables that the first iterations set, or some, and that later ones read as they were left."""

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])
prev = 17.0


@program(VALUES, 3, order2=True)
def a_number_set_first(x, n):
    s = 0.0
    for i in range(n):
        if i == 0:
            z = x[0] ** 2
        s += z * x[i]
    return s


@program(VALUES, 3)
def an_array_set_first(x, n):
    s = 0.0
    for i in range(n):
        if i == 0:
            z = x * x[i]
        s += np.sum(z * x[i])
    return s


@program(VALUES, 3)
def a_selection_set_first(x, n):
    s = 0.0
    for i in range(n):
        y = x[x > x[i]]
        if i == 0:
            z = y * 1.0
        s += np.sum(z[:1] * x[i])
    return s


@program(VALUES)
def set_every_other_time(x):
    i = 0
    s = 0.0
    while i < len(x):
        if i % 2 == 0:
            z = x[: i + 1] * 2
        s += z[-1] * x[i]
        i += 1
    return s + np.sum(z)


@program(VALUES, order2=True)
def a_list_begun_first(x):
    s = 0.0
    for i in range(len(x)):
        if i == 0:
            g = []
        g.append(x[i] ** 2)
        s += g[-1] * g[0]
    return s


@program(VALUES, 4)
def two_variables_set_first(x, n):
    s = 0.0
    for i in range(n):
        if i == 0:
            a, b = x[0], x[1:]
        a = a * x[i]
        s += a * b[0]
    return s + np.sum(b)


@program(VALUES, 4, order2=True)
def the_array_before(x, n):
    s = 0.0
    for i in range(n):
        if i > 0:
            s += np.sum(prev * x)
        prev = x[: i + 1] * x[i] if i == 0 else x * x[i]
    return s


@program(VALUES, 4, order2=True)
def the_selection_before(x, n):
    s = 0.0
    for i in range(n):
        y = x[x > x[i]]
        if i > 0:
            s += np.sum(prev) * np.sum(y)
        prev = y * 1.0
    return s + np.sum(prev)


@program(VALUES, 4)
def set_by_an_inner_loop(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i):
            z = x[j:] * x[i]
        if i > 0:
            s += np.sum(z)
    return s


@program(VALUES, 5, order2=True)
def an_inner_loop_that_may_not_run(x, n):
    s = 0.0
    for i in range(1, n):
        for j in range(i % 2):
            z = x[i] ** 2
        s += z * x[i]
    return s


@program(VALUES, 5)
def arrays_of_an_inner_loop(x, n):
    s = 0.0
    for i in range(1, n):
        for j in range(i % 2):
            z = x[:i] * x[i]
        s += np.sum(z) * x[i]
    return s + z[0]


@program(VALUES, 4, order2=True)
def a_global_of_the_same_name(x, n):
    s = 0.0
    for i in range(n):
        if i > 0:
            s += prev * x[i]
        prev = x[i] ** 2
    return s


@program(VALUES, order2=True)
def set_on_the_diagonal(x):
    s = 0.0
    for i in range(3):
        for j in range(4):
            if j == i:
                w = x[j] * x[i]
            if j >= i:
                s += w * x[j]
    return s + w


@program(VALUES)
def set_once_for_all_loops(x):
    s = 0.0
    for i in range(3):
        for j in range(4):
            if i == 0 and j == 0:
                w = x[0] * 2
            w = w * 1.1
            s += w * x[j]
    return s


@program(VALUES)
def every_third_time(x):
    i = 0
    s = 0.0
    while i < 5:
        if i % 3 == 0:
            base = x[i:]
        s += base[0] * np.sum(base) / (i + 1)
        i += 1
    return s


@program(VALUES, order2=True)
def set_then_added_to(x):
    s = 0.0
    for i in range(5):
        if i == 0:
            acc = x[0]
        else:
            acc += x[i] * acc
        s += acc
    return s * acc


@program(VALUES)
def set_before_continue(x):
    s = 0.0
    for i in range(5):
        if x[i] < 1.0:
            continue
        if i == 0:
            lo = x[i]
            continue
        s += lo * x[i]
        lo = x[i] * lo
    return s


@program(VALUES)
def left_at_a_break(x):
    for i in range(5):
        y = x[i] * x[i]
        if y > 8:
            break
        last = y
    return y * last


@program(VALUES)
def read_by_a_closure(x):
    def f(i):
        return z * x[i]

    s = 0.0
    for i in range(5):
        if i == 0:
            z = x[1] ** 2
        s += f(i)
    return s


@program(VALUES, order2=True)
def a_tuple_made_first(x):
    s = 0.0
    for i in range(5):
        if i == 0:
            t = (x[0], x[1:3])
        s += t[0] * x[i] + np.sum(t[1])
    return s


@program(VALUES)
def the_last_place(x):
    s = 0.0
    for i in range(5):
        if x[i] > 1:
            k = i
        s += x[k] * x[i]
    return s


@program(VALUES, order2=True)
def left_by_what_raised(x):
    s = 0.0
    for i in range(5):
        try:
            q = np.sqrt(x[i] - 0.5) if x[i] > 1 else 1 / 0
        except ZeroDivisionError:
            pass
        s += q * x[i]
    return s


@program(np.arange(6.0) / 4 + 0.3, order2=True)
def a_list_made_every_other_time(x):
    out = []
    for i in range(len(x)):
        if i % 2 == 0:
            r = [v * v for v in x[i:]]
        out.append(r[0] * x[i])
    return sum(out)


@program(VALUES, order2=True)
def a_dict_made_first(x):
    s = 0.0
    for i in range(5):
        if i == 0:
            d = {"a": x[0], "b": x[1:]}
        s += d["a"] * x[i] + d["b"][0]
    return s
