"""Jacobians by one sweep with several seeds: against complex step, and against a sweep for each row."""

from typing import Any, NamedTuple

import numba
import numpy as np
import pytest

import adgen
from adgen.errors import AdgenError, SeparateSweeps

X = np.array([0.3, 0.7, 1.1])


class Pair(NamedTuple):
    first: Any
    second: Any


def same(a, b, rtol=1e-12):
    assert isinstance(a, tuple | list | dict) == isinstance(b, tuple | list | dict)
    if isinstance(a, dict):
        assert list(a) == list(b)
        a, b = tuple(a.values()), tuple(b.values())
    if isinstance(a, tuple | list):
        assert type(a) is type(b)
        for one, other in zip(a, b, strict=True):
            same(one, other, rtol)
        return
    assert np.shape(a) == np.shape(b)
    np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-13)


def by_complex_step(f, args, argnum):
    """The Jacobian of an array-valued function."""
    columns = []
    for k in range(np.size(args[argnum])):
        moved = [np.array(a, complex) if np.ndim(a) else complex(a) for a in args]
        moved[argnum] = np.array(args[argnum], complex)
        moved[argnum].flat[k] += 1e-30j
        if np.ndim(args[argnum]) == 0:
            moved[argnum] = complex(moved[argnum])
        columns.append(np.asarray(f(*moved)).imag / 1e-30)
    return np.stack(columns, -1).reshape(np.shape(columns[0]) + np.shape(args[argnum]))


# ---- programs of few results; what they compute is analytic, so that complex step applies


def two_sums(x, k):
    a = b = 0.0
    for i in range(x.shape[0]):
        t = np.sin(x[i]) * k
        a += t * x[i]
        b += np.exp(t)
    return np.array([a, b])


def recurrence(x, k):
    """Values carried by a loop: a record."""
    v, w = 1.0, k
    for i in range(x.shape[0]):
        v, w = v * x[i] + w, v * k
    return np.array([v, w, v * w])


def in_place(x, k):
    y = x * k
    for i in range(1, y.shape[0]):
        y[i] = y[i] * y[i - 1]
        y[i - 1] = y[i] + k
    return np.array([y[0], y[2] * y[1]])


def through_views(x, k):
    m = np.outer(x, x) * k
    row = m[1]
    row[1:] = row[1:] * m[0, :2]
    return m[1, :] + m[2, :]


def matrix(x, k):
    u = np.empty((2, 2), x.dtype)
    u[0, 0] = x[0] * k
    u[0, 1] = np.sum(x)
    u[1, 0] = 3.0
    u[1, 1] = u[0, 0] * u[0, 1]
    return u


def branches(x, k):
    total = np.zeros(2, x.dtype)
    for i in range(x.shape[0]):
        if x[i].real > 0.5:
            total[0] += x[i] ** 3 * k
        elif i > 0:
            total[1] = total[0] * x[i]
        else:
            total[1] += k * x[i]
    return total


def early_exit(x, k):
    s = 0.0
    n = 0
    while n < 50:
        s = s * k + x[n % 3] * x[n % 3]
        if s.real > 1.5:
            break
        n += 1
    return np.array([s, s * k])


def lists(x, k):
    found = []
    for i in range(x.shape[0]):
        if x[i].real > 0.5:
            found.append(np.sin(x[i]) * k)
    found.append(k)
    last = found.pop()
    return np.array([sum(found), last * found[0]])


def linear_algebra(x, k):
    a = np.outer(x, x) + np.diag(np.array([2.0, 3.0, 4.0])) * k
    return np.linalg.solve(a, x)


def whole_arrays(x, k):
    y = np.exp(-x) * k
    return np.array([np.sum(y), np.mean(y * x), np.dot(x, y)])


def square_roots(x, k):
    """Guards of infinite slopes ask each adjoint for itself."""
    return np.array([np.sqrt(x[0] * k), np.sum(np.sqrt(x))])


def helper(u, v):
    return u * v, u / v


def calls(x, k):
    a, b = helper(x[0], x[1])
    c, d = helper(a, k)
    return np.array([a + c, b * d])


def swaps(x, k):
    a, b = x[0], x[1] * k
    for i in range(3):
        a, b = b, a * x[i]
    return np.array([a, b])


def the_argument(x, k):
    return x


def scaled_in_place(x, k):
    y = x * k
    y[0] *= 0.0
    y[1] /= k + x[0]
    y *= 2.0
    s = k * x[2]
    s *= 0.0
    return np.array([y[0] + s, y[1] * y[2], y[0] + x[1]])


PROGRAMS = [
    *(two_sums, recurrence, in_place, through_views, matrix, branches, early_exit, lists, linear_algebra),
    *(whole_arrays, square_roots, calls, swaps, the_argument),
]


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_all_rows_in_one_sweep_are_those_of_the_complex_step(f, jit):
    both = adgen.jacrev(f, argnums=(0, 1), jit=jit)
    found = both(X, 0.8)
    assert both._swept
    same(found, (by_complex_step(f, (X, 0.8), 0), by_complex_step(f, (X, 0.8), 1)))
    same(found, both.sweeps(X, 0.8))
    again = X[::-1].copy()
    same(both(again, 1.3), (by_complex_step(f, (again, 1.3), 0), by_complex_step(f, (again, 1.3), 1)))
    same(adgen.jacrev(f, "k", jit=jit)(X, 0.8), found[1])
    np.testing.assert_array_equal(X, [0.3, 0.7, 1.1])


# ---- structures, sizes, and what is generated


def test_jacobians_have_the_structure_of_results_and_of_arguments():
    p = (1.5, np.array([2.0, 3.0]))

    def f(x, p):
        return {"a": x * p[0], "b": [np.sum(x), Pair(p[1][0] * x[0], p[0])]}

    for jit in (False, True):
        j = adgen.jacrev(f, (0, "p"), jit=jit)
        found = j(X[:2], p)
        assert j._swept
        same(found, j.sweeps(X[:2], p))
        of_p = found["a"][1]
        same(of_p, (X[:2], np.zeros((2, 2))))
        same(found["b"][1].first[0], np.array([2.0, 0.0]))


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
def test_extents_are_part_of_the_specialisation_and_many_rows_have_sweeps_of_their_own(jit):
    j = adgen.jacrev(lambda x: np.sin(x) * x[0], jit=jit)
    for n, one in ((3, True), (2, True), (3, True), (12, False), (1, False)):
        x = np.arange(1.0, n + 1.0)
        expected = np.diag(np.cos(x) * x[0])
        expected[:, 0] += np.sin(x)
        same(j(x), expected)
        assert (j._swept is not None) == one
    same(adgen.jacrev(lambda x: x * 2.0, jit=jit)(np.zeros(0)), np.zeros((0, 0)))


def test_the_same_variable_returned_twice_has_two_gradients():
    def f(x):
        s = np.sum(x * x)
        return s, s, x[0]

    a, b, c = adgen.jacrev(f)(X)
    a[0] = 7.0
    same(b, 2 * X)
    same(c, np.array([1.0, 0.0, 0.0]))


def test_results_without_floats_are_left_to_separate_sweeps():
    j = adgen.jacrev(lambda x: (np.sum(x), 3, x[0] * x[1]))
    same(j(X), (np.ones(3), np.zeros(3), np.array([X[1], X[0], 0.0])))
    assert not j._swept
    with pytest.raises(SeparateSweeps, match="one sweep"):
        j.rows(X)


def test_integers_are_promoted_and_integer_arrays_refused():
    j = adgen.jacrev(lambda x: (x * x, 3.0 * x))
    same(j(3), (6.0, 3.0))
    with pytest.raises(AdgenError, match="integers have no derivative"):
        j(np.array([1, 2]))


def test_float32_and_complex_results():
    x = X.astype(np.float32)
    for jit in (False, True):
        rows = adgen.jacrev(lambda x: (np.sum(x * x), x[0] * np.float32(2.0)), jit=jit)(x)
        assert [r.dtype for r in rows] == [np.float32] * 2
        same(rows, (2 * x, np.array([2, 0, 0], np.float32)), rtol=1e-6)
        z = X + 1j * X[::-1]
        found = adgen.jacrev(lambda z: np.array([z[0] * z[1], np.exp(z[2])]), jit=jit)(z)
        same(found, np.array([[z[1], z[0], 0.0], [0.0, 0.0, np.exp(z[2])]]))


def test_the_forward_sweep_stands_once_in_the_source():
    text = adgen.source(adgen.jacrev(recurrence), X, 0.8)
    assert text.count("v_tape[i] = v") == 1
    assert "v_bar_0" in text
    assert "v_bar_2" in text
    assert "Jacobian of `recurrence`" in text


def test_jacobians_are_differentiated_in_turn():
    def f(x):
        return np.array([np.sum(x * x) * x[0], x[1] * x[2]])

    def norm(x):
        return np.sum(adgen.jacrev(f)(x) ** 2)

    h = 1e-6
    slopes = [(norm(X + h * e) - norm(X - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(adgen.grad(norm)(X), slopes, rtol=1e-8)
    second = adgen.jacfwd(adgen.jacrev(f))(X)
    same(second, adgen.jacrev(adgen.jacrev(f))(X))
    same(second[1], np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]))


def test_jacobians_with_respect_to_several_arguments_in_compiled_code():
    j = adgen.jacrev(two_sums, argnums=(0, 1), jit=True)
    same(numba.njit(lambda x: j(x, 0.8))(X), adgen.jacrev(two_sums, argnums=(0, 1))(X, 0.8))


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_all_columns_in_one_sweep_are_those_of_the_complex_step(f, jit):
    both = adgen.jacfwd(f, argnums=(0, 1), jit=jit)
    found = both(X, 0.8)
    assert both._swept
    same(found, (by_complex_step(f, (X, 0.8), 0), by_complex_step(f, (X, 0.8), 1)))
    same(adgen.jacfwd(f, "k", jit=jit)(X, 0.8), found[1])
    np.testing.assert_array_equal(X, [0.3, 0.7, 1.1])


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
def test_a_hessian_of_few_parameters_is_one_sweep(jit):
    def f(x):
        total = 0.0
        for i in range(x.shape[0]):
            total = np.sin(total) * x[i] + x[i] ** 3
        return total

    hessian = adgen.hessian(f, jit=jit)
    found = hessian(X)
    assert hessian._swept
    same(found, found.T)
    gradient, h = adgen.grad(f), 1e-3
    fourth = [
        (8 * (gradient(X + h * e) - gradient(X - h * e)) - gradient(X + 2 * h * e) + gradient(X - 2 * h * e)) / (12 * h)
        for e in np.eye(3)
    ]
    same(found, np.stack(fourth, 1), rtol=1e-8)
    assert np.shape(hessian(np.arange(12.0))) == (12, 12)
    assert not hessian._swept


@pytest.mark.parametrize("jacobian", [adgen.jacfwd, adgen.jacrev, adgen.jacobian])
def test_tuples_of_argnums_are_taken_by_every_jacobian(jacobian):
    found = jacobian(two_sums, argnums=(1, 0))(X, 0.8)
    same(found, (by_complex_step(two_sums, (X, 0.8), 1), by_complex_step(two_sums, (X, 0.8), 0)))
    same(jacobian(two_sums, argnums=(0,))(X, 0.8), found[1:])


def test_a_random_function_draws_once():
    j = adgen.jacrev(lambda x, rng: np.array([x[0] * rng.normal(), x[1] * rng.normal()]))
    rng = np.random.default_rng(5)
    expected = np.diag(np.random.default_rng(5).normal(size=2))
    same(j(X[:2], rng), expected)
