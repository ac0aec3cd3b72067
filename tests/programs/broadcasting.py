"""Shapes that stretch: size-one axes everywhere, scalars with arrays, missing axes."""

import numpy as np

from tests.programs import cube, mat, program, vec


@program(mat(3, 4), vec(4), order2=True)
def row_added(a, v):
    return a * v + v


@program(mat(3, 4), mat(3, 1))
def column_multiplied(a, c):
    return a * c - c / a


@program(mat(3, 1), mat(1, 4))
def column_with_row(c, r):
    return c * r + c**r


@program(mat(1, 1), mat(3, 4))
def one_by_one(s, a):
    return s * a + a / s


@program(vec(1), vec(5))
def length_one_with_vector(s, x):
    return s * x + np.hypot(s, x)


@program(vec(1), vec(1, 1))
def both_of_length_one(x, y):
    return x * y + x


@program(0.7, mat(3, 4))
def scalar_with_matrix(s, a):
    return s * a + a**s - s


@program(cube(2, 1, 3), cube(4, 1, seed=1))
def different_ranks(a, b):
    return a * b + np.exp(-b) * a


@program(cube(2, 3, 1), cube(1, 4, seed=1), vec(1))
def three_operands(a, b, c):
    return a * b + c


@program(vec(4), mat(3, 4))
def where_broadcasts(x, a):
    return np.where(a > 1.0, x, a * 2.0)


@program(0.5, mat(3, 4))
def maximum_with_scalar(s, a):
    return np.maximum(a, s * 2.0) + np.minimum(a, s * 3.0)


@program(vec(4), mat(3, 4))
def broadcast_into_augmented_assignment(x, a):
    b = a * a
    b += x
    b *= x[0]
    return b


@program(vec(1), vec(5))
def length_one_into_augmented_assignment(s, x):
    y = x * 1.0
    y += s
    y[1:3] *= s
    return y


@program(mat(1, 4), mat(3, 4, 1))
def row_matrix_written_into_rows(r, a):
    b = a.copy()
    b[:2] = r
    b[2:] = r * r
    return b


@program(0.7)
def scalar_into_an_array(s):
    y = np.ones(4)
    y[1:] *= s
    y[0] = s
    return y + s


@program(0.7, vec(3))
def full_of_a_scalar(s, x):
    return np.full(3, s) * x + np.full_like(x, s) + s * np.ones(3)


@program(vec(3))
def zero_dimensional_operand(x):
    total = np.array(np.sum(x))
    return total * x + total


@program(mat(3, 1))
def mean_of_a_column(c):
    return c - np.mean(c, axis=0) + np.sum(c, axis=1)


@program(mat(1, 4), more=[(mat(3, 4),), (mat(3, 1),)])
def same_code_other_shapes(a):
    return a * a.sum(axis=0) + a[:1]


@program(mat(4, 1), vec(4))
def column_with_vector_makes_a_matrix(c, x):
    return np.sum(c - x) * (c - x)


@program(cube(2, 1, 3), cube(2, 3, 2, seed=1))
def stacked_product_with_one(a, b):
    return a @ b


@program(cube(3, 2, 4), mat(4, 2, 1))
def stack_times_matrix(a, b):
    return a @ b


@program(vec(3), cube(2, 3, 4))
def vector_times_stack(x, b):
    return x @ b


@program(vec(2), vec(3, 1))
def meshgrid(x, y):
    a, b = np.meshgrid(x, y)
    return a * b + a**2


@program(mat(1, 3), 4)
def accumulated_in_a_loop(r, n):
    total = np.zeros((2, 3))
    for k in range(n):
        total = total * 0.5 + r * k
    return total


@program(vec(1))
def length_one_read_as_scalar(x):
    return x[0] * x + float(x[0])


@program(vec(4), vec(4, 1))
def distance_matrix(x, y):
    return np.abs(x[:, None] - y[None, :]) + (x[:, None] - y) ** 2


@program(vec(3), vec(1))
def gradient_that_is_a_smaller_factor(x, y):
    return np.sum(x * y)


@program(1.5, 0.7)
def numbers_with_arrays_of_one_element(t, p):
    """The adjoint of a number has no axis, though the array that it meets has one of length one."""
    t, p = np.asarray(t), np.asarray(p)
    u = np.ravel(t)
    b = 1.0 + 3.0 * t
    c = p * 5.0
    d = b - u
    e = u * (b + c)
    return e * d
