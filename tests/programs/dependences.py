"""Elements that are read, and written later: which of them must be kept depends on the indices."""

import math

import numpy as np

from tests.programs import mat, program, vec


@program(mat(4, 4) + 4.0 * np.eye(4), order2=True)
def lower_factor_stays(a):
    a = a.copy()
    for k in range(4):
        for i in range(k + 1, 4):
            a[i, k] /= a[k, k]
            for j in range(k + 1, 4):
                a[i, j] -= a[i, k] * a[k, j]
    return np.sum(a**2)


@program(vec(6))
def wraps_around_the_start(x):
    y = x.copy()
    for i in range(6):
        y[i] = y[i - 2] * y[i] + y[i - 1]
    return np.sum(y * y)


@program(vec(6))
def written_from_the_end(x):
    y = x.copy()
    for i in range(1, 6):
        y[-i] = y[-i] * y[i - 1]
    return y


@program(vec(8))
def even_places_from_odd_ones(x):
    y = x.copy()
    for i in range(0, 8, 2):
        y[i] = math.sin(y[i + 1]) * y[i]
    for i in range(1, 8, 2):
        y[i] = y[i - 1] * y[i]
    return y


@program(vec(7))
def backwards_substitution(x):
    y = x.copy()
    for i in range(5, -1, -1):
        y[i] -= y[i + 1] * y[i]
    return y


@program(vec(7), 3)
def shifted_by_an_argument(x, s):
    y = x.copy()
    for i in range(7 - s):
        y[i] = y[i + s] * y[i]
    for i in range(s, 7):
        y[i] = y[i - s] * y[i]
    return y


@program(mat(4, 5))
def rows_from_the_row_above(a):
    b = a.copy()
    for i in range(1, 4):
        b[i] = b[i - 1] * b[i]
    return b


@program(mat(4, 5))
def upper_rows_written_later(a):
    b = a.copy()
    for i in range(1, 4):
        b[i] = b[i - 1] * b[i]
        b[i - 1] = 2.0 * b[i] * b[i - 1]
    return b


@program(vec(6), vec(6))
def result_kept_in_an_array(x, k):
    y = np.zeros(6)
    for i in range(6):
        t = math.exp(x[i] * k[i])
        y[i] = t
    return np.sum(y * y)


@program(vec(6))
def result_overwritten_in_another_turn(x):
    y = np.zeros(7)
    for i in range(6):
        t = math.exp(x[i])
        y[i] = t
        y[i + 1] = t * t
    return np.sum(y)


@program(vec(6))
def result_stored_over_another(x):
    y = np.ones(6)
    total = 0.0
    for i in range(6):
        t = math.exp(x[i])
        y[i] = x[i] * y[i]
        total += y[i] ** 2
        y[i] = t
    return total + np.sum(y)


@program(vec(5))
def workspace_written_again_in_each_turn(x):
    work = np.zeros(5)
    total = 0.0
    for k in range(3):
        for i in range(5):
            work[i] = math.exp(x[i] * (k + 1.0))
        for i in range(4):
            total += work[i] * work[i + 1]
    return total


@program(vec(6), 2.0)
def conditional_overwriting(x, c):
    y = x.copy()
    for i in range(5):
        t = y[i] * y[i + 1]
        if t > 0.1:
            y[i + 1] = t * c
        else:
            y[i] = t - c
    return y


@program(vec(6))
def newton_in_place_until_it_stops(x):
    y = x.copy() ** 2 + 1.0
    k = 0
    while k < 4:
        for i in range(6):
            y[i] = 0.5 * (y[i] + (x[i] ** 2 + 2.0) / y[i])
        k += 1
    return y


@program(mat(5, 5))
def triangle_by_diagonals(a):
    b = a.copy()
    for d in range(1, 5):
        for i in range(5 - d):
            j = i + d
            b[i, j] = b[i, j - 1] * b[i + 1, j] + b[i, j]
    return b[0, 4]


@program(mat(4, 4))
def through_a_row_that_is_a_view(a):
    b = a.copy()
    for i in range(1, 4):
        row = b[i]
        for j in range(1, 4):
            row[j] = row[j - 1] * b[i - 1, j]
    return b


@program(vec(9), 3)
def flattened_indices(x, n):
    y = x.copy()
    for i in range(1, n):
        for j in range(n):
            y[i * n + j] = y[(i - 1) * n + j] * y[i * n + j]
    return y
