"""Names that are windows onto other arrays: reads and writes through them."""

import numpy as np

from tests.programs import cube, mat, program, vec


@program(vec(6), order2=True)
def view_read(x):
    middle = x[1:5]
    return np.sum(middle * middle) * x[0]


@program(vec(6))
def write_through_a_slice(x):
    y = x * 2.0
    head = y[:3]
    head[0] = x[5] ** 2
    head *= x[3:]
    return y


@program(vec(6))
def write_to_the_base_seen_by_the_view(x):
    y = x.copy()
    tail = y[3:]
    y[4] = x[0] ** 2
    return np.sum(tail * tail)


@program(mat(3, 4))
def write_through_a_row(a):
    b = a * a
    row = b[1]
    row[2] = a[0, 0] * a[2, 2]
    row += 1.0
    return b


@program(mat(3, 4))
def write_through_a_column(a):
    b = a * a
    col = b[:, 2]
    col[:] = a[:, 0]
    col[1] *= 3.0
    return b


@program(mat(3, 4))
def write_through_a_transpose(a):
    b = a.copy()
    t = b.T
    t[1, 2] = a[0, 0] ** 2
    t[0] *= 2.0
    return b


@program(mat(3, 4))
def write_through_a_reshape(a):
    b = a.copy()
    flat = b.reshape(12)
    flat[5] = a[0, 0] ** 2
    flat[::3] *= a[2, 0]
    return b


@program(mat(3, 4))
def write_through_ravel(a):
    b = a * 1.0
    r = b.ravel()
    r[1:4] = r[2:5] ** 2
    return b


@program(vec(8))
def view_of_a_view(x):
    y = x * x
    even = y[::2]
    inner = even[1:]
    inner[1] = x[0] * x[1]
    even[0] = inner[0] * inner[1]
    return y


@program(vec(6))
def view_taken_before_a_rebinding(x):
    y = x * x
    v = y[1:3]
    y = y * 2.0
    v[0] = 5.0
    return np.sum(y) + np.sum(v * x[:2])


@program(vec(6))
def two_overlapping_views(x):
    y = x.copy()
    a, b = y[:4], y[2:]
    a *= 2.0
    b += a[0]
    a[3] = b[0] ** 2
    return y


@program(vec(6))
def written_view_of_an_argument(x):
    v = x[2:]
    v *= x[0]


@program(mat(4, 4))
def diagonal_read(a):
    return np.diag(a) * np.diagonal(a) + a.diagonal(1).sum()


@program(vec(4))
def new_axes(x):
    return x[:, None] * x[None, :] + x[np.newaxis]


@program(vec(12))
def shape_changes(x):
    a = x.reshape(3, 4)
    b = a.T.reshape(2, -1)
    return np.sum(b[0] * a.ravel()[:6]) + b.flatten()[3] ** 2


@program(cube(2, 3, 4))
def axes_permuted(a):
    b = np.transpose(a, (2, 0, 1))
    c = np.swapaxes(b, 0, 1)
    d = np.moveaxis(c, 0, -1)
    return d[1, :, :] * b[1, 0, :, None]


@program(mat(2, 3))
def flipped_and_rolled(a):
    return np.flip(a) + np.fliplr(a) * np.flipud(a) + np.roll(a, 1, axis=1) ** 2 + np.roll(a, 2)


@program(cube(3, 1, 4))
def squeezed_and_expanded(a):
    b = np.squeeze(a, axis=1)
    c = np.expand_dims(b, 0)
    return c[0] * b + a.squeeze()


@program(mat(3, 4), 3)
def rows_updated_in_a_loop(a, n):
    for k in range(n):
        row = a[k]
        row[:] = row * row[0]
        row[1] = row[2] + a[0, 0]
    return a


@program(mat(3, 4))
def iterated_rows_written(a):
    for row in a:
        row[0] = row[1] * row[2]
        row *= 2.0
    return a


@program(vec(6), refused="overlap")
def view_chosen_by_a_branch(x):
    y = x * x
    if x[0] > 0:
        part = y[:3]
    else:
        part = y[3:]
    part[0] = x[5] ** 3
    return y


@program(vec(9), 2)
def moving_window(x, w):
    y = np.zeros(len(x) - w)
    for i in range(len(y)):
        window = x[i : i + w + 1]
        y[i] = np.sum(window) * window[0]
    return y


@program(mat(4, 4))
def quadrants(a):
    tl, tr, bl, br = a[:2, :2], a[:2, 2:], a[2:, :2], a[2:, 2:]
    return tl @ br - bl @ tr


@program(mat(4, 4))
def quadrant_written(a):
    b = a.copy()
    q = b[2:, 2:]
    q -= b[2:, :2] @ b[:2, 2:]
    return b


@program(mat(3, 3))
def copy_breaks_the_view(a):
    row = a[0].copy()
    row[0] = 7.0
    return row * a[0]


@program(mat(3, 3))
def transposed_product(a):
    t = a.T
    return t @ a + t


@program(vec(6))
def strided_view_written_in_a_loop(x):
    y = x.copy()
    odd = y[1::2]
    for i in range(3):
        odd[i] = odd[i] * y[2 * i]
    return y


@program(vec(4))
def asarray_is_no_copy(x):
    y = x * x
    z = np.asarray(y)
    z[0] = x[1]
    return y


@program(vec(5))
def array_is_a_copy(x):
    y = x * x
    z = np.array(y)
    z[0] = x[1]
    return y + z


@program(mat(4, 3))
def unpacked_transpose(a):
    x, y, z = a.T
    return np.sum(x * y + z)


@program(vec(3))
def broadcast_to(x):
    return np.broadcast_to(x, (2, 3)) * np.arange(6.0).reshape(2, 3)


@program(vec(3) + 1j * vec(3, 1))
def real_and_imaginary_parts(z):
    return np.sum(z.real**2 * z.imag)


@program(vec(3))
def diagonal_of_a_written_matrix(x):
    """Diagonals are views that nobody may write into, their adjoints too."""
    m = np.zeros((3, 3))
    m[0] = x
    m[1] = 2.0 * x * x
    z = np.diagonal(m.T, 1)
    d = np.diag(m)
    return m[:, 1:] * z + z * d[1] + np.diag(m, k=-1)[0] * d[:2]


@program(vec(5), np.array([1, 2, 2, 0]), 0.7)
def reversed_in_each_turn(y, k, b):
    np.add.at(y, k, b)
    for _ in range(3):
        y = y[::-1]
    return y * np.arange(5.0)


# ---- rows that are read element by element: their adjoints are rows of an adjoint


@program(mat(4, 3), order2=True)
def rows_read_by_elements(a):
    total = 0.0
    for i in range(a.shape[0]):
        row = a[i]
        total += row[0] * row[1] - np.sin(row[-1]) * row[0]
    return total


@program(mat(4, 3), np.array([2, 0, 2, 1, -1]), order2=True)
def rows_by_computed_indices(a, owners):
    total = 0.0
    for i in range(owners.shape[0]):
        row = a[owners[i]]
        for k in range(2):
            total += row[1 + k] * row[0] ** 2
    return total


@program(mat(4, 3))
def rows_that_may_be_the_same(a):
    total = 0.0
    for i in range(4):
        for j in range(4):
            p, q = a[i], a[j]
            if i >= j:
                total += p[0] * q[1] * (i + 1.0)
            else:
                total -= p[2] * q[2]
    return total


@program(mat(4, 3), order2=True)
def a_row_of_what_is_computed(a):
    b = np.tanh(a @ a.T)
    row, column = b[1], b[:, 2]
    return row[0] * column[3] + row[2] * column[1] * np.sum(b)


@program(mat(4, 3))
def a_part_of_a_row(a):
    row = a[2]
    part = row[1:]
    inner = a[1:, 1:]
    return part[0] * part[1] + row[0] * inner[0, 1] * inner[-1, 0]


@program(mat(4, 3))
def a_row_made_in_a_loop_and_read_behind_a_branch(a):
    out = np.zeros(4)
    for i in range(4):
        b = a * (i + 1.0)
        row = b[i]
        if row[0] > 0.0:
            out[i] = row[1] * row[2]
        elif i > 2:
            out[i] = row[0]
    return out


@program(mat(4, 3))
def an_element_of_a_row_read_in_each_turn(a):
    total = 0.0
    for i in range(4):
        row = a[i]
        for j in range(4):
            other = a[j]
            total += row[0] * other[1] + row[i % 3] * other[j % 3]
    return total


@program(mat(4, 3))
def a_row_that_is_carried(a):
    previous = a[0]
    total = 0.0
    for i in range(1, 4):
        row = a[i]
        total += previous[0] * row[1]
        previous = row
    return total + previous[2]


@program(np.stack([mat(2, 3), mat(2, 3, 1)]))
def rows_of_rows(a):
    total = 0.0
    for i in range(2):
        block = a[i]
        for j in range(2):
            row = block[j]
            total += row[0] * row[1] + row[2] ** 2
    return total


@program(mat(3, 3) + 1j * mat(3, 3, 1))
def rows_of_complex_numbers(a):
    row = a[1]
    return row[0] * row[1] + np.abs(row[2]) ** 2
