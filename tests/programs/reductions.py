"""Sums, means, norms, products, orders; with axes and without."""

import numpy as np

from tests.programs import cube, mat, positive_definite, program, signed, vec


@program(mat(3, 4), order2=True)
def sums_over_axes(a):
    return np.sum(a**2) + np.sum(np.sum(a, axis=0) ** 2) + np.sum(a.sum(axis=1) ** 3)


@program(cube(2, 3, 4))
def sums_over_several_axes(a):
    return np.sum(a * a, axis=(0, 2)) * np.sum(a, axis=-2)[0, 0]


@program(mat(3, 4))
def keepdims(a):
    return a / np.sum(a, axis=1, keepdims=True) - a.mean(axis=0, keepdims=True)


@program(mat(3, 4))
def means(a):
    return np.mean(a) * a.mean(axis=0) * np.average(a)


@program(mat(3, 4), vec(4))
def weighted_average(a, w):
    return np.average(a, axis=1, weights=w)


@program(mat(3, 4), order2=True)
def variances(a):
    return np.var(a) + np.std(a) + np.sum(np.var(a, axis=0)) + np.sum(a.std(axis=1, ddof=1))


@program(vec(4))
def products(x):
    return np.prod(x) + np.prod(x.reshape(2, 2), axis=0)[1]


@program(mat(3, 4))
def largest_and_smallest(a):
    return np.max(a) * a.min() + np.sum(np.max(a, axis=0) * np.amin(a, axis=0))


@program(vec(5))
def cumulative(x):
    return np.cumsum(x) * np.cumprod(x)


@program(mat(3, 4))
def cumulative_along_an_axis(a):
    return np.cumsum(a, axis=1) ** 2


@program(signed(5))
def norms(x):
    return np.linalg.norm(x) + np.linalg.norm(x, 1) * np.linalg.norm(x, np.inf)


@program(mat(3, 4))
def matrix_norms(a):
    return np.linalg.norm(a) + np.sum(np.linalg.norm(a, axis=1) ** 3)


@program(mat(3, 3), vec(3))
def products_of_matrices(a, x):
    return a @ x + x @ a + np.dot(a, a) @ x * np.vdot(x, x)


@program(vec(3), vec(4, 1))
def outer_and_inner(x, y):
    return np.outer(x, y) * np.inner(x, y[:3])


@program(mat(3, 4), mat(4, 2, 1))
def einsum_matrix_product(a, b):
    return np.einsum("ij,jk->ik", a, b)


@program(mat(3, 4), mat(3, 4, 1))
def einsum_row_products(a, b):
    return np.einsum("ij,ij->i", a, b) * np.einsum("ii", a[:, :3])


@program(cube(2, 3, 4), mat(4, 2))
def tensordot(a, b):
    return np.tensordot(a, b, axes=([2, 0], [0, 1])) ** 2


@program(cube(2, 3, 4), cube(2, 4, 2, seed=1))
def stacked_matrix_product(a, b):
    return a @ b


@program(mat(3, 3))
def trace_and_diagonal(a):
    return np.trace(a @ a) + np.sum(np.diag(a) ** 3)


@program(vec(3))
def diagonal_matrix(x):
    return np.diag(x) @ np.ones((3, 3)) @ np.diag(x**2)


@program(positive_definite(3), vec(3))
def solve_and_inverse(a, b):
    return np.linalg.solve(a, b) + np.linalg.inv(a) @ b


@program(positive_definite(3))
def determinants(a):
    sign, logdet = np.linalg.slogdet(a)
    return np.linalg.det(a) + sign * logdet


@program(positive_definite(3))
def eigenvalues(a):
    w, v = np.linalg.eigh(0.5 * (a + a.T))
    return np.sum(w**3) + np.sum((v * np.sqrt(w)) @ v.T)


@program(mat(4, 3))
def singular_values(a):
    return np.sum(np.linalg.svd(a, compute_uv=False) * np.arange(1.0, 4.0))


@program(mat(5, 3), vec(5))
def least_squares_by_normal_equations(a, b):
    return np.linalg.solve(a.T @ a, a.T @ b)


@program(vec(6))
def sorted_values(x):
    return np.sort(x) * np.arange(6.0)


@program(vec(5), more=[(vec(6),)])
def median(x):
    return np.median(x) ** 2


@program(vec(6))
def differences(x):
    return np.diff(x) ** 2 / np.diff(x, n=2).sum()


@program(vec(4), vec(3, 1))
def joined(x, y):
    return np.concatenate((x, y)) ** 2 + np.hstack((y, x)) + np.append(x, y)


@program(vec(3), vec(3, 1))
def stacked(x, y):
    return np.vstack((x, y)) @ np.stack((y, x), axis=1) + np.column_stack((x, y)).T @ np.array([x, y]).T


@program(vec(3))
def repeated_and_tiled(x):
    return np.repeat(x, 2) * np.tile(x, 2)


@program(vec(4))
def padded(x):
    return np.pad(x, (1, 2)) * np.arange(7.0)


@program(vec(6))
def split_in_parts(x):
    a, b, c = np.split(x, 3)
    return a * b + c


@program(vec(5), vec(3, 1))
def convolved(x, k):
    return np.convolve(x, k)


@program(vec(4))
def polynomial_value(x):
    return np.polyval(x, 0.7) * np.polyval(np.array([1.0, 2.0]), x[0])


@program(vec(5), vec(5, 1))
def trapezoid_rule(y, x):
    x = np.cumsum(x)
    return np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x))


@program(vec(5))
def log_sum_exp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m))) + np.logaddexp.reduce(x) - np.logaddexp(x[0], x[1])


@program(mat(3, 3))
def triangles(a):
    return np.tril(a) @ np.triu(a, 1)


@program(vec(3), vec(3, 1))
def cross_product(x, y):
    return np.cross(x, y) * x


@program(mat(2, 2), mat(2, 3))
def kronecker_product(a, b):
    return np.kron(a, b)


@program(mat(3, 4))
def methods_of_arrays(a):
    return a.sum() + a.T.dot(a.mean(axis=1)).max() + a.ravel().prod() + a.cumsum()[5] + a.trace()


@program(vec(8))
def gradient_of_samples(x):
    return np.gradient(x) * x


@program(np.array([0.3, 0.8, 1.4]), vec(4))
def interpolated(x, y):
    return np.interp(x, np.array([0.0, 0.5, 1.0, 2.0]), y)


@program(vec(8))
def fourier_power(x):
    return np.abs(np.fft.fft(x)) ** 2


@program(signed(7))
def quantiles_with_weights(x):
    """Each weight counts, not only its place among the others."""
    w = np.array([1.0, 5.0, 1.0, 1.0, 2.0, 0.5, 3.0])
    several = np.quantile(x * x, [0.2, 0.7], weights=w, method="inverted_cdf")
    return np.sum(several * several) + np.percentile(x, 40.0, weights=w, method="inverted_cdf") * x[0]


@program(mat(4, 3))
def moments_of_some_elements(a):
    chosen = np.array([[True, False, True], [True, True, True], [False, True, True], [True, True, False]])
    means = np.mean(a, axis=0, where=chosen)
    return np.sum(means * np.var(a, axis=0, where=chosen)) + np.std(a * a, where=chosen) * np.mean(a, where=chosen)


@program(mat(3, 4))
def rolled_repeated_and_padded(a):
    """Along an axis, where Numba knows the flat forms."""
    moved = np.roll(a, (1, -2), (0, 1)) * np.diff(a, axis=0, prepend=1.0)
    twice = np.repeat(a, 2, axis=1)[:, ::2] * np.repeat(a, np.array([1, 0, 2]), axis=0)
    wide = np.pad(a, ((1, 2), (0, 3)), mode="symmetric") - np.pad(a, ((1, 2), (0, 3)), mode="wrap")
    return np.sum(moved * twice) + np.sum(wide**2) + np.sum(np.gradient(a, 0.5, axis=1) ** 2 * a)


@program(cube(5, 2, 3), cube(2, 3, 4), order2=True)
def stacks_of_matrices(a, b):
    """Products of matrices, one for each entry of an axis that stands elsewhere in the two."""
    return np.sum(np.sin(np.einsum("nka,kab->nkb", a, b)) ** 2)


@program(cube(3, 4, 2), cube(4, 3, 5))
def stacks_along_the_last_axis(a, b):
    return np.sum(np.einsum("abk,bcd->kacd", a, b) ** 2) + np.sum(np.einsum("ij,kj->ki", a[0], a[1]) ** 3)


@program(mat(4, 3), vec(4), vec(3), order2=True)
def weighted_rows_and_columns(a, w, v):
    """Sums of products along one axis, along both, and of two factors that are repeated."""
    rows = np.exp(0.3 * a) * w[:, None] * v
    return np.sum(rows * a) * np.sum(w * w) + 2.5 * np.sum(np.sin(rows) * w[:, None])
