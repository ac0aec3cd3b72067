"""Derivatives inside of functions that Numba compiles, and what a compiled derivative is made with."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import adgen
from adgen.errors import BackendRefused, InternalError

STIFFNESS = 0.5


def potential(x, scale=1.0):
    total = 0.0
    for i in range(x.size):
        total += x[i] ** 4 * STIFFNESS * scale
    return total


def quartic(x):
    return x**4


@numba.njit(fastmath=True, error_model="python")
def norm(x):
    return np.sqrt(np.sum(x * x))


force = adgen.grad(potential, jit=True)
slope = adgen.value_and_grad(quartic, jit=True)
X = np.array([0.3, -0.7, 1.1])


def leapfrog(x, steps, gradient):
    v = np.zeros_like(x)
    for _ in range(steps):
        v -= 0.05 * gradient(x)
        x = x + 0.1 * v
        v -= 0.05 * gradient(x)
    return x


def test_a_derivative_is_called_in_a_loop_of_compiled_code() -> None:
    @numba.njit
    def compiled_leapfrog(x, steps):
        v = np.zeros_like(x)
        for _ in range(steps):
            v -= 0.05 * force(x)
            x = x + 0.1 * v
            v -= 0.05 * force(x)
        return x

    expected = leapfrog(X, 20, lambda x: 4 * x**3 * STIFFNESS)
    np.testing.assert_allclose(compiled_leapfrog(X, 20), expected, rtol=1e-13)


def test_a_derivative_is_an_argument_of_compiled_code() -> None:
    expected = leapfrog(X, 3, lambda x: 4 * x**3 * STIFFNESS)
    np.testing.assert_allclose(numba.njit(leapfrog)(X, 3, force), expected, rtol=1e-13)


def test_a_tangent_is_taken_in_compiled_code() -> None:
    push = adgen.jvp(potential, jit=True)

    @numba.njit
    def slopes(x, scale):
        out = np.empty(x.size)
        for k in range(x.size):
            direction = np.zeros(x.size)
            direction[k] = 1.0
            out[k] = push((x, scale), (direction, None))[1]
        return out, push((x, scale), (x, 0.5))[1]

    along, both = slopes(X, 2.0)
    np.testing.assert_allclose(along, 8 * X**3 * STIFFNESS, rtol=1e-13)
    np.testing.assert_allclose(both, np.sum(8 * X**4 + 0.5 * X**4) * STIFFNESS, rtol=1e-13)


def test_prange_around_a_derivative() -> None:
    @numba.njit(parallel=True)
    def rows(xs):
        out = np.empty_like(xs)
        for k in numba.prange(xs.shape[0]):
            out[k] = force(xs[k], 2.0)
        return out

    xs = np.stack([X, 2 * X, -X, X + 1])
    np.testing.assert_allclose(rows(xs), 8 * xs**3 * STIFFNESS, rtol=1e-13)


def test_a_derivative_behind_a_c_function() -> None:
    @numba.cfunc("float64(float64)")
    def address(x):
        _, gradient = slope(x)
        return gradient

    assert address.ctypes(1.5) == pytest.approx(4 * 1.5**3, rel=1e-14)


def test_globals_are_read_at_each_call_from_python(monkeypatch) -> None:
    gradient = adgen.grad(potential, jit=True)
    np.testing.assert_allclose(gradient(X), 2 * X**3, rtol=1e-13)
    monkeypatch.setitem(globals(), "STIFFNESS", 3.0)
    np.testing.assert_allclose(gradient(X), 12 * X**3, rtol=1e-13)


def test_a_dispatcher_brings_its_own_options() -> None:
    gradient = adgen.grad(norm)
    np.testing.assert_allclose(gradient(X), X / np.sqrt(np.sum(X * X)), rtol=1e-13)
    assert "@numba.njit(cache=True, error_model='python', fastmath=True)" in gradient.source


def test_what_numba_refuses_is_told_as_our_fault() -> None:
    gradient = adgen.grad(quartic, jit=True)
    special = gradient.specialization({"x": 1.5})
    with pytest.raises(InternalError) as caught:
        special.call("text")
    assert "made by the stage lower" in caught.value.what
    file = caught.value.what.partition("lower: ")[2].partition(",")[0]
    assert Path(file).read_text(encoding="utf-8") == special.generated.text


PROGRAM = """
import numpy as np, adgen
from tests.lower.test_calls_in_compiled_code import X, potential
gradient = adgen.grad(potential, jit=True)
gradient(X)
own = gradient.specialization({"x": X, "scale": 1.0}).space["potential_grad_kernel"]
print(sum(own.stats.cache_hits.values()), sum(own.stats.cache_misses.values()))
"""


def test_a_second_process_loads_what_the_first_compiled(tmp_path) -> None:
    environment = {**os.environ, "ADGEN_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert runs == [["0", "1"], ["1", "0"]]


def test_what_numba_would_get_wrong_is_refused_by_name() -> None:
    def through_views(x):
        y = x * 2.0
        for v in np.nditer(y, op_flags=["readwrite"], order="C"):
            v[...] = v * v
        return np.sum(y)

    def labelled(x):
        label = f"x={x:.3f}"
        assert label
        return x * x

    with pytest.raises(BackendRefused, match="a view of one element is written"):
        adgen.grad(through_views, jit=True)(np.ones((2, 3)))
    with pytest.raises(BackendRefused, match="a text with a format"):
        adgen.grad(labelled, jit=True)(0.7)
