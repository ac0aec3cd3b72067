"""The adjoints of benchmarks/problems, by hand and by adgen, against differences of the functions themselves."""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest

from benchmarks.tools import adgen_arrays, by_adgen, by_hand, positions

PROBLEMS = sorted(path.stem for path in Path("benchmarks/problems").glob("[a-z]*.py"))
QUICK = ("k_means", "lu_determinant")  # compiled in the tests that always run
STEP = 1e-5
CLOSE = 1e-8  # of the largest change


def given(name):
    problem = importlib.import_module(f"benchmarks.problems.{name}")
    return problem, problem.sample(problem.SIZES["small"], np.random.default_rng(11))


def slope(problem, arguments, directions):
    """What the function changes by along the directions: differences of fourth order."""

    def moved(h):
        values = list(arguments)
        for i, direction in zip(positions(problem), directions, strict=True):
            values[i] = values[i] + h * direction
        return problem.objective(*values)

    return (8.0 * (moved(STEP) - moved(-STEP)) - (moved(2.0 * STEP) - moved(-2.0 * STEP))) / (12.0 * STEP)


def agrees(problem, arguments, gradient):
    rng = np.random.default_rng(5)
    found = gradient(*arguments)
    parts = found if isinstance(found, tuple) else (found,)
    for _ in range(3):
        directions = [rng.standard_normal(np.shape(arguments[i])) for i in positions(problem)]
        expected = slope(problem, arguments, directions)
        if hasattr(problem, "along"):
            change = problem.along(parts, directions, arguments)
        else:
            change = sum(np.sum(part * d) for part, d in zip(parts, directions, strict=True))
        assert np.max(np.abs(change - expected)) <= CLOSE * np.max(np.abs(expected))


@pytest.mark.parametrize("name", PROBLEMS)
def test_adjoints_written_by_hand_agree_with_differences(name):
    problem, arguments = given(name)
    agrees(problem, arguments, problem.by_hand)


@pytest.mark.parametrize("name", PROBLEMS)
def test_generated_adjoints_agree_with_differences(name):
    problem, arguments = given(name)
    agrees(problem, arguments, by_adgen(problem))


@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in PROBLEMS])
def test_compiled_adjoints_agree_with_differences(name):
    problem, arguments = given(name)
    agrees(problem, arguments, by_adgen(problem, jit=True))
    agrees(problem, arguments, by_hand(problem, arguments)[0])


@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in {"minors", "gauss_seidel"}])
def test_the_spellings_in_arrays_are_the_same_functions(name):
    problem, arguments = given(name)
    agrees(problem, arguments, adgen_arrays(problem, arguments)[0])


@pytest.mark.parametrize("name", PROBLEMS)
def test_all_problems_have_the_parts_that_the_benchmarks_use(name):
    problem, arguments = given(name)
    names = list(inspect.signature(problem.objective).parameters)
    assert len(arguments) == len(names) == len(inspect.signature(problem.by_hand).parameters)
    assert list(problem.SIZES) == ["small", "medium", "large"]
