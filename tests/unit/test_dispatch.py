"""A call finds its specialisation by one test; what that test does not cover goes the long way to the same result."""

import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, UnsupportedSyntax

SCALE = 2.0


def scaled(x, n=1):
    return SCALE * x**n


def written(x, y):
    x[0] = y[0] * x[1]
    return np.sum(x * y)


def test_plain_numbers_and_arrays_have_an_entry_test():
    derivative = adgen.grad(scaled)
    assert derivative(3.0, 2) == 12.0
    accepts = derivative._last.accepts
    assert accepts is not None
    assert accepts(1.0, 2)
    assert not accepts(1, 2)
    assert not accepts(np.float64(1.0), 2)
    assert not accepts(1.0, 2.0)


def test_a_changed_global_is_seen_by_the_next_call(monkeypatch):
    derivative = adgen.grad(scaled)
    assert derivative(3.0, 1) == 2.0
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert derivative(3.0, 1) == 5.0
    monkeypatch.setitem(globals(), "SCALE", np.float64(7.0))
    assert derivative(3.0, 1) == 7.0


def test_arrays_of_other_ranks_and_dtypes_are_not_accepted():
    derivative = adgen.grad(lambda x: np.sum(x * x))
    derivative(np.ones(3))
    accepts = derivative._last.accepts
    assert accepts(np.ones(7))
    assert not accepts(np.ones((3, 1)))
    assert not accepts(np.ones(3, np.float32))
    assert not accepts([1.0, 2.0])


def test_shared_memory_is_refused_after_a_good_call_too():
    derivative = adgen.grad(written, argnums=(0, 1))
    x = np.array([1.0, 2.0])
    derivative(x, x.copy())
    with pytest.raises(AdgenError, match="share memory"):
        derivative(x, x)


def test_assumed_sizes_are_tested_at_each_call():
    derivative = adgen.grad(lambda x, y: np.sum(x * y))
    assert derivative(np.ones(3), np.ones(3)).shape == (3,)
    assert derivative(np.ones(3), np.ones(1)).shape == (3,)
    assert derivative(np.ones(1), np.ones(3)).shape == (1,)
    assert derivative(np.ones(3), np.ones(3)).shape == (3,)


class OnlyNamed(np.ndarray):
    """A subclass that computes as arrays do."""


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("make", [np.matrix, np.ma.array])
def test_arrays_with_an_arithmetic_of_their_own_are_refused(make):
    square = adgen.grad(lambda x: np.sum(x * x))
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    square(values)
    with pytest.raises(UnsupportedSyntax, match="array-subclass"):
        square(make(values))
    with pytest.raises(UnsupportedSyntax, match="array-subclass"):
        adgen.grad(lambda x, parts: np.sum(x * parts[0]))(values, [make(values)])
    np.testing.assert_array_equal(square(values.view(OnlyNamed)), 2 * values)
