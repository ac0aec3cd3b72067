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


def pair(x, scale):
    return np.array([x[0] * x[1] * scale, np.sin(x[2])])


def weighted(x, scale):
    return np.sum(x * x) * scale, x * scale


def cubic(x):
    return x**3


def chirp(x):
    return np.sin(x) * x


TRANSFORMS = {
    "hessian": (adgen.hessian, potential, (X, 2.0)),
    "hessian of a default": (adgen.hessian, potential, (X,)),
    "hessian of numbers": (adgen.hessian, cubic, (1.5,)),
    "hvp": (adgen.hvp, potential, (X, 2.0, X + 1)),
    "hvp of a default": (adgen.hvp, potential, (X, X + 1)),
    "jacobian": (adgen.jacobian, pair, (X, 2.0)),
    "jacobian of one number": (adgen.jacobian, potential, (X, 2.0)),
    "jacfwd": (adgen.jacfwd, pair, (X, 2.0)),
    "jacrev": (adgen.jacrev, pair, (X, 2.0)),
    "elementwise_grad": (adgen.elementwise_grad, chirp, (X,)),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_is_called_in_compiled_code(name: str) -> None:
    transform, f, args = TRANSFORMS[name]
    compiled = transform(f, jit=True)
    found = numba.njit(lambda *args: compiled(*args))(*args)
    expected = transform(f)(*args)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_pullback_is_called_in_compiled_code() -> None:
    reverse = adgen.vjp(weighted, jit=True)

    @numba.njit
    def pulled(x):
        value, pullback = reverse(x, 2.0)
        x[0] += 1.0  # the pullback keeps the arguments that it was made for
        both = pullback((1, value[1]))
        one = pullback((0.0, np.ones(3)))
        return value[0], both[0], both[1], one[0]

    value, pullback = adgen.vjp(weighted)(X, 2.0)
    both, one = pullback((1.0, value[1])), pullback((0.0, np.ones(3)))
    for found, expected in zip(pulled(X.copy()), (value[0], *both, one[0]), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_directions_of_another_shape_are_errors_in_compiled_code() -> None:
    reverse, forward = adgen.vjp(pair, jit=True), adgen.jvp(pair, jit=True)

    @numba.njit
    def pulled(x, cotangent):
        return reverse(x, 2.0)[1](cotangent)[0]

    @numba.njit
    def pushed(x, tangent):
        return forward((x, 2.0), (tangent, None))[1]

    np.testing.assert_allclose(pulled(X, np.array([1, 0])), np.array([2 * X[1], 2 * X[0], 0.0]))
    with pytest.raises(ValueError, match="shape"):
        pulled(X, np.ones(3))
    with pytest.raises(ValueError, match="shape"):
        pushed(X, np.ones(1))
    with pytest.raises(numba.TypingError, match="direction"):
        pushed(X, 1.0)


def test_what_is_not_compiled_is_refused_in_compiled_code() -> None:
    plain, several = adgen.hessian(potential), adgen.jacobian(weighted, jit=True)
    with pytest.raises(numba.TypingError, match="jit=True"):
        numba.njit(lambda x: plain(x))(X)
    with pytest.raises(numba.TypingError, match="one number or array"):
        numba.njit(lambda x: several(x, 2.0))(X)


def test_a_layout_that_the_derivative_does_not_allow_for_is_refused_in_compiled_code() -> None:
    def through_a_view(x):
        y = x.reshape(-1)
        y[0] = y[0] * y[1]
        return np.sum(x * x)

    gradient = adgen.grad(through_a_view, jit=True)
    a = np.arange(1.0, 5.0).reshape(2, 2)
    np.testing.assert_allclose(numba.njit(lambda x: gradient(x))(a), adgen.grad(through_a_view)(a), rtol=1e-13)
    with pytest.raises(numba.TypingError, match="laid out by rows"):
        numba.njit(lambda x: gradient(x))(a.T)


def test_sweeps_that_would_draw_different_numbers_are_refused_in_compiled_code() -> None:
    def noisy(x):
        return x * np.random.normal(0.0, 1.0, x.size)

    jacobian, reverse = adgen.jacobian(noisy, jit=True), adgen.vjp(noisy, jit=True)
    for user in (lambda x: jacobian(x), lambda x: reverse(x)[0]):
        with pytest.raises(numba.TypingError, match="random"):
            numba.njit(user)(X)


def test_the_rows_of_one_sweep_are_of_one_draw_in_compiled_code() -> None:
    def noisy(x):
        r = np.random.normal(0.0, 1.0)
        return np.array([x[0] * r, x[1] * r, x[2] / r])

    jacobian = adgen.jacrev(noisy, jit=True)
    diagonal = np.diag(numba.njit(lambda x: jacobian(x))(X))
    np.testing.assert_allclose(diagonal, [diagonal[0], diagonal[0], 1 / diagonal[0]], rtol=1e-13)


def test_newton_in_compiled_code() -> None:
    slope, curvature = adgen.grad(potential, jit=True), adgen.hessian(potential, jit=True)

    @numba.njit
    def newton(x, steps):
        for _ in range(steps):
            x = x - np.linalg.solve(curvature(x), slope(x) - 0.25)
        return x

    np.testing.assert_allclose(newton(X + 1, 30), np.full(3, 0.5), rtol=1e-12)  # 4 x**3 / 2 = 0.25


def test_user_code_that_is_cached_calls_a_derivative(tmp_path) -> None:
    program = """
import adgen, numba, numpy as np
from tests.lower.test_calls_in_compiled_code import X, potential
gradient = adgen.grad(potential, jit=True)
@numba.njit(cache=True)
def user(x):
    return gradient(x)
print(user(X).sum(), sum(user.stats.cache_hits.values()))
"""
    (tmp_path / "program.py").write_text(program)
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "ADGEN_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(root)}
    runs = [
        subprocess.run(
            [sys.executable, str(tmp_path / "program.py")], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert [float(total) for total, _ in runs] == pytest.approx([4 * np.sum(X**3) * STIFFNESS] * 2, rel=1e-13)
    assert [hits for _, hits in runs] == ["0", "1"]


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


def test_a_derivative_is_an_integrand_of_scipy() -> None:
    integrate = pytest.importorskip("scipy.integrate")
    low_level = pytest.importorskip("scipy").LowLevelCallable
    gradient = adgen.grad(quartic, jit=True)

    @numba.cfunc("float64(float64)")
    def address(x):
        return gradient(x)

    assert integrate.quad(low_level(address.ctypes), 0.0, 2.0)[0] == pytest.approx(16.0, rel=1e-12)


def test_globals_are_read_at_each_call_from_python(monkeypatch) -> None:
    gradient = adgen.grad(potential, jit=True)
    np.testing.assert_allclose(gradient(X), 2 * X**3, rtol=1e-13)
    monkeypatch.setitem(globals(), "STIFFNESS", 3.0)
    np.testing.assert_allclose(gradient(X), 12 * X**3, rtol=1e-13)


def test_a_dispatcher_brings_its_own_options() -> None:
    gradient = adgen.grad(norm)
    np.testing.assert_allclose(gradient(X), X / np.sqrt(np.sum(X * X)), rtol=1e-13)
    assert "@numba.njit(cache=True, error_model='python', fastmath=True)" in gradient.source


def test_both_modes_of_a_dispatcher_are_compiled() -> None:
    product, forward = adgen.hvp(norm), adgen.jvp(norm)
    found = numba.njit(lambda x: (product(x, x + 1), forward((x,), (x,))[1]))(X)
    np.testing.assert_allclose(found[0], adgen.hvp(norm.py_func)(X, X + 1), rtol=1e-12)
    np.testing.assert_allclose(found[1], np.sqrt(np.sum(X * X)), rtol=1e-13)


def options_of(derivative, *args) -> dict:
    """What the generated function was compiled with."""
    derivative(*args)
    made = [v for v in derivative._last.space.values() if isinstance(v, numba.core.dispatcher.Dispatcher)]
    assert [d.stats.cache_path for d in made] != [None]
    return made[-1].targetoptions


@pytest.mark.parametrize(
    ("key", "value"),
    [("fastmath", {"nsz"}), ("parallel", True), ("nogil", True), ("boundscheck", True), ("inline", "always")],
)
@pytest.mark.filterwarnings("ignore::numba.NumbaPerformanceWarning")
def test_each_option_of_a_dispatcher_is_carried_over(key: str, value) -> None:
    gradient = adgen.grad(numba.njit(**{key: value})(potential))
    assert options_of(gradient, X, 2.0)[key] == value
    expected = 8 * X**3 * STIFFNESS
    np.testing.assert_allclose(gradient(X, 2.0), expected, rtol=1e-13)
    np.testing.assert_allclose(numba.njit(lambda x: gradient(x, 2.0))(X), expected, rtol=1e-13)


def test_options_of_a_dispatcher_have_their_effect() -> None:
    @numba.njit(error_model="python")
    def quotient(x, y):
        return x * x / y

    @numba.njit(boundscheck=True)
    def beyond(x, n):
        total = 0.0
        for i in range(n):
            total += x[i] ** 2
        return total

    @numba.njit(parallel=True)
    def ring(x):
        total = 0.0
        for i in numba.prange(x.size):
            total += x[i] * x[(i + 1) % x.size]
        return total

    with pytest.raises(ZeroDivisionError):
        adgen.grad(quotient)(1.0, 0.0)
    with pytest.raises(IndexError):
        adgen.grad(beyond)(X, 4)
    np.testing.assert_allclose(adgen.grad(ring)(X), np.roll(X, 1) + np.roll(X, -1), rtol=1e-13)


def test_what_numba_refuses_is_told_as_our_fault() -> None:
    gradient = adgen.grad(quartic, jit=True)
    special = gradient.specialization({"x": 1.5})
    with pytest.raises(InternalError) as caught:
        special.call("text")
    assert "made by the stage lower" in caught.value.what
    file = caught.value.what.partition("lower: ")[2].partition(",")[0]
    assert Path(file).read_text(encoding="utf-8") == special.ready.text


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


def last_of_products(a: np.ndarray, b: np.ndarray) -> float:
    for i in range(1, len(a)):
        a[i] = a[i - 1] * b[i]
    return a[-1] + b[-1]


def test_arguments_that_share_memory_are_told() -> None:
    gradient = adgen.grad(last_of_products, (0, 1), jit=True)

    @numba.njit
    def use(a, b):
        return gradient(a, b)

    x = np.arange(1.0, 7.0)
    expected = adgen.grad(last_of_products, (0, 1))(x[:3], x[3:])
    np.testing.assert_allclose(use(x[:3], x[3:]), expected)
    for a, b in ((x, x), (x[:3], x[1:4]), (x[::2], x[1:4]), (x[::-1], x)):
        with pytest.raises(ValueError, match="shares memory"):
            use(a, b)
