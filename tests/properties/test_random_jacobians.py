"""Jacobians of random programs: one sweep gives what a sweep for each row, or for each column, gives."""

import random

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, InternalError
from tests.properties.programs_at_random import is_tame, load_program, sample_arguments, write_program

# Two ways to the same sums, which programs of thirty statements may amplify.
TOLERANCE = 1e-9
PORTION = 20
PORTIONS = 25
FEW_ROWS = """

def few(a, b, x, y, m, k, n):
    s, v, w = program(a, b, x, y, m, k, n)
    return {"s": s, "v": np.sin(v), "w": [np.sum(w * w), w[1, 2]]}
"""


def leaves(tree):
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    if isinstance(tree, tuple | list):
        return [leaf for item in tree for leaf in leaves(item)]
    return [tree]


def expect_the_same_rows(seed: int, *, jit: bool = False) -> None:
    text = write_program(random.Random(seed).choice)
    if is_tame(load_program(text), sample_arguments(seed)):
        jacobian = adgen.jacrev(load_program(text + FEW_ROWS, "few"), argnums=(0, 1, 2, 3, 4), jit=jit)
        expect_the_same_of_separate_sweeps(jacobian, seed, text)


def expect_the_same_columns(seed: int, *, jit: bool = False) -> None:
    text = write_program(random.Random(seed).choice)
    if is_tame(load_program(text), sample_arguments(seed)):
        jacobian = adgen.jacfwd(load_program(text), argnums=(0, 1, 2), jit=jit)
        expect_the_same_of_separate_sweeps(jacobian, seed, text)


def expect_the_same_of_separate_sweeps(jacobian, seed: int, text: str) -> None:
    args = sample_arguments(seed)
    try:
        found = jacobian(*args)
        expected = jacobian.sweeps(*sample_arguments(seed))
        for one, other in zip(leaves(found), leaves(expected), strict=True):
            assert np.shape(one) == np.shape(other)
            np.testing.assert_allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE)
        for given, kept in zip(args, sample_arguments(seed), strict=True):
            np.testing.assert_array_equal(given, kept)
    except InternalError:
        raise
    except AdgenError:
        return
    except Exception as error:
        error.add_note(f"seed {seed}:\n{text}")
        raise


@pytest.mark.parametrize("first", [pytest.param(k, marks=[pytest.mark.slow] if k else []) for k in range(PORTIONS)])
def test_rows_of_one_sweep_are_those_of_separate_sweeps(first: int) -> None:
    for seed in range(first * PORTION, (first + 1) * PORTION):
        expect_the_same_rows(seed)


@pytest.mark.parametrize("first", [pytest.param(k, marks=[pytest.mark.slow] if k else []) for k in range(PORTIONS)])
def test_columns_of_one_sweep_are_those_of_separate_sweeps(first: int) -> None:
    for seed in range(first * PORTION, (first + 1) * PORTION):
        expect_the_same_columns(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1010))
def test_one_compiled_sweep_gives_what_separate_sweeps_give(seed: int) -> None:
    expect_the_same_rows(seed, jit=True)
    expect_the_same_columns(seed, jit=True)
