"""Loops whose iterations stand alone, and loops that only look so: each iteration may be run again, or must not be."""

import math

import numpy as np

from tests.programs import mat, program, vec


@program(mat(4, 3), order2=True)
def workspace_filled_in_each_iteration(x):
    work = np.empty(3)
    total = 0.0
    for i in range(4):
        for j in range(3):
            work[j] = math.exp(x[i, j])
        s = 0.0
        for j in range(3):
            s += work[j]
        total += math.log(s)
    return total


@program(mat(4, 3))
def workspace_filled_in_part(x):
    work = np.ones(3)
    total = 0.0
    for i in range(4):
        for j in range(2):
            work[j] = math.exp(x[i, j]) * work[j + 1]
        s = 1.0
        for j in range(3):
            s *= work[j]
        work[2] = x[i, 2]
        total += s * s
    return total


@program(mat(4, 3))
def workspace_filled_under_a_condition(x):
    work = np.zeros(3)
    total = 0.0
    for i in range(4):
        for j in range(3):
            if x[i, j] > 0.2:
                work[j] = x[i, j] ** 2
        s = 1.0
        for j in range(3):
            s += work[j] * x[i, j]
        total += s * s
    return total


@program(mat(4, 3))
def workspace_read_before_it_is_filled(x):
    work = np.zeros(3)
    total = 0.0
    for i in range(4):
        s = 1.0
        for j in range(3):
            s += work[j] * x[i, j]
        for j in range(3):
            work[j] = math.sin(x[i, j])
        total += s * s
    return total


@program(mat(4, 3))
def workspace_read_after_the_loop(x):
    work = np.empty(3)
    total = 0.0
    for i in range(4):
        for j in range(3):
            work[j] = math.exp(x[i, j])
        s = 0.0
        for j in range(3):
            s += work[j] ** 2
        total += math.sqrt(s)
    return total + work[0] * work[1]


@program(mat(4, 3))
def left_early_inside(x):
    total = 0.0
    for i in range(4):
        p = 1.0
        for j in range(3):
            p *= math.cos(x[i, j])
            if p < 0.5:
                break
        total += p * p
    return total


@program(vec(5), vec(5))
def a_counter_carried_on_the_side(x, y):
    total = 0.0
    k = 0.0
    for i in range(5):
        p = x[i]
        for _ in range(3):
            p = math.sin(p) * y[i] + k
        k += 0.5
        total += p
    return total


@program(vec(5), vec(5))
def a_decaying_factor(x, y):
    total = 0.0
    w = 1.0
    for i in range(5):
        p = x[i]
        for _ in range(3):
            p = math.sin(p) * y[i] * w
        w *= 0.9
        total += p
    return total


@program(mat(3, 4), vec(4))
def adds_into_an_array_outside(x, h):
    h = h.copy()
    total = 0.0
    for i in range(3):
        p = 1.0
        for j in range(4):
            p *= x[i, j] + h[j]
            h[j] += 0.1 * x[i, j]
        total += p
    return total + np.sum(h**2)


@program(mat(3, 4))
def result_of_each_iteration_in_its_own_place(x):
    y = np.zeros(3)
    for i in range(3):
        p = 1.0
        for j in range(4):
            p *= math.exp(x[i, j]) + p
        y[i] = p
    return np.sum(y**2)


@program(mat(3, 4))
def two_counts_share_a_place(x):
    y = np.zeros(3)
    for i in range(3):
        p = 1.0
        for j in range(4):
            p = p * math.exp(x[i, j]) + y[i // 2]
        y[i // 2] = p
    return np.sum(y**2)


@program(mat(3, 4))
def list_of_an_iteration(x):
    total = 0.0
    for i in range(3):
        values = []
        for j in range(4):
            values.append(math.exp(x[i, j]))
        s = 0.0
        for j in range(4):
            s += values[j] * values[3 - j]
        total += math.log(s)
    return total


@program(mat(3, 4))
def list_that_outlives_the_iteration(x):
    values = []
    total = 0.0
    for i in range(3):
        p = 1.0
        for j in range(4):
            p *= math.exp(x[i, j]) + p
        values.append(p)
        total += values[i // 2] * p
    return total


@program(mat(3, 4))
def sum_that_decides_later(x):
    total = 0.0
    for i in range(3):
        p = 1.0
        for j in range(4):
            p *= math.exp(x[i, j]) + p
        total += p
    if total > 1.0:
        total = math.log(total)
    return total


@program(np.sin(np.arange(27.0)).reshape(3, 3, 3))
def nest_of_loops_that_stand_alone(x):
    total = 0.0
    for i in range(3):
        for j in range(3):
            s = 0.0
            for k in range(3):
                s += math.tanh(x[i, j, k])
            total += max(s, 0.0) ** 2
    return total


@program(mat(3, 4), vec(4))
def row_of_a_matrix_as_workspace(x, w):
    a = np.zeros((2, 4))
    total = 0.0
    for i in range(3):
        a[0] = x[i] * w
        a[1] = np.exp(a[0])
        total += np.sum(a[0] * a[1])
    return total


@program(mat(3, 4), 2, more=((mat(3, 4), 0),))
def workspace_filled_so_many_times(x, m):
    work = np.ones(4)
    total = 0.0
    for i in range(3):
        for _ in range(m):
            for j in range(4):
                work[j] = math.exp(x[i, j]) + m
        s = 1.0
        for j in range(4):
            s *= work[j] * x[i, j]
        total += s * s
    return total


@program(mat(3, 4))
def workspace_filled_while(x):
    work = np.ones(4)
    total = 0.0
    for i in range(3):
        k = 0
        while k < i:
            for j in range(4):
                work[j] = math.exp(x[i, j]) + k
            k += 1
        s = 1.0
        for j in range(4):
            s *= work[j] * x[i, j]
        total += s * s
    return total


@program(mat(2, 3), vec(3))
def trips_counted_where_values_are_not_needed(m, k):
    weights = k > 0.5
    for _ in range(2):
        j = 0
        while j < 4:
            j += 1
            m = m * 0.2 * weights
    return m


@program(mat(2, 3), 3)
def left_at_a_fixed_counter(m, n):
    for _ in range(n):
        for j in range(5):
            m = m * 0.2
            if j == n - 1:
                break
    return m


@program(0.2, np.array([[1.0, 5.0, 2.0], [4.0, 2.0, 7.0], [9.0, 1.0, 3.0]]) / 5)
def choices_over_what_is_overwritten_later(a, m):
    for row in m.T:
        a += 0.3 * np.tanh(row[np.argmax(row)])
    m[[0, 2]] = m[[2, 0]]
    m[1] = 0.0
    return a, m


@program(vec(3))
def copy_made_before_a_loop_overwrites_what_it_is_of(x):
    x = x.copy()
    for _ in range(2):
        p = x * 0.9
        for k in range(len(p)):
            r = p[k]
            x[0] = x[0] * np.cos(r * r)
    return np.sum(x)


@program(mat(3, 2))
def mirrored_copy_and_a_column_that_is_overwritten(m):
    for _ in range(2):
        p = m[::-1, ::-1] * 0.9
        for row in p:
            m[:, 0] *= np.cos(0.2 * np.sum(row * row))
    return np.sum(m)


@program(vec(3), 2)
def copy_whose_length_bounds_a_loop(x, n):
    total = 0.0
    for _ in range(n):
        y = 0.5 * x
        k = 0
        while k < len(y):
            x[k] += y[k] * y[k]
            total += x[k] * y[-1]
            k += 1
    return total
