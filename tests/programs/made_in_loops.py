"""Arrays that each iteration makes anew and fills in place: kept for the reverse sweep, handed on, or used up."""

import numpy as np

from tests.programs import mat, program, vec


@program(vec(4), 3, order2=True, more=[(vec(4), 0)])
def slopes_of_an_equation(x0, steps):
    x = x0.copy()
    for _ in range(steps):
        dx = np.empty_like(x)
        for i in range(x.size):
            dx[i] = x[(i + 1) % x.size] * x[i - 1] - x[i]
        mid = x + 0.1 * dx
        dy = np.zeros(4)
        for i in range(4):
            dy[i] += mid[i] * mid[i - 1]
        x += 0.1 * dx * dy
    return np.sum(x**2)


@program(mat(3, 4))
def filled_in_part(x):
    total = 1.0
    for i in range(3):
        a, b, c = np.zeros(4), np.ones((4,)), x[i].copy()
        for j in range(3):
            a[j] = x[i, j] ** 2
            b[j + 1] = x[i, j] * total
            c[j] *= c[j + 1]
        total = np.sum(a * b * c) + a[3] + b[0] * np.sin(total)
    return total


@program(mat(3, 4), 2)
def in_loops_of_loops(x, m):
    total = 1.0
    for i in range(3):
        for k in range(m):
            a = np.empty(4)
            for j in range(4):
                a[j] = x[i, j] * total + k
            total = np.sum(np.sin(a)) * 0.3 + 0.1 * a[0]
    return total


@program(mat(3, 4))
def in_a_branch(x):
    total = 1.0
    for i in range(3):
        if x[i, 0] > 0.8:
            a = np.zeros(4)
            a[1:] = x[i, 1:] * total
            total = np.sum(np.cos(a) * a) + 0.5
        else:
            total *= x[i, 1]
    return total


@program(mat(3, 4))
def handed_on(x):
    before = np.ones(4)
    for i in range(3):
        new = np.zeros(4)
        for j in range(4):
            new[j] = np.sin(before[j] * x[i, j])
        new[0] *= new[1]
        before = new
    return np.sum(before**2)


@program(mat(3, 4))
def the_one_before_is_read(x):
    total, last = 0.0, np.zeros(4)
    for i in range(3):
        a = np.empty(4)
        for j in range(4):
            a[j] = x[i, j] ** 2 + last[j]
        total += np.prod(a) * np.sum(last)
        a[2] = total
        last = a
    return total


@program(mat(3, 4))
def the_last_is_returned(x):
    total = 1.0
    a = np.zeros(4)
    for i in range(3):
        a = np.empty(4)
        for j in range(4):
            a[j] = np.sin(x[i, j] * total)
        total += a[0] * a[1]
    return total, a


@program(mat(3, 4))
def left_early(x):
    total = 0.1
    for i in range(3):
        a = np.zeros(4)
        a[:] = x[i] * total
        a[1] *= a[0]
        total += np.sum(np.exp(a))
        if total > 9.0:
            break
    return total


@program(mat(3, 4))
def as_long_as_it_is_small(x):
    total, i = 0.1, 0
    while total < 9.0:
        a = np.zeros(4)
        a[:] = x[i % 3] * total
        a[1] *= a[0]
        total += np.sum(np.exp(a))
        i += 1
    return total


@program(mat(3, 4))
def a_workspace_of_two_axes(x):
    total = 1.0
    for i in range(3):
        a = np.zeros((2, 2))
        for j in range(2):
            for k in range(2):
                a[j, k] = x[i, j] * x[i, 2 + k] * total
        a[0, 0] += 1.0
        total = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0] + np.sum(a @ a)
    return total


@program(vec(5), 0)
def extents_that_may_not_be(x, n):
    total = np.sum(x)
    for i in range(n):
        a = np.empty(n - 3)
        a[0] = x[i]
        total += a[0]
    return total
