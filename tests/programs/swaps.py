"""Exchanges and permutations in place."""

import numpy as np

from tests.programs import mat, program, vec


@program(0.7, 1.3)
def swap_scalars(x, y):
    x, y = y, x
    return x * x + y


@program(0.7, 1.3, 0.4, 5)
def rotate_scalars_in_a_loop(x, y, z, n):
    for _ in range(n):
        x, y, z = y, z * x, x
    return x + 2.0 * y * z


@program(vec(4))
def swap_elements(x):
    x[0], x[3] = x[3], x[0]
    return x * np.arange(4.0)


@program(vec(4))
def swap_elements_by_a_temporary(x):
    t = x[1]
    x[1] = x[2]
    x[2] = t
    return x * np.arange(4.0)


@program(mat(3, 3))
def swap_rows(a):
    b = a.copy()
    b[[0, 2]] = b[[2, 0]]
    return b * np.arange(9.0).reshape(3, 3)


@program(mat(3, 3))
def swap_rows_by_a_copy(a):
    t = a[0].copy()
    a[0] = a[1]
    a[1] = t
    return a * np.arange(9.0).reshape(3, 3)


@program(mat(3, 3))
def swap_rows_elementwise(a):
    for j in range(3):
        a[0, j], a[2, j] = a[2, j], a[0, j]
    return a[0] * a[1]


@program(vec(6))
def reverse_in_place(x):
    i, j = 0, len(x) - 1
    while i < j:
        x[i], x[j] = x[j], x[i]
        i += 1
        j -= 1
    return x * np.arange(6.0)


@program(vec(6))
def bubble_sort(x):
    n = len(x)
    for i in range(n):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
    return x * np.arange(6.0)


@program(vec(6))
def insertion_sort(x):
    for i in range(1, len(x)):
        key = x[i]
        j = i - 1
        while j >= 0 and x[j] > key:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = key
    return x * np.arange(6.0)


@program(vec(7))
def selection_sort_by_argmin(x):
    for i in range(len(x)):
        k = i + np.argmin(x[i:])
        x[i], x[k] = x[k], x[i]
    return x * np.arange(7.0)


@program(vec(6), 2)
def rotate_left(x, k):
    return np.concatenate((x[k:], x[:k])) * x


@program(vec(8))
def bit_reversal_permutation(x):
    n = 8
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            x[i], x[j] = x[j], x[i]
    return x * np.arange(8.0)


@program(vec(4), vec(4, 1))
def swap_array_names(x, y):
    x, y = y, x
    x = x * 2.0
    return x - y * y


@program(mat(4, 4))
def transpose_in_place(a):
    for i in range(4):
        for j in range(i):
            a[i, j], a[j, i] = a[j, i], a[i, j] * 2.0
    return a


@program(vec(4), vec(4, 1))
def swapped_and_returned(x, y):
    for _ in range(3):
        x, y = y, x
        return x
    return 0.5 * x + 0.6 * y


@program(vec(4), vec(4, 1), 3)
def one_array_handed_to_two_names(x, y, n):
    z = x
    for _ in range(n):
        x, y, z = y, z, y
    return x * y * y + z


@program(0.7, 1.3, 3)
def one_number_handed_to_two_names(x, y, n):
    z = x
    for _ in range(n):
        x, y, z = y, y * z, y
    return x * y + z


@program(vec(3), vec(4), mat(3, 4))
def a_row_of_what_is_replaced(x, y, m):
    m += 0.3 * x[:, None]
    for _ in range(3):
        row = m[0]
        m = np.sin(m + 1)
        y = row
    return np.sum(y * y) + np.sum(m)


@program(vec(3), vec(4), mat(3, 4))
def a_column_of_what_is_replaced_swapped(x, y, m):
    m = m * 1.0
    m += 0.3 * x[:, None]
    j = 0
    while j < 3:
        j += 1
        column = m.T[:, 0]
        m = np.sin(m + 1)
        column, y = y, column
    return np.sum(y * y) + np.sum(m)
