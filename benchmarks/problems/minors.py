"""A determinant by minors: recursion over rows, with the columns that are taken marked in place."""

import numpy as np

ARGNUMS = "matrix"
SIZES = {"small": 4, "medium": 6, "large": 8}  # rows


def sample(size, rng):
    return (rng.standard_normal((size, size)),)


def determinant(matrix, row, taken):
    if row == matrix.shape[0]:
        return 1.0
    total, sign = 0.0, 1.0
    for column in range(matrix.shape[0]):
        if not taken[column]:
            taken[column] = True
            total += sign * matrix[row, column] * determinant(matrix, row + 1, taken)
            taken[column] = False
            sign = -sign
    return total


def objective(matrix):
    return determinant(matrix, 0, np.zeros(matrix.shape[0], dtype=np.bool_))


def functional(xp, scan, matrix):
    if matrix.shape[0] > 6:
        raise NotImplementedError("every one of the n! products is traced")

    def minor(row, columns):
        if not columns:
            return 1.0
        total = 0.0
        for k, column in enumerate(columns):
            total += (-1.0) ** k * matrix[row, column] * minor(row + 1, columns[:k] + columns[k + 1 :])
        return total

    return minor(0, tuple(range(matrix.shape[0])))


def by_hand(matrix):
    matrix_bar = np.zeros_like(matrix)
    accumulate(matrix, 0, np.zeros(matrix.shape[0], dtype=np.bool_), 1.0, matrix_bar)
    return matrix_bar


def accumulate(matrix, row, taken, before, matrix_bar):
    """A minor, given the product of the entries above it: both are known where an entry's adjoint is accumulated."""
    if row == matrix.shape[0]:
        return 1.0
    total, sign = 0.0, 1.0
    for column in range(matrix.shape[0]):
        if not taken[column]:
            taken[column] = True
            weight = sign * matrix[row, column]
            below = accumulate(matrix, row + 1, taken, before * weight, matrix_bar)
            total += weight * below
            matrix_bar[row, column] += before * sign * below
            taken[column] = False
            sign = -sign
    return total
