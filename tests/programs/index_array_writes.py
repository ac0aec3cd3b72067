"""Reads and writes through arrays of indices; repeated entries."""

import numpy as np

from tests.programs import mat, program, vec

ORDER = np.array([2, 0, 3, 1])
REPEATS = np.array([0, 2, 2, 1, 0])


@program(vec(4), ORDER, order2=True)
def gather(x, k):
    return x[k] * np.arange(4.0)


@program(vec(4))
def gather_with_repeats(x):
    return x[REPEATS] ** 2


@program(vec(4))
def gather_with_a_list(x):
    return x[[3, 3, 0]] * 2.0


@program(mat(3, 4), np.array([2, 0, 2]), np.array([1, 1, 3]))
def gather_pairs(a, i, j):
    return a[i, j] ** 2


@program(mat(4, 3), np.array([3, 1, 3]))
def gather_rows(a, k):
    return np.sum(a[k] ** 2, axis=1)


@program(mat(3, 4), np.array([3, 1, 3]))
def gather_columns(a, k):
    return a[:, k] * a[:, :3]


@program(mat(3, 4))
def gather_with_range(a):
    return a[np.arange(3), [1, 0, 3]] ** 2


@program(vec(4), np.array([[0, 1], [3, 0]]))
def gather_by_a_matrix_of_indices(x, k):
    return x[k] @ x[:2]


@program(vec(4), ORDER)
def scatter_permutation(x, k):
    y = np.zeros(4)
    y[k] = x**2
    return y * x


@program(vec(5))
def scatter_with_repeats_last_wins(x):
    y = np.zeros(4)
    y[REPEATS] = x**2
    return y


@program(vec(5), vec(4, 1))
def scatter_over_old_values(x, y):
    y[REPEATS] = x
    return y * y


@program(vec(5), 0.7)
def scatter_a_scalar(x, s):
    x[np.array([1, 3])] = s
    return x * x


@program(vec(5))
def scatter_a_constant(x):
    y = x * x
    y[[0, 4]] = 0.0
    return y


@program(vec(4), vec(4, 1), ORDER)
def augmented_scatter_without_repeats(x, y, k):
    y[k] += x * x
    y[k[:2]] *= 2.0
    return y


@program(vec(5))
def augmented_scatter_with_repeats(x):
    """`y[k] += v` adds once to an element named twice: the last one wins."""
    y = np.ones(3)
    y[REPEATS] += x
    return y


@program(vec(5))
def add_at(x):
    y = np.zeros(3)
    np.add.at(y, REPEATS, x**2)
    return y


@program(mat(3, 4), np.array([1, 0]))
def scatter_rows(a, k):
    b = np.zeros((3, 4))
    b[k] = a[:2] ** 2
    b[2] = a[0] * a[2]
    return b


@program(mat(3, 3), np.array([0, 1, 2]), np.array([2, 0, 1]))
def scatter_pairs(a, i, j):
    b = np.zeros((3, 3))
    b[i, j] = a[j, i] * 2.0
    return b


@program(vec(6), np.array([4, 1, 3]), 3)
def scatter_in_a_loop(x, k, n):
    for _ in range(n):
        x[k] = x[k] * x[k - 1]
    return x


@program(vec(4))
def take(x):
    return np.take(x, ORDER) * x


@program(mat(3, 4))
def take_along_an_axis(a):
    return np.take(a, np.array([0, 2, 2]), axis=1) ** 2


@program(vec(6))
def sorted_by_argsort(x):
    k = np.argsort(x)
    return x[k] * np.arange(6.0)


@program(vec(6))
def element_at_argmax(x):
    return x[np.argmax(x)] * x[np.argmin(x)]


@program(mat(3, 4))
def take_along_axis(a):
    k = np.argsort(a, axis=1)
    return np.take_along_axis(a, k, axis=1) * np.arange(4.0)


@program(vec(5), np.array([0, 1, 4]), np.array([1, 2, 3]))
def graph_edges(x, source, target):
    d = x[target] - x[source]
    return np.sum(d * d)


@program(vec(4), np.array([0, 0, 1, 3]), np.array([1, 2, 2, 0]), vec(4, 3))
def sparse_matrix_product(x, rows, cols, values):
    y = np.zeros(4)
    for k in range(len(rows)):
        y[rows[k]] += values[k] * x[cols[k]]
    return y


@program(mat(6, 3), np.array([1, 4, 1]), vec(3))
def embedding_lookup(table, tokens, w):
    return np.sum(np.tanh(table[tokens] @ w))


@program(mat(4, 4))
def upper_triangle_by_indices(a):
    return a[np.triu_indices(4)] ** 2


@program(mat(4, 4))
def index_grid(a):
    return a[np.ix_([0, 2], [1, 3])] ** 2


@program(vec(5), ORDER)
def index_array_and_element_reads(x, k):
    s = 0.0
    for i in range(4):
        s += x[k[i]] * x[k[3 - i]] * (i + 1)
    return s


@program(mat(4, 3), np.array([2, 0, 1, 1]), order2=True)
def one_of_each_row(a, k):
    return np.sum(np.sin(a[np.arange(k.size), k]) * a[:, 0])


@program(mat(6, 3), more=((mat(2, 5),),), order2=True)
def differences_of_all_pairs(points):
    """Many short rows are added up, or a long one."""
    i, j = np.tril_indices(points.shape[0], -1)
    squares = np.sum((points[i] - points[j]) ** 2, axis=1)
    return np.sum(np.exp(-squares) * squares)


@program(mat(4, 3), np.array([[0, 1, 1], [3, 0, 0]]), more=((mat(4, 9), np.array([[0, 1], [3, 1]])),), order2=True)
def rows_chosen_by_a_matrix(table, tokens):
    return np.sum(np.tanh(table[tokens]) ** 3)


@program(mat(4, 4), order2=True)
def lower_triangle_scaled(a):
    i, j = np.tril_indices(4)
    return np.sum(np.sin(a[i, j]) * a[j, i] ** 2)
