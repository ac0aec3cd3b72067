"""Records of nested loops that branches leave mostly unwritten are lists: the derivatives are the same."""

import numpy as np
import pytest

import adgen
from adgen.testing import check_grads
from adgen.transforms import rows
from tests.programs import made_in_loops, mat, slopes, winners


def minors(matrix):
    taken = np.zeros(3, dtype=np.bool_)
    return determinant(matrix, 0, taken)


def determinant(matrix, row, taken):
    if row == 3:
        return 1.0
    total, sign = 0.0, 1.0
    for column in range(3):
        if not taken[column]:
            taken[column] = True
            total += sign * matrix[row, column] * determinant(matrix, row + 1, taken)
            taken[column] = False
            sign = -sign
    return total


def partly_used(x):
    total = 1.0
    for i in range(4):
        if x[i, 0] > 0.7:
            for j in range(3):
                total = np.sin(total * x[i, j]) + 0.5
                if x[i, j] > 0.9:
                    for k in range(3):
                        total *= 1.0 + 0.1 * np.cos(total * x[i, k])
    return total


@pytest.mark.parametrize("jit", [False, True])
def test_derivatives_are_the_same(monkeypatch: pytest.MonkeyPatch, jit: bool) -> None:
    monkeypatch.setattr(rows, "MANY_ENTRIES", 2)
    check_grads(minors, (mat(3, 3),), jit=jit)
    check_grads(partly_used, (mat(4, 3),), jit=jit)
    if not jit:
        check_grads(winners.the_best_of_the_best, (mat(4, 3),))
        check_grads(made_in_loops.in_a_branch, (mat(3, 4),))
        check_grads(slopes.slopes_in_branches, (mat(1, 5)[0], 0.7))


def test_lists_take_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    dense = adgen.grad(partly_used)
    dense(mat(4, 3))
    monkeypatch.setattr(rows, "MANY_ENTRIES", 2)
    sparse = adgen.grad(lambda x: partly_used(x))
    sparse(mat(4, 3))
    assert ".pop()" in sparse.source
    assert ".pop()" not in dense.source
