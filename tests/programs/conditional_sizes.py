"""What a product tells about sizes holds where it is made, and nowhere else."""

import numpy as np

from tests.programs import program

VALUES = np.array([1.3, 2.1, 0.7, 3.2, 1.9])
MATRIX = np.arange(9.0).reshape(3, 3) / 7 + 0.2


@program(np.array([1.3]), MATRIX, -1.0)
def a_product_that_is_not_made(x, A, flag):
    if flag > 0:
        s = np.sum(A @ x)
    else:
        s = np.sum(A * x)
    return s


@program(np.array([1.3]), MATRIX, -1.0)
def a_dot_product_that_is_not_made(x, A, flag):
    b = A[0]
    if flag > 0:
        s = np.dot(b, x)
    else:
        s = np.sum(b * x * b)
    return s


@program(np.array([0.3]), MATRIX, 0)
def a_loop_that_never_runs(x, A, n):
    s = 0.0
    for i in range(n):
        s += np.sum(A @ x)
    return s + np.sum(x * A)


@program(VALUES, order2=True)
def a_growing_array_meets_a_matrix(x):
    v = x[:1]
    A = np.outer(x[:3], x[:3])
    s = 0.0
    for i in range(1, 5):
        if len(v) == 3:
            s += np.sum(A @ v)
        s += np.sum(v * x[0]) + np.sum(v * v[:1])
        if len(v) == 1:
            s += np.sum(v * x)
        v = np.append(v, x[i])
    return s


@program(VALUES, 4)
def a_growing_array_in_one_iteration(x, n):
    v = x[:1]
    A = np.outer(x[:3], x[:3])
    s = 0.0
    for i in range(1, n):
        if i == 3:
            s += np.sum(A @ v)
        if i == 1:
            s += np.sum(v * A) + np.sum(v * x)
        v = np.append(v, x[i])
    return s


@program(VALUES)
def a_shrinking_array(x):
    v = x * 1.0
    s = 0.0
    while len(v) > 1:
        v = v[:-1] * v[1:] * 0.5
        if len(v) == 3:
            s += v @ x[:3]
        if len(v) == 1:
            s += np.sum(v * x)
    return s


@program(VALUES, 0.5)
def selected_then_dot_or_outer(x, c):
    y = x[x > c]
    s = 0.0
    if c > 1:
        s = np.dot(y, x[:3])
    else:
        s = np.sum(np.outer(y, y) * x[:1])
    return s + np.sum(y * x[0])


@program(VALUES, 3.0, order2=True)
def one_selected(x, c):
    y = x[x > c]
    if c < 1:
        s = np.dot(y, x)
    else:
        s = np.sum(y * x)
    return s


@program(VALUES, 3.0, order2=True)
def solved_or_multiplied(x, c):
    y = x[x > c]
    if c < 1:
        s = np.sum(np.linalg.solve(np.eye(5) + np.outer(x, x), y))
    else:
        s = np.sum((np.eye(5) + np.outer(x, x)) * y)
    return s


@program(VALUES, 1)
def added_into_a_part_or_all(x, k):
    y = x[:k]
    z = x * 1.0
    if k > 2:
        z[:3] += y
    else:
        z += y
    return np.sum(z * z)


@program(VALUES, 1, order2=True)
def stored_into_a_part_or_all(x, k):
    y = x[:k] * 2
    z = x * 1.0
    if k > 2:
        z[:3] = y
    else:
        z[:] = y
    return np.sum(z * z * x)


@program(VALUES, 1)
def widths_of_a_known_loop(x, k):
    s = 0.0
    for w in (1, 5, 1):
        y = x[:w]
        if w == 5:
            s += x @ y
        else:
            s += np.sum(x * y) ** 2
    return s


@program(VALUES, 5, order2=True)
def widths_of_a_loop(x, n):
    s = 0.0
    for w in range(1, n + 1):
        y = x[:w]
        if w == n:
            s += x @ y
        elif w == 1:
            s += np.sum(x * y) ** 2
        else:
            s += np.sum(y)
    return s
