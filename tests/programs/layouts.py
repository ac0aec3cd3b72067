"""Where arrays lie in memory: reshapes that are views or copies, arrays by columns, with gaps, reversed."""

import numpy as np

from tests.programs import mat, program, vec

BY_ROWS = mat(2, 3)
BY_COLUMNS = np.asfortranarray(BY_ROWS)
WITH_GAPS = np.repeat(BY_ROWS, 2, axis=1)[:, ::2]
TRANSPOSED = mat(3, 2).T


@program(BY_ROWS)
def flat_view_is_written(m):
    r = m.reshape(-1)
    r[0] = 5.0 * r[1]
    return np.sum(m * m)


@program(BY_COLUMNS, refused="overlap")
def flat_copy_of_columns_is_written(m):
    r = m.reshape(-1)
    r[0] = 5.0 * r[1]
    return np.sum(m * m)


@program(BY_ROWS, refused="overlap")
def flat_transpose_is_written(m):
    r = m.T.reshape(-1)
    r[0] = 5.0 * r[1]
    return np.sum(m * m)


@program(BY_ROWS, more=[(BY_COLUMNS,), (WITH_GAPS,), (TRANSPOSED,)])
def written_then_transposed_and_reshaped(m):
    rows = m[:]
    rows[..., -2] -= 0.3
    m = m.T.reshape(2, 3)
    return np.sum(m[0] * m[1])


@program(BY_ROWS)
def ravel_of_a_product_is_written(m):
    p = m * 2.0
    r = p.ravel()
    r[1:] = r[1:] * r[:-1]
    return np.sum(np.sin(p) @ m.T)


@program(BY_COLUMNS, more=[(WITH_GAPS,), (TRANSPOSED,)], order2=True)
def sums_of_any_layout(m):
    return np.sum(np.sin(m) * m[::-1]) + np.sum(m.ravel()[1:] * m.reshape(-1)[:-1])


@program(BY_COLUMNS, more=[(WITH_GAPS,), (TRANSPOSED,)])
def rows_written_in_any_layout(m):
    for i in range(1, m.shape[0]):
        m[i] += m[i - 1] * m[i]
        m[:, 0] *= m[i, 1]
    return np.sum(m * m)


@program(vec(8)[::2], vec(4)[::-1], more=[(vec(4), vec(8)[1::2])], order2=True)
def vectors_with_gaps_and_backwards(x, y):
    x[1:] += x[:-1] * y[1:]
    y[::-1] *= x
    return x @ y


@program(BY_ROWS)
def contiguous_array_is_itself(m):
    p = np.ascontiguousarray(m)
    p[0, 0] = 3.0 * p[0, 1]
    return np.sum(m * m) + p[0, 0]


@program(BY_ROWS, refused="overlap")
def columns_of_rows_are_a_copy(m):
    p = np.asfortranarray(m)
    p[0, 0] = 3.0 * p[0, 1]
    return np.sum(m * m) + p[0, 0]


@program(vec(8)[::2])
def put_into_a_vector_with_gaps(x):
    np.put(x, [0, 2], 2.0 * x[1:3])
    return np.sum(x * x)


@program(vec(4), refused="overlap")
def part_of_a_split_is_written(x):
    left, right = np.split(x, 2)
    left[0] = 5.0 * right[1]
    return np.sum(x * x)


@program(vec(4), refused="overlap")
def broadcast_view_sees_the_store(x):
    rows = np.broadcast_to(x, (2, 4))
    x[0] = 3.0 * x[1]
    return np.sum(rows * rows)


@program(vec(4))
def diagonal_read_before_the_store(x):
    m = x.reshape(2, 2)
    s = np.sum(np.diagonal(m))
    m[0, 0] = 3.0 * m[1, 1]
    return s * np.sum(x)


@program(vec(4), refused="overlap")
def view_in_a_list_is_written(x):
    rows = [row for row in x.reshape(2, 2)]
    rows[0][1] = x[3] ** 2
    return np.sum(x * x)


@program(vec(4))
def same_type_without_a_copy(x):
    y = x.astype(float, copy=False)
    y[1] = 3.0 * x[0]
    return np.sum(x * x)


@program(vec(4))
def finite_numbers_in_place(x):
    y = np.nan_to_num(x, copy=False)
    y[1] = 3.0 * x[0]
    return np.sum(x * x)


@program(vec(5) + 1j * vec(5, 1), refused="overlap")
def real_part_sees_the_store(z):
    r = z.real
    z[0] = 2.0 * z[1]
    return np.sum(r)
