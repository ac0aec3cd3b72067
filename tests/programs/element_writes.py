"""Single elements written in place."""

import math

import numpy as np

from tests.programs import mat, program, signed, vec


@program(vec(5), order2=True)
def filled_result(x):
    y = np.zeros(5)
    for i in range(5):
        y[i] = x[i] * x[i]
    return y


@program(vec(5))
def empty_then_filled(x):
    y = np.empty_like(x)
    for i in range(len(x)):
        y[i] = math.sin(x[i])
    return y


@program(vec(5), order2=True)
def cumulative_product(x):
    y = np.ones(len(x))
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i]
    return y


@program(vec(4))
def written_argument_delivered(x):
    x[0] = x[1] * x[2]
    x[3] = x[0] + x[3]


@program(vec(4))
def written_argument_returned(x):
    x[0] = x[1] * x[2]
    x[1] = x[0] ** 2
    return x


@program(vec(4), vec(4, 1))
def two_written_arguments(x, y):
    for i in range(4):
        x[i] = x[i] * y[i]
        y[i] = y[i] + x[i]


@program(vec(4))
def overwritten_twice(x):
    y = np.zeros(3)
    y[0] = x[0] ** 2
    y[0] = x[1] ** 3
    y[1] = y[0] * x[2]
    y[0] = 7.0
    return y


@program(vec(4))
def constant_written_over_a_value(x):
    y = x * x
    y[2] = 0.0
    return np.sum(y * x)


@program(vec(4))
def accumulated_in_an_element(x):
    y = np.zeros(2)
    for i in range(4):
        y[0] += x[i]
        y[1] += x[i] * y[0]
    return y


@program(vec(4))
def all_augmented_operators_on_elements(x):
    y = x.copy()
    y[0] += x[1]
    y[1] -= y[0]
    y[2] *= y[1]
    y[3] /= y[0]
    y[0] **= 2
    return y


@program(signed(5))
def written_under_a_condition(x):
    y = np.zeros(5)
    for i in range(5):
        if x[i] > 0:
            y[i] = x[i] * 2.0
        else:
            y[i] = x[i] ** 2
    return y


@program(signed(5))
def clipped_in_place(x):
    for i in range(len(x)):
        if x[i] < 0:
            x[i] = 0.0
    return np.sum(x * x)


@program(mat(3, 3))
def matrix_elements(a):
    b = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            b[i, j] = a[j, i] * a[i, j] + (1.0 if i == j else 0.0)
    return b


@program(mat(3, 3))
def double_subscript(a):
    b = a.copy()
    b[0][1] = a[1][2] * 2.0
    b[2][0] *= b[0][1]
    return b


@program(vec(4))
def negative_index(x):
    x = x.copy()
    x[-1] = x[0] * x[-2]
    return x


@program(vec(5), 2, more=[(vec(5), -1)])
def index_from_an_argument(x, k):
    y = np.zeros(5)
    y[k] = x[k] ** 2
    y[0] = y[k] * x[1]
    return y


@program(vec(5), 3)
def index_arithmetic(x, n):
    y = np.zeros(2 * n)
    for i in range(n):
        y[2 * i] = x[i]
        y[2 * i + 1] = x[i] * x[i + 1]
    return y


@program(vec(6))
def in_place_recurrence(x):
    for i in range(1, 6):
        x[i] = 0.5 * x[i] + math.sin(x[i - 1])
    return x[5]


@program(vec(6), 3)
def in_place_relaxation_sweeps(u, n):
    for _ in range(n):
        for i in range(1, 5):
            u[i] = 0.5 * (u[i - 1] + u[i + 1]) * (1.0 - 0.1 * u[i] ** 2)
    return u


@program(vec(4))
def element_used_before_and_after_its_write(x):
    a = x[0]
    x[0] = x[1] ** 2
    b = x[0]
    x[0] = b * a
    return a * b + x[0] ** 2


@program(vec(3))
def written_in_a_copy_not_in_the_original(x):
    y = x.copy()
    y[0] = 5.0
    return x[0] ** 2 + y[0] * y[1]


@program(0.7, 5)
def table_built_from_a_scalar(x, n):
    powers = np.zeros(n)
    powers[0] = 1.0
    for i in range(1, n):
        powers[i] = powers[i - 1] * x
    return powers


@program(vec(4), vec(6, 1))
def product_of_polynomials(a, b):
    c = np.zeros(len(a) + len(b) - 1)
    for i in range(len(a)):
        for j in range(len(b)):
            c[i + j] += a[i] * b[j]
    return c


@program(np.array([0, 2, 1, 2, 0]), vec(5), argnums=(1,))
def weighted_histogram(bins, w):
    h = np.zeros(3)
    for i in range(len(bins)):
        h[bins[i]] += w[i] ** 2
    return h


@program(vec(6))
def element_write_in_while(x):
    i = 0
    while i < 5 and x[i] < 3.0:
        x[i + 1] = x[i] * 0.8 + x[i + 1]
        i += 1
    return x


@program(vec(3))
def zero_dimensional_target(x):
    total = np.zeros(())
    total[()] = x[0] * x[1]
    return total * x[2]


@program(vec(4))
def scalar_array_of_length_one(x):
    s = np.zeros(1)
    for item in x:
        s[0] += item * item
    return s[0]


@program(vec(4))
def tuple_assignment_to_elements(x):
    y = np.zeros(2)
    y[0], y[1] = x[0] * x[1], x[2] * x[3]
    return y


@program(mat(4, 4), more=((mat(3, 3),),), order2=True)
def flags_put_back_in_nested_loops(a):
    """What is taken is marked, and free again afterwards: a record tells nothing that the flags do not tell."""
    n = a.shape[0]
    taken = np.zeros(n, dtype=np.bool_)
    total = 0.0
    for i in range(n):
        if not taken[i]:
            taken[i] = True
            for j in range(n):
                if not taken[j]:
                    taken[j] = True
                    for k in range(n):
                        if not taken[k]:
                            total += np.sin(a[0, i] * a[1, j]) * a[2, k]
                    taken[j] = False
            taken[i] = False
    return total


@program(mat(3, 3))
def flags_that_stay(a):
    """Here the marks are left in some cases, or another element is marked, or the flag was read before."""
    n = a.shape[0]
    taken = np.zeros(n, dtype=np.bool_)
    total = 0.0
    for i in range(n):
        before = taken[i]
        if not taken[i]:
            taken[i] = True
            for j in range(n):
                if not taken[j]:
                    taken[j] = True
                    total += np.sin(a[0, i] * a[1, j])
                    if a[i, j] > 1.0:
                        taken[j] = False
            taken[(i + 1) % n] = False
            if before:
                total += a[2, i] ** 2
            taken[i] = a[i, i] > 1.0
        if before:
            total *= a[i, 0]
    return total


@program(mat(3, 3))
def flags_read_between(a):
    """The condition holds before and after the branch, and not inside."""
    n = a.shape[0]
    taken = np.zeros(n, dtype=np.bool_)
    total = 1.0
    for i in range(n):
        free = not taken[i]
        if free:
            taken[i] = True
            for j in range(n):
                if taken[j]:
                    total = total * a[i, j]
                elif free:
                    total = total + a[j, i] ** 2 * total
            taken[i] = False
        if taken[i] or free:
            total = np.sin(total) + a[0, i]
    return total
